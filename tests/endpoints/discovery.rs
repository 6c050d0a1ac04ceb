use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{TestApp, payload};

async fn fetch(app: &TestApp, path: &str) -> Value {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    http.get(format!("{}{path}", app.url))
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON")
}

#[actix_web::test]
async fn both_documents_say_the_same_and_only_what_works() {
    let app = TestApp::start().await;
    let document = fetch(&app, "/.well-known/openid-configuration").await;
    assert_eq!(document, fetch(&app, "/.well-known/oauth-authorization-server").await);
    assert_eq!(document["issuer"], json!(app.url));
    assert_eq!(document["id_token_signing_alg_values_supported"][0], "RS256");
    assert_eq!(document["token_endpoint_auth_methods_supported"][0], "client_secret_basic");
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(document["response_types_supported"], json!(["code"]));
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    for (name, value) in document.as_object().expect("an object") {
        assert!(!value.is_null() && value != &json!([]) && value != "", "{name}");
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let status = http
                .get(value.as_str().expect("an address"))
                .send()
                .await
                .expect("an answer")
                .status();
            assert_ne!(status, 404, "{name}");
        }
    }
}

#[actix_web::test]
async fn interop_1_the_issuer_is_the_public_url_wherever_it_stands() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let issuer = fetch(&app, "/.well-known/openid-configuration").await["issuer"].clone();
    assert_eq!(issuer, app.url);
    assert!(!app.url.ends_with('/'));
    let answer = app.browser().sign_in(&notes, "ada", &[]).await;
    assert_eq!(answer.told("iss").as_ref(), Some(&app.url));
    let tokens = notes.tokens(&answer.code()).await;
    assert_eq!(payload(tokens["id_token"].as_str().expect("text"))["iss"], issuer);
    let refused = app.browser().authorize(&notes, &[("prompt", "none")]).await;
    assert_eq!(refused.told("iss").as_ref(), Some(&app.url));
}

#[actix_web::test]
async fn a_doubled_slash_finds_the_same_documents() {
    let app = TestApp::start().await;
    for name in ["openid-configuration", "oauth-authorization-server"] {
        let expected = fetch(&app, &format!("/.well-known/{name}")).await;
        assert_eq!(fetch(&app, &format!("//.well-known/{name}")).await, expected);
    }
}

#[actix_web::test]
async fn interop_7_public_documents_may_be_kept_for_a_while() {
    let app = TestApp::start().await;
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
        "/jwks",
        "/.well-known/webfinger?resource=acct:ada@localhost",
    ] {
        let answer = app.browser().get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
        // Longer than a minute, so that they are kept at all, and far below the 25 hours that a
        // key is published before it signs.
        assert_eq!(answer.header("cache-control"), Some("public, max-age=300"), "{path}");
    }
}

#[actix_web::test]
async fn r119_interop_2_the_documents_do_not_depend_on_the_request() {
    let app = TestApp::start().await;
    let expected = fetch(&app, "/.well-known/openid-configuration").await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let hosts = ["evil.example", "localhost:1", "[::1]", "a.b:99"];
    let headers = [
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-forwarded-prefix",
        "x-original-url",
    ];
    for host in hosts {
        for header in headers {
            let request = http.get(format!("{}/.well-known/openid-configuration", app.url));
            let answer = request
                .header("host", host)
                .header(header, "host=evil.example;proto=https")
                .send()
                .await;
            assert_eq!(
                answer.expect("an answer").json::<Value>().await.expect("JSON"),
                expected,
                "{host} {header}"
            );
        }
    }
}

#[actix_web::test]
async fn keys_are_published_with_public_members_only() {
    let app = TestApp::start().await;
    let keys = fetch(&app, "/jwks").await;
    let keys = keys["keys"].as_array().expect("keys").clone();
    let algorithms: Vec<&str> = keys.iter().filter_map(|key| key["alg"].as_str()).collect();
    assert_eq!(algorithms, ["RS256", "ES256", "EdDSA"]);
    let names: BTreeSet<&str> = keys.iter().filter_map(|key| key["kid"].as_str()).collect();
    assert_eq!(names.len(), 3);
    for key in &keys {
        assert_eq!(key["use"], "sig");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert!(key.get(private).is_none(), "{private}");
        }
    }
}

#[actix_web::test]
async fn r120_public_documents_are_open_and_the_token_endpoint_is_not() {
    let app = TestApp::start().await;
    app.app(json!({ "redirect_uris": ["https://spa.example/callback"], "token_endpoint_auth_method": "none" })).await;
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let allowed = async |method: &str, path: &str, origin: &str| {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let request = http.request(method, format!("{}{path}", app.url)).header("origin", origin);
        let answer = request
            .header("access-control-request-method", "POST")
            .send()
            .await
            .expect("an answer");
        let origin = answer
            .headers()
            .get("access-control-allow-origin")
            .map(|value| value.to_str().expect("text").to_owned());
        assert!(answer.headers().get("access-control-allow-credentials").is_none());
        (answer.status().as_u16(), origin)
    };
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        assert_eq!(
            allowed("GET", path, "https://anybody.example").await,
            (200, Some("*".to_owned()))
        );
    }
    let spa = "https://spa.example";
    for path in ["/token", "/userinfo"] {
        assert_eq!(allowed("OPTIONS", path, spa).await, (204, Some(spa.to_owned())));
        for stranger in [
            "https://evil.example",
            "null",
            "https://spa.example.evil.example",
            "http://spa.example",
        ] {
            assert_eq!(allowed("OPTIONS", path, stranger).await, (204, None), "{path} {stranger}");
        }
    }
    // Errors can be read too, or a browser app cannot tell what went wrong.
    let (status, origin) = allowed("POST", "/token", spa).await;
    assert!((400..500).contains(&status) && origin.as_deref() == Some(spa));
}
