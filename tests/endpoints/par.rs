//! Pushed authorization requests (RFC 9126).

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, PASSWORD, TestApp, text};

const FILLED: [(&str, &str); 2] = [("username", "ada"), ("password", PASSWORD)];

async fn world(metadata: Value) -> (TestApp, App) {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(metadata).await;
    (app, notes)
}

async fn refusal(notes: &App, form: &[(&str, &str)]) -> (u16, String) {
    let (status, body) = notes.ask("/par", form).await;
    assert!(body.get("request_uri").is_none(), "{body}");
    (status, text(&body, "error").to_owned())
}

#[actix_web::test]
async fn a_pushed_request_leads_to_a_code() {
    let (app, notes) = world(json!({})).await;
    let (status, body) = notes.ask("/par", &notes.request(&[("scope", "openid email")])).await;
    assert_eq!((status, &body["expires_in"]), (201, &json!(90)), "{body}");
    let uri = text(&body, "request_uri");
    assert!(uri.starts_with("urn:ietf:params:oauth:request_uri:") && uri.len() >= 34 + 43, "{uri}");
    let mut browser = app.browser();
    let page = browser.get(&notes.pushed_url(uri)).await;
    let answer = browser.submit(&page, &FILLED).await;
    assert_eq!(answer.told("state").as_deref(), Some("the-state"));
    assert_eq!(notes.tokens(&answer.code()).await["scope"], "openid email");
    // The answer of the endpoint is kept by nobody.
    let form = notes.request(&[]);
    let request = notes.post("/par", &form).basic_auth(&notes.client_id, notes.secret.as_deref());
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
}

#[actix_web::test]
async fn r16_it_counts_once_and_the_count_is_taken_at_the_end() {
    let (app, notes) = world(json!({})).await;
    let url = notes.push(&[]).await;
    let mut browser = app.browser();
    // Looking at it uses nothing up: a page may be loaded again before the sign-in.
    browser.get(&url).await;
    let (first, second) = (browser.get(&url).await, browser.get(&url).await);
    assert!(first.has("login-submit") && second.has("login-submit"));
    let answer = browser.submit(&first, &FILLED).await;
    notes.tokens(&answer.code()).await;
    let late = browser.submit(&second, &FILLED).await;
    assert!(late.has("error-page") && late.location().is_none(), "{}", late.body);
    let again = browser.get(&url).await;
    assert!(again.has("error-page") && again.location().is_none() && again.status == 400);
}

#[actix_web::test]
async fn r16_it_is_over_after_ninety_seconds_and_bound_to_its_client() {
    let (app, notes) = world(json!({})).await;
    let other = app.app(json!({})).await;
    let url = notes.push(&[]).await;
    let foreign = url.replace(&notes.client_id, &other.client_id);
    let nobody = url.replace(&notes.client_id, "nobody");
    for wrong in
        [foreign, nobody, format!("{url}x"), url.replace("request_uri%3A", "request_uri%3AA")]
    {
        let page = app.browser().get(&wrong).await;
        assert!(page.has("error-page") && page.location().is_none(), "{wrong}");
    }
    app.advance(Duration::from_secs(89));
    assert!(app.browser().get(&url).await.has("login-submit"));
    app.advance(Duration::from_secs(1));
    let page = app.browser().get(&url).await;
    assert!(page.has("error-page") && page.location().is_none() && page.status == 400);
}

#[actix_web::test]
async fn what_stands_beside_a_pushed_request_does_not_count() {
    let (app, notes) = world(json!({})).await;
    let url = notes.push(&[]).await;
    let beside =
        "state=other&nonce=other&scope=openid&redirect_uri=https%3A%2F%2Fevil.example&prompt=none";
    let mut browser = app.browser();
    let page = browser.get(&format!("{url}&{beside}")).await;
    let answer = browser.submit(&page, &FILLED).await;
    assert!(answer.to_app().starts_with(&notes.redirect_uri));
    assert_eq!(answer.told("state").as_deref(), Some("the-state"));
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(crate::support::payload(text(&tokens, "id_token"))["nonce"], "the-nonce");
}

#[actix_web::test]
async fn what_is_wrong_is_told_to_the_client_at_once() {
    let (app, notes) = world(json!({})).await;
    let other = app.app(json!({})).await;
    let uri = "urn:ietf:params:oauth:request_uri:x";
    for (extra, error) in [
        (vec![("redirect_uri", "https://evil.example/callback")], "invalid_request"),
        (vec![("redirect_uri", "")], "invalid_request"),
        (vec![("request_uri", uri)], "invalid_request"),
        (vec![("request_uri", "https://notes.example/object")], "invalid_request"),
        (vec![("response_type", "")], "invalid_request"),
        (vec![("response_type", "code id_token")], "unsupported_response_type"),
        (vec![("code_challenge_method", "plain")], "invalid_request"),
        (vec![("resource", "https://api.example/")], "invalid_target"),
        (vec![("request", "x.y.z")], "invalid_request_object"),
        (vec![("client_id", other.client_id.as_str())], "invalid_request"),
    ] {
        let refused = refusal(&notes, &notes.request(&extra)).await;
        assert_eq!(refused, (400, error.to_owned()), "{extra:?}");
    }
    // r5: a repeated parameter.
    let mut twice = notes.request(&[]);
    twice.push(("scope", "openid"));
    assert_eq!(refusal(&notes, &twice).await, (400, "invalid_request".to_owned()));
    // Whoever cannot prove who they are pushes nothing.
    let wrong = App { secret: Some("x".repeat(43)), ..notes.clone() };
    assert_eq!(refusal(&wrong, &notes.request(&[])).await, (401, "invalid_client".to_owned()));
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let without = public.request(&[("code_challenge", ""), ("code_challenge_method", "")]);
    assert_eq!(refusal(&public, &without).await, (400, "invalid_request".to_owned()));
    public.push(&[("client_id", "")]).await;
    // The credentials of the push are no part of the request.
    let get = app.browser().send(reqwest::Method::GET, "/par", None).await;
    assert_eq!(get.status, 405);
}

#[actix_web::test]
async fn r18_a_client_that_must_push_gets_nowhere_without_it() {
    let (app, notes) = world(json!({ "require_pushed_authorization_requests": true })).await;
    let direct = app.browser().authorize(&notes, &[]).await;
    assert_eq!(direct.told("error").as_deref(), Some("invalid_request"));
    let url = notes.push(&[]).await;
    assert!(app.browser().get(&url).await.has("login-submit"));
}

#[actix_web::test]
async fn a_pushed_request_is_judged_again_when_the_browser_comes() {
    let (app, notes) = world(json!({})).await;
    let url = notes.push(&[]).await;
    app.change(&notes, |client| client.metadata.redirect_uris = vec!["https://x.example/".into()])
        .await;
    let page = app.browser().get(&url).await;
    assert!(page.has("error-page") && page.location().is_none());
}
