//! Scopes, the claims that they open, and the three ways to ask for them.

use std::rc::Rc;

use reqwest::Method;
use serde_json::{Value, json};

use super::bench::Bench;
use super::checks::{SCOPES, Userinfo, check_jwks, check_userinfo, content_type, verified};
use super::flow::Flow;
use super::variant::Variant;

/// What is published can be asked for, and every claim of the scope arrives: in userinfo, or in
/// the ID token when there is nothing else (OpenID Connect Core §5.4).
async fn scope_opens_its_claims(bench: &Rc<Bench>, variant: Variant, scope: &str) {
    let metadata = bench.metadata().await;
    let published = metadata["scopes_supported"].as_array().expect("scopes").clone();
    assert!(scope.split(' ').all(|scope| published.contains(&json!(scope))), "{published:?}");
    let scope = format!("openid {scope}");
    Flow::begin(bench, variant).await.run(&[("scope", &scope)]).await;
}

pub(super) async fn oidcc_scope_profile(bench: Rc<Bench>, variant: Variant) {
    scope_opens_its_claims(&bench, variant, "profile").await;
}

pub(super) async fn oidcc_scope_email(bench: Rc<Bench>, variant: Variant) {
    scope_opens_its_claims(&bench, variant, "email").await;
}

pub(super) async fn oidcc_scope_address(bench: Rc<Bench>, variant: Variant) {
    scope_opens_its_claims(&bench, variant, "address").await;
}

pub(super) async fn oidcc_scope_phone(bench: Rc<Bench>, variant: Variant) {
    scope_opens_its_claims(&bench, variant, "phone").await;
}

pub(super) async fn oidcc_scope_all(bench: Rc<Bench>, variant: Variant) {
    scope_opens_its_claims(&bench, variant, &SCOPES.join(" ")).await;
}

pub(super) async fn oidcc_userinfo_get(bench: Rc<Bench>, variant: Variant) {
    let signed = Flow::begin(&bench, variant).await.run(&[]).await;
    assert_eq!(signed.userinfo["sub"], signed.claims["sub"]);
}

async fn userinfo_by_post(bench: &Rc<Bench>, variant: Variant, is_in_header: bool) {
    let signed = Flow::begin(bench, variant).await.run(&[]).await;
    let token = signed.access_token.expect("an access token");
    let request = bench.ask(Method::POST, "/userinfo");
    let request = if is_in_header {
        request.bearer_auth(&token)
    } else {
        request.form(&[("access_token", &token)])
    };
    let answer = request.send().await.expect("an answer");
    let sub = signed.claims["sub"].as_str();
    let expected = Userinfo { scope: "openid", requested: None, sub };
    check_userinfo(answer, &expected, bench.app.clock_seconds()).await;
}

pub(super) async fn oidcc_userinfo_post_header(bench: Rc<Bench>, variant: Variant) {
    userinfo_by_post(&bench, variant, true).await;
}

pub(super) async fn oidcc_userinfo_post_body(bench: Rc<Bench>, variant: Variant) {
    userinfo_by_post(&bench, variant, false).await;
}

/// A client that registers for it gets its userinfo signed, with an issuer and an audience.
pub(super) async fn oidcc_userinfo_rs256(bench: Rc<Bench>, variant: Variant) {
    let metadata = bench.metadata().await;
    let offered = metadata["userinfo_signing_alg_values_supported"].as_array().expect("a list");
    assert!(offered.contains(&json!("RS256")));
    let wanted = json!({ "userinfo_signed_response_alg": "RS256" });
    let mut flow = Flow::begin_with(&bench, variant, wanted).await;
    let request = flow.request(&[]);
    let visit = flow.visit(&request).await;
    let pairs = flow.arrived(&visit.answer);
    let code = super::flow::value(&pairs, "code").expect("a code").to_owned();
    let tokens = flow.redeem(&code).await;
    let token = tokens["access_token"].as_str().expect("a token");
    let answer = bench.ask(Method::GET, "/userinfo").bearer_auth(token).send().await;
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), content_type(answer.headers())),
        (200, "application/jwt")
    );
    let jwks = bench.document("/jwks").await;
    check_jwks(&jwks);
    let claims = verified(&jwks, &answer.text().await.expect("a body"));
    assert_eq!(claims["iss"], json!(bench.app.url));
    assert_eq!(claims["aud"], json!(flow.client.client_id));
    assert!(claims["sub"].is_string() && claims.get("nonce").is_none(), "{claims}");
}

/// One claim by the `claims` parameter: in userinfo, where it was asked for, and nowhere else.
pub(super) async fn oidcc_claims_essential(bench: Rc<Bench>, variant: Variant) {
    // With no access token there is no userinfo to ask: the claim can only come in the ID token.
    let wanted = if variant.response_type == "id_token" {
        json!({ "id_token": { "name": { "essential": true } } })
    } else {
        json!({ "userinfo": { "name": { "essential": true } } })
    };
    let signed = Flow::begin(&bench, variant).await.run(&[("claims", &wanted.to_string())]).await;
    let place = if variant.response_type == "id_token" { &signed.claims } else { &signed.userinfo };
    assert!(place.get("name").is_some_and(Value::is_string), "{place}");
}
