//! What it does to get tokens: response types and grant types (RFC 7591 §2.1).

use super::{Problems, auth_method};
use crate::protocol::{AuthMethod, ClientMetadata, Flow, ResponseType};

pub(super) const CODE_GRANT: &str = "authorization_code";
pub(super) const REFRESH_GRANT: &str = "refresh_token";
pub(super) const IMPLICIT_GRANT: &str = "implicit";
const OWN_GRANT: &str = "client_credentials";
/// Grant types that metadata written for other providers commonly names. A client may register
/// them; the token endpoint still serves only those it advertises.
const GRANT_TYPES: [&str; 5] = [
    CODE_GRANT,
    REFRESH_GRANT,
    OWN_GRANT,
    IMPLICIT_GRANT,
    "urn:ietf:params:oauth:grant-type:device_code",
];

pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    check_response_types(metadata, problems);
    check_grant_types(metadata, problems);
    check_that_they_fit(metadata, problems);
    // RFC 6749 §4.4: only a client that can prove who it is may speak for itself.
    let speaks_for_itself =
        metadata.grant_types.as_ref().is_some_and(|types| has(types, OWN_GRANT));
    let is_public = auth_method(metadata) == AuthMethod::None;
    let needs_proof = "client_credentials needs a client that proves who it is";
    problems.add_if(speaks_for_itself && is_public, "grant_types", needs_proof);
}

fn check_response_types(metadata: &ClientMetadata, problems: &mut Problems) {
    for kind in metadata.response_types.iter().flatten() {
        if ResponseType::parse(kind).is_none() {
            let known = ResponseType::ALL.map(ResponseType::as_str).join(", ");
            problems.add_about("response_types", kind, format!("is none of {known}"));
        }
    }
}

fn check_grant_types(metadata: &ClientMetadata, problems: &mut Problems) {
    for grant in metadata.grant_types.iter().flatten() {
        if grant == "password" {
            // RFC 9700 §2.4.
            problems.add("grant_types", "password is never served: apps must not see passwords");
        } else if !GRANT_TYPES.contains(&grant.as_str()) {
            let known = GRANT_TYPES.join(", ");
            problems.add_about("grant_types", grant, format!("is none of {known}"));
        }
    }
}

/// Every response type needs its grant types, and the code grant a response type with a code.
fn check_that_they_fit(metadata: &ClientMetadata, problems: &mut Problems) {
    let (types, grants) = (response_types(metadata), grant_types(metadata));
    let has_code = types.iter().any(|kind| kind.code);
    let names_code = has(&grants, CODE_GRANT);
    let pair = "authorization_code here and code in response_types need each other";
    problems.add_if(has_code != names_code, "grant_types", pair);
    let has_implicit = types.iter().any(|kind| kind.flow() != Flow::Code);
    let names_implicit = has(&grants, IMPLICIT_GRANT);
    let pair = "id_token and token in response_types need implicit here";
    problems.add_if(has_implicit && !names_implicit, "grant_types", pair);
    problems.add_if(grants.is_empty(), "grant_types", "names nothing that it may do");
}

/// The response types it asks for, those of its grant types when it does not say.
pub(super) fn response_types(metadata: &ClientMetadata) -> Vec<ResponseType> {
    match (&metadata.response_types, &metadata.grant_types) {
        (Some(types), _) => types.iter().filter_map(|kind| ResponseType::parse(kind)).collect(),
        (None, Some(grants)) if !has(grants, CODE_GRANT) => Vec::new(),
        (None, _) => vec![ResponseType::CODE],
    }
}

/// The grant types it asks for, those of its response types when it does not say.
pub(super) fn grant_types(metadata: &ClientMetadata) -> Vec<String> {
    if let Some(grants) = &metadata.grant_types {
        return grants.clone();
    }
    let types = response_types(metadata);
    let code = types.iter().any(|kind| kind.code).then_some(CODE_GRANT);
    let implicit = types.iter().any(|kind| kind.flow() != Flow::Code).then_some(IMPLICIT_GRANT);
    code.into_iter().chain(implicit).map(str::to_owned).collect()
}

/// Whether browsers come back to it.
pub(super) fn has_answers(metadata: &ClientMetadata) -> bool {
    let grants = grant_types(metadata);
    has(&grants, CODE_GRANT) || has(&grants, IMPLICIT_GRANT)
}

pub(super) fn has(list: &[String], wanted: &str) -> bool {
    list.iter().any(|one| one == wanted)
}
