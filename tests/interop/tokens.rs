use std::time::Duration;

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{App, TestApp, VERIFIER, payload};

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name}: {value}"))
}

/// A request to `path` by a confidential client.
async fn ask(client: &App, path: &str, form: &[(&str, &str)]) -> Response {
    let request = client.post(path, form);
    let request = request.basic_auth(&client.client_id, client.secret.as_deref());
    request.send().await.expect("an answer")
}

async fn json_of(answer: Response) -> Value {
    answer.json().await.expect("JSON")
}

async fn refresh(client: &App, token: &str) -> Response {
    ask(client, "/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
}

async fn introspect(client: &App, token: &str) -> Value {
    json_of(ask(client, "/introspect", &[("token", token)]).await).await
}

/// A client that may refresh.
async fn lasting(app: &TestApp) -> App {
    app.app(json!({ "grant_types": ["authorization_code", "refresh_token"] })).await
}

const OFFLINE: [(&str, &str); 1] = [("scope", "openid profile offline_access")];

#[actix_web::test]
async fn interop_25_groups_are_a_list_even_when_empty() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user_with("eve", |new| new.groups.clear()).await;
    let notes = app.app(json!({})).await;
    for (username, groups) in [("ada", json!(["staff"])), ("eve", json!([]))] {
        let tokens = notes.sign_in(username, &[("scope", "openid groups")]).await;
        assert_eq!(payload(text(&tokens, "id_token"))["groups"], groups);
        let info = json_of(notes.userinfo(text(&tokens, "access_token")).await).await;
        assert_eq!(info["groups"], groups);
        let without = notes.sign_in(username, &[("scope", "openid profile")]).await;
        assert!(payload(text(&without, "id_token")).get("groups").is_none());
    }
}

#[actix_web::test]
async fn interop_26_email_verified_follows_the_client() {
    let app = TestApp::start().await;
    app.user("ada").await;
    app.user_with("eve", |new| new.is_email_verified = false).await;
    for (policy, expected) in
        [("actual", Some(json!(false))), ("true", Some(json!(true))), ("omit", None)]
    {
        let notes = app.app(json!({ "email_verified": policy })).await;
        let tokens = notes.sign_in("eve", &[("scope", "openid email")]).await;
        let info = json_of(notes.userinfo(text(&tokens, "access_token")).await).await;
        for claims in [payload(text(&tokens, "id_token")), info] {
            assert_eq!(claims["email"], "eve@example.com");
            assert_eq!(claims.get("email_verified"), expected.as_ref(), "{policy}");
        }
        let without = notes.sign_in("eve", &[("scope", "openid profile")]).await;
        assert!(payload(text(&without, "id_token")).get("email_verified").is_none());
    }
}

#[actix_web::test]
async fn interop_27_one_subject_everywhere() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    let tokens = notes.sign_in("ada", &[("scope", "openid profile")]).await;
    let claims = payload(text(&tokens, "id_token"));
    let sub = text(&claims, "sub");
    assert!(sub.len() <= 36 && !sub.contains(':'), "{sub}");
    assert_eq!(claims["preferred_username"], "ada");
    let info = json_of(notes.userinfo(text(&tokens, "access_token")).await).await;
    assert_eq!((&info["sub"], &info["preferred_username"]), (&json!(sub), &json!("ada")));
    assert_eq!(introspect(&notes, text(&tokens, "access_token")).await["sub"], json!(sub));
}

/// An app with many workers refreshes in all of them at once: all go on with one family.
#[actix_web::test]
async fn interop_28_fifty_refreshes_at_once_agree() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = lasting(&app).await;
    let tokens = notes.sign_in("ada", &OFFLINE).await;
    let before = payload(text(&tokens, "id_token"));
    let old = text(&tokens, "refresh_token");
    app.advance(Duration::from_secs(5));
    let answers = futures_util::future::join_all((0..50).map(|_| refresh(&notes, old))).await;
    let mut successors = Vec::new();
    for answer in answers {
        let status = answer.status();
        let tokens = json_of(answer).await;
        assert_eq!(status, 200, "{tokens}");
        let after = payload(text(&tokens, "id_token"));
        assert!(after.get("nonce").is_none());
        for name in ["sub", "iss", "aud", "auth_time", "sid"] {
            assert_eq!(after[name], before[name], "{name}");
        }
        successors.push(text(&tokens, "refresh_token").to_owned());
    }
    successors.dedup();
    assert_eq!(successors.len(), 1, "one successor for all");
    app.advance(Duration::from_secs(25));
    assert_eq!(refresh(&notes, &successors[0]).await.status(), 200);
    // The first one again, long after everybody had the second: somebody else has it.
    app.advance(Duration::from_secs(60));
    let answer = refresh(&notes, old).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(json_of(answer).await["error"], "invalid_grant");
    assert_eq!(refresh(&notes, &successors[0]).await.status(), 400);
}

#[actix_web::test]
async fn interop_29_offline_access_is_granted_or_dropped() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (may, may_not) = (lasting(&app).await, app.app(json!({})).await);
    let dropped = may_not.sign_in("ada", &OFFLINE).await;
    assert_eq!(dropped["scope"], "openid profile");
    assert!(dropped.get("refresh_token").is_none());
    let granted = may.sign_in("ada", &OFFLINE).await;
    assert_eq!(granted["scope"], "openid profile offline_access");
    // Without offline access a refresh token lives as long as its session.
    let mut browser = app.browser();
    let tied = browser.sign_in(&may, "ada", &[("scope", "openid profile")]).await;
    let tied = may.tokens(&tied.code()).await;
    let page = browser.get("/end_session").await;
    browser.submit(&page, &[]).await;
    assert_eq!(refresh(&may, text(&tied, "refresh_token")).await.status(), 400);
    assert_eq!(refresh(&may, text(&granted, "refresh_token")).await.status(), 200);
}

#[actix_web::test]
async fn interop_30_extra_parameters_break_nothing() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = lasting(&app).await;
    let code = app.browser().sign_in(&notes, "ada", &OFFLINE).await.code();
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", &notes.redirect_uri),
        ("code_verifier", VERIFIER),
        ("scope", "openid profile"),
        ("state", "the-state"),
        ("nonsense", "1"),
    ];
    let answer = ask(&notes, "/token", &form).await;
    assert_eq!(answer.status(), 200);
    let token = json_of(answer).await;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", text(&token, "refresh_token")),
        ("redirect_uri", &notes.redirect_uri),
        ("scope", "openid"),
        ("nonsense", "1"),
    ];
    let answer = ask(&notes, "/token", &form).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(json_of(answer).await["scope"], "openid");
}

#[actix_web::test]
async fn interop_33_a_client_gets_revokes_and_inspects_tokens() {
    let app = TestApp::start().await;
    let robot = app
        .app(json!({
            "grant_types": ["client_credentials"], "response_types": [], "scope": "read",
            "redirect_uris": ["https://robot.example/unused"],
        }))
        .await;
    let form = [("grant_type", "client_credentials"), ("scope", "read")];
    let answer = ask(&robot, "/token", &form).await;
    assert_eq!(answer.status(), 200);
    let tokens = json_of(answer).await;
    assert!(tokens.get("refresh_token").is_none() && tokens.get("id_token").is_none());
    let token = text(&tokens, "access_token");
    let told = introspect(&robot, token).await;
    assert_eq!((&told["active"], &told["client_id"]), (&json!(true), &json!(robot.client_id)));
    for known in [token, "nobody-made-this"] {
        let answer = ask(&robot, "/revoke", &[("token", known)]).await;
        assert_eq!(answer.status(), 200, "{known}");
    }
    assert_eq!(introspect(&robot, token).await, json!({ "active": false }));
}

#[actix_web::test]
async fn interop_34_both_kinds_of_access_token_are_revocable() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let api = "https://api.example/";
    let notes = app.app(json!({ "resources": [api] })).await;
    for resource in ["", api] {
        let tokens = notes.sign_in("ada", &[("resource", resource)]).await;
        let token = text(&tokens, "access_token");
        assert_eq!(token.split('.').count() == 3, !resource.is_empty(), "JWT only for an API");
        assert_eq!(introspect(&notes, token).await["active"], true);
        assert_eq!(notes.userinfo(token).await.status(), 200);
        assert_eq!(ask(&notes, "/revoke", &[("token", token)]).await.status(), 200);
        assert_eq!(introspect(&notes, token).await, json!({ "active": false }));
        assert_eq!(notes.userinfo(token).await.status(), 401);
    }
}

#[actix_web::test]
async fn interop_41_resources_narrow_and_never_widen() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let (first, second, third) =
        ("https://one.example/", "https://two.example/", "https://three.example/");
    let notes = app
        .app(json!({
            "resources": [first, second, third],
            "grant_types": ["authorization_code", "refresh_token"],
        }))
        .await;
    let extra = [("resource", first), ("resource", second), OFFLINE[0]];
    let tokens = notes.sign_in("ada", &extra).await;
    let audience = |tokens: &Value| payload(text(tokens, "access_token"))["aud"].clone();
    let has = |aud: &Value, one: &str| aud.as_array().is_some_and(|all| all.contains(&json!(one)));
    let aud = audience(&tokens);
    assert!(has(&aud, first) && has(&aud, second) && !has(&aud, third), "{aud}");
    let mut token = text(&tokens, "refresh_token").to_owned();
    let mut narrowed = async |resource: &str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
            ("resource", resource),
        ];
        let answer = ask(&notes, "/token", &form).await;
        let status = answer.status().as_u16();
        let body = json_of(answer).await;
        if let Some(next) = body["refresh_token"].as_str() {
            token = next.to_owned();
        }
        (status, body)
    };
    let (status, body) = narrowed(second).await;
    let aud = audience(&body);
    assert!(status == 200 && has(&aud, second) && !has(&aud, first), "{aud}");
    for wider in [third, "https://unknown.example/"] {
        let (status, body) = narrowed(wider).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_target")), "{wider}");
    }
    let (status, body) = narrowed(first).await;
    assert!(status == 200 && has(&audience(&body), first), "what was granted stays granted");
    let unknown = [("resource", "https://unknown.example/")];
    let answer = app.browser().authorize(&notes, &unknown).await;
    assert_eq!(answer.told("error").as_deref(), Some("invalid_target"));
}
