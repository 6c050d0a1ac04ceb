//! The end of an account, by its person.

use std::time::Duration;

use serde_json::json;
use tessera::app::audit::{Query, tail};
use tessera::app::purge::purge;
use tessera::app::users;

use crate::support::{Answer, App, Browser, Options, PASSWORD, Server, TestApp, payload};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn signed_in(app: &TestApp, path: &str) -> (Browser, Answer) {
    let mut browser = app.browser();
    let page = browser.get(path).await;
    let page = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    (browser, page)
}

/// Asks for the deletion of the account of `ada`, and is signed out.
async fn asked(app: &TestApp) -> Browser {
    let (mut browser, page) = signed_in(app, "/account/delete").await;
    assert!(page.has("delete-submit") && page.body.contains("7 days"), "{}", page.body);
    let done = browser.submit(&page, &[]).await;
    assert_eq!(done.status, 200);
    assert!(done.body.contains("2027-01-22") && !done.has("keep-account"), "{}", done.body);
    browser
}

async fn events(app: &TestApp) -> Vec<String> {
    let rows = tail(&app.store, &Query::default(), 1000).await.expect("rows");
    let mut events: Vec<String> = rows.into_iter().map(|row| row.event).collect();
    events.retain(|event| event.starts_with("deletion_") || event == "user_deleted");
    events
}

async fn offline(app: &TestApp, server: &Server) -> App {
    app.app(json!({
        "grant_types": ["authorization_code", "refresh_token"],
        "backchannel_logout_uri": format!("{}/notes", server.url),
    }))
    .await
}

#[actix_web::test]
async fn asking_ends_everything_at_once_and_the_account_goes_after_the_delay() {
    let server = Server::start();
    let app = TestApp::with(Options { outbound: server.outbound(), ..Options::default() }).await;
    let id = app.user("ada").await.id.to_string();
    let notes = offline(&app, &server).await;
    let mut other = app.browser();
    let scope = [("scope", "openid offline_access")];
    let tokens = notes.tokens(&other.sign_in(&notes, "ada", &scope).await.code()).await;
    let mut browser = asked(&app).await;
    // Signed out here and elsewhere, and no app holds anything.
    assert!(browser.get("/account").await.has("login-submit"));
    assert!(other.get("/account").await.has("login-submit"));
    for name in ["access_token", "refresh_token"] {
        let token = tokens[name].as_str().expect("a token");
        let (_, body) = notes.ask("/introspect", &[("token", token)]).await;
        assert_eq!(body["active"], false, "{name}");
    }
    let told = server.next("/notes").await.body;
    let told = payload(told.strip_prefix("logout_token=").expect("a logout token"));
    assert!(told["sid"].is_string());
    // An operator sees it, and it goes when its time has come and not before.
    let seen = users::find(&app.store, "ada").await.expect("still there");
    assert_eq!(seen.delete_after.map(|at| at.as_seconds()), Some(app.clock_seconds() + 7 * 86_400));
    app.advance(7 * DAY - Duration::from_secs(1));
    purge(&app.issuer).await.expect("purged");
    assert!(users::find(&app.store, "ada").await.is_ok());
    app.advance(Duration::from_secs(1));
    purge(&app.issuer).await.expect("purged");
    assert!(users::find(&app.store, "ada").await.is_err());
    assert_eq!(events(&app).await, ["deletion_asked", "user_deleted"]);
    let rows = tail(&app.store, &Query::default(), 1000).await.expect("rows");
    let last = rows.iter().find(|row| row.event == "user_deleted").expect("a row");
    assert_eq!(last.actor_kind, "server");
    assert_eq!(last.target.as_ref().map(|(_, target)| target.as_str()), Some(id.as_str()));
    let page = browser.get("/account").await;
    let gone = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(gone.has("error-summary"));
}

#[actix_web::test]
async fn whoever_signs_in_during_the_delay_may_keep_the_account() {
    let app = TestApp::start().await;
    app.user("ada").await;
    asked(&app).await;
    app.advance(6 * DAY);
    let (mut ada, page) = signed_in(&app, "/account/profile").await;
    assert!(page.url.ends_with("/account/delete") && page.has("keep-account"), "{}", page.url);
    for path in ["/account", "/account/apps", "/account/sessions", "/account/password"] {
        assert!(ada.get(path).await.has("keep-account"), "{path}");
    }
    let kept = ada.submit(&page, &[]).await;
    assert!(kept.url.ends_with("/account?done=kept"), "{}", kept.url);
    assert!(ada.get("/account/profile").await.has("profile-submit"));
    app.advance(2 * DAY);
    purge(&app.issuer).await.expect("purged");
    assert!(users::find(&app.store, "ada").await.is_ok());
    let mut noted = events(&app).await;
    // Within one instant their order is that of chance.
    noted.sort();
    assert_eq!(noted, ["deletion_asked", "deletion_withdrawn"]);
}

#[actix_web::test]
async fn r114_an_app_gets_nothing_before_its_person_keeps_the_account() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    asked(&app).await;
    let mut ada = app.browser();
    let page = ada.sign_in(&notes, "ada", &[]).await;
    assert!(page.has("keep-account") && !page.has("handoff"), "{}", page.body);
    // Neither without a page nor by beginning anew.
    let silent = ada.authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("interaction_required"));
    assert!(ada.authorize(&notes, &[]).await.has("keep-account"));
    // Another browser with this page's token keeps nothing.
    let (action, fields) = page.form();
    let forged = app.browser().post(&action, &[("csrf", &fields[0].1)]).await;
    assert!(!forged.has("handoff"));
    assert!(users::find(&app.store, "ada").await.expect("ada").delete_after.is_some());
    let done = ada.submit(&page, &[]).await;
    notes.tokens(&done.code()).await;
    assert_eq!(users::find(&app.store, "ada").await.expect("ada").delete_after, None);
    let mut noted = events(&app).await;
    // Within one instant their order is that of chance.
    noted.sort();
    assert_eq!(noted, ["deletion_asked", "deletion_withdrawn"]);
}

#[actix_web::test]
async fn r71_the_end_needs_a_fresh_sign_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (mut ada, page) = signed_in(&app, "/account/delete").await;
    app.advance(Duration::from_secs(5 * 60 + 1));
    // The form of before, and the page.
    let again = ada.submit(&page, &[]).await;
    assert!(again.has("login-submit"), "{}", again.body);
    assert_eq!(users::find(&app.store, "ada").await.expect("ada").delete_after, None);
    let again = ada.get("/account/delete").await;
    assert!(again.has("login-submit"));
    let back = ada.submit(&again, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(back.url.ends_with("/account/delete") && back.has("delete-submit"), "{}", back.url);
    ada.submit(&back, &[]).await;
    let asked = users::find(&app.store, "ada").await.expect("ada").delete_after;
    // To ask again, in the page of before, begins no new delay.
    app.advance(DAY);
    let (mut ada, page) = signed_in(&app, "/account/delete").await;
    let csrf = page.form().1.remove(0).1;
    ada.post("/account/delete", &[("csrf", &csrf)]).await;
    assert_eq!(users::find(&app.store, "ada").await.expect("ada").delete_after, asked);
    assert_eq!(events(&app).await, ["deletion_asked"]);
}
