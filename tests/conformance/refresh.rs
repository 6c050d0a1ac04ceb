//! Refresh tokens, and clients whose keys change.

use std::rc::Rc;

use serde_json::{Value, json};

use super::bench::Bench;
use super::checks::{IdTokenRules, check_id_token, check_token_response, expect_token_error};
use super::client::{ASSERTION_TYPE, ClientKey};
use super::flow::{Flow, Signed};
use super::variant::Variant;

async fn with_refresh_token(flow: &mut Flow) -> (Signed, String) {
    let signed = flow.run(&[("scope", "openid offline_access"), ("prompt", "consent")]).await;
    let token = signed.tokens["refresh_token"].as_str().expect("a refresh token").to_owned();
    (signed, token)
}

fn grants(variant: Variant) -> Value {
    let mut grants = variant.grant_types();
    grants.push("refresh_token");
    json!({ "grant_types": grants })
}

/// OpenID Connect Core §12.2: a new ID token says the same of the sign-in, and was made later.
async fn check_refreshed(flow: &Flow, before: &Signed, tokens: &Value) {
    let access_token = tokens["access_token"].as_str().expect("a token");
    let Some(id_token) = tokens["id_token"].as_str() else { return };
    let rules = IdTokenRules {
        client_id: &flow.client.client_id,
        nonce: None,
        access_token: Some(access_token),
        code: None,
        is_front_channel: false,
        has_max_age: false,
        scope: "",
        acr_values: None,
        requested: None,
    };
    let after = check_id_token(&flow.bench, id_token, rules).await;
    for name in ["iss", "sub", "aud", "auth_time", "azp"] {
        assert_eq!(after.get(name), before.claims.get(name), "{name}");
    }
    assert_ne!(after["iat"], before.claims["iat"]);
}

/// The first client names the scope again, the second does not; and what belongs to the second
/// is worth nothing to the first.
pub(super) async fn oidcc_refresh_token(bench: Rc<Bench>, variant: Variant) {
    let metadata = bench.metadata().await;
    let offered = metadata["grant_types_supported"].as_array().expect("grants");
    assert!(offered.contains(&json!("refresh_token")));
    let mut first = Flow::begin_with(&bench, variant, grants(variant)).await;
    let mut second = Flow::begin_with(&bench, variant, grants(variant)).await;
    let mut last = String::new();
    for (flow, scope) in [(&mut first, Some("openid offline_access")), (&mut second, None)] {
        let (signed, token) = with_refresh_token(flow).await;
        bench.wait(1);
        let mut form = vec![("grant_type", "refresh_token"), ("refresh_token", token.as_str())];
        form.extend(scope.map(|scope| ("scope", scope)));
        let tokens = check_token_response(flow.token(&form).await).await;
        assert_ne!(tokens["access_token"], signed.tokens["access_token"]);
        check_refreshed(flow, &signed, &tokens).await;
        last = tokens["refresh_token"].as_str().unwrap_or(&token).to_owned();
    }
    let form = [("grant_type", "refresh_token"), ("refresh_token", last.as_str())];
    expect_token_error(first.token(&form).await, &["invalid_grant"]).await;
    // It is still worth something to the second.
    check_token_response(second.token(&form).await).await;
}

/// The client's key set has changed: a name that is not known makes us look again.
pub(super) async fn oidcc_refresh_token_rp_key_rotation(bench: Rc<Bench>, variant: Variant) {
    let keys = |key: &ClientKey, kid: &str| json!({ "keys": [key.public(Some(kid))] }).to_string();
    let (old, new) = (ClientKey::first(), ClientKey::second());
    let jwks_uri = bench.server.serve("/jwks", "application/json", keys(old, "first"));
    let mut metadata = grants(variant);
    metadata["jwks"] = Value::Null;
    metadata["jwks_uri"] = json!(jwks_uri);
    let mut flow = Flow::begin_with(&bench, variant, metadata).await;
    flow.client.kid = Some("first");
    let (signed, token) = with_refresh_token(&mut flow).await;
    bench.server.serve("/jwks", "application/json", keys(new, "second"));
    bench.wait(60);
    let audience = format!("{}/token", bench.app.url);
    let assertion = flow.client.assertion(&bench, &audience, new, Some("second"));
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let answer = bench.ask(reqwest::Method::POST, "/token").form(&form).send().await;
    let tokens = check_token_response(answer.expect("an answer")).await;
    check_refreshed(&flow, &signed, &tokens).await;
}
