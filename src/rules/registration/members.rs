//! The members of client metadata, one by one.

use serde_json::{Map, Value};

use super::{MetadataProblem, Problems};
use crate::protocol::ClientMetadata;

/// The members that this version acts on, for suggesting one when somebody mistypes.
pub const MEMBERS: [&str; 51] = [
    "client_id",
    "client_secret",
    "client_name",
    "redirect_uris",
    "post_logout_redirect_uris",
    "response_types",
    "grant_types",
    "token_endpoint_auth_method",
    "token_endpoint_auth_signing_alg",
    "scope",
    "jwks",
    "jwks_uri",
    "subject_type",
    "sector_identifier_uri",
    "request_uris",
    "request_object_signing_alg",
    "require_signed_request_object",
    "require_pushed_authorization_requests",
    "id_token_signed_response_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_signed_response_alg",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "introspection_signed_response_alg",
    "access_token_signed_response_alg",
    "default_max_age",
    "default_acr_values",
    "minimum_acr",
    "require_auth_time",
    "frontchannel_logout_uri",
    "frontchannel_logout_session_required",
    "backchannel_logout_uri",
    "backchannel_logout_session_required",
    "client_uri",
    "logo_uri",
    "policy_uri",
    "tos_uri",
    "initiate_login_uri",
    "contacts",
    "application_type",
    "software_id",
    "software_version",
    "first_party",
    "require_pkce",
    "id_token_claims",
    "email_verified",
    "resources",
    "audience",
    "refresh_rotation",
    "client_assertion_audience",
];

/// Members of other specifications that make a client safer. Whoever asks for one must not
/// believe that it is in force.
const TIGHTENING: [&str; 6] = [
    "dpop_bound_access_tokens",
    "tls_client_certificate_bound_access_tokens",
    "authorization_signed_response_alg",
    "authorization_encrypted_response_alg",
    "introspection_encrypted_response_alg",
    "request_object_encryption_alg",
];

/// Refuses members that would tighten what this version cannot tighten.
pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    for member in TIGHTENING {
        let asked = metadata.unknown.get(member);
        let is_asked =
            asked.is_some_and(|value| !matches!(value, Value::Null | Value::Bool(false)));
        problems.add_if(is_asked, member, "this version cannot do it: leave it out");
    }
}

/// Reads metadata from an object. `null` is as good as nothing (RFC 7592 §2.2).
///
/// # Errors
/// Every member whose value is of the wrong kind, or a word that is not known.
pub fn read(object: Map<String, Value>) -> Result<ClientMetadata, Vec<MetadataProblem>> {
    let object: Map<String, Value> =
        object.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let is_wrong = |member: &&str| {
        object.get(*member).is_some_and(|value| {
            let alone = Map::from_iter([((*member).to_owned(), value.clone())]);
            serde_json::from_value::<ClientMetadata>(Value::Object(alone)).is_err()
        })
    };
    let problem = "is of the wrong type, or a value that is not served here";
    let problems: Vec<MetadataProblem> = MEMBERS
        .into_iter()
        .filter(is_wrong)
        .map(|member| MetadataProblem::new(member, problem))
        .collect();
    if !problems.is_empty() {
        return Err(problems);
    }
    // What stands alone may stand together: no member is read from two others.
    serde_json::from_value(Value::Object(object))
        .map_err(|_| vec![MetadataProblem::new("client_name", "the metadata cannot be read")])
}
