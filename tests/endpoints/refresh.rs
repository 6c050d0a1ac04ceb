//! Refresh tokens at `/token` (RFC 6749 §6, RFC 9700 §4.14).

use std::time::Duration;

use serde_json::{Value, json};
use tessera::app::users;
use tessera::store::connected_apps;

use crate::support::{App, Options, TestApp, payload, text};

const OFFLINE: &str = "openid profile email groups offline_access";
const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A provider with Ada, and an app that may refresh.
async fn world(metadata: Value) -> (TestApp, App) {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = renewing_app(&app, metadata).await;
    (app, notes)
}

async fn renewing_app(app: &TestApp, metadata: Value) -> App {
    let mut all = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let extra = metadata.as_object().cloned().unwrap_or_default();
    all.as_object_mut().expect("an object").extend(extra);
    app.app(all).await
}

async fn offline(notes: &App) -> Value {
    notes.sign_in("ada", &[("scope", OFFLINE)]).await
}

/// The refresh token of an answer.
fn token(tokens: &Value) -> &str {
    text(tokens, "refresh_token")
}

async fn assert_refused(notes: &App, refresh_token: &str, error: &str) {
    let (status, body) = notes.refresh(refresh_token, &[]).await;
    assert_eq!((status, body["error"].as_str()), (400, Some(error)), "{body}");
}

#[actix_web::test]
async fn r29_each_refresh_gives_a_new_token_and_the_old_one_is_worth_nothing() {
    let (app, notes) = world(json!({ "token_endpoint_auth_method": "none" })).await;
    let first = offline(&notes).await;
    let second = notes.renewed(token(&first)).await;
    assert_ne!(token(&first), token(&second));
    let third = notes.renewed(token(&second)).await;
    // What was given before lives until it expires: requests may be under way.
    for tokens in [&first, &second, &third] {
        assert!(notes.is_live(tokens).await);
    }
    app.advance(31 * SECOND);
    assert_refused(&notes, token(&first), "invalid_grant").await;
    // Reuse: the whole family is gone, the newest token and every access token with it.
    assert_refused(&notes, token(&third), "invalid_grant").await;
    for tokens in [&first, &second, &third] {
        assert!(!notes.is_live(tokens).await);
    }
}

#[actix_web::test]
async fn r30_a_lost_answer_can_be_asked_for_again_for_thirty_seconds() {
    let (app, notes) = world(json!({})).await;
    let first = offline(&notes).await;
    let second = notes.renewed(token(&first)).await;
    app.advance(29 * SECOND);
    let again = notes.renewed(token(&first)).await;
    assert_eq!(token(&second), token(&again));
    assert!(notes.is_live(&again).await);
    app.advance(2 * SECOND);
    assert_refused(&notes, token(&first), "invalid_grant").await;
    assert_refused(&notes, token(&second), "invalid_grant").await;
}

#[actix_web::test]
async fn r30_the_grace_ends_when_the_successor_is_used_and_a_straggler_kills_nothing() {
    let (app, notes) = world(json!({})).await;
    let first = offline(&notes).await;
    let second = notes.renewed(token(&first)).await;
    let third = notes.renewed(token(&second)).await;
    app.advance(10 * SECOND);
    assert_refused(&notes, token(&first), "invalid_grant").await;
    let again = notes.renewed(token(&second)).await;
    assert_eq!(token(&third), token(&again));
    let fourth = notes.renewed(token(&third)).await;
    assert!(notes.is_live(&fourth).await);
    app.advance(21 * SECOND);
    assert_refused(&notes, token(&first), "invalid_grant").await;
    assert_refused(&notes, token(&fourth), "invalid_grant").await;
}

#[actix_web::test]
async fn fifty_refreshes_at_once_give_one_successor_and_kill_nothing() {
    let (_app, notes) = world(json!({})).await;
    let mut newest = offline(&notes).await;
    for round in 0..5 {
        let before = token(&newest).to_owned();
        let all = (0..50).map(|_| notes.refresh(&before, &[]));
        let answers = futures_util::future::join_all(all).await;
        let mut successors: Vec<&str> = answers
            .iter()
            .map(|(status, body)| {
                assert_eq!(*status, 200, "round {round}: {body}");
                token(body)
            })
            .collect();
        successors.dedup();
        assert_eq!(successors.len(), 1, "round {round}");
        assert_ne!(successors[0], before);
        assert!(notes.is_live(&answers[0].1).await);
        newest = answers.into_iter().next().expect("an answer").1;
    }
}

#[actix_web::test]
async fn the_id_token_of_a_refresh_is_about_the_same_sign_in() {
    let (app, notes) = world(json!({})).await;
    let first = offline(&notes).await;
    app.advance(60 * SECOND);
    let second = notes.renewed(token(&first)).await;
    let (before, after) = (payload(text(&first, "id_token")), payload(text(&second, "id_token")));
    for name in ["iss", "sub", "aud", "auth_time", "sid", "acr", "amr", "email", "groups"] {
        assert!(!before[name].is_null(), "{name}");
        assert_eq!(before[name], after[name], "{name}");
    }
    assert_eq!(before["nonce"], "the-nonce");
    assert!(after.get("nonce").is_none());
    assert_eq!(after["iat"], json!(app.clock_seconds()));
    assert_eq!(after["iat"].as_i64(), before["iat"].as_i64().map(|at| at + 60));
    assert_ne!(after["at_hash"], before["at_hash"]);
    // What an app learns follows the account as it is.
    users::set_groups(app.operator(), "ada", &["board".to_owned()]).await.expect("changed");
    let third = notes.renewed(token(&second)).await;
    assert_eq!(payload(text(&third, "id_token"))["groups"], json!(["board"]));
}

#[actix_web::test]
async fn scopes_can_be_narrowed_for_one_answer_and_never_widened() {
    let (_app, notes) = world(json!({})).await;
    let first = notes.sign_in("ada", &[("scope", "openid email offline_access")]).await;
    let (status, narrow) = notes.refresh(token(&first), &[("scope", "email")]).await;
    assert_eq!((status, narrow["scope"].as_str()), (200, Some("email")), "{narrow}");
    assert!(narrow.get("id_token").is_none(), "without openid there is no ID token: {narrow}");
    assert!(!notes.is_live(&narrow).await, "userinfo asks for openid");
    let (status, wide) = notes.refresh(token(&narrow), &[("scope", "openid email groups")]).await;
    assert_eq!((status, wide["scope"].as_str()), (200, Some("openid email")), "{wide}");
    let whole = notes.renewed(token(&wide)).await;
    assert_eq!(whole["scope"], "openid email offline_access");
    let (status, none) = notes.refresh(token(&whole), &[("scope", "groups")]).await;
    assert_eq!((status, none["error"].as_str()), (400, Some("invalid_scope")), "{none}");
    // What other libraries send along does no harm.
    let stray = [("redirect_uri", notes.redirect_uri.as_str()), ("access_type", "offline")];
    let (status, body) = notes.refresh(token(&whole), &stray).await;
    assert_eq!(status, 200, "{body}");
}

#[actix_web::test]
async fn a_grant_without_openid_is_renewed_without_an_id_token() {
    let (_app, notes) = world(json!({})).await;
    let first = notes.sign_in("ada", &[("scope", "email offline_access")]).await;
    assert!(first.get("id_token").is_none());
    let second = notes.renewed(token(&first)).await;
    assert!(second.get("id_token").is_none() && second["access_token"].is_string());
}

#[actix_web::test]
async fn r33_refresh_tokens_end_idle_and_in_any_case() {
    let (app, notes) = world(json!({})).await;
    let idle = offline(&notes).await;
    let mut used = offline(&notes).await;
    app.advance(29 * DAY);
    used = notes.renewed(token(&used)).await;
    app.advance(DAY);
    assert_refused(&notes, token(&idle), "invalid_grant").await;
    for _ in 0..2 {
        app.advance(28 * DAY);
        used = notes.renewed(token(&used)).await;
    }
    app.advance(4 * DAY - SECOND);
    used = notes.renewed(token(&used)).await;
    app.advance(SECOND);
    assert_refused(&notes, token(&used), "invalid_grant").await;
}

#[actix_web::test]
async fn offline_access_is_dropped_when_it_is_not_allowed() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let plain = app.app(json!({})).await;
    let tokens = offline(&plain).await;
    assert_eq!(tokens["scope"], "openid profile email groups");
    assert!(tokens.get("refresh_token").is_none());
    // A list of scopes without it: a refresh token that ends with the session.
    let bound = renewing_app(&app, json!({ "scope": "openid email" })).await;
    let mut browser = app.browser();
    let code = browser.sign_in(&bound, "ada", &[("scope", OFFLINE)]).await.code();
    let tokens = bound.tokens(&code).await;
    assert_eq!(tokens["scope"], "openid email");
    let tokens = bound.renewed(token(&tokens)).await;
    let url = format!("/end_session?id_token_hint={}", text(&tokens, "id_token"));
    browser.get(&url).await;
    assert_refused(&bound, token(&tokens), "invalid_grant").await;
}

#[actix_web::test]
async fn r31_sign_out_ends_what_hangs_on_the_session_and_spares_offline_access() {
    let (app, notes) = world(json!({})).await;
    let mut browser = app.browser();
    let code = browser.sign_in(&notes, "ada", &[]).await.code();
    let bound = notes.tokens(&code).await;
    let code = browser.authorize(&notes, &[("scope", OFFLINE)]).await.code();
    let lasting = notes.tokens(&code).await;
    let bound = notes.renewed(token(&bound)).await;
    let url = format!("/end_session?id_token_hint={}", text(&bound, "id_token"));
    browser.get(&url).await;
    assert_refused(&notes, token(&bound), "invalid_grant").await;
    assert!(!notes.is_live(&bound).await);
    let renewed = notes.renewed(token(&lasting)).await;
    assert!(notes.is_live(&renewed).await);
}

#[actix_web::test]
async fn r31_a_session_that_ran_out_renews_nothing_that_hangs_on_it() {
    let (app, notes) = world(json!({})).await;
    let bound = notes.sign_in("ada", &[]).await;
    let lasting = offline(&notes).await;
    app.advance(12 * Duration::from_secs(60 * 60));
    assert_refused(&notes, token(&bound), "invalid_grant").await;
    notes.renewed(token(&lasting)).await;
}

#[actix_web::test]
async fn r37_a_password_change_ends_all_of_it() {
    let (app, notes) = world(json!({})).await;
    let (bound, lasting) = (notes.sign_in("ada", &[]).await, offline(&notes).await);
    app.set_password("ada", "another long enough password").await;
    for tokens in [&bound, &lasting] {
        assert_refused(&notes, token(tokens), "invalid_grant").await;
        assert!(!notes.is_live(tokens).await);
    }
}

#[actix_web::test]
async fn r31_a_disabled_user_renews_nothing_even_when_enabled_again() {
    let (app, notes) = world(json!({})).await;
    let lasting = offline(&notes).await;
    users::disable(app.operator(), "ada").await.expect("disabled");
    assert_refused(&notes, token(&lasting), "invalid_grant").await;
    users::enable(app.operator(), "ada").await.expect("enabled");
    assert_refused(&notes, token(&lasting), "invalid_grant").await;
}

#[actix_web::test]
async fn r31_consent_that_was_withdrawn_renews_nothing() {
    let app = TestApp::start().await;
    let ada = app.user("ada").await.id;
    let notes = renewing_app(&app, json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[("scope", OFFLINE)]).await;
    let code = browser.submit(&page, &[("decision", "allow")]).await.code();
    let tokens = notes.tokens(&code).await;
    let tokens = notes.renewed(token(&tokens)).await;
    let client = tessera::app::clients::find(&app.store, &notes.client_id).await.expect("there").id;
    let now = tessera::base::Timestamp::from_seconds(app.clock_seconds());
    let withdrawn =
        app.store.write("test", move |db| connected_apps::withdraw(db, ada, client, now)).await;
    assert_eq!(withdrawn, Ok(true));
    assert_refused(&notes, token(&tokens), "invalid_grant").await;
}

#[actix_web::test]
async fn r31_what_the_client_lost_meanwhile_is_lost() {
    let (app, notes) = world(json!({ "resources": ["https://api.example/"] })).await;
    let extra = [("scope", OFFLINE), ("resource", "https://api.example/")];
    let tokens = notes.sign_in("ada", &extra).await;
    // Fewer scopes: the rest is given.
    app.change(&notes, |client| client.metadata.scope = Some("openid email offline_access".into()))
        .await;
    let fewer = notes.renewed(token(&tokens)).await;
    assert_eq!(fewer["scope"], "openid email offline_access");
    // No API: nothing that the token was for is left.
    app.change(&notes, |client| client.metadata.resources.clear()).await;
    assert_refused(&notes, token(&fewer), "invalid_target").await;
    app.change(&notes, |client| client.metadata.resources = vec!["https://api.example/".into()])
        .await;
    app.change(&notes, |client| client.metadata.grant_types = Some(vec![])).await;
    assert_refused(&notes, token(&fewer), "unauthorized_client").await;
    let now = tessera::base::Timestamp::from_seconds(app.clock_seconds());
    app.change(&notes, |client| client.disabled_at = Some(now)).await;
    let (status, body) = notes.refresh(token(&fewer), &[]).await;
    assert_eq!((status, body["error"].as_str()), (401, Some("invalid_client")));
}

#[actix_web::test]
async fn a_refresh_token_belongs_to_its_client_and_is_of_its_kind() {
    let (app, notes) = world(json!({})).await;
    let other = renewing_app(&app, json!({})).await;
    let tokens = offline(&notes).await;
    assert_refused(&other, token(&tokens), "invalid_grant").await;
    for wrong in [
        text(&tokens, "access_token"),
        text(&tokens, "id_token"),
        &text(&tokens, "access_token").replace("tsa_", "tsr_"),
        "tsr_",
        "x",
    ] {
        assert_refused(&notes, wrong, "invalid_grant").await;
    }
    let mut altered = token(&tokens).to_owned();
    let last = if altered.ends_with('A') { 'E' } else { 'A' };
    altered.pop();
    altered.push(last);
    assert_refused(&notes, &altered, "invalid_grant").await;
    let (status, body) = notes.ask("/token", &[("grant_type", "refresh_token")]).await;
    assert_eq!((status, body["error"].as_str()), (400, Some("invalid_request")));
    // None of it harmed the token.
    notes.renewed(token(&tokens)).await;
    // r24: a refresh token is no access token and no code.
    assert_eq!(notes.userinfo(token(&tokens)).await.status(), 401);
    assert_eq!(notes.redeem(token(&tokens)).await.status(), 400);
}

#[actix_web::test]
async fn r22_a_code_that_is_used_twice_takes_its_family_along_also_after_a_refresh() {
    let (app, notes) = world(json!({})).await;
    let code = app.browser().sign_in(&notes, "ada", &[("scope", OFFLINE)]).await.code();
    let first = notes.tokens(&code).await;
    let second = notes.renewed(token(&first)).await;
    assert_eq!(notes.redeem(&code).await.status(), 400);
    assert_refused(&notes, token(&second), "invalid_grant").await;
    assert!(!notes.is_live(&first).await && !notes.is_live(&second).await);
}

#[actix_web::test]
async fn without_rotation_the_token_stays_the_same_and_still_ends() {
    let (app, notes) = world(json!({ "refresh_rotation": false })).await;
    let first = offline(&notes).await;
    for _ in 0..3 {
        app.advance(10 * DAY);
        let renewed = notes.renewed(token(&first)).await;
        assert_eq!(token(&renewed), token(&first));
    }
    let all = (0..20).map(|_| notes.refresh(token(&first), &[]));
    let answers = futures_util::future::join_all(all).await;
    assert!(answers.iter().all(|(status, _)| *status == 200));
    app.advance(30 * DAY);
    assert_refused(&notes, token(&first), "invalid_grant").await;
}

#[actix_web::test]
async fn r32_what_was_used_stays_used_after_a_restart() {
    let folder = std::env::temp_dir().join(format!("tessera-r32-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let at = |folder: &std::path::Path| Options {
        location: tessera::store::Location::SqliteFile(folder.join("tessera.db")),
        ..Options::default()
    };
    let before = TestApp::with(at(&folder)).await;
    before.user("ada").await;
    let notes = renewing_app(&before, json!({})).await;
    let first = offline(&notes).await;
    let second = notes.renewed(token(&first)).await;
    before.stop().await;
    let after = TestApp::with(at(&folder)).await;
    let notes = App { provider: after.url.clone(), ..notes };
    let again = notes.renewed(token(&first)).await;
    assert_eq!(token(&again), token(&second));
    after.advance(31 * SECOND);
    assert_refused(&notes, token(&first), "invalid_grant").await;
    assert_refused(&notes, token(&second), "invalid_grant").await;
    after.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[actix_web::test]
async fn no_two_jwt_access_tokens_share_a_jti() {
    for is_rotated in [true, false] {
        let metadata =
            json!({ "audience": "https://api.example/", "refresh_rotation": is_rotated });
        let (_app, notes) = world(metadata).await;
        let first = offline(&notes).await;
        let (second, again) =
            (notes.renewed(token(&first)).await, notes.renewed(token(&first)).await);
        let jti = |tokens: &Value| payload(text(tokens, "access_token"))["jti"].to_string();
        let all = std::collections::BTreeSet::from([jti(&first), jti(&second), jti(&again)]);
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(notes.is_live(&second).await && notes.is_live(&again).await);
    }
}
