//! A client that speaks for itself (RFC 6749 §4.4), and tokens for APIs (RFC 8707).

use std::time::Duration;

use serde_json::{Value, json};
use tessera::base::{from_base64url, to_base64url};

use crate::support::{App, TestApp, VERIFIER, header, payload, text};

const API: &str = "https://api.example/";
const OTHER: &str = "https://other.example/";

async fn machine(app: &TestApp, metadata: Value) -> App {
    let mut all = json!({
        "grant_types": ["client_credentials"], "redirect_uris": [], "scope": "openid read write offline_access",
        "resources": [API, OTHER],
    });
    all.as_object_mut()
        .expect("an object")
        .extend(metadata.as_object().cloned().unwrap_or_default());
    app.app(all).await
}

async fn own_tokens(client: &App, extra: &[(&str, &str)]) -> (u16, Value) {
    let mut form = vec![("grant_type", "client_credentials")];
    form.extend(extra);
    client.ask("/token", &form).await
}

fn error(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["error"].as_str().unwrap_or_default())
}

#[actix_web::test]
async fn r27_a_client_speaks_for_itself_within_its_registration() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({})).await;
    let (status, tokens) = own_tokens(&client, &[]).await;
    assert_eq!((status, &tokens["scope"]), (200, &json!("read write")), "{tokens}");
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(3600)));
    for absent in ["refresh_token", "id_token"] {
        assert!(tokens.get(absent).is_none(), "{absent}");
    }
    let (_, tokens) = own_tokens(&client, &[("scope", "openid write admin")]).await;
    assert_eq!(tokens["scope"], "write");
    assert!(!client.is_live(&tokens).await, "there is no person whose userinfo it opens");
    for scope in ["openid", "openid offline_access", "admin"] {
        let refused = own_tokens(&client, &[("scope", scope)]).await;
        assert_eq!(error(&refused), (400, "invalid_scope"), "{scope}");
    }
    let without = own_tokens(&client, &[("scope", "read"), ("resource", OTHER)]).await;
    assert_eq!(payload(text(&without.1, "access_token"))["scope"], "read");
}

#[actix_web::test]
async fn r27_only_confidential_clients_that_registered_for_it() {
    let app = TestApp::start().await;
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let change = |client: &mut tessera::domain::Client| {
        client.metadata.grant_types = Some(vec!["client_credentials".to_owned()]);
    };
    app.change(&public, change).await;
    assert_eq!(error(&own_tokens(&public, &[]).await), (400, "unauthorized_client"));
    let notes = app.app(json!({})).await;
    assert_eq!(error(&own_tokens(&notes, &[]).await), (400, "unauthorized_client"));
    let wrong = App {
        secret: Some("another secret entirely".to_owned()),
        ..machine(&app, json!({})).await
    };
    assert_eq!(error(&own_tokens(&wrong, &[]).await), (401, "invalid_client"));
}

#[actix_web::test]
async fn a_jwt_access_token_without_a_person_is_about_its_client() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({ "access_token_signed_response_alg": "ES256" })).await;
    let (_, tokens) = own_tokens(&client, &[("resource", API), ("scope", "read")]).await;
    let token = text(&tokens, "access_token");
    assert_eq!((&header(token)["typ"], &header(token)["alg"]), (&json!("at+jwt"), &json!("ES256")));
    let claims = payload(token);
    assert_eq!(claims["iss"], json!(app.url));
    assert_eq!(
        (&claims["sub"], &claims["client_id"]),
        (&json!(client.client_id), &json!(client.client_id))
    );
    assert_eq!((&claims["aud"], &claims["scope"]), (&json!([API]), &json!("read")));
    for absent in ["auth_time", "acr", "amr", "sid", "nonce", "email"] {
        assert!(claims.get(absent).is_none(), "{absent}");
    }
    assert!(claims["exp"].as_i64() > claims["iat"].as_i64() && claims["jti"].is_string());
    let (_, again) = own_tokens(&client, &[("resource", API), ("scope", "read")]).await;
    assert_ne!(payload(text(&again, "access_token"))["jti"], claims["jti"]);
    let foreign = own_tokens(&client, &[("resource", "https://third.example/")]).await;
    assert_eq!(error(&foreign), (400, "invalid_target"));
    // Without a resource, the default audience.
    let by_default = machine(&app, json!({ "audience": API, "resources": [] })).await;
    let (_, tokens) = own_tokens(&by_default, &[]).await;
    assert_eq!(payload(text(&tokens, "access_token"))["aud"], json!([API]));
}

#[actix_web::test]
async fn a_disabled_client_has_no_tokens_of_its_own_left() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({})).await;
    let other = machine(&app, json!({})).await;
    let (_, tokens) = own_tokens(&client, &[("resource", API)]).await;
    let form = [("token", text(&tokens, "access_token"))];
    assert_eq!(
        other.ask("/introspect", &form).await.1["active"],
        true,
        "it is for one of its APIs"
    );
    let now = tessera::base::Timestamp::from_seconds(app.clock_seconds());
    app.change(&client, |client| client.disabled_at = Some(now)).await;
    assert_eq!(other.ask("/introspect", &form).await.1, json!({ "active": false }));
}

#[actix_web::test]
async fn a_jwt_of_a_client_leaves_no_row_and_can_be_asked_about_and_taken_back() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({})).await;
    let other = machine(&app, json!({})).await;
    let form = [("resource", API), ("scope", "read")];
    let (_, tokens) = own_tokens(&client, &form).await;
    let (_, second) = own_tokens(&client, &form).await;
    assert_eq!(app.dump(&[]).await["grants"].len(), 0, "all that counts of it stands in the token");
    let token = text(&tokens, "access_token");
    let (_, shown) = other.ask("/introspect", &[("token", token)]).await;
    let claims = payload(token);
    let expected = json!({
        "active": true, "iss": app.url, "token_type": "Bearer", "scope": "read", "aud": [API],
        "client_id": client.client_id, "sub": client.client_id,
        "exp": claims["exp"], "jti": claims["jti"],
    });
    assert_eq!(shown, expected);
    // Another client cannot take it back, and its own takes back no more than it.
    other.ask("/revoke", &[("token", token)]).await;
    assert_eq!(client.ask("/introspect", &[("token", token)]).await.1["active"], true);
    client.ask("/revoke", &[("token", token)]).await;
    for caller in [&client, &other] {
        let answer = caller.ask("/introspect", &[("token", token)]).await;
        assert_eq!(answer.1, json!({ "active": false }));
    }
    let second = [("token", text(&second, "access_token"))];
    assert_eq!(other.ask("/introspect", &second).await.1["active"], true);
    // A client of the same name that was made later is another one.
    let hour = Duration::from_secs(60 * 60);
    app.change(&client, |client| client.created_at = client.created_at + hour).await;
    assert_eq!(other.ask("/introspect", &second).await.1["active"], false);
}

#[actix_web::test]
async fn an_opaque_token_of_a_client_leaves_no_row_either() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({})).await;
    let other = machine(&app, json!({})).await;
    let (_, tokens) = own_tokens(&client, &[("scope", "read")]).await;
    let (_, second) = own_tokens(&client, &[("scope", "read")]).await;
    assert_eq!(app.dump(&[]).await["grants"].len(), 0, "all that counts of it stands in the token");
    let token = text(&tokens, "access_token");
    let (_, shown) = client.ask("/introspect", &[("token", token)]).await;
    let expected = json!({
        "active": true, "iss": app.url, "token_type": "Bearer", "scope": "read", "aud": [],
        "client_id": client.client_id, "sub": client.client_id, "exp": app.clock_seconds() + 3600,
    });
    assert_eq!(shown, expected);
    let is_active = async |token: &str| {
        client.ask("/introspect", &[("token", token)]).await.1["active"] == json!(true)
    };
    // What it says of itself cannot be changed, and it is nobody else's to take back.
    let mut bytes = from_base64url(token.trim_start_matches("tsa_")).expect("base64url");
    for place in 0..bytes.len() {
        bytes[place] ^= 1;
        assert!(!is_active(&format!("tsa_{}", to_base64url(&bytes))).await, "{place}");
        bytes[place] ^= 1;
    }
    other.ask("/revoke", &[("token", token)]).await;
    assert!(is_active(token).await);
    client.ask("/revoke", &[("token", token)]).await;
    assert!(!is_active(token).await);
    let second = text(&second, "access_token");
    assert!(is_active(second).await);
    let now = tessera::base::Timestamp::from_seconds(app.clock_seconds());
    app.change(&client, |client| client.disabled_at = Some(now)).await;
    let form = [("token", second)];
    assert_eq!(other.ask("/introspect", &form).await.1["active"], false);
    app.change(&client, |client| client.disabled_at = None).await;
    assert!(is_active(second).await);
    app.advance(Duration::from_secs(3600));
    assert!(!is_active(second).await);
}

#[actix_web::test]
async fn a_jwt_of_a_client_counts_for_an_hour() {
    let app = TestApp::start().await;
    let client = machine(&app, json!({})).await;
    let (_, tokens) = own_tokens(&client, &[("resource", API)]).await;
    let form = [("token", text(&tokens, "access_token"))];
    app.advance(Duration::from_secs(3599));
    assert_eq!(client.ask("/introspect", &form).await.1["active"], true);
    app.advance(Duration::from_secs(1));
    assert_eq!(client.ask("/introspect", &form).await.1["active"], false);
}

async fn exchange(notes: &App, code: &str, extra: &[(&str, &str)]) -> (u16, Value) {
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", notes.redirect_uri.as_str()),
        ("code_verifier", VERIFIER),
    ];
    form.extend(extra);
    notes.ask("/token", &form).await
}

fn audience(tokens: &Value) -> Value {
    payload(text(tokens, "access_token"))["aud"].clone()
}

#[actix_web::test]
async fn resources_are_narrowed_at_each_step_and_never_widened() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let third = "https://third.example/";
    let grants = json!(["authorization_code", "refresh_token"]);
    let notes = app.app(json!({ "resources": [API, OTHER, third], "grant_types": grants })).await;
    let mut browser = app.browser();
    let both = format!(
        "{}&resource=https%3A%2F%2Fother.example%2F",
        notes.authorize_url(&[("resource", API)])
    );
    let page = browser.get(&both).await;
    let answer =
        browser.submit(&page, &[("username", "ada"), ("password", crate::support::PASSWORD)]).await;
    let (status, whole) = exchange(&notes, &answer.code(), &[]).await;
    assert_eq!((status, audience(&whole)), (200, json!([API, OTHER, app.url])));

    let code = browser.get(&both).await.code();
    // A target that was not granted spares the code.
    let wide = exchange(&notes, &code, &[("resource", third)]).await;
    assert_eq!(error(&wide), (400, "invalid_target"));
    let (_, narrow) = exchange(&notes, &code, &[("resource", OTHER)]).await;
    assert_eq!(audience(&narrow), json!([OTHER, app.url]));
    // RFC 8707 §2.2: the refresh token keeps all that was granted.
    let token = text(&narrow, "refresh_token");
    let (_, renewed) = notes.refresh(token, &[("resource", API), ("scope", "email")]).await;
    assert_eq!(audience(&renewed), json!([API]));
    let token = text(&renewed, "refresh_token");
    let (_, renewed) = notes.refresh(token, &[]).await;
    assert_eq!(audience(&renewed), json!([API, OTHER, app.url]));
    let token = text(&renewed, "refresh_token");
    for resource in [third, "https://unknown.example/", "no address"] {
        let refused = notes.refresh(token, &[("resource", resource)]).await;
        assert_eq!(error(&refused), (400, "invalid_target"), "{resource}");
    }
    notes.renewed(token).await;
    let unknown = browser.authorize(&notes, &[("resource", "https://unknown.example/")]).await;
    assert_eq!(unknown.told("error").as_deref(), Some("invalid_target"));
}
