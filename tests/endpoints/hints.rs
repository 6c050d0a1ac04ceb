//! Whom an app means: `id_token_hint`, the claim `sub`, and `login_hint`.

use serde_json::json;
use tessera::base::Digest;
use tessera::domain::ClientOrigin;

use crate::support::{App, Browser, TestApp, payload, text};

/// A browser with two accounts, and the ID tokens that `client` was given for them.
async fn two_accounts(app: &TestApp, client: &App) -> (Browser, String, String) {
    app.user("ada").await;
    app.user("bob").await;
    let mut browser = app.browser();
    let mut tokens = Vec::new();
    for name in ["ada", "bob"] {
        let answer = if name == "ada" {
            browser.sign_in(client, name, &[]).await
        } else {
            let page = browser.authorize(client, &[("prompt", "select_account")]).await;
            let page = browser.submit(&page, &[("account", "other")]).await;
            browser
                .submit(&page, &[("username", name), ("password", crate::support::PASSWORD)])
                .await
        };
        let answer = client.tokens(&answer.code()).await;
        tokens.push(text(&answer, "id_token").to_owned());
    }
    let bob = tokens.pop().expect("two tokens");
    (browser, tokens.pop().expect("two tokens"), bob)
}

#[actix_web::test]
async fn the_hinted_account_is_taken_without_a_choice() {
    let app = TestApp::start().await;
    let client = app.app(json!({})).await;
    let (mut browser, ada, bob) = two_accounts(&app, &client).await;
    assert!(browser.authorize(&client, &[]).await.has("account-0"), "without a hint they choose");
    for (hint, silent) in [(&ada, ""), (&bob, "none"), (&ada, "none"), (&bob, "")] {
        let answer =
            browser.authorize(&client, &[("id_token_hint", hint), ("prompt", silent)]).await;
        let tokens = client.tokens(&answer.code()).await;
        assert_eq!(payload(text(&tokens, "id_token"))["sub"], payload(hint)["sub"]);
    }
}

#[actix_web::test]
async fn the_claim_sub_names_a_person_as_a_hint_does() {
    let app = TestApp::start().await;
    let client = app.app(json!({})).await;
    let (mut browser, ada, bob) = two_accounts(&app, &client).await;
    let sub = payload(&ada)["sub"].clone();
    let claims = json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    let answer = browser.authorize(&client, &[("claims", &claims), ("prompt", "none")]).await;
    let tokens = client.tokens(&answer.code()).await;
    assert_eq!(payload(text(&tokens, "id_token"))["sub"], sub);
    let both = [("claims", claims.as_str()), ("id_token_hint", bob.as_str())];
    let answer = browser.authorize(&client, &both).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request"));
}

#[actix_web::test]
async fn an_answer_is_never_about_another_person_than_the_one_hinted_at() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user("bob").await;
    let client = app.app(json!({})).await;
    let ada = client.sign_in("ada", &[]).await;
    let hint = [("id_token_hint", text(&ada, "id_token"))];
    // Bob is signed in: silence answers that Ada is not.
    let mut browser = app.browser();
    browser.sign_in(&client, "bob", &[]).await;
    let silent = browser.authorize(&client, &[hint[0], ("prompt", "none")]).await;
    assert_eq!(silent.told("error").as_deref(), Some("login_required"));
    // With a page, somebody is asked to sign in; it must be Ada.
    let page = browser.authorize(&client, &hint).await;
    assert!(page.has("login-submit"));
    let wrong =
        browser.submit(&page, &[("username", "bob"), ("password", crate::support::PASSWORD)]).await;
    assert_eq!(wrong.told("error").as_deref(), Some("login_required"));
    let page = browser.authorize(&client, &hint).await;
    let right =
        browser.submit(&page, &[("username", "ada"), ("password", crate::support::PASSWORD)]).await;
    assert!(right.told("code").is_some());
}

#[actix_web::test]
async fn a_hint_that_proves_nothing_asks_the_person_or_is_an_error() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (client, other) = (app.app(json!({})).await, app.app(json!({})).await);
    let mut browser = app.browser();
    let answer = browser.sign_in(&client, "ada", &[]).await;
    let tokens = client.tokens(&answer.code()).await;
    let good = text(&tokens, "id_token");
    let (head, rest) = good.split_once('.').expect("a token");
    let altered = format!("{head}.{}", rest.replacen(|c: char| c == 'a', "b", 1));
    for hint in ["x", altered.as_str()] {
        let asked = [("id_token_hint", hint)];
        assert!(browser.authorize(&client, &asked).await.told("code").is_some(), "{hint}");
        let silent = browser.authorize(&client, &[asked[0], ("prompt", "none")]).await;
        assert_eq!(silent.told("error").as_deref(), Some("login_required"), "{hint}");
    }
    let answer = browser.authorize(&other, &[("id_token_hint", good)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "another client's");
    app.advance(std::time::Duration::from_secs(2 * 60 * 60));
    let expired = browser.authorize(&client, &[("id_token_hint", good), ("prompt", "none")]).await;
    assert!(expired.told("code").is_some(), "an expired hint still names its person");
}

#[actix_web::test]
async fn a_pairwise_hint_means_its_own_person() {
    let app = TestApp::start().await;
    let client = app.app(json!({ "subject_type": "pairwise" })).await;
    let (mut browser, ada, bob) = two_accounts(&app, &client).await;
    assert_ne!(payload(&ada)["sub"], payload(&bob)["sub"]);
    let answer = browser.authorize(&client, &[("id_token_hint", &ada), ("prompt", "none")]).await;
    let tokens = client.tokens(&answer.code()).await;
    assert_eq!(payload(text(&tokens, "id_token"))["sub"], payload(&ada)["sub"]);
}

/// r13: a public client that registered itself, and an address that any program may listen at.
#[actix_web::test]
async fn r13_nobody_vouches_for_a_loopback_address() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let uris = ["http://127.0.0.1/back", "com.example.app:/back", "https://app.example/back"];
    let client = app
        .app(json!({
            "redirect_uris": uris, "token_endpoint_auth_method": "none", "first_party": false,
        }))
        .await;
    let digest = Digest::of(b"management");
    app.change(&client, |client| client.origin = ClientOrigin::Dynamic(digest)).await;
    let mut browser = app.browser();
    for uri in uris {
        let at = App { redirect_uri: uri.to_owned(), ..client.clone() };
        let page = match browser.cookies.len() {
            0 => browser.sign_in(&at, "ada", &[]).await,
            _ => browser.authorize(&at, &[]).await,
        };
        if page.has("consent-allow") {
            browser.submit(&page, &[("decision", "allow")]).await;
        }
        let silent = browser.authorize(&at, &[("prompt", "none")]).await;
        let expected = (!uri.starts_with("https")).then_some("interaction_required");
        assert_eq!(silent.told("error").as_deref(), expected, "{uri}");
    }
}
