//! `/introspect` (RFC 7662, RFC 9701): `security.md` R35.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{App, TestApp, header, payload, text};

const API: &str = "https://api.example/";

async fn ask(caller: &App, token: &str) -> Value {
    let (status, answer) = caller.ask("/introspect", &[("token", token)]).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// An app with an API of its own, that API, and a stranger.
async fn scene(app: &TestApp) -> (App, App, App) {
    app.user("ada").await;
    let grant_types = ["authorization_code", "refresh_token"];
    let notes = app.app(json!({ "resources": [API], "grant_types": grant_types })).await;
    let api = app.app(json!({ "client_name": "API", "resources": [API] })).await;
    (notes, api, app.app(json!({ "client_name": "Stranger" })).await)
}

#[actix_web::test]
async fn r35_a_token_is_shown_to_its_client_and_its_api_and_to_nobody_else() {
    let app = TestApp::start().await;
    let (notes, api, stranger) = scene(&app).await;
    let opaque = notes.sign_in("ada", &[("scope", "openid email offline_access")]).await;
    let jwt = notes.sign_in("ada", &[("resource", API)]).await;
    for (tokens, is_for_api) in [(&opaque, false), (&jwt, true)] {
        let token = text(tokens, "access_token");
        let own = ask(&notes, token).await;
        assert_eq!((&own["active"], &own["client_id"]), (&json!(true), &json!(notes.client_id)));
        assert_eq!(own["token_type"], "Bearer");
        assert_eq!(own["iss"], json!(app.url));
        assert!(own["exp"].is_i64() && own["sub"].is_string() && own["scope"].is_string());
        assert_eq!(ask(&api, token).await["active"], json!(is_for_api));
        assert_eq!(ask(&stranger, token).await, json!({ "active": false }));
    }
    let refresh = text(&opaque, "refresh_token");
    assert_eq!(ask(&notes, refresh).await["active"], true);
    assert_eq!(ask(&stranger, refresh).await, json!({ "active": false }));
    for nonsense in ["x", "tsa_x", "tsr_x", text(&opaque, "id_token")] {
        assert_eq!(ask(&notes, nonsense).await, json!({ "active": false }), "{nonsense}");
    }
}

#[actix_web::test]
async fn r35_whatever_ends_a_token_makes_it_inactive() {
    let app = TestApp::start().await;
    let (notes, ..) = scene(&app).await;
    let mut browser = app.browser();
    let answer = browser.sign_in(&notes, "ada", &[("resource", API)]).await;
    let tokens = notes.tokens(&answer.code()).await;
    let (access, refresh) = (text(&tokens, "access_token"), text(&tokens, "refresh_token"));
    assert_eq!(ask(&notes, access).await["active"], true);
    let hint = text(&tokens, "id_token");
    browser.get(&format!("/end_session?id_token_hint={hint}")).await;
    for token in [access, refresh] {
        assert_eq!(ask(&notes, token).await, json!({ "active": false }), "signed out");
    }
    let tokens = notes.sign_in("ada", &[]).await;
    app.set_password("ada", "another correct horse battery").await;
    assert_eq!(ask(&notes, text(&tokens, "access_token")).await["active"], false);
    let service = app
        .app(json!({
            "grant_types": ["authorization_code", "client_credentials"], "scope": "read",
        }))
        .await;
    let (_, own) = service.ask("/token", &[("grant_type", "client_credentials")]).await;
    let shown = ask(&service, text(&own, "access_token")).await;
    assert_eq!((&shown["active"], &shown["sub"]), (&json!(true), &json!(service.client_id)));
    app.advance(Duration::from_secs(3600));
    assert_eq!(ask(&service, text(&own, "access_token")).await["active"], false, "expired");
}

#[actix_web::test]
async fn introspection_is_for_clients_that_prove_who_they_are() {
    let app = TestApp::start().await;
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let (status, answer) = public.ask("/introspect", &[("token", "x")]).await;
    assert_eq!((status, &answer["error"]), (400, &json!("unauthorized_client")));
    let notes = app.app(json!({})).await;
    let (status, answer) = notes.ask("/introspect", &[]).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
    let twice = [("token", "a"), ("token", "b")];
    let (status, answer) = notes.ask("/introspect", &twice).await;
    assert_eq!((status, &answer["error"]), (400, &json!("invalid_request")));
}

#[actix_web::test]
async fn r120_introspection_is_not_for_browsers() {
    let app = TestApp::start().await;
    let notes = app.app(json!({})).await;
    let answer =
        notes.post("/introspect", &[("token", "x")]).header("origin", "https://notes.example");
    let answer = answer.send().await.expect("an answer");
    assert!(answer.headers().get("access-control-allow-origin").is_none());
}

#[actix_web::test]
async fn a_signed_answer_is_for_its_caller_alone() {
    let app = TestApp::start().await;
    let (notes, ..) = scene(&app).await;
    let tokens = notes.sign_in("ada", &[]).await;
    let registered = app.app(json!({ "introspection_signed_response_alg": "ES256" })).await;
    let accept = "application/token-introspection+jwt";
    for (caller, sent, algorithm) in [(&notes, Some(accept), "RS256"), (&registered, None, "ES256")]
    {
        let form = [("token", text(&tokens, "access_token"))];
        let request = caller.post("/introspect", &form);
        let request = request.basic_auth(&caller.client_id, caller.secret.as_deref());
        let request = match sent {
            Some(kind) => request.header("accept", kind),
            None => request,
        };
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], accept);
        let jwt = answer.text().await.expect("a body");
        let head = header(&jwt);
        let typ = json!("token-introspection+jwt");
        assert_eq!((&head["typ"], &head["alg"]), (&typ, &json!(algorithm)));
        let claims = payload(&jwt);
        assert_eq!((&claims["iss"], &claims["aud"]), (&json!(app.url), &json!(caller.client_id)));
        let is_own = caller.client_id == notes.client_id;
        assert_eq!(claims["token_introspection"]["active"], json!(is_own));
        assert!(claims.get("sub").is_none() && claims["iat"].is_i64());
        // r51: it is no token of any other kind.
        assert_eq!(notes.userinfo(&jwt).await.status(), 401);
    }
}
