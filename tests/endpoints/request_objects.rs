//! Signed requests (OpenID Connect Core §6, RFC 9101), by value and by reference.

use serde_json::{Value, json};
use tessera::protocol::SigningAlgorithm::{self, ES256, EdDSA, RS256};

use crate::support::{
    Answer, App, ClientKey, Options, PASSWORD, Server, TestApp, hs256, payload, text, unsigned,
};

/// What a good object says, but for `changed`; null takes a member out.
fn object(app: &TestApp, client: &App, changed: &Value) -> Value {
    let mut claims =
        json!({ "iss": client.client_id, "aud": app.url, "exp": app.clock_seconds() + 60 });
    for (name, value) in client.request(&[]) {
        claims[name] = json!(value);
    }
    for (name, value) in changed.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    claims
}

/// Sends the browser with nothing beside the object but what OpenID Connect demands.
async fn show(app: &TestApp, client: &App, extra: &[(&str, &str)]) -> Answer {
    let mut bare =
        vec![("state", ""), ("nonce", ""), ("code_challenge", ""), ("code_challenge_method", "")];
    bare.extend(extra);
    app.browser().authorize(client, &bare).await
}

async fn signing_app(app: &TestApp, key: &ClientKey, metadata: Value) -> App {
    let mut all = json!({ "jwks": key.jwks() });
    all.as_object_mut()
        .expect("an object")
        .extend(metadata.as_object().cloned().unwrap_or_default());
    app.app(all).await
}

#[actix_web::test]
async fn signed_requests_are_served_with_every_algorithm() {
    let app = TestApp::start().await;
    app.user("ada").await;
    for algorithm in SigningAlgorithm::ALL {
        let key = ClientKey::new(algorithm);
        let notes = signing_app(&app, &key, json!({})).await;
        let signed =
            key.sign(&object(&app, &notes, &json!({ "state": "inside", "max_age": 5000 })));
        let mut browser = app.browser();
        let extra = [
            ("request", signed.as_str()),
            ("state", "outside"),
            ("nonce", "outside"),
            ("scope", "openid groups"),
        ];
        let page = browser.authorize(&notes, &extra).await;
        assert!(page.has("login-submit"), "{algorithm}: {}", page.url);
        let answer = browser.submit(&page, &[("username", "ada"), ("password", PASSWORD)]).await;
        // r17: what stands inside counts, and what stands outside does not.
        assert_eq!(answer.told("state").as_deref(), Some("inside"));
        let tokens = notes.tokens(&answer.code()).await;
        assert_eq!(tokens["scope"], "openid profile email groups");
        assert_eq!(payload(text(&tokens, "id_token"))["nonce"], "the-nonce");
    }
}

#[actix_web::test]
async fn r17_what_is_not_the_clients_own_is_refused() {
    let app = TestApp::start().await;
    let (key, foreign) = (ClientKey::new(RS256), ClientKey::new(RS256));
    let notes = signing_app(&app, &key, json!({})).await;
    let good = object(&app, &notes, &json!({}));
    let now = app.clock_seconds();
    let changed = |changed: Value| key.sign(&object(&app, &notes, &changed));
    let assertion = json!({ "alg": "RS256", "typ": "client-authentication+jwt" });
    for (name, wrong) in [
        ("unsigned", format!("{}.", unsigned(&json!({ "alg": "none" }), &good))),
        ("another key", foreign.sign(&good)),
        ("the public key as a secret", hs256(key.jwk.to_string().as_bytes(), &good)),
        ("its client secret", hs256(notes.secret.clone().expect("a secret").as_bytes(), &good)),
        ("garbage", "x.y.z".to_owned()),
        ("another issuer", changed(json!({ "iss": "other" }))),
        ("another client inside", changed(json!({ "client_id": "other" }))),
        ("another audience", changed(json!({ "aud": "https://other.example" }))),
        ("expired", changed(json!({ "exp": now - 60 }))),
        ("an exp that is a text", changed(json!({ "exp": (now + 60).to_string() }))),
        ("not yet", changed(json!({ "nbf": now + 120 }))),
        ("an object within", changed(json!({ "request": "x.y.z" }))),
        ("an address within", changed(json!({ "request_uri": "https://notes.example/object" }))),
        ("an assertion", key.sign_as(&assertion, &good)),
    ] {
        let extra = [("request", wrong.as_str()), ("state", "outside")];
        let answer = app.browser().authorize(&notes, &extra).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request_object"), "{name}");
    }
    // An address inside that is not registered stays with us, whatever stands outside.
    let evil = changed(json!({ "redirect_uri": "https://evil.example/" }));
    let answer = show(&app, &notes, &[("request", &evil)]).await;
    assert!(answer.has("error-page") && answer.location().is_none());
    // aud and exp may be missing, and aud may be a list with us in it.
    for fine in [
        json!({ "aud": null, "exp": null, "iss": null }),
        json!({ "aud": ["https://other.example", app.url] }),
    ] {
        assert!(show(&app, &notes, &[("request", &changed(fine))]).await.has("login-submit"));
    }
    // A client without keys can sign nothing.
    let keyless = app.app(json!({})).await;
    let signed = key.sign(&object(&app, &keyless, &json!({})));
    let answer = app.browser().authorize(&keyless, &[("request", &signed)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request_object"));
}

#[actix_web::test]
async fn r17_a_client_is_held_to_what_it_registered() {
    let app = TestApp::start().await;
    let (rsa, ec) = (ClientKey::new(RS256), ClientKey::new(ES256));
    let both = json!({ "keys": [rsa.jwk, ec.jwk] });
    let pinned = json!({ "jwks": both, "request_object_signing_alg": "ES256", "require_signed_request_object": true });
    let notes = app.app(pinned).await;
    let by_rsa = rsa.sign(&object(&app, &notes, &json!({})));
    let answer = app.browser().authorize(&notes, &[("request", &by_rsa)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request_object"));
    let by_ec = ec.sign(&object(&app, &notes, &json!({})));
    assert!(show(&app, &notes, &[("request", &by_ec)]).await.has("login-submit"));
    let plain = app.browser().authorize(&notes, &[]).await;
    assert_eq!(plain.told("error").as_deref(), Some("invalid_request"));
    let (status, body) = notes.ask("/par", &notes.request(&[])).await;
    assert_eq!((status, text(&body, "error")), (400, "invalid_request"));
    // Pushed, the object counts as well, and nothing beside it.
    let form = [("client_id", notes.client_id.as_str()), ("request", &by_ec), ("state", "outside")];
    let (status, body) = notes.ask("/par", &form).await;
    assert_eq!(status, 201, "{body}");
    let url = format!("{}&prompt=none", notes.pushed_url(text(&body, "request_uri")));
    assert!(app.browser().get(&url).await.has("login-submit"));
}

#[actix_web::test]
async fn r16_an_object_by_reference_comes_from_a_registered_address_alone() {
    let server = Server::start();
    let app = TestApp::with(Options { outbound: server.outbound(), ..Options::default() }).await;
    let key = ClientKey::new(EdDSA);
    let (registered, loose) =
        (format!("{}/object#v1", server.url), format!("{}/object", server.url));
    let broken = format!("{}/broken", server.url);
    let uris = json!([registered, broken]);
    let notes = signing_app(&app, &key, json!({ "request_uris": uris })).await;
    let signed = key.sign(&object(&app, &notes, &json!({ "state": "inside", "prompt": "none" })));
    server.serve("/object", "application/oauth-authz-req+jwt", signed.clone());
    let answer = show(&app, &notes, &[("request_uri", &registered)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("login_required"));
    assert_eq!(answer.told("state").as_deref(), Some("inside"));
    let asked = server.next("/object").await;
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/object"));
    for (uri, error) in [
        (loose.as_str(), "invalid_request_uri"),
        ("https://evil.example/object", "invalid_request_uri"),
        ("http://127.0.0.1/object", "invalid_request_uri"),
        ("urn:something:else", "invalid_request_uri"),
        (&broken, "invalid_request_object"),
    ] {
        let answer = app.browser().authorize(&notes, &[("request_uri", uri)]).await;
        assert_eq!(answer.told("error").as_deref(), Some(error), "{uri}");
    }
    assert_eq!(server.count("/object"), 0);
    let both = [("request_uri", registered.as_str()), ("request", &signed)];
    let answer = app.browser().authorize(&notes, &both).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_request"));
}
