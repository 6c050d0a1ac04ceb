//! Replicas that share a Redis: what one changes counts on the others at once, and without Redis
//! everything is right as well. What is kept counts for an hour here, so that nothing but being told
//! can make it go.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tessera::base::SystemClock;
use tessera::store::{Ephemeral, Location};

use super::replicas::fresh_database;
use crate::support::{App, Options, PrivateRedis, TestApp, text, until};

const A_MINUTE: Duration = Duration::from_secs(60);

struct Pair {
    redis: PrivateRedis,
    first: TestApp,
    second: TestApp,
    /// One app, at either.
    here: App,
    there: App,
}

impl Pair {
    async fn start(url: &str) -> Option<Self> {
        let redis = PrivateRedis::start()?;
        let options = || Options {
            location: Location::Postgres(url.to_owned()),
            redis: Some(redis.url()),
            ..Options::default()
        };
        until("redis serves", async || {
            Ephemeral::redis(&redis.url(), Arc::new(SystemClock)).await.is_ok()
        })
        .await;
        let (first, second) = (TestApp::with(options()).await, TestApp::with(options()).await);
        first.user("ada").await;
        let here =
            first.app(json!({ "grant_types": ["authorization_code", "refresh_token"] })).await;
        let there = App { provider: second.url.clone(), ..here.clone() };
        let pair = Self { redis, first, second, here, there };
        pair.both_keep().await;
        Some(pair)
    }

    async fn both_keep(&self) {
        until("both hear of changes", async || {
            self.first.store.is_keeping() && self.second.store.is_keeping()
        })
        .await;
    }

    async fn neither_keeps(&self) {
        until("the loss is noticed", async || {
            !self.first.store.is_keeping() && !self.second.store.is_keeping()
        })
        .await;
    }

    async fn revoke_here(&self, tokens: &Value) {
        let form = [("token", text(tokens, "access_token"))];
        assert_eq!(self.here.ask("/revoke", &form).await.0, 200);
    }

    async fn stop(self) {
        self.first.stop().await;
        self.second.stop().await;
    }
}

fn on_replicas(story: impl AsyncFnOnce(&mut Pair)) {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let Some(mut pair) = Pair::start(&url).await else { return };
        story(&mut pair).await;
        pair.stop().await;
    });
}

#[test]
fn what_one_process_takes_back_counts_on_the_other() {
    on_replicas(async |pair| {
        for _ in 0..5 {
            let tokens = pair.here.sign_in("ada", &[]).await;
            assert!(pair.there.is_live(&tokens).await);
            pair.revoke_here(&tokens).await;
            until("the token is dead there", async || !pair.there.is_live(&tokens).await).await;
        }
        // A session that ends takes its tokens along, there as well.
        let mut browser = pair.first.browser();
        let code = browser.sign_in(&pair.here, "ada", &[]).await.code();
        let tokens = pair.here.tokens(&code).await;
        assert!(pair.there.is_live(&tokens).await);
        pair.first.set_password("ada", "another horse, another battery").await;
        until("the session's token is dead there", async || !pair.there.is_live(&tokens).await)
            .await;
    });
}

#[test]
fn f8_without_redis_everything_is_right_and_with_it_again_quick() {
    on_replicas(async |pair| {
        let before = pair.here.sign_in("ada", &[]).await;
        assert!(pair.there.is_live(&before).await, "and it is kept there");
        pair.redis.kill();
        pair.neither_keeps().await;
        pair.revoke_here(&before).await;
        assert!(!pair.there.is_live(&before).await, "the first look is right");
        // Sign-in, code and token go on without it.
        let during = pair.there.sign_in("ada", &[]).await;
        assert!(pair.here.is_live(&during).await);

        pair.redis.start_again();
        pair.both_keep().await;
        assert!(!pair.there.is_live(&before).await);
        assert!(pair.there.is_live(&during).await);
        pair.revoke_here(&during).await;
        until("it is told again", async || !pair.there.is_live(&during).await).await;
    });
}

#[test]
fn f9_while_redis_stalls_nothing_is_kept_and_answers_are_right() {
    on_replicas(async |pair| {
        let tokens = pair.here.sign_in("ada", &[]).await;
        assert!(pair.there.is_live(&tokens).await);
        pair.redis.pause();
        pair.neither_keeps().await;
        let during = pair.there.sign_in("ada", &[]).await;
        pair.revoke_here(&tokens).await;
        assert!(!pair.there.is_live(&tokens).await);
        pair.redis.go_on();
        pair.both_keep().await;
        assert!(pair.there.is_live(&during).await && !pair.there.is_live(&tokens).await);
    });
}

#[test]
fn f11_garbage_on_the_channel_changes_nothing() {
    on_replicas(async |pair| {
        let tokens = pair.here.sign_in("ada", &[]).await;
        assert!(pair.there.is_live(&tokens).await);
        let client = redis::Client::open(pair.redis.url()).expect("an address");
        let mut connection = client.get_multiplexed_async_connection().await.expect("redis");
        let long = "x".repeat(1 << 20);
        for garbage in ["", "1", "1 me g00", "2 me *", "\u{0}", &long] {
            let mut publish = redis::cmd("PUBLISH");
            publish.arg("tessera:touched").arg(garbage);
            publish.exec_async(&mut connection).await.expect("published");
        }
        assert!(pair.there.is_live(&tokens).await);
        pair.revoke_here(&tokens).await;
        until("it still hears", async || !pair.there.is_live(&tokens).await).await;
    });
}

/// What goes over the channel is names of ours and ids.
#[test]
fn r122_nothing_on_the_channel_is_secret() {
    use futures_util::StreamExt as _;
    on_replicas(async |pair| {
        let client = redis::Client::open(pair.redis.url()).expect("an address");
        let mut listening = client.get_async_pubsub().await.expect("redis");
        listening.subscribe("tessera:touched").await.expect("subscribed");
        let tokens = pair.here.sign_in("ada", &[]).await;
        pair.here.renewed(text(&tokens, "refresh_token")).await;
        let mut messages = listening.on_message();
        let mut has_heard_of_grant = false;
        while !has_heard_of_grant {
            let message = tokio::time::timeout(A_MINUTE, messages.next()).await;
            let message = message.expect("nobody tells").expect("a message");
            let payload: String = message.get_payload().expect("text");
            for word in payload.split(' ').skip(2) {
                let is_id = |id: &str| id.len() == 32 && id.bytes().all(|b| b.is_ascii_hexdigit());
                assert!(word == "*" || is_id(&word[1..]), "{payload}");
                has_heard_of_grant |= word.starts_with('g');
            }
        }
    });
}
