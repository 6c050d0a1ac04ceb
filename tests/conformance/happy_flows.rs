//! Sign-ins that must succeed, with every parameter that a provider has to bear.

use std::rc::Rc;

use reqwest::Method;
use serde_json::{Value, json};

use super::bench::Bench;
use super::checks::check_authorization_error;
use super::client::REDIRECT_URI;
use super::flow::{Flow, Visit};
use super::variant::Variant;
use crate::support::{VERIFIER, header};

pub(super) async fn oidcc_server(bench: Rc<Bench>, variant: Variant) {
    let method = variant.auth;
    let metadata = bench.metadata().await;
    let methods = metadata["token_endpoint_auth_methods_supported"].as_array().expect("methods");
    assert!(methods.iter().any(|known| known == method), "{methods:?}");
    Flow::begin(&bench, variant).await.run(&[]).await;
}

pub(super) async fn oidcc_server_client_secret_post(bench: Rc<Bench>, variant: Variant) {
    assert_eq!(variant.auth, "client_secret_post");
    oidcc_server(bench, variant).await;
}

/// Without a type the provider cannot know how to answer: a page, or an error in the query.
pub(super) async fn oidcc_response_type_missing(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let request = flow.request(&[("response_type", "")]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown);
    let answer = &visit.answer;
    if answer.has("error-page") {
        return flow.assert_error_page(answer);
    }
    let pairs = if variant.is_form_post {
        flow.arrived(answer)
    } else {
        flow.added_to_query(&answer.to_app())
    };
    let errors = ["unsupported_response_type", "invalid_request"];
    check_authorization_error(&pairs, request.get("state"), &bench.app.url, &errors);
}

/// A client that names no algorithm gets RS256, and the header names the key.
pub(super) async fn oidcc_idtoken_signature(bench: Rc<Bench>, variant: Variant) {
    let signed = Flow::begin(&bench, variant).await.run(&[]).await;
    let head = header(&signed.id_token);
    assert!(head["alg"] == "RS256" && head["kid"].is_string(), "{head}");
}

pub(super) async fn oidcc_idtoken_rs256(bench: Rc<Bench>, variant: Variant) {
    let metadata = json!({ "id_token_signed_response_alg": "RS256" });
    let mut flow = Flow::begin_with(&bench, variant, metadata).await;
    assert_eq!(flow.client.registered["id_token_signed_response_alg"], "RS256");
    assert_eq!(header(&flow.run(&[]).await.id_token)["alg"], "RS256");
}

/// Skipped by the suite when `none` is not offered: it is not, and cannot be registered.
pub(super) async fn oidcc_idtoken_unsigned(bench: Rc<Bench>, variant: Variant) {
    let metadata = bench.metadata().await;
    let offered = metadata["id_token_signing_alg_values_supported"].as_array().expect("a list");
    assert!(!offered.contains(&json!("none")));
    let wanted = json!({
        "redirect_uris": [REDIRECT_URI], "response_types": [variant.response_type],
        "id_token_signed_response_alg": "none",
    });
    bench.expect_unregistrable(wanted, &["invalid_client_metadata"]).await;
}

pub(super) async fn oidcc_ensure_request_without_nonce_succeeds_for_code_flow(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let signed = Flow::begin(&bench, variant).await.run(&[("nonce", "")]).await;
    assert_eq!(signed.claims.get("nonce"), None);
}

pub(super) async fn oidcc_ensure_request_without_nonce_fails(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let request = flow.request(&[("nonce", "")]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown);
    if visit.answer.has("error-page") {
        flow.assert_error_page(&visit.answer);
    } else {
        flow.assert_refused(&visit.answer, &request, &["invalid_request"]);
    }
}

/// Neither the order of the scopes nor that of the parameters means anything; and the scope
/// `email` opens no name.
pub(super) async fn oidcc_alternate_happy_flow(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let mut request = flow.request(&[("scope", "email openid")]);
    request.pairs_mut().reverse();
    let signed = flow.run_request(&request).await;
    assert_eq!(signed.userinfo.get("name"), None);
}

pub(super) async fn oidcc_display_page(bench: Rc<Bench>, variant: Variant) {
    Flow::begin(&bench, variant).await.run(&[("display", "page")]).await;
}

pub(super) async fn oidcc_display_popup(bench: Rc<Bench>, variant: Variant) {
    Flow::begin(&bench, variant).await.run(&[("display", "popup")]).await;
}

pub(super) async fn oidcc_ensure_request_with_unknown_parameter_succeeds(
    bench: Rc<Bench>,
    variant: Variant,
) {
    Flow::begin(&bench, variant).await.run(&[("extra", "foobar")]).await;
}

/// A hint about somebody who is not known is no error.
pub(super) async fn oidcc_login_hint(bench: Rc<Bench>, variant: Variant) {
    Flow::begin(&bench, variant).await.run(&[("login_hint", "buffy@rp.example")]).await;
}

/// A language that is not spoken is no error.
pub(super) async fn oidcc_ui_locales(bench: Rc<Bench>, variant: Variant) {
    Flow::begin(&bench, variant).await.run(&[("ui_locales", "se")]).await;
}

pub(super) async fn oidcc_claims_locales(bench: Rc<Bench>, variant: Variant) {
    Flow::begin(&bench, variant).await.run(&[("claims_locales", "se")]).await;
}

/// All values that are published are asked for; the ID token carries one of them.
pub(super) async fn oidcc_ensure_request_with_acr_values_succeeds(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let metadata = bench.metadata().await;
    let values = metadata["acr_values_supported"].as_array().expect("published values");
    let values: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    Flow::begin(&bench, variant).await.run(&[("acr_values", &values.join(" "))]).await;
}

/// The request as a form from another site: no cookie comes with it, and none is needed.
pub(super) async fn oidcc_ensure_post_request_succeeds(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    let request = flow.request(&[]);
    let form: Vec<(&str, &str)> =
        request.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = flow.browser.post("/authorize", &form).await;
    let visit = flow.walk(answer).await;
    flow.complete(visit, &request).await;
    // Once more with a session: the cookies arrive after the redirect.
    let request = flow.request(&[("prompt", "none")]);
    let form: Vec<(&str, &str)> =
        request.pairs().iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let kept = std::mem::take(&mut flow.browser.cookies);
    let stored = flow.browser.send(Method::POST, "/authorize", Some(&form)).await;
    flow.browser.cookies = kept;
    let answer = flow.browser.get(&stored.location().expect("an address")).await;
    let visit = Visit { answer, was_login_shown: false, was_consent_shown: false };
    flow.complete(visit, &request).await;
}

/// RFC 7636 with S256.
pub(super) async fn oidcc_ensure_request_with_valid_pkce_succeeds(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let mut flow = Flow::begin(&bench, variant).await;
    flow.verifier = Some(VERIFIER);
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    flow.run(&[("code_challenge", challenge), ("code_challenge_method", "S256")]).await;
}
