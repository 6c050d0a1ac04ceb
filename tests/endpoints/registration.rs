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
    // One client for all: to make fifty takes so long that the first connections are given up.
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let all = (0..50).map(|_| http.post(&url).bearer_auth(&token).json(&good).send());
    let answers = futures_util::future::join_all(all).await.into_iter();
    let answers: Vec<u16> =
        answers.map(|answer| answer.expect("an answer").status().as_u16()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 201).count(), 1);
    assert!(answers.iter().all(|status| [201, 401].contains(status)));
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

/// What is only its operator's to give, and what no registration has.
fn vouched_for() -> Value {
    json!({
        "first_party": true, "id_token_claims": "full", "email_verified": "true",
        "resources": ["https://api.example/"], "audience": "https://api.example/",
        "access_token_signed_response_alg": "ES256", "refresh_rotation": false,
        "client_assertion_audience": "issuer",
        "client_id": "chosen", "client_secret": "chosen by the client, and long enough for anything",
        "client_id_issued_at": 1, "client_secret_expires_at": 1,
        "registration_access_token": "tsm_chosen", "registration_client_uri": "https://evil.example/",
        "id": "1", "origin": "operator", "disabled_at": null, "created_at": 1, "groups": ["admins"],
        "scope": "openid admin", "grant_types": ["authorization_code", "client_credentials", "password"],
    })
}

/// A registration without what differs between any two.
fn comparable(told: &Value) -> Value {
    let mut told = told.clone();
    for name in [
        "client_id",
        "client_secret",
        "client_id_issued_at",
        "client_secret_expires_at",
        "registration_access_token",
        "registration_client_uri",
    ] {
        told.as_object_mut().expect("an object").remove(name);
    }
    told
}

#[actix_web::test]
async fn r111_a_client_that_registers_itself_gets_nothing_by_asking_for_more() {
    let app = start(DynamicRegistration::Open).await;
    let plain = json!({ "redirect_uris": [CALLBACK], "scope": "openid" });
    let (_, expected) = register(&app, None, &plain).await;
    let mut greedy = vouched_for();
    greedy["redirect_uris"] = json!([CALLBACK]);
    let (status, made) = register(&app, None, &greedy).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(comparable(&made), comparable(&expected));
    for (name, asked) in [("client_id", "chosen"), ("registration_access_token", "tsm_chosen")] {
        assert_ne!(text(&made, name), asked);
    }
    assert_ne!(made["client_secret"], greedy["client_secret"]);
    // Nor by changing itself.
    let uri = text(&made, "registration_client_uri");
    assert!(uri.starts_with(&app.url), "{uri}");
    greedy["client_id"] = made["client_id"].clone();
    greedy.as_object_mut().expect("an object").remove("client_secret");
    let token = Some(text(&made, "registration_access_token"));
    let (status, _, changed) = send(Method::PUT, uri, token, Some(&greedy)).await;
    assert_eq!((status, comparable(&changed)), (200, comparable(&expected)), "{changed}");
    app.stop().await;
}

#[actix_web::test]
async fn r111_what_an_operator_demands_of_a_clients_people_the_client_cannot_lower() {
    let app = start(DynamicRegistration::Open).await;
    let two = "urn:tessera:acr:2";
    let (_, made) = register(&app, None, &json!({ "redirect_uris": [CALLBACK] })).await;
    let itself = App {
        provider: app.url.clone(),
        client_id: text(&made, "client_id").to_owned(),
        secret: None,
        redirect_uri: CALLBACK.to_owned(),
    };
    app.change(&itself, |client| client.metadata.minimum_acr = Some(two.to_owned())).await;
    let uri = text(&made, "registration_client_uri");
    let token = Some(text(&made, "registration_access_token"));
    for wish in [json!(null), json!("urn:tessera:acr:1")] {
        let mut asked = json!({ "client_id": itself.client_id, "redirect_uris": [CALLBACK] });
        if !wish.is_null() {
            asked["minimum_acr"] = wish;
        }
        let (status, _, told) = send(Method::PUT, uri, token, Some(&asked)).await;
        assert_eq!((status, &told["minimum_acr"]), (200, &json!(two)), "{told}");
    }
    app.stop().await;
}

#[actix_web::test]
async fn r115_a_secret_is_told_once_and_never_comes_back() {
    let app = start(DynamicRegistration::Open).await;
    let asked = json!({
        "redirect_uris": [CALLBACK], "backchannel_logout_uri": "https://notes.example/out",
    });
    let (_, made) = register(&app, None, &asked).await;
    let secret = text(&made, "client_secret").to_owned();
    let uri = text(&made, "registration_client_uri");
    let token = Some(text(&made, "registration_access_token"));
    let (_, _, read) = send(Method::GET, uri, token, None).await;
    assert!(read.get("client_secret").is_none(), "{read}");
    // What is read is written back, with another endpoint: the secret is neither told nor lost, because it
    // is what the client shows us and goes to no endpoint of its own.
    let mut changed = read.clone();
    changed["backchannel_logout_uri"] = json!("https://notes.example/elsewhere");
    let (status, _, told) = send(Method::PUT, uri, token, Some(&changed)).await;
    assert_eq!((status, told.get("client_secret")), (200, None), "{told}");
    assert!(!told.to_string().contains(&secret));
    let itself = App {
        provider: app.url.clone(),
        client_id: text(&made, "client_id").to_owned(),
        secret: Some(secret.clone()),
        redirect_uri: CALLBACK.to_owned(),
    };
    let (status, _) = itself.ask("/introspect", &[("token", "x")]).await;
    assert_eq!(status, 200, "it still counts");
    // A guess at it changes nothing, and the answer does not tell the right one.
    changed["client_secret"] = json!("a guess that is long enough to be a secret of somebody");
    let (status, _, told) = send(Method::PUT, uri, token, Some(&changed)).await;
    assert_eq!(status, 400, "{told}");
    assert!(!told.to_string().contains(&secret));
    // Another way to show itself needs none; a way back to a secret makes a new one, which is told once.
    for (method, is_told) in [("none", false), ("client_secret_basic", true)] {
        let mut changed = read.clone();
        changed["token_endpoint_auth_method"] = json!(method);
        let (status, _, told) = send(Method::PUT, uri, token, Some(&changed)).await;
        assert_eq!((status, told.get("client_secret").is_some()), (200, is_told), "{told}");
        assert_ne!(told["client_secret"], json!(secret));
    }
    let (_, _, read) = send(Method::GET, uri, token, None).await;
    assert!(read.get("client_secret").is_none(), "{read}");
    // Nothing that is stored holds it.
    let rows = app.dump(&[]).await;
    assert!(rows.values().flatten().all(|row| !row.contains(&secret)));
    app.stop().await;
}
