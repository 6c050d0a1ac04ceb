//! `claims`, `acr_values` and `id_token_hint` (OpenID Connect Core §3.1.2.1, §5.5).

use serde_json::{Value, json};

use crate::support::{PASSWORD, TestApp, payload, text};

const UNMET: &str = "unmet_authentication_requirements";

#[actix_web::test]
async fn single_claims_go_where_they_are_asked_for() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({ "id_token_claims": "lean" })).await;
    let claims = json!({
        "userinfo": { "name": { "essential": true }, "phone_number": null, "unheard_of": null },
        "id_token": { "email": null, "groups": { "essential": false }, "zoneinfo": { "value": "x" } },
    });
    let claims = claims.to_string();
    let tokens = notes.sign_in("ada", &[("scope", "openid"), ("claims", &claims)]).await;
    let id_token = payload(text(&tokens, "id_token"));
    assert_eq!(
        (&id_token["email"], &id_token["groups"]),
        (&json!("ada@example.com"), &json!(["staff"]))
    );
    for absent in ["name", "phone_number", "email_verified"] {
        assert!(id_token.get(absent).is_none(), "{absent}");
    }
    let info: Value =
        notes.userinfo(text(&tokens, "access_token")).await.json().await.expect("JSON");
    assert_eq!(
        (&info["name"], &info["phone_number"]),
        (&json!("ada Example"), &json!("+33 1 00 00 00 00"))
    );
    for absent in ["email", "unheard_of", "groups"] {
        assert!(info.get(absent).is_none(), "{absent}");
    }
    for malformed in ["x", "[]", "{\"userinfo\":1}", "{\"userinfo\":{\"name\":\"yes\"}}"] {
        let answer = app.browser().authorize(&notes, &[("claims", malformed)]).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{malformed}");
    }
}

#[actix_web::test]
async fn single_claims_need_registration_and_consent() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let claims = ("claims", r#"{"userinfo":{"phone_number":null,"email":null}}"#);
    let few = app.app(json!({ "scope": "openid email", "first_party": false })).await;
    let mut browser = app.browser();
    let page = browser.sign_in(&few, "ada", &[("scope", "openid")]).await;
    browser.submit(&page, &[("decision", "allow")]).await;
    // openid alone was allowed: a claim is more.
    let silent = [("scope", "openid"), claims, ("prompt", "none")];
    let refused = browser.authorize(&few, &silent).await;
    assert_eq!(refused.told("error").as_deref(), Some("consent_required"));
    let page = browser.authorize(&few, &[("scope", "openid"), claims]).await;
    assert!(page.has("consent-allow"));
    let code = browser.submit(&page, &[("decision", "allow")]).await.code();
    let tokens = few.tokens(&code).await;
    let info: Value = few.userinfo(text(&tokens, "access_token")).await.json().await.expect("JSON");
    assert_eq!(info["email"], "ada@example.com");
    assert!(info.get("phone_number").is_none(), "the client is not registered for phone");
    assert!(browser.authorize(&few, &silent).await.told("code").is_some());
}

#[actix_web::test]
async fn acr_is_honest_and_what_cannot_be_reached_is_refused() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let notes = app.app(json!({})).await;
    for values in ["urn:tessera:acr:1", "phr urn:tessera:acr:1", "unknown", "1 2"] {
        let tokens = notes.sign_in("ada", &[("acr_values", values)]).await;
        assert_eq!(payload(text(&tokens, "id_token"))["acr"], "urn:tessera:acr:1", "{values}");
    }
    let acr = |wish: Value| json!({ "id_token": { "acr": wish } }).to_string();
    for fine in [
        acr(json!({ "essential": true })),
        acr(json!({ "essential": true, "values": ["phr", "urn:tessera:acr:1"] })),
        acr(json!({ "values": ["unknown"] })),
    ] {
        let tokens = notes.sign_in("ada", &[("claims", &fine)]).await;
        assert_eq!(payload(text(&tokens, "id_token"))["acr"], "urn:tessera:acr:1", "{fine}");
    }
    for wish in [
        json!({ "essential": true, "value": "unknown" }),
        json!({ "essential": true, "values": ["a", "b"] }),
    ] {
        let unmet = app.browser().authorize(&notes, &[("claims", &acr(wish))]).await;
        assert_eq!(unmet.told("error").as_deref(), Some(UNMET));
    }
}

#[actix_web::test]
async fn an_id_token_hint_names_one_person() {
    let app = TestApp::start().await;
    let (ada, _) = (app.user("ada").await, app.user("bob").await);
    let notes = app.app(json!({})).await;
    let other = app.app(json!({})).await;
    let mut browser = app.browser();
    let tokens = notes.tokens(&browser.sign_in(&notes, "ada", &[]).await.code()).await;
    let hint = text(&tokens, "id_token").to_owned();
    let silent = [("prompt", "none"), ("id_token_hint", hint.as_str())];
    assert!(browser.authorize(&notes, &silent).await.told("code").is_some());
    // It may be old.
    app.advance(std::time::Duration::from_secs(2 * 60 * 60));
    assert!(browser.authorize(&notes, &silent).await.told("code").is_some());
    let foreign = browser.authorize(&other, &silent).await;
    assert_eq!(foreign.told("error").as_deref(), Some("invalid_request"));
    let altered = format!("{}AAAA", &hint[..hint.len() - 4]);
    let altered =
        browser.authorize(&notes, &[("prompt", "none"), ("id_token_hint", &altered)]).await;
    assert!(altered.told("code").is_none() && altered.told("error").is_some());
    // Another person is signed in: never a silent answer about them.
    let mut bobs = app.browser();
    bobs.sign_in(&notes, "bob", &[]).await;
    assert_eq!(
        bobs.authorize(&notes, &silent).await.told("error").as_deref(),
        Some("login_required")
    );
    let page = bobs.authorize(&notes, &silent[1..]).await;
    assert!(page.has("login-submit"), "the person may sign in as the one meant");
    let answer = bobs.submit(&page, &[("username", "bob"), ("password", PASSWORD)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("login_required"));
    // The same by the claim sub (§5.5.1).
    let sub = |sub: &str| json!({ "id_token": { "sub": { "value": sub } } }).to_string();
    let of_ada = sub(ada.subject.as_str());
    let by_claim = [("prompt", "none"), ("claims", of_ada.as_str())];
    let mut fresh = app.browser();
    fresh.sign_in(&notes, "bob", &[]).await;
    assert_eq!(
        fresh.authorize(&notes, &by_claim).await.told("error").as_deref(),
        Some("login_required")
    );
    assert!(browser.authorize(&notes, &by_claim).await.told("code").is_some());
    let two = [("id_token_hint", hint.as_str()), ("claims", &sub("another"))];
    let two = browser.authorize(&notes, &two).await;
    assert_eq!(two.told("error").as_deref(), Some("invalid_request"));
}
