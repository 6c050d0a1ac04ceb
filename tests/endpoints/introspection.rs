//! `/introspect` (RFC 7662, RFC 9701) and `/revoke` (RFC 7009).

use serde_json::{Value, json};
use tessera::app::users;

use crate::support::{App, TestApp, header, payload, text};

const API: &str = "https://api.example/";

async fn world() -> (TestApp, App) {
    let app = TestApp::start().await;
    app.user("ada").await;
    let grants = json!(["authorization_code", "refresh_token"]);
    let notes = app.app(json!({ "grant_types": grants, "resources": [API] })).await;
    (app, notes)
}

async fn look(caller: &App, token: &str) -> Value {
    let (status, body) = caller.ask("/introspect", &[("token", token)]).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn is_active(caller: &App, token: &str) -> bool {
    let body = look(caller, token).await;
    let is_active = body["active"].as_bool().expect("active");
    assert!(is_active || body == json!({ "active": false }), "nothing beside it: {body}");
    is_active
}

async fn take_back(caller: &App, token: &str) {
    let (status, body) = caller.ask("/revoke", &[("token", token)]).await;
    assert_eq!((status, body), (200, Value::Null));
}

#[actix_web::test]
async fn introspection_tells_what_a_token_opens() {
    let (app, notes) = world().await;
    let opaque = notes.sign_in("ada", &[("scope", "openid profile")]).await;
    let jwt = notes.sign_in("ada", &[("scope", "openid email"), ("resource", API)]).await;
    let told = look(&notes, text(&opaque, "access_token")).await;
    let sub = payload(text(&opaque, "id_token"))["sub"].clone();
    for (name, value) in [
        ("active", json!(true)),
        ("iss", json!(app.url)),
        ("client_id", json!(notes.client_id)),
        ("sub", sub.clone()),
        ("scope", json!("openid profile")),
        ("token_type", json!("Bearer")),
        ("username", json!("ada")),
        ("exp", json!(app.clock_seconds() + 3600)),
        ("aud", json!([app.url])),
    ] {
        assert_eq!(told[name], value, "{name}");
    }
    let told = look(&notes, text(&jwt, "access_token")).await;
    assert_eq!((&told["aud"], &told["sub"]), (&json!([API, app.url]), &sub));
    assert_eq!(told["jti"], payload(text(&jwt, "access_token"))["jti"]);
    assert!(told.get("username").is_none(), "profile was not granted");
    let told = look(&notes, text(&jwt, "refresh_token")).await;
    assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!(notes.client_id)));
}

#[actix_web::test]
async fn r35_what_the_caller_may_not_see_is_not_active() {
    let (app, notes) = world().await;
    let stranger = app.app(json!({})).await;
    let api = app.app(json!({ "resources": [API] })).await;
    let tokens = notes.sign_in("ada", &[]).await;
    let for_api = notes.sign_in("ada", &[("resource", API)]).await;
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(!is_active(&stranger, text(&tokens, name)).await, "{name}");
    }
    assert!(is_active(&api, text(&for_api, "access_token")).await);
    assert!(!is_active(&api, text(&for_api, "refresh_token")).await);
    for junk in ["", "x", "tsa_", "tsr_AAAA", text(&tokens, "id_token")] {
        if junk.is_empty() {
            assert_eq!(notes.ask("/introspect", &[]).await.0, 400);
        } else {
            assert!(!is_active(&notes, junk).await, "{junk}");
        }
    }
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let (status, body) = public.ask("/introspect", &[("token", "x")]).await;
    assert_eq!((status, text(&body, "error")), (400, "unauthorized_client"));
    let wrong = App { secret: Some("x".repeat(43)), ..notes.clone() };
    assert_eq!(wrong.ask("/introspect", &[("token", "x")]).await.0, 401);
    let twice = notes.ask("/introspect", &[("token", "x"), ("token", "x")]).await;
    assert_eq!((twice.0, text(&twice.1, "error")), (400, "invalid_request"));
}

#[actix_web::test]
async fn r35_every_source_of_revocation_counts() {
    let (app, notes) = world().await;
    let kinds = ["access_token", "refresh_token"];
    // A sign-out.
    let mut browser = app.browser();
    let bound = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    browser.get(&format!("/end_session?id_token_hint={}", text(&bound, "id_token"))).await;
    // A renewal: the old refresh token is none any more, the old access token still is one.
    let renewed = notes.sign_in("ada", &[]).await;
    let newer = notes.renewed(text(&renewed, "refresh_token")).await;
    assert!(!is_active(&notes, text(&renewed, "refresh_token")).await);
    assert!(is_active(&notes, text(&renewed, "access_token")).await);
    // Time.
    let old = notes.sign_in("ada", &[]).await;
    app.advance(std::time::Duration::from_secs(3600));
    assert!(!is_active(&notes, text(&old, "access_token")).await);
    assert!(is_active(&notes, text(&old, "refresh_token")).await);
    // A disabled account.
    let jwt = notes.sign_in("ada", &[("resource", API)]).await;
    assert!(is_active(&notes, text(&jwt, "access_token")).await);
    users::disable(&app.store, app.clock.as_ref(), "ada").await.expect("disabled");
    for tokens in [&bound, &newer, &old, &jwt] {
        for kind in kinds {
            assert!(!is_active(&notes, text(tokens, kind)).await, "{kind}");
        }
    }
}

#[actix_web::test]
async fn a_signed_answer_is_for_its_caller_alone() {
    let (app, notes) = world().await;
    let asked = json!({ "introspection_signed_response_alg": "ES256", "resources": [API] });
    let api = app.app(asked).await;
    let tokens = notes.sign_in("ada", &[("resource", API)]).await;
    let media = "application/token-introspection+jwt";
    for (caller, algorithm) in [(&api, "ES256"), (&notes, "RS256")] {
        for (token, is_active) in [(text(&tokens, "access_token"), true), ("x", false)] {
            let request = caller.post("/introspect", &[("token", token)]).header("accept", media);
            let request = request.basic_auth(&caller.client_id, caller.secret.as_deref());
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.headers()["content-type"], media);
            assert_eq!(answer.headers()["cache-control"], "no-store");
            let jwt = answer.text().await.expect("a body");
            let head = header(&jwt);
            assert_eq!(
                (&head["typ"], &head["alg"]),
                (&json!("token-introspection+jwt"), &json!(algorithm))
            );
            let claims = payload(&jwt);
            assert_eq!(
                (&claims["iss"], &claims["aud"]),
                (&json!(app.url), &json!(caller.client_id))
            );
            assert_eq!(claims["iat"], json!(app.clock_seconds()));
            assert_eq!(claims["token_introspection"]["active"], json!(is_active));
            // RFC 9701 §5: it can pass as no token.
            assert!(claims.get("sub").is_none() && claims.get("exp").is_none());
            assert_eq!(caller.userinfo(&jwt).await.status(), 401);
            assert!(!self::is_active(&notes, &jwt).await);
        }
    }
}

#[actix_web::test]
async fn r34_revoking_a_refresh_token_ends_its_family() {
    let (app, notes) = world().await;
    let other = app.app(json!({})).await;
    let first = notes.sign_in("ada", &[]).await;
    let second = notes.renewed(text(&first, "refresh_token")).await;
    take_back(&other, text(&second, "refresh_token")).await;
    take_back(&other, text(&second, "access_token")).await;
    assert!(notes.is_live(&second).await, "another client's token is not touched");
    take_back(&notes, text(&second, "refresh_token")).await;
    for tokens in [&first, &second] {
        assert!(!notes.is_live(tokens).await);
        assert_eq!(notes.refresh(text(tokens, "refresh_token"), &[]).await.0, 400);
    }
    // Once more, or what never was one: the answer is the same.
    for token in [text(&second, "refresh_token"), "unknown", "tsr_x", text(&second, "id_token")] {
        take_back(&notes, token).await;
    }
}

#[actix_web::test]
async fn r34_an_older_refresh_token_of_the_family_revokes_it_too() {
    let (_app, notes) = world().await;
    let first = notes.sign_in("ada", &[]).await;
    let second = notes.renewed(text(&first, "refresh_token")).await;
    take_back(&notes, text(&first, "refresh_token")).await;
    assert!(!notes.is_live(&second).await);
    assert_eq!(notes.refresh(text(&second, "refresh_token"), &[]).await.0, 400);
}

#[actix_web::test]
async fn r34_revoking_an_access_token_ends_it_alone() {
    let (app, notes) = world().await;
    for extra in [&[][..], &[("resource", API)]] {
        let first = notes.sign_in("ada", extra).await;
        let second = notes.renewed(text(&first, "refresh_token")).await;
        take_back(&notes, text(&first, "access_token")).await;
        assert!(!notes.is_live(&first).await && notes.is_live(&second).await);
        notes.renewed(text(&second, "refresh_token")).await;
    }
    let public = app.app(json!({ "token_endpoint_auth_method": "none" })).await;
    let tokens = public.sign_in("ada", &[]).await;
    take_back(&public, text(&tokens, "access_token")).await;
    assert!(!public.is_live(&tokens).await);
    for (form, status, error) in [
        (&[][..], 400, "invalid_request"),
        (&[("token", "x"), ("token", "x")], 400, "invalid_request"),
    ] {
        let (got, body) = notes.ask("/revoke", form).await;
        assert_eq!((got, text(&body, "error")), (status, error));
    }
    let wrong = App { secret: Some("x".repeat(43)), ..notes.clone() };
    assert_eq!(wrong.ask("/revoke", &[("token", "x")]).await.0, 401);
}
