//! Codes that are used twice, and clients that prove who they are.

use std::rc::Rc;

use reqwest::Method;

use super::bench::Bench;
use super::checks::{check_token_response, expect_token_error};
use super::client::ASSERTION_TYPE;
use super::flow::Flow;
use super::variant::Variant;

/// The second use of a code is refused, and what the first one gave is taken back.
async fn code_works_once(bench: &Rc<Bench>, variant: Variant, seconds: u64) {
    let signed_in = &mut Flow::begin(bench, variant).await;
    let signed = signed_in.run(&[]).await;
    let code = signed.code.as_deref().expect("a code");
    bench.wait(seconds);
    expect_token_error(signed_in.try_to_redeem(code).await, &["invalid_grant"]).await;
    let token = signed.tokens["access_token"].as_str().expect("a token");
    let answer = bench.ask(Method::GET, "/userinfo").bearer_auth(token).send().await;
    assert!(answer.expect("an answer").status().is_client_error());
}

pub(super) async fn oidcc_codereuse(bench: Rc<Bench>, variant: Variant) {
    code_works_once(&bench, variant, 0).await;
}

pub(super) async fn oidcc_codereuse_30seconds(bench: Rc<Bench>, variant: Variant) {
    code_works_once(&bench, variant, 30).await;
}

/// An assertion that names the issuer instead of the token endpoint is as good.
pub(super) async fn oidcc_ensure_client_assertion_with_iss_aud_succeeds(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let mut flow = Flow::begin(&bench, variant).await;
    let request = flow.request(&[]);
    let visit = flow.visit(&request).await;
    let pairs = flow.arrived(&visit.answer);
    let code = super::flow::value(&pairs, "code").expect("a code");
    let client = &flow.client;
    let assertion = client.assertion(&bench, &bench.app.url, client.key, None);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", &client.redirect_uri),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", &assertion),
    ];
    let answer = bench.ask(Method::POST, "/token").form(&form).send().await;
    check_token_response(answer.expect("an answer")).await;
}
