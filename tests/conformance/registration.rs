//! What a client registers about itself (OpenID Connect Registration §2).

use std::rc::Rc;

use reqwest::Method;
use serde_json::{Value, json};

use super::bench::{Bench, USERNAME};
use super::checks::content_type;
use super::client::{ClientKey, REDIRECT_URI};
use super::flow::Flow;
use super::variant::Variant;
use crate::support::PASSWORD;

/// The page on which a person is asked for `flow`'s client.
async fn consent_page(flow: &mut Flow) -> String {
    let request = flow.request(&[]);
    let mut page = flow.browser.get(&request.url(&flow.bench)).await;
    if page.has("login-submit") {
        let fields = [("username", USERNAME), ("password", PASSWORD)];
        page = flow.browser.submit(&page, &fields).await;
    }
    assert!(page.has("consent-allow"), "{}", page.body);
    page.body
}

async fn shows_link(bench: &Rc<Bench>, variant: Variant, member: &str) {
    let address = format!("https://rp.example/{member}");
    let mut flow = Flow::begin_with(bench, variant, json!({ member: address })).await;
    assert_eq!(flow.client.registered[member], json!(address));
    let page = consent_page(&mut flow).await;
    assert!(page.contains(&format!("href=\"{address}\"")), "{page}");
}

pub(super) async fn oidcc_registration_policy_uri(bench: Rc<Bench>, variant: Variant) {
    shows_link(&bench, variant, "policy_uri").await;
}

pub(super) async fn oidcc_registration_tos_uri(bench: Rc<Bench>, variant: Variant) {
    shows_link(&bench, variant, "tos_uri").await;
}

/// The key set lies at the client's.
pub(super) async fn oidcc_registration_jwks_uri(bench: Rc<Bench>, variant: Variant) {
    let keys = json!({ "keys": [ClientKey::first().public(Some("first"))] }).to_string();
    let jwks_uri = bench.server.serve("/registered-jwks", "application/json", keys);
    let metadata = json!({ "jwks": null, "jwks_uri": jwks_uri });
    let mut flow = Flow::begin_with(&bench, variant, metadata).await;
    flow.client.kid = Some("first");
    flow.run(&[]).await;
    assert_eq!(bench.server.next("/registered-jwks").await.method, "GET");
}

fn pairwise(sector: &str) -> Value {
    json!({
        "subject_type": "pairwise", "redirect_uris": [REDIRECT_URI],
        "sector_identifier_uri": sector,
    })
}

async fn assert_pairwise_is_offered(bench: &Bench) {
    let metadata = bench.metadata().await;
    let offered = metadata["subject_types_supported"].as_array().expect("types");
    assert!(offered.contains(&json!("pairwise")));
}

/// Two clients of one sector see one `sub`, which is not the public one.
pub(super) async fn oidcc_registration_sector_uri(bench: Rc<Bench>, variant: Variant) {
    assert_pairwise_is_offered(&bench).await;
    let list = json!([REDIRECT_URI, "https://rp.example/other"]).to_string();
    let sector = bench.server.serve("/sector", "application/json", list);
    let mut subjects = Vec::new();
    for metadata in [pairwise(&sector), pairwise(&sector), json!({})] {
        let signed = Flow::begin_with(&bench, variant, metadata).await.run(&[]).await;
        subjects.push(signed.claims["sub"].clone());
    }
    assert!(subjects[0] == subjects[1] && subjects[0] != subjects[2], "{subjects:?}");
}

/// The list does not hold the client's address.
pub(super) async fn oidcc_registration_sector_bad(bench: Rc<Bench>, _: Variant) {
    assert_pairwise_is_offered(&bench).await;
    let list = json!(["https://rp.example/other"]).to_string();
    let sector = bench.server.serve("/bad-sector", "application/json", list);
    bench.expect_unregistrable(pairwise(&sector), &["invalid_client_metadata"]).await;
}

/// The address is echoed, and the management endpoint tells it (RFC 7592 §2.1).
pub(super) async fn oidcc_3rd_party_init_login(bench: Rc<Bench>, variant: Variant) {
    let address = "https://rp.example/initiate";
    let flow = Flow::begin_with(&bench, variant, json!({ "initiate_login_uri": address })).await;
    let registered = &flow.client.registered;
    assert_eq!(registered["initiate_login_uri"], address);
    let text = |name: &str| registered[name].as_str().expect("text");
    let request = bench.ask(Method::GET, text("registration_client_uri"));
    let request = request.bearer_auth(text("registration_access_token"));
    let answer = request.send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), content_type(answer.headers())),
        (200, "application/json")
    );
    let configuration: Value = answer.json().await.expect("JSON");
    assert_eq!(configuration["initiate_login_uri"], address);
}

pub(super) async fn oidcc_3rd_party_init_login_nohttps(bench: Rc<Bench>, _: Variant) {
    let metadata = json!({
        "redirect_uris": [REDIRECT_URI], "initiate_login_uri": "http://rp.example/initiate",
    });
    bench.expect_unregistrable(metadata, &["invalid_client_metadata"]).await;
}

/// A picture of one pixel.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/// The page shows the client's logo: our own copy of it, so that no page of ours makes a browser
/// call somebody else.
pub(super) async fn oidcc_registration_logo_uri(bench: Rc<Bench>, variant: Variant) {
    use base64::Engine as _;
    let picture = base64::engine::general_purpose::STANDARD.decode(PNG).expect("a picture");
    let logo = bench.server.serve("/logo.png", "image/png", picture);
    let mut flow = Flow::begin_with(&bench, variant, json!({ "logo_uri": logo })).await;
    assert_eq!(flow.client.registered["logo_uri"], json!(logo));
    assert_eq!(bench.server.next("/logo.png").await.method, "GET");
    let mut page = consent_page(&mut flow).await;
    // Our copy is made beside the requests: a page that comes sooner goes without.
    for _ in 0..200 {
        if page.contains("<img") {
            break;
        }
        let request = flow.request(&[]);
        page = flow.browser.get(&request.url(&flow.bench)).await.body;
    }
    let source = page.split("<img").nth(1).and_then(|rest| rest.split("src=\"").nth(1));
    let source = source.and_then(|rest| rest.split('"').next());
    let source = source.unwrap_or_else(|| panic!("no picture: {page}"));
    let answer = bench.ask(Method::GET, source).send().await.expect("an answer");
    assert!(answer.status() == 200 && content_type(answer.headers()).starts_with("image/"));
}
