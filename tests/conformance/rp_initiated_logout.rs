//! Signing out at the client's wish (RP-Initiated Logout).

use std::rc::Rc;

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::bench::Bench;
use super::client::ClientKey;
use super::flow::{Flow, Pairs, Signed};
use super::prompts::NEEDS_A_PAGE;
use super::variant::Variant;
use crate::support::{Answer, payload};

/// Where the client wants its people afterwards.
pub(super) const AFTERWARDS: &str = "https://rp.example/test/a/tessera/post_logout_redirect";

/// A client with that address, and somebody signed in to it.
pub(super) async fn signed_in(
    bench: &Rc<Bench>,
    variant: Variant,
    mut metadata: Value,
) -> (Flow, Signed) {
    metadata["post_logout_redirect_uris"] = json!([AFTERWARDS]);
    let mut flow = Flow::begin_with(bench, variant, metadata).await;
    let signed = flow.run(&[]).await;
    (flow, signed)
}

/// Opens the end of the session and says yes when asked.
pub(super) async fn sign_out(flow: &mut Flow, pairs: &[(&str, &str)]) -> Answer {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    let page = flow.browser.get(&format!("/end_session?{}", query.finish())).await;
    if page.has("logout-confirm") { flow.browser.submit(&page, &[]).await } else { page }
}

/// The browser arrived where the client wants it, with this and nothing else.
pub(super) fn assert_afterwards(answer: &Answer, state: Option<&str>) {
    let to = url::Url::parse(&answer.to_app()).expect("an address");
    let mut bare = to.clone();
    bare.set_query(None);
    assert_eq!(bare.as_str(), AFTERWARDS);
    let pairs: Pairs = to.query_pairs().into_owned().collect();
    let expected: Pairs =
        state.map(|state| ("state".to_owned(), state.to_owned())).into_iter().collect();
    assert_eq!(pairs, expected);
}

/// Nobody is sent anywhere: a page of ours says what happened.
fn assert_no_way_on(answer: &Answer) {
    assert!(answer.location().is_none() && answer.header("refresh").is_none());
    assert!(!answer.body.contains(AFTERWARDS), "{}", answer.body);
    assert!(answer.has("logged-out") || answer.has("error-page"), "{}", answer.body);
}

/// A silent request is refused: the session is over.
pub(super) async fn assert_signed_out(flow: &mut Flow) {
    let request = flow.request(&[("prompt", "none")]);
    let visit = flow.visit(&request).await;
    flow.assert_refused(&visit.answer, &request, &NEEDS_A_PAGE);
}

/// A state as long as the suite's.
pub(super) fn long_state() -> String {
    "sT4-._~x".repeat(16)
}

pub(super) async fn oidcc_rp_initiated_logout(bench: Rc<Bench>, variant: Variant) {
    let (mut flow, signed) = signed_in(&bench, variant, json!({})).await;
    let state = long_state();
    let pairs = [
        ("id_token_hint", signed.id_token.as_str()),
        ("post_logout_redirect_uri", AFTERWARDS),
        ("state", &state),
    ];
    let answer = sign_out(&mut flow, &pairs).await;
    assert_afterwards(&answer, Some(&state));
    assert_signed_out(&mut flow).await;
}

pub(super) async fn oidcc_rp_initiated_logout_no_state(bench: Rc<Bench>, variant: Variant) {
    let (mut flow, signed) = signed_in(&bench, variant, json!({})).await;
    let hint = signed.id_token.as_str();
    let pairs = [("id_token_hint", hint), ("post_logout_redirect_uri", AFTERWARDS)];
    let answer = sign_out(&mut flow, &pairs).await;
    assert_afterwards(&answer, None);
    assert_signed_out(&mut flow).await;
}

/// Signs out with these parameters beside the state, and ends on a page of ours.
async fn stays_with_us(bench: &Rc<Bench>, variant: Variant, hint: Hint, uri: &str) {
    let (mut flow, signed) = signed_in(bench, variant, json!({})).await;
    let hint = match hint {
        Hint::Valid => signed.id_token,
        Hint::Absent => String::new(),
        Hint::Unsigned => unsigned(&signed.id_token),
        Hint::SignedByClient => signed_by_client(bench, &flow, &signed.id_token),
    };
    let state = long_state();
    let pairs =
        [("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", uri), ("state", &state)];
    let answer = sign_out(&mut flow, &pairs).await;
    assert_no_way_on(&answer);
}

enum Hint {
    Valid,
    Absent,
    Unsigned,
    SignedByClient,
}

/// The same claims with `alg` none.
fn unsigned(token: &str) -> String {
    use base64::Engine as _;
    let head = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
    let claims = token.split('.').nth(1).expect("claims");
    format!("{head}.{claims}.")
}

/// A token that the client made itself: issuer and audience are the wrong way round.
fn signed_by_client(bench: &Bench, flow: &Flow, token: &str) -> String {
    let mut claims = payload(token);
    claims["iss"] = json!(flow.client.client_id);
    claims["aud"] = json!(bench.app.url);
    ClientKey::first().sign(&claims, None)
}

pub(super) async fn oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let other = format!("{AFTERWARDS}/not-registered");
    stays_with_us(&bench, variant, Hint::Valid, &other).await;
}

pub(super) async fn oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(
    bench: Rc<Bench>,
    variant: Variant,
) {
    stays_with_us(&bench, variant, Hint::Valid, &format!("{AFTERWARDS}?foo=bar")).await;
}

pub(super) async fn oidcc_rp_initiated_logout_modified_id_token_hint(
    bench: Rc<Bench>,
    variant: Variant,
) {
    stays_with_us(&bench, variant, Hint::Unsigned, AFTERWARDS).await;
}

pub(super) async fn oidcc_rp_initiated_logout_bad_id_token_hint(
    bench: Rc<Bench>,
    variant: Variant,
) {
    stays_with_us(&bench, variant, Hint::SignedByClient, AFTERWARDS).await;
}

/// Without a hint nobody knows whose address that is.
pub(super) async fn oidcc_rp_initiated_logout_no_id_token_hint(bench: Rc<Bench>, variant: Variant) {
    stays_with_us(&bench, variant, Hint::Absent, AFTERWARDS).await;
}

/// Ends on the page that says so, and the session is over.
async fn ends_signed_out(bench: &Rc<Bench>, variant: Variant, has_hint: bool, state: &str) {
    let (mut flow, signed) = signed_in(bench, variant, json!({})).await;
    let hint = if has_hint { signed.id_token.as_str() } else { "" };
    let answer = sign_out(&mut flow, &[("id_token_hint", hint), ("state", state)]).await;
    assert!(answer.has("logged-out"), "{}", answer.body);
    assert_no_way_on(&answer);
    assert_signed_out(&mut flow).await;
}

pub(super) async fn oidcc_rp_initiated_logout_no_params(bench: Rc<Bench>, variant: Variant) {
    ends_signed_out(&bench, variant, false, "").await;
}

pub(super) async fn oidcc_rp_initiated_logout_only_state(bench: Rc<Bench>, variant: Variant) {
    ends_signed_out(&bench, variant, false, &long_state()).await;
}

pub(super) async fn oidcc_rp_initiated_logout_no_post_logout_redirect_uri(
    bench: Rc<Bench>,
    variant: Variant,
) {
    ends_signed_out(&bench, variant, true, &long_state()).await;
}
