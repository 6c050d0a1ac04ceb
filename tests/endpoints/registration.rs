use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tessera::app::registration::new_token;
use tessera::protocol::DynamicRegistration;

use crate::support::{App, Options, TestApp};

const CALLBACK: &str = "https://notes.example/callback";

async fn start(dynamic_registration: DynamicRegistration) -> TestApp {
    TestApp::with(Options { dynamic_registration, ..Options::default() }).await
}

/// One request: the status, the challenge and the body.
async fn send(
    method: Method,
    url: &str,
    token: Option<&str>,
    body: Option<&Value>,
) -> (u16, Option<String>, Value) {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut request = http.request(method, url);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if let Some(body) = body {
        request = request.header("content-type", "application/json").body(body.to_string());
    }
    let answer = request.send().await.expect("an answer");
    let challenge = answer.headers().get("www-authenticate");
    let challenge = challenge.map(|value| value.to_str().expect("text").to_owned());
    let status = answer.status().as_u16();
    (status, challenge, answer.json().await.unwrap_or_default())
}

async fn register(app: &TestApp, token: Option<&str>, body: &Value) -> (u16, Value) {
    let url = format!("{}/register", app.url);
    let (status, _, told) = send(Method::POST, &url, token, Some(body)).await;
    (status, told)
}

fn text<'a>(told: &'a Value, name: &str) -> &'a str {
    told[name].as_str().unwrap_or_else(|| panic!("no {name}: {told}"))
}

#[actix_web::test]
async fn r96_registration_is_off_unless_the_operator_says_otherwise() {
    let app = start(DynamicRegistration::Off).await;
    let body = json!({ "redirect_uris": [CALLBACK] });
    assert_eq!(register(&app, None, &body).await.0, 404);
    app.stop().await;
}

#[actix_web::test]
async fn r96_of_fifty_with_a_token_for_one_one_registers_and_a_refusal_costs_nothing() {
    let app = start(DynamicRegistration::Token).await;
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let made = new_token(app.operator(), 1, week).await;
    let token = made.expect("a token").token.expose().clone();
    let url = format!("{}/register", app.url);
    let good = json!({ "redirect_uris": [CALLBACK] });
    let (status, challenge, _) = send(Method::POST, &url, None, Some(&good)).await;
    assert_eq!((status, challenge.as_deref()), (401, Some("Bearer")));
    let (status, told) = register(&app, Some("tsi_x"), &good).await;
    assert_eq!((status, text(&told, "error")), (401, "invalid_token"));
    let bad = json!({ "redirect_uris": ["https://notes.example/#top"] });
    let (status, told) = register(&app, Some(&token), &bad).await;
    assert_eq!((status, text(&told, "error")), (400, "invalid_redirect_uri"));
    let all = (0..50).map(|_| register(&app, Some(&token), &good));
    let answers = futures_util::future::join_all(all).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 201).count(), 1);
    assert!(answers.iter().all(|(status, _)| [201, 401].contains(status)));
    app.stop().await;
}

#[actix_web::test]
async fn r96_what_is_read_can_be_written_back_and_a_token_opens_its_own_client_alone() {
    let app = start(DynamicRegistration::Open).await;
    let asked = json!({
        "redirect_uris": [CALLBACK], "client_name": "Notes", "scope": "openid admin",
        "client_id": "chosen", "first_party": true, "unheard_of": { "a": [1] },
    });
    let (status, made) = register(&app, None, &asked).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!((&made["scope"], &made["client_secret_expires_at"]), (&json!("openid"), &json!(0)));
    assert!(made["client_id"] != "chosen" && made.get("first_party").is_none(), "{made}");
    let (_, other) = register(&app, None, &asked).await;
    let uri = text(&made, "registration_client_uri");
    let (own, foreign) =
        (text(&made, "registration_access_token"), text(&other, "registration_access_token"));
    for wrong in [Some(foreign), Some("tsm_x"), None] {
        assert_eq!(send(Method::GET, uri, wrong, None).await.0, 401);
    }
    let (status, _, read) = send(Method::GET, uri, Some(own), None).await;
    assert_eq!((status, &read["client_name"]), (200, &json!("Notes")));
    let (status, _, written) = send(Method::PUT, uri, Some(own), Some(&read)).await;
    assert_eq!((status, &written), (200, &read));
    let mut changed = read.clone();
    changed["client_id"] = other["client_id"].clone();
    assert_eq!(send(Method::PUT, uri, Some(own), Some(&changed)).await.0, 400);
    assert_eq!(send(Method::DELETE, uri, Some(own), None).await.0, 204);
    assert_eq!(send(Method::GET, uri, Some(own), None).await.0, 401);
    app.stop().await;
}

#[actix_web::test]
async fn r15_an_error_of_an_app_nobody_vouches_for_waits_for_its_person() {
    let app = start(DynamicRegistration::Open).await;
    let (_, made) = register(&app, None, &json!({ "redirect_uris": [CALLBACK] })).await;
    let itself = App {
        provider: app.url.clone(),
        client_id: text(&made, "client_id").to_owned(),
        secret: None,
        redirect_uri: CALLBACK.to_owned(),
    };
    let plain = ("code_challenge_method", "plain");
    let page = app.browser().authorize(&itself, &[plain]).await;
    assert!(page.status == 200 && page.has("handoff") && page.header("refresh").is_none());
    assert_eq!(page.told("error").as_deref(), Some("invalid_request"));
    // A form is not sent by itself either.
    let page = app.browser().authorize(&itself, &[plain, ("response_mode", "form_post")]).await;
    assert!(
        page.has("handoff") && !page.body.contains("submit.") && page.header("refresh").is_none()
    );
    // Without any page there is nothing to wait at.
    let silent = app.browser().authorize(&itself, &[plain, ("prompt", "none")]).await;
    assert!(silent.location().is_some_and(|to| to.starts_with(CALLBACK)));
    app.stop().await;
}

#[actix_web::test]
async fn r117_what_is_no_registration_is_refused_before_it_is_kept() {
    let app = start(DynamicRegistration::Open).await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let deep = format!("{{\"redirect_uris\":{}{}}}", "[".repeat(40), "]".repeat(40));
    let twice = format!("{{\"redirect_uris\":[\"{CALLBACK}\"],\"redirect_uris\":[]}}");
    let large = json!({ "redirect_uris": [CALLBACK], "x": "y".repeat(70_000) }).to_string();
    for (body, status) in [("[]", 400), ("", 400), (&deep, 400), (&twice, 400), (&large, 413)] {
        let request = http.post(format!("{}/register", app.url));
        let request = request.header("content-type", "application/json").body(body.to_owned());
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{:.60}", body);
    }
    let form = http.post(format!("{}/register", app.url)).form(&[("redirect_uris", CALLBACK)]);
    assert!(form.send().await.expect("an answer").status().is_client_error());
    let kept = app.store.read(tessera::store::clients::list_clients).await.expect("a list");
    assert_eq!(kept.len(), 0);
    app.stop().await;
}
