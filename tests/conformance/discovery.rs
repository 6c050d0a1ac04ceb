//! The discovery document and the keys, over https as the suite demands.

use std::rc::Rc;

use serde_json::{Value, json};

use super::bench::{Bench, Offer};
use super::checks::{assert_https_issuer, check_jwks, check_metadata};
use super::variant::{Registration, Variant};

/// The metadata of a provider, everything in it checked: by default for clients that its operator
/// makes, with everything on for clients that register themselves.
async fn checked(variant: Variant) -> Value {
    let bench = Bench::with(match variant.registration {
        Registration::Static => Offer::Default,
        Registration::Dynamic => Offer::Everything,
    })
    .await;
    let path = "/.well-known/openid-configuration";
    let metadata = bench.metadata().await;
    check_metadata(&metadata, &bench.app.url, variant.registration);
    assert_https_issuer(&metadata, &format!("{}{path}", bench.app.url));
    check_jwks(&bench.document("/jwks").await);
    metadata
}

pub(super) async fn oidcc_discovery_endpoint_verification(_: Rc<Bench>, variant: Variant) {
    checked(variant).await;
}

pub(super) async fn oidcc_rp_initiated_logout_discovery_endpoint_verification(
    _: Rc<Bench>,
    variant: Variant,
) {
    assert!(checked(variant).await["end_session_endpoint"].is_string());
}

pub(super) async fn oidcc_frontchannel_logout_discovery_endpoint_verification(
    _: Rc<Bench>,
    variant: Variant,
) {
    let metadata = checked(variant).await;
    assert!(metadata["end_session_endpoint"].is_string());
    assert_eq!(metadata["frontchannel_logout_supported"], json!(true));
    assert_eq!(metadata["frontchannel_logout_session_supported"], json!(true));
}

pub(super) async fn oidcc_backchannel_logout_discovery_endpoint_verification(
    _: Rc<Bench>,
    variant: Variant,
) {
    let metadata = checked(variant).await;
    assert!(metadata["end_session_endpoint"].is_string());
    assert_eq!(metadata["backchannel_logout_supported"], json!(true));
    assert_eq!(metadata["backchannel_logout_session_supported"], json!(true));
}

pub(super) async fn oidcc_session_management_discovery_endpoint_verification(
    _: Rc<Bench>,
    variant: Variant,
) {
    let metadata = checked(variant).await;
    assert!(metadata["end_session_endpoint"].is_string());
    assert!(metadata["check_session_iframe"].is_string());
}
