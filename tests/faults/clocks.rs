//! F18: clocks that jump, and clocks that differ.

use std::path::{Path, PathBuf};

use super::place::{Place, STEADY};
use super::{Scenario, audit, ledger::Ledger, rounds};
use crate::support::{App, Browser, VERIFIER, payload, text};

/// Debian's libfaketime, wherever this machine's architecture keeps it.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    let found = folders.map(|one| one.path().join("faketime/libfaketime.so.1"));
    let found = found.into_iter().find(|path| path.exists());
    found.expect("libfaketime: scripts/prepare installs it")
}

/// The clock of one replica, which a test sets while it runs.
struct Skew(String);

impl Skew {
    fn of(place: &mut Place, number: usize) -> Self {
        let file = place.here.file(&format!("clock-{number}"), "+0s");
        let replica = &mut place.replicas[number];
        replica.set("LD_PRELOAD", &library().display().to_string());
        replica.set("FAKETIME_TIMESTAMP_FILE", &file);
        replica.set("FAKETIME_NO_CACHE", "1");
        // Only what the clock on the wall says jumps: no kernel sets the other one.
        replica.set("FAKETIME_DONT_FAKE_MONOTONIC", "1");
        replica.set("DONT_FAKE_MONOTONIC", "1");
        Self(file)
    }

    fn set(&self, seconds: i64) {
        // Whole or not at all: the program reads it at any time.
        let new = Path::new(&self.0).with_extension("new");
        std::fs::write(&new, format!("{seconds:+}s\n")).unwrap();
        std::fs::rename(new, &self.0).unwrap();
    }
}

const HOUR: i64 = 60 * 60;

/// What must be refused whatever the clock says.
struct Spent {
    app: App,
    browser: Browser,
    code: String,
    revoked: String,
    revoked_access: String,
    ended: Browser,
}

impl Spent {
    async fn new(app: &App) -> Self {
        let mut browser = Browser::new(&app.provider);
        let code = browser.sign_in(app, STEADY, &[("prompt", "login")]).await.code();
        assert_eq!(app.redeem(&code).await.status(), 200);
        let tokens = app.tokens(&browser.authorize(app, &[]).await.code()).await;
        let revoked = text(&tokens, "refresh_token").to_owned();
        assert_eq!(app.ask("/revoke", &[("token", &revoked)]).await.0, 200);
        let mut ended = Browser::new(&app.provider);
        let other = ended.sign_in(app, STEADY, &[("prompt", "login")]).await.code();
        let hint = app.tokens(&other).await;
        let kept = ended.cookies.clone();
        let done =
            ended.get(&format!("/end_session?id_token_hint={}", text(&hint, "id_token"))).await;
        assert!(done.has("logged-out"), "{}", done.body);
        ended.cookies = kept;
        let revoked_access = text(&tokens, "access_token").to_owned();
        Self { app: app.clone(), browser, code, revoked, revoked_access, ended }
    }

    async fn stays_so(&mut self, at: i64) {
        let app = &self.app;
        assert_eq!(app.redeem(&self.code).await.status(), 400, "{at} s: a used code");
        assert_eq!(app.refresh(&self.revoked, &[]).await.0, 400, "{at} s: a revoked grant");
        let status = app.userinfo(&self.revoked_access).await.status();
        assert_eq!(status, 401, "{at} s: its access token");
        let silent = self.ended.authorize(app, &[("prompt", "none")]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{at} s: a session");
    }
}

async fn jumps(app: &App, skew: &Skew, whats: &[i64]) {
    let mut spent = Spent::new(app).await;
    for &at in whats {
        skew.set(at);
        spent.stays_so(at).await;
        // Who is signed in stays so, and what is made now is in time by this clock.
        let code = spent.browser.authorize(app, &[("prompt", "none")]).await.code();
        let tokens = app.tokens(&code).await;
        let claims = payload(text(&tokens, "id_token"));
        let number = |name: &str| claims[name].as_i64().unwrap();
        assert_eq!(number("exp") - number("iat"), HOUR, "{at} s");
        // What was used under this clock is used under the others.
        assert_eq!(app.redeem(&code).await.status(), 400, "{at} s");
    }
    // A code that came too late under one clock does not come back under another.
    skew.set(0);
    let code = spent.browser.authorize(app, &[("prompt", "none")]).await.code();
    skew.set(HOUR);
    assert_eq!(app.redeem(&code).await.status(), 400, "an expired code");
    skew.set(0);
    assert_eq!(app.redeem(&code).await.status(), 400, "an expired code came back");
    // A refresh token that was replaced long ago is a theft under any clock, and ends its family.
    let code = spent.browser.authorize(app, &[("prompt", "none")]).await.code();
    let first = text(&app.tokens(&code).await, "refresh_token").to_owned();
    let second = text(&app.renewed(&first).await, "refresh_token").to_owned();
    skew.set(HOUR);
    assert_eq!(app.refresh(&first, &[]).await.0, 400, "a replaced refresh token");
    skew.set(-HOUR);
    assert_eq!(app.refresh(&second, &[]).await.0, 400, "a family that was stolen from");
    skew.set(0);
}

fn jumping(mut place: Place) {
    let rounds = rounds(1, 10);
    let _line = Scenario::begin("F18", "clock jumps of an hour and of 5 s", place.name, rounds);
    let skew = Skew::of(&mut place, 0);
    place.start();
    actix_web::rt::System::new().block_on(async {
        for _ in 0..rounds {
            let app = place.app().clone();
            jumps(&app, &skew, &[-HOUR, HOUR, 0, -5, -10, -15, 30, -30, 0]).await;
        }
    });
    audit::check(&place, &Ledger::default());
}

#[test]
fn f18_clocks_that_jump_revive_nothing_on_sqlite() {
    jumping(Place::embedded());
}

#[test]
fn f18_clocks_that_jump_revive_nothing_on_postgres() {
    jumping(Place::shared(1));
}

#[test]
fn f18_two_programs_whose_clocks_differ_by_half_a_minute_work_together() {
    let (mut place, rounds) = (Place::shared(2), rounds(5, 100));
    let what = "two clocks that differ by 30 s";
    let _line = Scenario::begin("F18", what, place.name, rounds);
    let skews = [Skew::of(&mut place, 0), Skew::of(&mut place, 1)];
    skews[0].set(-15);
    skews[1].set(15);
    place.start();
    actix_web::rt::System::new().block_on(async {
        let [behind, before] = place.apps.as_slice() else { panic!("two") };
        let mut browser = Browser::new(&behind.provider);
        browser.sign_in(behind, STEADY, &[]).await.code();
        for round in 0..rounds {
            let pair = if round % 2 == 0 { [behind, before] } else { [before, behind] };
            let code = browser.authorize(pair[0], &[("prompt", "none")]).await.code();
            let answer = pair[1].redeem_with(&code, VERIFIER).await;
            assert_eq!(answer.status(), 200, "round {round}");
            let tokens: serde_json::Value = answer.json().await.unwrap();
            let newest = pair[0].renewed(text(&tokens, "refresh_token")).await;
            assert!(pair[1].is_live(&newest).await, "round {round}");
            assert_eq!(pair[0].redeem(&code).await.status(), 400, "round {round}");
        }
    });
    audit::check(&place, &Ledger::default());
}
