//! Where an answer may go, and where it must never go.

use std::rc::Rc;

use serde_json::json;

use super::bench::Bench;
use super::client::REDIRECT_URI;
use super::flow::Flow;
use super::variant::Variant;

/// An error page, whatever address is sent.
async fn goes_nowhere(flow: &mut Flow, redirect_uri: &str) {
    let request = flow.request(&[("redirect_uri", redirect_uri)]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown);
    flow.assert_error_page(&visit.answer);
}

pub(super) async fn oidcc_ensure_registered_redirect_uri(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    goes_nowhere(&mut flow, &format!("{REDIRECT_URI}/longer")).await;
}

/// With two registered, none can be guessed.
pub(super) async fn oidcc_ensure_redirect_uri_in_authorization_request(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let second = format!("{REDIRECT_URI}?dummy=second");
    let metadata = json!({ "redirect_uris": [REDIRECT_URI, second] });
    let mut flow = Flow::begin_with(&bench, variant, metadata).await;
    goes_nowhere(&mut flow, "").await;
}

async fn with_query(bench: &Rc<Bench>, variant: Variant) -> Flow {
    let metadata = json!({ "redirect_uris": [format!("{REDIRECT_URI}?dummy1=lorem")] });
    Flow::begin_with(bench, variant, metadata).await
}

/// A registered query stays as it is, with our parameters behind it.
pub(super) async fn oidcc_redirect_uri_query_ok(bench: Rc<Bench>, variant: Variant) {
    with_query(&bench, variant).await.run(&[]).await;
}

pub(super) async fn oidcc_redirect_uri_query_mismatch(bench: Rc<Bench>, variant: Variant) {
    let mut flow = with_query(&bench, variant).await;
    for other in ["?dummy1=ipsum", "?dummy1=lorem&dummy2=ipsum", "?dummy2=lorem", ""] {
        goes_nowhere(&mut flow, &format!("{REDIRECT_URI}{other}")).await;
    }
}

pub(super) async fn oidcc_redirect_uri_query_added(bench: Rc<Bench>, variant: Variant) {
    let mut flow = Flow::begin(&bench, variant).await;
    goes_nowhere(&mut flow, &format!("{REDIRECT_URI}?dummy1=lorem")).await;
}

pub(super) async fn oidcc_redirect_uri_regfrag(bench: Rc<Bench>, _: Variant) {
    let metadata = json!({ "redirect_uris": [format!("{REDIRECT_URI}#foobar")] });
    bench.expect_unregistrable(metadata, &["invalid_redirect_uri"]).await;
}
