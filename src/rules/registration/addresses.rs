//! Addresses: where answers may go, what we call, and what people click on.

use url::Url;

use super::texts::is_web_address;
use super::{MAX_LIST, MAX_URI, Problems, RegistrationPolicy, flows};
use crate::protocol::ClientMetadata;
use crate::protocol::redirect_uri::{check_registrable, is_loopback};

/// What is wrong with an address that must be safe on its way.
const SHAPE: &str = "must be an https address; http only to a loopback host";

pub(super) fn check(
    metadata: &ClientMetadata,
    policy: RegistrationPolicy,
    problems: &mut Problems,
) {
    check_ways_back(metadata, policy, problems);
    check_request_uris(metadata, policy, problems);
    let called = [
        ("jwks_uri", &metadata.jwks_uri),
        ("sector_identifier_uri", &metadata.sector_identifier_uri),
        ("frontchannel_logout_uri", &metadata.frontchannel_logout_uri),
        ("backchannel_logout_uri", &metadata.backchannel_logout_uri),
    ];
    for (member, address) in called {
        let Some(address) = address else { continue };
        problems.add_if(!is_safe(address, policy), member, SHAPE);
        // Front-Channel Logout §2, Back-Channel Logout §2.2: there is none in a call.
        problems.add_if(address.contains('#'), member, "must have no fragment (#)");
    }
    let shown = [
        ("client_uri", &metadata.client_uri),
        ("logo_uri", &metadata.logo_uri),
        ("policy_uri", &metadata.policy_uri),
        ("tos_uri", &metadata.tos_uri),
        ("initiate_login_uri", &metadata.initiate_login_uri),
    ];
    for (member, address) in shown {
        // People click on these, or their browser loads them.
        let is_wrong = address.as_ref().is_some_and(|address| !is_safe(address, policy));
        problems.add_if(is_wrong, member, SHAPE);
    }
}

fn check_ways_back(metadata: &ClientMetadata, policy: RegistrationPolicy, problems: &mut Problems) {
    let is_missing = flows::has_answers(metadata) && metadata.redirect_uris.is_empty();
    problems.add_if(is_missing, "redirect_uris", "at least one is needed to send people back");
    let lists = [
        ("redirect_uris", &metadata.redirect_uris),
        ("post_logout_redirect_uris", &metadata.post_logout_redirect_uris),
    ];
    for (member, uris) in lists {
        problems.add_if(uris.len() > MAX_LIST, member, "more than 100 addresses");
        for uri in uris.iter().take(MAX_LIST) {
            if let Err(problem) = check_registrable(uri, policy.is_dev) {
                problems.add_about(member, uri, problem.to_string());
            }
        }
    }
}

/// OpenID Connect Registration §2: these may have a fragment, which names a version.
fn check_request_uris(
    metadata: &ClientMetadata,
    policy: RegistrationPolicy,
    problems: &mut Problems,
) {
    let uris = &metadata.request_uris;
    problems.add_if(uris.len() > MAX_LIST, "request_uris", "more than 100 addresses");
    for uri in uris.iter().take(MAX_LIST).filter(|uri| !is_safe(uri, policy)) {
        problems.add_about("request_uris", uri, SHAPE);
    }
}

/// Whether nobody on the way reads or changes what travels to `address`.
fn is_safe(address: &str, policy: RegistrationPolicy) -> bool {
    let is_loopback = |url: &Url| url.host().is_some_and(|host| is_loopback(&host));
    address.len() <= MAX_URI
        && is_web_address(address)
        && Url::parse(address)
            .is_ok_and(|url| url.scheme() == "https" || policy.is_dev || is_loopback(&url))
}
