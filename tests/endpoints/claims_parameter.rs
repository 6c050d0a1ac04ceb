//! The `claims` parameter (OpenID Connect Core §5.5), and what an app says of `acr`.

use serde_json::{Value, json};

use crate::support::{TestApp, payload, text};

async fn userinfo(client: &crate::support::App, tokens: &Value) -> Value {
    client.userinfo(text(tokens, "access_token")).await.json().await.expect("JSON")
}

#[actix_web::test]
async fn single_claims_go_where_they_were_asked_for() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let client = app.app(json!({ "id_token_claims": "lean" })).await;
    let claims = json!({
        "userinfo": { "name": { "essential": true }, "nickname": null, "unheard_of": null },
        "id_token": { "email": null, "birthdate": { "value": "1900-01-01" } },
    });
    let asked = [("scope", "openid"), ("claims", &claims.to_string())];
    let tokens = client.sign_in("ada", &asked).await;
    let info = userinfo(&client, &tokens).await;
    assert_eq!((&info["name"], &info["nickname"]), (&json!("ada Example"), &json!("ada")));
    let id_token = payload(text(&tokens, "id_token"));
    // A wish for a value is no way to make it up.
    assert_eq!(
        (&id_token["email"], &id_token["birthdate"]),
        (&json!("ada@example.com"), &json!("2000-01-01"))
    );
    for absent in ["email", "birthdate", "unheard_of", "given_name"] {
        assert!(info.get(absent).is_none(), "{absent}");
    }
    for absent in ["name", "nickname"] {
        assert!(id_token.get(absent).is_none(), "{absent}");
    }
}

#[actix_web::test]
async fn a_client_learns_no_claim_beyond_its_own_scopes() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let client = app.app(json!({ "scope": "openid profile" })).await;
    let claims = json!({ "userinfo": { "email": { "essential": true }, "name": null } });
    let asked = [("scope", "openid"), ("claims", &claims.to_string())];
    let tokens = client.sign_in("ada", &asked).await;
    let info = userinfo(&client, &tokens).await;
    assert!(info.get("email").is_none() && info["name"].is_string(), "{info}");
}

#[actix_web::test]
async fn r90_a_single_claim_needs_the_consent_of_its_scope() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let client = app.app(json!({ "first_party": false })).await;
    let claims = json!({ "id_token": { "phone_number": null } }).to_string();
    let mut browser = app.browser();
    let page = browser.sign_in(&client, "ada", &[("scope", "openid")]).await;
    assert!(!page.body.contains("phone number"), "{}", page.body);
    browser.submit(&page, &[("decision", "allow")]).await;
    let page = browser.authorize(&client, &[("scope", "openid"), ("claims", &claims)]).await;
    assert!(page.has("consent-allow") && page.body.contains("See your phone number"));
    let done = browser.submit(&page, &[("decision", "allow")]).await;
    let tokens = client.tokens(&done.code()).await;
    assert_eq!(payload(text(&tokens, "id_token"))["phone_number"], "+33 1 00 00 00 00");
    // It was allowed: the next time nobody is asked.
    let again = browser.authorize(&client, &[("scope", "openid"), ("claims", &claims)]).await;
    assert!(again.told("code").is_some());
}

#[actix_web::test]
async fn what_is_no_claims_request_is_refused() {
    let app = TestApp::start().await;
    let client = app.app(json!({})).await;
    let deep = format!("{{\"userinfo\":{}{}}}", "{\"a\":".repeat(40), "}".repeat(40));
    let twice = r#"{"userinfo":{"name":null},"userinfo":{}}"#;
    for claims in ["x", "[]", r#"{"userinfo":"name"}"#, r#"{"id_token":{"a":true}}"#, twice, &deep]
    {
        let answer = app.browser().authorize(&client, &[("claims", claims)]).await;
        assert_eq!(answer.told("error").as_deref(), Some("invalid_request"), "{claims}");
    }
    let unknown = r#"{"verified_claims":{},"userinfo":{"name":{"purpose":"x"}}}"#;
    let answer = app.browser().authorize(&client, &[("claims", unknown)]).await;
    assert!(answer.has("login-submit"), "unknown members are ignored");
}

#[actix_web::test]
async fn r79_acr_is_what_was_done_and_an_essential_one_is_kept() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let client = app.app(json!({})).await;
    let essential = |values: Value| {
        json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
    };
    let unmet = essential(json!(["urn:example:gold"]));
    let answer = app.browser().authorize(&client, &[("claims", &unmet)]).await;
    assert_eq!(answer.told("error").as_deref(), Some("unmet_authentication_requirements"));
    let met = essential(json!(["urn:example:gold", "urn:tessera:acr:1"]));
    for asked in [("claims", met.as_str()), ("acr_values", "urn:example:gold urn:tessera:acr:1")] {
        let tokens = client.sign_in("ada", &[asked]).await;
        let id_token = payload(text(&tokens, "id_token"));
        assert_eq!(id_token["acr"], "urn:tessera:acr:1", "{asked:?}");
        assert_eq!(id_token["amr"], json!(["pwd"]));
    }
    // A wish that cannot be met is none of an error's business.
    let tokens = client.sign_in("ada", &[("acr_values", "urn:example:gold")]).await;
    assert_eq!(payload(text(&tokens, "id_token"))["acr"], "urn:tessera:acr:1");
}

#[actix_web::test]
async fn a_refresh_keeps_the_single_claims() {
    let app = TestApp::start().await;
    app.user("ada").await;
    let grant_types = ["authorization_code", "refresh_token"];
    let client = app.app(json!({ "id_token_claims": "lean", "grant_types": grant_types })).await;
    let claims = r#"{"id_token":{"email":null},"userinfo":{"name":null}}"#;
    let tokens = client.sign_in("ada", &[("scope", "openid"), ("claims", claims)]).await;
    let renewed = client.renewed(text(&tokens, "refresh_token")).await;
    assert_eq!(payload(text(&renewed, "id_token"))["email"], "ada@example.com");
    assert_eq!(userinfo(&client, &renewed).await["name"], "ada Example");
}
