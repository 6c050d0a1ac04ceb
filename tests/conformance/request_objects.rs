//! Requests that come as a JWT (OpenID Connect Core §6).

use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::bench::Bench;
use super::client::REDIRECT_URI;
use super::flow::{Flow, Request};
use super::variant::{Registration, Variant};

/// The parameters of a request as the claims of an object.
fn claims(request: &Request) -> Map<String, Value> {
    let pairs = request.pairs().iter();
    pairs.map(|(name, value)| (name.clone(), json!(value))).collect()
}

fn unsigned(claims: &Map<String, Value>) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = Value::Object(claims.clone());
    format!("{}.{}.", part(&json!({ "alg": "none" })), part(&claims))
}

/// The reason why the suite skips modules with unsigned objects: the list names no `none`.
async fn assert_none_is_not_offered(bench: &Bench) {
    let metadata = bench.metadata().await;
    let offered = metadata["request_object_signing_alg_values_supported"].as_array();
    let offered = offered.expect("a list");
    assert!(!offered.is_empty() && !offered.contains(&json!("none")), "{offered:?}");
}

const REFUSED: [&str; 2] = ["invalid_request_object", "request_not_supported"];
const REFUSED_BY_REFERENCE: [&str; 3] =
    ["invalid_request_object", "request_uri_not_supported", "invalid_request_uri"];

/// An unsigned object is refused as such, and never ignored.
async fn refuses_unsigned(bench: &Rc<Bench>, variant: Variant, redirect_uri: &str) {
    assert_none_is_not_offered(bench).await;
    let mut flow = Flow::begin(bench, variant).await;
    let inside = flow.request(&[]);
    let object = unsigned(&claims(&inside));
    let request = flow.request(&[("request", &object), ("redirect_uri", redirect_uri)]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown);
    if redirect_uri == REDIRECT_URI {
        flow.assert_refused(&visit.answer, &request, &REFUSED);
    } else {
        flow.assert_error_page(&visit.answer);
    }
}

pub(super) async fn oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    bench: Rc<Bench>,
    variant: Variant,
) {
    refuses_unsigned(&bench, variant, REDIRECT_URI).await;
}

/// A good address inside an unsigned object does not cure a bad one outside.
pub(super) async fn oidcc_ensure_request_object_with_redirect_uri(
    bench: Rc<Bench>,
    variant: Variant,
) {
    refuses_unsigned(&bench, variant, &format!("{REDIRECT_URI}/not-registered")).await;
}

async fn refuses_unsigned_by_reference(bench: &Rc<Bench>, variant: Variant) {
    assert_none_is_not_offered(bench).await;
    let path = format!("/{}", bench.unique("request"));
    let request_uri = format!("{}{path}", bench.server.url);
    let registered = json!({ "request_uris": [request_uri] });
    let mut flow = Flow::begin_with(bench, variant, registered).await;
    let inside = flow.request(&[]);
    bench.server.serve(&path, "application/jwt", unsigned(&claims(&inside)));
    let request = flow.request(&[("request_uri", &request_uri)]);
    let visit = flow.visit(&request).await;
    assert!(!visit.was_login_shown);
    flow.assert_refused(&visit.answer, &request, &REFUSED_BY_REFERENCE);
}

pub(super) async fn oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    bench: Rc<Bench>,
    variant: Variant,
) {
    refuses_unsigned_by_reference(&bench, variant).await;
}

pub(super) async fn oidcc_request_uri_unsigned(bench: Rc<Bench>, variant: Variant) {
    refuses_unsigned_by_reference(&bench, variant).await;
}

/// A signed object at a registered address, fragment and all. It holds state and nonce, which
/// stand nowhere else; it has an issuer and an audience, and no times.
pub(super) async fn oidcc_request_uri_signed_rs256(bench: Rc<Bench>, variant: Variant) {
    assert_eq!(variant.registration, Registration::Dynamic);
    let metadata = bench.metadata().await;
    assert_ne!(metadata["request_uri_parameter_supported"], json!(false));
    let offered = metadata["request_object_signing_alg_values_supported"].as_array();
    assert!(offered.expect("a list").contains(&json!("RS256")));
    let path = format!("/{}", bench.unique("request"));
    let request_uri = format!("{}{path}#{}", bench.server.url, bench.unique("fragment"));
    let registered =
        json!({ "request_uris": [request_uri], "request_object_signing_alg": "RS256" });
    let mut flow = Flow::begin_with(&bench, variant, registered).await;
    let inside = flow.request(&[]);
    let mut object = claims(&inside);
    object.insert("iss".to_owned(), json!(flow.client.client_id));
    object.insert("aud".to_owned(), json!(bench.app.url));
    let object = flow.client.key.sign(&Value::Object(object), None);
    bench.server.serve(&path, "application/jwt", object);
    let outside =
        [("request_uri", request_uri.as_str()), ("state", ""), ("nonce", ""), ("redirect_uri", "")];
    let request = flow.request(&outside);
    let visit = flow.visit(&request).await;
    flow.complete(visit, &inside).await;
    assert_eq!(bench.server.next(&path).await.method, "GET");
}
