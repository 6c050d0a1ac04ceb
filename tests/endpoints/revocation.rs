//! `/revoke` (RFC 7009): `security.md` R34.

use serde_json::{Value, json};

use crate::support::{App, TestApp, text};

async fn revoke(caller: &App, token: &str) -> u16 {
    let request = caller.post("/revoke", &[("token", token), ("token_type_hint", "nonsense")]);
    let request = request.basic_auth(&caller.client_id, caller.secret.as_deref());
    request.send().await.expect("an answer").status().as_u16()
}

async fn refreshing(app: &TestApp, more: Value) -> App {
    let mut all = json!({ "grant_types": ["authorization_code", "refresh_token"] });
    let extra = more.as_object().cloned().unwrap_or_default();
    all.as_object_mut().expect("an object").extend(extra);
    app.app(all).await
}

#[actix_web::test]
async fn r34_a_refresh_token_takes_its_family_with_it() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = refreshing(&app, json!({})).await;
    let first = notes.sign_in("ada", &[]).await;
    let second = notes.renewed(text(&first, "refresh_token")).await;
    assert_eq!(revoke(&notes, text(&second, "refresh_token")).await, 200);
    for tokens in [&first, &second] {
        assert!(!notes.is_live(tokens).await);
        let (status, answer) = notes.refresh(text(tokens, "refresh_token"), &[]).await;
        assert_eq!((status, &answer["error"]), (400, &json!("invalid_grant")));
    }
    assert_eq!(revoke(&notes, text(&second, "refresh_token")).await, 200, "once more is fine");
}

#[actix_web::test]
async fn r34_an_access_token_goes_alone() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let api = "https://api.example/";
    let notes = refreshing(&app, json!({ "resources": [api] })).await;
    for asked in [("scope", "openid email"), ("resource", api)] {
        let tokens = notes.sign_in("ada", &[asked]).await;
        assert_eq!(revoke(&notes, text(&tokens, "access_token")).await, 200);
        assert!(!notes.is_live(&tokens).await, "{asked:?}");
        let renewed = notes.renewed(text(&tokens, "refresh_token")).await;
        assert!(notes.is_live(&renewed).await, "{asked:?}");
    }
}

#[actix_web::test]
async fn r34_nobody_takes_back_what_is_not_theirs() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (notes, other) = (refreshing(&app, json!({})).await, refreshing(&app, json!({})).await);
    let tokens = notes.sign_in("ada", &[]).await;
    for token in ["access_token", "refresh_token"] {
        assert_eq!(revoke(&other, text(&tokens, token)).await, 200, "the answer does not tell");
    }
    assert!(notes.is_live(&tokens).await);
    notes.renewed(text(&tokens, "refresh_token")).await;
    for unknown in ["x", "tsr_x", "tsa_x", "a.b.c"] {
        assert_eq!(revoke(&notes, unknown).await, 200, "{unknown}");
    }
    let wrong = App { secret: Some("wrong".to_owned()), ..notes.clone() };
    assert_eq!(revoke(&wrong, "x").await, 401);
}

#[actix_web::test]
async fn a_public_client_names_itself_and_may_be_a_page() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let spa = refreshing(&app, json!({ "token_endpoint_auth_method": "none" })).await;
    let tokens = spa.sign_in("ada", &[]).await;
    let form = [("token", text(&tokens, "refresh_token")), ("client_id", &spa.client_id)];
    let request = spa.post("/revoke", &form).header("origin", "https://notes.example");
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://notes.example");
    assert!(!spa.is_live(&tokens).await);
    let (status, error) = spa.ask("/revoke", &[]).await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_request")));
}
