use reqwest::{Method, Response};
use serde_json::{Value, json};
use tessera::protocol::DynamicRegistration;

use crate::support::{Options, TestApp, payload};

async fn send(app: &TestApp, method: Method, path: &str, body: Option<Value>) -> Response {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let request = http.request(method, format!("{}{path}", app.url));
    let request = match body {
        Some(body) => request.json(&body),
        None => request.header("origin", "https://anybody.example"),
    };
    request.send().await.expect("an answer")
}

#[actix_web::test]
async fn interop_1_tokens_for_apis_and_introspection_name_it_too() {
    let app = TestApp::start().await;
    app.user("ada").await;
    assert!(!app.url.ends_with('/'));
    let api = "https://api.example/";
    let notes = app.app(json!({ "resources": [api] })).await;
    let document = send(&app, Method::GET, "/.well-known/openid-configuration", None).await;
    let document: Value = document.json().await.expect("JSON");
    let answer = app.browser().sign_in(&notes, "ada", &[("resource", api)]).await;
    let tokens = notes.tokens(&answer.code()).await;
    let text = |name: &str| tokens[name].as_str().expect("text");
    let form = [("token", text("access_token"))];
    let told = notes.post("/introspect", &form);
    let told = told.basic_auth(&notes.client_id, notes.secret.as_deref()).send().await;
    let told: Value = told.expect("an answer").json().await.expect("JSON");
    for (place, iss) in [
        ("discovery", document["issuer"].clone()),
        ("the answer", json!(answer.told("iss"))),
        ("the ID token", payload(text("id_token"))["iss"].clone()),
        ("the access token", payload(text("access_token"))["iss"].clone()),
        ("introspection", told["iss"].clone()),
    ] {
        assert_eq!(iss, json!(app.url), "{place}");
    }
}

#[actix_web::test]
async fn interop_40_registration_is_generous() {
    let options = Options { dynamic_registration: DynamicRegistration::Open, ..Options::default() };
    let app = TestApp::with(options).await;
    let metadata = json!({
        "client_name": "Notes", "redirect_uris": ["http://127.0.0.1/callback"],
        "application_type": "native", "token_endpoint_auth_method": "none",
        "software_id": "notes", "unheard_of": { "by": "us" },
    });
    let mut ids = Vec::new();
    for _ in 0..2 {
        let answer = send(&app, Method::POST, "/register", Some(metadata.clone())).await;
        assert_eq!(answer.status(), 201);
        let client: Value = answer.json().await.expect("JSON");
        for name in ["client_name", "redirect_uris", "token_endpoint_auth_method", "software_id"] {
            assert_eq!(client[name], metadata[name], "{name}");
        }
        for name in ["grant_types", "response_types", "client_id_issued_at"] {
            assert!(client.get(name).is_some(), "{name}");
        }
        assert!(client.get("unheard_of").is_none() && client.get("client_secret").is_none());
        ids.push(client["client_id"].as_str().expect("an id").to_owned());
    }
    assert_ne!(ids[0], ids[1]);
}
