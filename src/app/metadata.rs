//! Discovery (OpenID Connect Discovery §3, RFC 8414 §2), the key set, and who may read them from
//! a browser.

use serde_json::{Value, json};

use crate::app::{Fault, Issuer, session_state};
use crate::pages::Locale;
use crate::protocol::{AuthMethod, Flow, ResponseMode, ResponseType, ScopeSet, SigningAlgorithm};
use crate::rules::session::ACR_VALUES;
use crate::rules::token::GRANT_TYPES;
use crate::store::clients;

/// Both metadata documents: they are one. Nothing stands in it that does not work, and nothing
/// in it depends on the request.
pub fn discovery(issuer: &Issuer) -> Value {
    let base = issuer.url();
    let algorithms = SigningAlgorithm::ALL.map(SigningAlgorithm::as_str);
    let client_algorithms: Vec<&str> = algorithms.into_iter().chain(["HS256"]).collect();
    let switches = issuer.settings.response_types;
    let is_served = |kind: &ResponseType| match kind.flow() {
        Flow::Code => true,
        Flow::Implicit => switches.implicit,
        Flow::Hybrid => switches.hybrid,
    };
    let response_types: Vec<&str> =
        ResponseType::ALL.into_iter().filter(is_served).map(ResponseType::as_str).collect();
    let implicit = (switches.implicit || switches.hybrid).then_some("implicit");
    let grant_types: Vec<&str> = GRANT_TYPES.into_iter().chain(implicit).collect();
    let proving: Vec<&str> = AuthMethod::ALL
        .into_iter()
        .filter(|method| *method != AuthMethod::None)
        .map(AuthMethod::as_str)
        .collect();
    let scopes: Vec<&str> =
        ScopeSet::STANDARD.into_iter().chain([ScopeSet::OFFLINE_ACCESS]).collect();
    let mut document = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "jwks_uri": format!("{base}/jwks"),
        "end_session_endpoint": format!("{base}/end_session"),
        "introspection_endpoint": format!("{base}/introspect"),
        "revocation_endpoint": format!("{base}/revoke"),
        "pushed_authorization_request_endpoint": format!("{base}/par"),
        "scopes_supported": scopes,
        "response_types_supported": response_types,
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::as_str),
        "grant_types_supported": grant_types,
        "subject_types_supported": ["public", "pairwise"],
        "acr_values_supported": ACR_VALUES,
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": AuthMethod::ALL.map(AuthMethod::as_str),
        "token_endpoint_auth_signing_alg_values_supported": client_algorithms,
        "introspection_endpoint_auth_methods_supported": proving,
        "introspection_endpoint_auth_signing_alg_values_supported": client_algorithms,
        "introspection_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": AuthMethod::ALL.map(AuthMethod::as_str),
        "revocation_endpoint_auth_signing_alg_values_supported": client_algorithms,
        "request_object_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claim_types_supported": ["normal"],
        "claims_supported": CLAIMS,
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "require_pushed_authorization_requests": false,
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "authorization_response_iss_parameter_supported": true,
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    if session_state::is_served(issuer) {
        document["check_session_iframe"] = json!(format!("{base}/check_session"));
    }
    document
}

const CLAIMS: [&str; 31] = [
    "iss",
    "sub",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "acr",
    "amr",
    "at_hash",
    "sid",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "address",
    "groups",
];

/// The published keys (RFC 7517 §5).
pub fn jwks(issuer: &Issuer) -> Value {
    issuer.keys.ring().jwks()
}

/// Whether a browser app at `origin` may read the answers of the token and userinfo endpoints:
/// some enabled client has a redirect URI there.
///
/// # Errors
/// When the store does not answer.
pub async fn may_read_from(issuer: &Issuer, origin: &str) -> Result<bool, Fault> {
    let origin = origin.to_owned();
    Ok(issuer.store.read(move |db| clients::is_origin_registered(db, &origin)).await?)
}
