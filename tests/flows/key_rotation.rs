use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use tessera::app::KeyKeeper;
use tessera::app::key_rotation::{Removal, Rotation};
use tessera::app::keys::ensure_key;
use tessera::base::{Clock as _, SystemEntropy};
use tessera::credentials::{SealKey, Sealer};
use tessera::domain::Actor;
use tessera::protocol::SigningAlgorithm::{ES256, PS256, RS256};
use tessera::store::Location;

use super::replicas::fresh_database;
use crate::support::{App, Browser, Options, TestApp, header, seal_key};

const HOUR: Duration = Duration::from_secs(60 * 60);
const SETTLED: Duration = Duration::from_secs(2);
const BYE: &str = "https://notes.example/bye";

/// What a command works with, beside the running server.
fn keeper<'a>(app: &'a TestApp, sealer: &'a Sealer) -> KeyKeeper<'a> {
    KeyKeeper {
        store: &app.store,
        sealer,
        clock: app.clock.as_ref(),
        entropy: Arc::new(SystemEntropy),
        settings: app.issuer.settings.key_rotation(),
        actor: Actor::Command,
    }
}

fn sealer() -> Sealer {
    Sealer::new(seal_key()).expect("a sealer")
}

/// `tessera key rotate`, and the server has followed.
pub(super) async fn rotate(app: &TestApp, rotation: Rotation) {
    let sealer = sealer();
    keeper(app, &sealer).rotate(rotation).await.expect("a rotation");
    app.issuer.follow_keys().await.expect("the keys");
    if rotation == Rotation::Now {
        app.advance(SETTLED);
        app.issuer.keep_keys().await.expect("the keys");
    }
}

async fn pass(app: &TestApp, time: Duration) {
    app.advance(time);
    app.issuer.keep_keys().await.expect("the keys");
}

async fn jwks(app: &TestApp) -> Value {
    serde_json::from_str(&app.browser().get("/jwks").await.body).expect("JSON")
}

fn kids(jwks: &Value) -> BTreeSet<String> {
    let keys = jwks["keys"].as_array().expect("keys").iter();
    keys.map(|key| key["kid"].as_str().expect("a kid").to_owned()).collect()
}

fn kid(token: &str) -> String {
    header(token)["kid"].as_str().expect("a kid").to_owned()
}

/// Whether an app that fetches the key set now accepts the signature.
async fn verifies(app: &TestApp, token: &str) -> bool {
    let set: JwkSet = serde_json::from_value(jwks(app).await).expect("a key set");
    let Some(key) = set.find(&kid(token)) else { return false };
    let mut validation = Validation::new(Algorithm::RS256);
    validation.validate_aud = false;
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(key).expect("a key");
    jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
}

async fn notes(app: &TestApp) -> App {
    app.user("ada").await;
    app.app(json!({ "post_logout_redirect_uris": [BYE] })).await
}

async fn id_token(app: &App, browser: &mut Browser) -> String {
    let code = browser.sign_in(app, "ada", &[]).await.code();
    app.tokens(&code).await["id_token"].as_str().expect("text").to_owned()
}

/// Whether the hint signs out without a question.
async fn is_taken_as_hint(browser: &mut Browser, token: &str) -> bool {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("id_token_hint", token), ("post_logout_redirect_uri", BYE)]);
    let answer = browser.get(&format!("/end_session?{}", query.finish())).await;
    answer.location().is_some_and(|to| to == BYE)
}

#[actix_web::test]
async fn interop_6_the_schedule_hands_over_without_a_gap() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let first = kid(&id_token(&notes, &mut app.browser()).await);
    let every = app.issuer.settings.rotate_keys_every;
    pass(&app, every - 27 * HOUR).await;
    assert_eq!(kids(&jwks(&app).await).len(), 3);
    // The next key of each algorithm is published more than 25 hours before it signs.
    pass(&app, HOUR + Duration::from_secs(60)).await;
    let published = kids(&jwks(&app).await);
    assert_eq!(published.len(), 6);
    pass(&app, 25 * HOUR).await;
    let mut browser = app.browser();
    let last = id_token(&notes, &mut browser).await;
    assert_eq!(kid(&last), first);
    pass(&app, HOUR).await;
    let next = id_token(&notes, &mut app.browser()).await;
    assert_ne!(kid(&next), first);
    assert!(published.contains(&kid(&next)));
    // The old one verifies for longer than anything counts that it signed, also for us.
    pass(&app, 20 * HOUR).await;
    assert!(verifies(&app, &last).await && verifies(&app, &next).await);
    assert_eq!(kids(&jwks(&app).await), published);
    assert!(is_taken_as_hint(&mut browser, &last).await);
    // Then it is gone.
    pass(&app, 6 * HOUR).await;
    assert!(!verifies(&app, &last).await && verifies(&app, &next).await);
    assert_eq!(kids(&jwks(&app).await).len(), 3);
    let mut browser = app.browser();
    id_token(&notes, &mut browser).await;
    assert!(!is_taken_as_hint(&mut browser, &last).await);
}

#[actix_web::test]
async fn the_server_stops_publishing_by_itself_when_a_key_is_over() {
    let app = TestApp::start().await;
    rotate(&app, Rotation::Now).await;
    assert_eq!(kids(&jwks(&app).await).len(), 6);
    // Nobody has removed anything from the store: the time alone has passed.
    app.advance(27 * HOUR);
    app.issuer.follow_keys().await.expect("the keys");
    assert_eq!(kids(&jwks(&app).await).len(), 3);
}

#[actix_web::test]
async fn a_rotation_in_mid_flow_disturbs_nobody() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let mut browser = app.browser();
    let before = id_token(&notes, &mut browser).await;
    let code = browser.authorize(&notes, &[]).await.code();
    rotate(&app, Rotation::Now).await;
    let tokens = notes.tokens(&code).await;
    let after = tokens["id_token"].as_str().expect("text");
    assert_ne!(kid(&before), kid(after));
    assert!(verifies(&app, &before).await && verifies(&app, after).await);
    let access_token = tokens["access_token"].as_str().expect("text");
    assert_eq!(notes.userinfo(access_token).await.status(), 200);
    assert!(is_taken_as_hint(&mut browser, &before).await);
}

#[actix_web::test]
async fn oidcc_server_rotate_keys() {
    let app = TestApp::start().await;
    let before = jwks(&app).await;
    rotate(&app, Rotation::Now).await;
    let after = jwks(&app).await;
    let notes = notes(&app).await;
    let signing = kid(&id_token(&notes, &mut app.browser()).await);
    let find = |set: &Value, name: &str| {
        let keys = set["keys"].as_array().expect("keys");
        keys.iter().find(|key| key["kid"] == name).cloned()
    };
    let new = find(&after, &signing).expect("it is published");
    assert_eq!(find(&before, &signing), None);
    for old in before["keys"].as_array().expect("keys") {
        assert_eq!(find(&after, old["kid"].as_str().expect("text")).as_ref(), Some(old));
        assert_ne!(old["n"], new["n"]);
    }
}

#[actix_web::test]
async fn r52_a_key_that_became_known_is_removed_at_once() {
    let app = TestApp::start().await;
    let notes = notes(&app).await;
    let mut browser = app.browser();
    let token = id_token(&notes, &mut browser).await;
    let (sealer, stolen) = (sealer(), kid(&token));
    let keeper = keeper(&app, &sealer);
    assert_eq!(keeper.remove("no such key").await.expect("an answer"), Removal::Unknown);
    assert_eq!(keeper.remove(&stolen).await.expect("an answer"), Removal::Signs);
    // What stays away from the others' keys: they are not what became known.
    let others = kids(&jwks(&app).await);
    keeper.replace_signer(RS256).await.expect("another key");
    pass(&app, SETTLED).await;
    assert_eq!(keeper.remove(&stolen).await.expect("an answer"), Removal::Removed);
    assert_eq!(keeper.remove(&stolen).await.expect("an answer"), Removal::Unknown);
    app.issuer.follow_keys().await.expect("the keys");
    let left = kids(&jwks(&app).await);
    assert!(!left.contains(&stolen) && left.len() == 3);
    assert_eq!(others.intersection(&left).count(), 2);
    // Whatever it signed is worth nothing, and people sign in as before.
    assert!(!verifies(&app, &token).await);
    assert!(!is_taken_as_hint(&mut browser, &token).await);
    let next = id_token(&notes, &mut app.browser()).await;
    assert!(verifies(&app, &next).await);
}

#[actix_web::test]
async fn r124_nothing_is_made_with_another_seal_key() {
    let app = TestApp::start().await;
    let other =
        SealKey::from_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").expect("a key");
    let sealer = Sealer::new(other).expect("a sealer");
    let keeper = keeper(&app, &sealer);
    for rotation in [Rotation::Next, Rotation::Now] {
        assert!(keeper.rotate(rotation).await.is_err());
    }
    let (clock, entropy) = (app.clock.as_ref(), Arc::new(SystemEntropy));
    let made = ensure_key(PS256, &app.store, &sealer, entropy, clock.now()).await;
    assert!(made.is_err());
    assert_eq!(keeper.list().await.expect("keys").len(), 3);
}

#[actix_web::test]
async fn r52_no_name_returns_in_a_hundred_rotations() {
    let app = TestApp::start().await;
    let sealer = sealer();
    let keeper = keeper(&app, &sealer);
    let mut seen = kids(&jwks(&app).await);
    for round in 0..100 {
        let before = kids(&jwks(&app).await);
        keeper.replace_signer(ES256).await.expect("another key");
        pass(&app, SETTLED).await;
        let set = jwks(&app).await;
        for key in set["keys"].as_array().expect("keys") {
            for member in ["kid", "kty", "use", "alg"] {
                assert!(key[member].is_string(), "{member}: {key}");
            }
        }
        let new: Vec<String> = kids(&set).difference(&before).cloned().collect();
        assert!(!new.is_empty() && new.iter().all(|kid| seen.insert(kid.clone())), "{round}");
        pass(&app, 27 * HOUR).await;
    }
    assert!(seen.len() > 100);
    assert!(kids(&jwks(&app).await).len() <= 6, "old keys leave");
}

/// Several processes do what the schedule says, and an operator is in a hurry just then.
async fn rotate_all_at_once(apps: &[TestApp]) {
    let (sealer, every) = (sealer(), apps[0].issuer.settings.rotate_keys_every);
    apps.iter().for_each(|app| app.advance(every - 26 * HOUR));
    let keepers: Vec<_> = (0..8).map(|n| keeper(&apps[n % apps.len()], &sealer)).collect();
    let kept = futures_util::future::join_all(keepers.iter().map(KeyKeeper::keep)).await;
    assert!(kept.iter().all(Result::is_ok), "{kept:?}");
    assert_eq!(keepers[0].list().await.expect("keys").len(), 6, "one next key of each algorithm");
    let hurried = keepers.iter().map(|keeper| keeper.rotate(Rotation::Now));
    let hurried = futures_util::future::join_all(hurried).await;
    assert!(hurried.iter().all(Result::is_ok), "{hurried:?}");
    for app in apps {
        pass(app, SETTLED).await;
    }
    let sets = futures_util::future::join_all(apps.iter().map(jwks)).await;
    assert!(sets.iter().all(|set| *set == sets[0] && kids(set).len() == 6), "{sets:?}");
}

#[actix_web::test]
async fn of_many_that_rotate_one_makes_the_next_key() {
    rotate_all_at_once(&[TestApp::start().await]).await;
}

#[test]
fn of_two_processes_that_rotate_one_makes_the_next_key() {
    let Some(url) = fresh_database() else { return };
    actix_web::rt::System::new().block_on(async {
        let options =
            || Options { location: Location::Postgres(url.clone()), ..Options::default() };
        let apps = [TestApp::with(options()).await, TestApp::with(options()).await];
        rotate_all_at_once(&apps).await;
        for app in apps {
            app.stop().await;
        }
    });
}
