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
async fn line_1_one_issuer_everywhere() {
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
async fn line_7_public_documents_are_open_and_briefly_kept() {
    let domains = vec!["example.com".to_owned()];
    let options = Options { webfinger_domains: domains, ..Options::default() };
    let app = TestApp::with(options).await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/jwks",
        "/.well-known/webfinger?resource=acct%3Aada%40example.com",
    ] {
        let answer = send(&app, Method::GET, path, None).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*", "{path}");
        let caching = answer.headers()["cache-control"].to_str().expect("text").to_owned();
        let age = caching.split("max-age=").nth(1).and_then(|age| age.parse::<u32>().ok());
        assert!(age.is_some_and(|age| age <= 3600), "{path}: {caching}");
    }
}

#[actix_web::test]
async fn line_40_registration_is_generous() {
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

#[actix_web::test]
async fn line_43_webfinger_leads_to_the_issuer() {
    let domains = vec!["example.com".to_owned()];
    let options = Options { webfinger_domains: domains, ..Options::default() };
    let app = TestApp::with(options).await;
    app.user("ada").await;
    let ask = async |resource: &str| {
        let query: String = url::form_urlencoded::byte_serialize(resource.as_bytes()).collect();
        send(&app, Method::GET, &format!("/.well-known/webfinger?resource={query}"), None).await
    };
    let mut bodies = Vec::new();
    for somebody in ["acct:ada@example.com", "acct:nobody-at-all@example.com"] {
        let answer = ask(somebody).await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["content-type"]),
            (200, &"application/jrd+json".parse().expect("a value"))
        );
        let body: Value = answer.json().await.expect("JSON");
        assert_eq!(body["subject"], somebody);
        let links = body["links"].as_array().expect("links");
        let rel = "http://openid.net/specs/connect/1.0/issuer";
        let link = links.iter().find(|link| link["rel"] == rel).expect("the link");
        assert_eq!(link["href"], json!(app.url));
        bodies.push(body["links"].clone());
    }
    // Nobody learns who has an account.
    assert_eq!(bodies[0], bodies[1]);
    assert_eq!(ask("acct:ada@elsewhere.example").await.status(), 404);
}
