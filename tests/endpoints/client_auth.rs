//! How clients prove who they are (RFC 7521, RFC 7523, OpenID Connect Core §9).

use std::time::Duration;

use serde_json::{Value, json};
use tessera::protocol::SigningAlgorithm::{self, ES256, EdDSA, PS256, RS256};
use tessera::store::Location;

use crate::support::{App, ClientKey, Options, Publisher, TestApp, hs256, read, unsigned};

const BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// An app that speaks for itself, so that an answer tells whether it was let in.
async fn machine(app: &TestApp, metadata: Value) -> App {
    let mut all = json!({
        "grant_types": ["client_credentials"], "redirect_uris": [], "scope": "read",
        "token_endpoint_auth_method": "private_key_jwt",
    });
    all.as_object_mut()
        .expect("an object")
        .extend(metadata.as_object().cloned().unwrap_or_default());
    app.app(all).await
}

/// The claims of a good assertion, but for those of `changed`; null takes one out.
fn claims(app: &TestApp, client: &App, changed: &Value) -> Value {
    let now = app.clock_seconds();
    let jti = uuid::Uuid::new_v4().to_string();
    let mut claims = json!({
        "iss": client.client_id, "sub": client.client_id, "aud": app.url, "jti": jti,
        "iat": now, "exp": now + 60,
    });
    for (name, value) in changed.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    claims
}

/// Shows an assertion, and says what became of it.
async fn show(client: &App, assertion: &str, extra: &[(&str, &str)]) -> (u16, String) {
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_assertion_type", BEARER),
        ("client_assertion", assertion),
    ];
    form.extend(extra);
    let (status, body) = read(client.token_request(&form)).await;
    (status, body["error"].as_str().unwrap_or_default().to_owned())
}

fn let_in() -> (u16, String) {
    (200, String::new())
}

fn refused() -> (u16, String) {
    (401, "invalid_client".to_owned())
}

#[actix_web::test]
async fn private_key_jwt_with_every_algorithm_and_with_keys_that_have_no_name() {
    let app = TestApp::start().await;
    for algorithm in SigningAlgorithm::ALL {
        let key = ClientKey::new(algorithm);
        let named = machine(&app, json!({ "jwks": key.jwks() })).await;
        let assertion = key.sign(&claims(&app, &named, &json!({})));
        assert_eq!(show(&named, &assertion, &[]).await, let_in(), "{algorithm}");
        let nameless = machine(&app, json!({ "jwks": { "keys": [key.nameless()] } })).await;
        for header in [
            json!({ "alg": algorithm.as_str() }),
            json!({ "alg": algorithm.as_str(), "typ": "client-authentication+jwt" }),
        ] {
            let assertion = key.sign_as(&header, &claims(&app, &nameless, &json!({})));
            let extra = [("client_id", nameless.client_id.as_str())];
            assert_eq!(show(&nameless, &assertion, &extra).await, let_in(), "{algorithm}");
        }
    }
}

#[actix_web::test]
async fn r41_the_audience_is_the_issuer_alone() {
    let app = TestApp::start().await;
    let key = ClientKey::new(EdDSA);
    let strict = machine(&app, json!({ "jwks": key.jwks() })).await;
    let token_endpoint = format!("{}/token", app.url);
    let audiences = [
        (json!(app.url), true, true),
        (json!(token_endpoint), false, true),
        (json!([app.url]), false, true),
        (json!([app.url, token_endpoint]), false, true),
        (json!(["https://other.example", token_endpoint]), false, true),
        (json!(format!("{}/", app.url)), false, false),
        (json!(format!("{}/par", app.url)), false, false),
        (json!("https://other.example"), false, false),
        (json!([]), false, false),
        (Value::Null, false, false),
    ];
    let switch =
        json!({ "jwks": key.jwks(), "client_assertion_audience": "issuer_or_token_endpoint" });
    let lenient = machine(&app, switch).await;
    for (aud, is_for_strict, is_for_lenient) in audiences {
        for (client, is_good) in [(&strict, is_for_strict), (&lenient, is_for_lenient)] {
            let assertion = key.sign(&claims(&app, client, &json!({ "aud": aud })));
            let expected = if is_good { let_in() } else { refused() };
            assert_eq!(show(client, &assertion, &[]).await, expected, "{aud}");
        }
    }
    // The typed form promises the issuer alone (RFC 10070), whatever the switch says.
    let typed = json!({ "alg": "EdDSA", "typ": "client-authentication+jwt" });
    let other = key.sign_as(&typed, &claims(&app, &lenient, &json!({ "aud": token_endpoint })));
    assert_eq!(show(&lenient, &other, &[]).await, refused());
}

#[actix_web::test]
async fn r41_an_assertion_is_short_lived_and_of_this_time() {
    let app = TestApp::start().await;
    let key = ClientKey::new(EdDSA);
    let strict = machine(&app, json!({ "jwks": key.jwks() })).await;
    let switch =
        json!({ "jwks": key.jwks(), "client_assertion_audience": "issuer_or_token_endpoint" });
    let lenient = machine(&app, switch).await;
    let now = app.clock_seconds();
    for (client, changed, is_good) in [
        (&strict, json!({ "exp": now + 300 }), true),
        (&strict, json!({ "exp": now + 600 }), false),
        (&lenient, json!({ "exp": now + 3600 }), true),
        (&lenient, json!({ "exp": now + 7200 }), false),
        (&strict, json!({ "exp": now - 300, "iat": now - 360 }), false),
        (&strict, json!({ "exp": null }), false),
        (&strict, json!({ "exp": (now + 60).to_string() }), false),
        (&strict, json!({ "exp": -1 }), false),
        (&strict, json!({ "iat": null }), true),
        (&strict, json!({ "iat": now + 8, "nbf": now + 8 }), true),
        (&strict, json!({ "iat": now + 60 }), false),
        (&strict, json!({ "nbf": now + 60 }), false),
    ] {
        let assertion = key.sign(&claims(&app, client, &changed));
        let expected = if is_good { let_in() } else { refused() };
        assert_eq!(show(client, &assertion, &[]).await, expected, "{changed}");
    }
}

#[actix_web::test]
async fn an_assertion_is_about_the_client_that_signed_it() {
    let app = TestApp::start().await;
    let (key, foreign) = (ClientKey::new(ES256), ClientKey::new(ES256));
    let client = machine(&app, json!({ "jwks": key.jwks() })).await;
    let other = machine(&app, json!({ "jwks": foreign.jwks() })).await;
    for changed in [
        json!({ "iss": other.client_id }),
        json!({ "sub": other.client_id }),
        json!({ "iss": other.client_id, "sub": other.client_id }),
        json!({ "sub": null }),
        json!({ "iss": null }),
        json!({ "jti": null }),
        json!({ "sub": "nobody", "iss": "nobody" }),
    ] {
        let assertion = key.sign(&claims(&app, &client, &changed));
        assert_eq!(show(&client, &assertion, &[]).await, refused(), "{changed}");
    }
    let others = foreign.sign(&claims(&app, &other, &json!({})));
    let named = [("client_id", client.client_id.as_str())];
    assert_eq!(show(&client, &others, &named).await, refused());
    let with_wrong_key = foreign.sign(&claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &with_wrong_key, &[]).await, refused());
    // A request object authenticates nobody.
    let header = json!({ "alg": "ES256", "typ": "oauth-authz-req+jwt" });
    let object = key.sign_as(&header, &claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &object, &[]).await, refused());
}

#[actix_web::test]
async fn r44_the_algorithm_is_the_keys_and_never_the_tokens() {
    let app = TestApp::start().await;
    let (rsa, pss) = (ClientKey::new(RS256), ClientKey::new(PS256));
    let client = machine(&app, json!({ "jwks": rsa.jwks() })).await;
    let good = claims(&app, &client, &json!({}));
    let public = rsa.jwk["n"].as_str().expect("a modulus");
    let none = unsigned(&json!({ "alg": "none" }), &good);
    for forged in [
        format!("{none}."),
        none,
        hs256(public.as_bytes(), &good),
        hs256(rsa.jwk.to_string().as_bytes(), &good),
        pss.sign_as(&json!({ "alg": "PS256", "kid": rsa.jwk["kid"] }), &good),
        rsa.sign_as(&json!({ "alg": "PS256" }), &good),
        rsa.sign_as(&json!({ "alg": "RS256", "crit": ["exp"] }), &good),
        rsa.sign_as(&json!({ "alg": "RS256", "kid": "unknown" }), &good),
        pss.sign_as(&json!({ "alg": "PS256", "jwk": pss.jwk }), &good),
        "x.y.z".to_owned(),
    ] {
        assert_eq!(show(&client, &forged, &[]).await, refused(), "{forged}");
    }
    // A client that registered an algorithm is held to it.
    let both = json!({ "keys": [rsa.nameless(), pss.nameless()] });
    let pinned = json!({ "jwks": both, "token_endpoint_auth_signing_alg": "PS256" });
    let pinned = machine(&app, pinned).await;
    let by_rs256 = rsa.sign_as(&json!({ "alg": "RS256" }), &claims(&app, &pinned, &json!({})));
    assert_eq!(show(&pinned, &by_rs256, &[]).await, refused());
    let by_ps256 = pss.sign_as(&json!({ "alg": "PS256" }), &claims(&app, &pinned, &json!({})));
    assert_eq!(show(&pinned, &by_ps256, &[]).await, let_in());
}

#[actix_web::test]
async fn r42_an_assertion_counts_once_on_whichever_process() {
    let folder = std::env::temp_dir().join(format!("tessera-r42-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let at = || Location::SqliteFile(folder.join("tessera.db"));
    let first = TestApp::with(Options { location: at(), ..Options::default() }).await;
    let beside =
        Options { location: at(), public_url: Some(first.url.clone()), ..Options::default() };
    let second = TestApp::with(beside).await;
    let key = ClientKey::new(EdDSA);
    let client = machine(&first, json!({ "jwks": key.jwks() })).await;
    let elsewhere = App { provider: second.url.clone(), ..client.clone() };
    let assertion = key.sign(&claims(&first, &client, &json!({})));
    assert_eq!(show(&client, &assertion, &[]).await, let_in());
    assert_eq!(show(&client, &assertion, &[]).await, refused());
    assert_eq!(show(&elsewhere, &assertion, &[]).await, refused());
    let fresh = key.sign(&claims(&first, &client, &json!({})));
    let at_once = (0..20).map(|n| {
        let to = if n % 2 == 0 { &client } else { &elsewhere };
        let fresh = &fresh;
        async move { show(to, fresh, &[]).await }
    });
    let answers = futures_util::future::join_all(at_once).await;
    assert_eq!(answers.iter().filter(|(status, _)| *status == 200).count(), 1, "{answers:?}");
    // The same jti of another client is another one.
    let other = machine(&first, json!({ "jwks": key.jwks() })).await;
    for client in [&client, &other] {
        let same = key.sign(&claims(&first, client, &json!({ "jti": "one" })));
        assert_eq!(show(client, &same, &[]).await, let_in());
    }
    first.stop().await;
    second.stop().await;
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[actix_web::test]
async fn client_secret_jwt_proves_the_secret_without_showing_it() {
    let app = TestApp::start().await;
    let method = json!({ "token_endpoint_auth_method": "client_secret_jwt" });
    let client = machine(&app, method).await;
    let secret = client.secret.clone().expect("a secret");
    let right = || hs256(secret.as_bytes(), &claims(&app, &client, &json!({})));
    let assertion = right();
    assert_eq!(show(&client, &assertion, &[]).await, let_in());
    assert_eq!(show(&client, &assertion, &[]).await, refused());
    let wrong = hs256("x".repeat(43).as_bytes(), &claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &wrong, &[]).await, refused());
    // r38: the method is exclusive.
    let (status, body) = client.ask("/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!((status, &body["error"]), (401, &json!("invalid_client")));
    let shown = [("client_id", client.client_id.as_str()), ("client_secret", &secret)];
    assert_eq!(show(&client, &right(), &shown[..1]).await, let_in());
    assert_eq!(show(&client, &right(), &shown).await, (400, "invalid_request".to_owned()));
}

#[actix_web::test]
async fn r38_methods_are_exclusive_and_never_two_at_once() {
    let app = TestApp::start().await;
    let key = ClientKey::new(EdDSA);
    let client = machine(&app, json!({ "jwks": key.jwks() })).await;
    let by_name = client.ask("/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!((by_name.0, &by_name.1["error"]), (401, &json!("invalid_client")));
    let guess = App { secret: Some("x".repeat(43)), ..client.clone() };
    let by_secret = guess.ask("/token", &[("grant_type", "client_credentials")]).await;
    assert_eq!((by_secret.0, &by_secret.1["error"]), (401, &json!("invalid_client")));
    let assertion = key.sign(&claims(&app, &client, &json!({})));
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", BEARER),
        ("client_assertion", assertion.as_str()),
    ];
    let both = client.token_request(&form).basic_auth(&client.client_id, Some("x"));
    assert_eq!(read(both).await.1["error"], "invalid_request");
    for form in
        [&form[..2], &[form[0], form[2]], &[form[0], ("client_assertion_type", "x"), form[2]]]
    {
        assert_eq!(read(client.token_request(form)).await.0, 400, "{form:?}");
    }
    // A client with a secret cannot come with a key, nor a public one with anything.
    let basic = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let basic = machine(&app, basic).await;
    let by_key = key.sign(&claims(&app, &basic, &json!({})));
    assert_eq!(show(&basic, &by_key, &[]).await, refused());
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let by_key = key.sign(&claims(&app, &public, &json!({})));
    assert_eq!(show(&public, &by_key, &[]).await, refused());
    // None of it used the assertion up, and every endpoint takes it.
    assert_eq!(show(&client, &assertion, &[]).await, let_in());
    for path in ["/revoke", "/introspect"] {
        let assertion = key.sign(&claims(&app, &client, &json!({})));
        let form = [form[1], ("client_assertion", assertion.as_str()), ("token", "x")];
        assert_eq!(read(client.post(path, &form)).await.0, 200, "{path}");
    }
}

#[actix_web::test]
async fn keys_that_a_client_publishes_are_fetched_once_and_again_when_they_changed() {
    let publisher = Publisher::start();
    let app = TestApp::with(Options { outbound: publisher.outbound(), ..Options::default() }).await;
    let (first, second, third) =
        (ClientKey::new(ES256), ClientKey::new(ES256), ClientKey::new(ES256));
    publisher.publish("/keys", &first.jwks().to_string());
    let client = machine(&app, json!({ "jwks_uri": publisher.url("/keys") })).await;
    for _ in 0..3 {
        let assertion = first.sign(&claims(&app, &client, &json!({})));
        assert_eq!(show(&client, &assertion, &[]).await, let_in());
    }
    assert_eq!(publisher.requests("/keys"), 1);
    // A kid that is not known: the client changed its keys.
    app.advance(Duration::from_secs(61));
    publisher.publish("/keys", &second.jwks().to_string());
    let assertion = second.sign(&claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &assertion, &[]).await, let_in());
    assert_eq!(publisher.requests("/keys"), 2);
    let gone = first.sign(&claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &gone, &[]).await, refused());
    // Keys without a name are exchanged as well.
    app.advance(Duration::from_secs(61));
    publisher.publish("/keys", &json!({ "keys": [third.nameless()] }).to_string());
    let header = json!({ "alg": "ES256" });
    let assertion = third.sign_as(&header, &claims(&app, &client, &json!({})));
    assert_eq!(show(&client, &assertion, &[]).await, let_in());
    // What cannot be had refuses like a wrong key.
    let nowhere = machine(&app, json!({ "jwks_uri": publisher.url("/nowhere") })).await;
    let assertion = first.sign(&claims(&app, &nowhere, &json!({})));
    assert_eq!(show(&nowhere, &assertion, &[]).await, refused());
}

#[actix_web::test]
async fn r43_guessing_is_throttled_by_client_and_network_and_work_is_not() {
    let app = TestApp::start().await;
    let basic = json!({ "token_endpoint_auth_method": "client_secret_basic" });
    let (client, other) = (machine(&app, basic.clone()).await, machine(&app, basic).await);
    let form = [("grant_type", "client_credentials")];
    let all = (0..100).map(|_| client.ask("/token", &form));
    let answers = futures_util::future::join_all(all).await;
    assert!(answers.iter().all(|(status, _)| *status == 200));
    let wrong = App { secret: Some("x".repeat(43)), ..client.clone() };
    for _ in 0..30 {
        assert_eq!(wrong.ask("/token", &form).await.0, 401);
    }
    for path in ["/token", "/revoke", "/introspect", "/par"] {
        assert_eq!(wrong.ask(path, &form).await.0, 429, "{path}");
    }
    let answer =
        client.token_request(&form).basic_auth(&client.client_id, client.secret.as_deref());
    let answer = answer.send().await.expect("an answer");
    assert_eq!(answer.status(), 429);
    assert!(answer.headers().contains_key("retry-after"));
    assert_eq!(other.ask("/token", &form).await.0, 200);
    app.advance(Duration::from_secs(10 * 60));
    assert_eq!(client.ask("/token", &form).await.0, 200);
}
