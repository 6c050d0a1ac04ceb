//! How clients learn that somebody signed out: through the browser, directly, and by asking.

use std::rc::Rc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::bench::Bench;
use super::checks::{check_jwks, content_type, verified};
use super::flow::{Flow, Pairs};
use super::rp_initiated_logout::{
    AFTERWARDS, assert_afterwards, assert_signed_out, long_state, sign_out, signed_in,
};
use super::variant::Variant;

/// The page after signing out holds a frame of the client, and goes on to where it wants.
pub(super) async fn oidcc_frontchannel_rp_initiated_logout(bench: Rc<Bench>, variant: Variant) {
    let address = "https://rp.example/test/a/tessera/frontchannel_logout";
    let metadata = json!({
        "frontchannel_logout_uri": address, "frontchannel_logout_session_required": true,
    });
    let (mut flow, signed) = signed_in(&bench, variant, metadata).await;
    let sid = signed.claims["sid"].as_str().expect("a sid").to_owned();
    let state = long_state();
    let pairs = [
        ("id_token_hint", signed.id_token.as_str()),
        ("post_logout_redirect_uri", AFTERWARDS),
        ("state", &state),
    ];
    let page = sign_out(&mut flow, &pairs).await;
    let frames: Vec<String> = page
        .body
        .split("<iframe")
        .skip(1)
        .filter_map(|frame| frame.split("src=\"").nth(1)?.split('"').next())
        .map(|source| source.replace("&#38;", "&").replace("&amp;", "&"))
        .collect();
    let [frame] = frames.as_slice() else { panic!("{} frames: {}", frames.len(), page.body) };
    let frame = Url::parse(frame).expect("an address");
    let mut bare = frame.clone();
    bare.set_query(None);
    assert_eq!(bare.as_str(), address);
    let mut pairs: Pairs = frame.query_pairs().into_owned().collect();
    pairs.sort();
    let expected = [("iss".to_owned(), bench.app.url.clone()), ("sid".to_owned(), sid)];
    assert_eq!(pairs, expected);
    // The browser may load the frame, and then it goes on: with scripts or without.
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(policy.contains("frame-src") && policy.contains("https://rp.example"), "{policy}");
    assert_afterwards(&page, Some(&state));
    assert_signed_out(&mut flow).await;
}

/// A logout token arrives at the client, and says what it must (Back-Channel Logout §2.4).
pub(super) async fn oidcc_backchannel_rp_initiated_logout(bench: Rc<Bench>, variant: Variant) {
    let path = format!("/{}", bench.unique("backchannel_logout"));
    let metadata = json!({
        "backchannel_logout_uri": format!("{}{path}", bench.server.url),
        "backchannel_logout_session_required": true,
    });
    let (mut flow, signed) = signed_in(&bench, variant, metadata).await;
    let state = long_state();
    let pairs = [
        ("id_token_hint", signed.id_token.as_str()),
        ("post_logout_redirect_uri", AFTERWARDS),
        ("state", &state),
    ];
    let answer = sign_out(&mut flow, &pairs).await;
    assert_afterwards(&answer, Some(&state));
    let call = bench.server.next(&path).await;
    assert_eq!(
        (call.method.as_str(), call.content_type.as_str()),
        ("POST", "application/x-www-form-urlencoded")
    );
    let form: Pairs = url::form_urlencoded::parse(call.body.as_bytes()).into_owned().collect();
    let [(name, token)] = form.as_slice() else { panic!("{form:?}") };
    assert_eq!(name, "logout_token");
    let jwks = bench.document("/jwks").await;
    check_jwks(&jwks);
    check_logout_token(&bench, &verified(&jwks, token), &flow.client.client_id, &signed.claims);
    assert_signed_out(&mut flow).await;
}

fn check_logout_token(bench: &Bench, token: &Value, client_id: &str, id_token: &Value) {
    assert_eq!(token["iss"], json!(bench.app.url));
    assert_eq!(token["aud"], json!(client_id));
    let now = bench.app.clock_seconds();
    assert!(token["iat"].as_i64().is_some_and(|iat| (iat - now).abs() <= 300), "{token}");
    assert!(token["jti"].as_str().is_some_and(|jti| !jti.is_empty()), "{token}");
    let event = "http://schemas.openid.net/event/backchannel-logout";
    assert_eq!(token["events"], json!({ event: {} }));
    assert_eq!(token["sid"], id_token["sid"]);
    assert_eq!(token["sub"], id_token["sub"]);
    assert_eq!(token.get("nonce"), None);
}

/// The answer holds a session state; what the frame finds is the same until the person signs out.
/// That its script finds it, in an engine as old as the suite's, is a matter for a browser
/// (`tests/browser`); here the hash is made anew from what the script reads.
pub(super) async fn oidcc_session_management_rp_initiated_logout(
    bench: Rc<Bench>,
    variant: Variant,
) {
    let (mut flow, signed) = signed_in(&bench, variant, json!({})).await;
    let session_state = signed.visit.answer.told("session_state").expect("a session state");
    assert!(!session_state.contains(' '), "{session_state}");
    check_session_frame(&bench).await;
    assert_eq!(frame_finds(&flow, &session_state), "unchanged");
    let state = long_state();
    let pairs = [
        ("id_token_hint", signed.id_token.as_str()),
        ("post_logout_redirect_uri", AFTERWARDS),
        ("state", &state),
    ];
    let answer = sign_out(&mut flow, &pairs).await;
    assert_afterwards(&answer, Some(&state));
    assert_eq!(frame_finds(&flow, &session_state), "changed");
}

/// The page that clients load in a frame: nothing keeps it from being framed.
async fn check_session_frame(bench: &Bench) {
    let metadata = bench.metadata().await;
    let frame = metadata["check_session_iframe"].as_str().expect("an address");
    let answer = bench.ask(Method::GET, frame).send().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), content_type(answer.headers())), (200, "text/html"));
    assert!(answer.headers().get("x-frame-options").is_none());
    let policy = answer.headers().get("content-security-policy");
    let policy = policy.and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(!policy.contains("frame-ancestors"), "{policy}");
}

/// Session Management §3.2: the hash over client, origin, browser state and salt.
fn frame_finds(flow: &Flow, session_state: &str) -> &'static str {
    let (_, salt) = session_state.split_once('.').expect("a salt");
    let browser_state = &flow.browser.cookies["__Host-tessera-state"];
    let text = format!("{} https://rp.example {browser_state} {salt}", flow.client.client_id);
    let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()));
    if format!("{hash}.{salt}") == session_state { "unchanged" } else { "changed" }
}
