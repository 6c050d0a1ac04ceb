use serde_json::json;

use crate::support::{PASSWORD, TestApp, payload};

#[actix_web::test]
async fn several_accounts_live_in_one_browser() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.user("ada").await, app.user("bob").await);
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    let chooser = browser.authorize(&notes, &[("prompt", "select_account")]).await;
    assert!(
        chooser.has("account-0")
            && chooser.has("account-other")
            && chooser.body.contains("Continue as ada Example")
    );
    let page = browser.submit(&chooser, &[("account", "other")]).await;
    assert!(page.has("login-submit"));
    let answer = browser.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["sub"], json!(bob.subject));
    // Two accounts: an app that names none makes the person choose, one that names one does not.
    let chooser = browser.authorize(&notes, &[]).await;
    assert!(chooser.has("account-0") && chooser.has("account-1"));
    for (hint, subject) in [("ada@example.com", &ada.subject), ("BOB", &bob.subject)] {
        let code = browser.authorize(&notes, &[("login_hint", hint)]).await.code();
        let tokens = notes.tokens(&code).await;
        assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["sub"], json!(subject));
    }
    let answer = browser.submit(&chooser, &[("account", "1")]).await;
    assert!(answer.code().starts_with("tsc_"));
    // Back from the sign-in page to the accounts, which changes nothing.
    let chooser = browser.authorize(&notes, &[("prompt", "select_account")]).await;
    let page = browser.submit(&chooser, &[("account", "other")]).await;
    assert!(browser.get(&format!("{}/account", page.url)).await.has("account-1"));
}

#[actix_web::test]
async fn r88_another_person_at_a_confirmation_replaces_the_first() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let bob = app.user("bob").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    browser.sign_in(&notes, "ada", &[]).await;
    let before = browser.cookies["tessera"].clone();
    let page = browser.authorize(&notes, &[("prompt", "login")]).await;
    assert!(page.body.contains("asks you to confirm") && page.body.contains("readonly"));
    let answer = browser.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["sub"], json!(bob.subject));
    // Nothing of the first session is left, not even under its old cookie (R14 as well).
    browser.cookies.insert("tessera".to_owned(), before);
    assert_eq!(
        browser.authorize(&notes, &[("prompt", "none")]).await.told("error").as_deref(),
        Some("login_required")
    );
}

#[actix_web::test]
async fn consent_is_asked_once_and_again_for_more() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&notes, "ada", &[("scope", "openid email")]).await;
    assert!(page.has("consent-allow"));
    let denied = browser.submit(&page, &[("decision", "deny")]).await;
    assert_eq!(denied.told("error").as_deref(), Some("access_denied"));
    let silent = browser.authorize(&notes, &[("scope", "openid email"), ("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("consent_required"));
    let page = browser.authorize(&notes, &[("scope", "openid email")]).await;
    let allowed = browser.submit(&page, &[("decision", "allow")]).await;
    assert!(allowed.code().starts_with("tsc_"));
    for scope in ["openid email", "openid"] {
        assert!(
            browser
                .authorize(&notes, &[("scope", scope), ("prompt", "none")])
                .await
                .told("code")
                .is_some()
        );
    }
    let more = browser.authorize(&notes, &[("scope", "openid email groups")]).await;
    assert!(more.has("consent-allow") && more.body.contains(">New<"));
    let again =
        browser.authorize(&notes, &[("scope", "openid email"), ("prompt", "consent")]).await;
    assert!(again.has("consent-allow"));
}

#[actix_web::test]
async fn a_client_that_was_disabled_meanwhile_gets_nothing() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let page = browser.authorize(&notes, &[]).await;
    tessera::app::clients::delete(app.operator(), &notes.client_id).await.expect("deleted");
    let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(answer.has("error-page") && answer.location().is_none(), "{}", answer.body);
}

#[actix_web::test]
async fn an_app_that_goes_round_in_circles_is_stopped() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let mut browser = app.browser();
    let first = browser.sign_in(&notes, "ada", &[]).await;
    notes.tokens(&first.code()).await;
    for _ in 0..5 {
        assert!(browser.authorize(&notes, &[]).await.told("code").is_some());
    }
    let stopped = browser.authorize(&notes, &[]).await;
    assert!(stopped.status == 400 && stopped.body.contains("keeps sending you back"));
    assert!(browser.authorize(&notes, &[("prompt", "none")]).await.told("code").is_some());
    app.advance(std::time::Duration::from_secs(31));
    assert!(browser.authorize(&notes, &[]).await.told("code").is_some());
}

#[actix_web::test]
async fn the_landing_page_lists_the_apps_of_those_who_signed_in() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.app(json!({ "client_name": "Wiki <b>", "client_uri": "https://wiki.example/" })).await;
    let mut browser = app.browser();
    assert!(!browser.get("/").await.body.contains("Wiki"));
    let page = browser.get("/sign-in").await;
    let home = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
    assert!(
        home.url.ends_with('/')
            && home.body.contains("https://wiki.example/")
            && home.body.contains("Wiki &#60;b&#62;"),
        "{}",
        home.body
    );
}
