//! Discovery (OpenID Connect Discovery §3, RFC 8414 §2), the key set, and who may read them from
//! a browser.

use serde_json::{Value, json};

use crate::app::{Fault, Issuer, session_state};
use crate::pages::Locale;
use crate::protocol::{
    AuthMethod, ContentEncryption, DynamicRegistration, Flow, KeyManagementAlgorithm, ResponseMode,
    ResponseType, ScopeSet, SigningAlgorithm,
};
use crate::rules::session::ACR_VALUES;
use crate::rules::token::GRANT_TYPES;
use crate::store::clients;

/// Both metadata documents: they are one. Nothing stands in it that does not work, and nothing
/// in it depends on the request.
pub fn discovery(issuer: &Issuer) -> Value {
    let parts = [endpoints(issuer), requests(issuer), authentication(), answers(), logout(issuer)];
    let members = parts.into_iter().filter_map(|part| match part {
        Value::Object(members) => Some(members),
        _ => None,
    });
    Value::Object(members.flatten().collect())
}

/// Where everything is.
fn endpoints(issuer: &Issuer) -> Value {
    let base = issuer.url();
    let mut endpoints = json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "userinfo_endpoint": format!("{base}/userinfo"),
        "jwks_uri": format!("{base}/jwks"),
        "end_session_endpoint": format!("{base}/end_session"),
        "introspection_endpoint": format!("{base}/introspect"),
        "revocation_endpoint": format!("{base}/revoke"),
        "pushed_authorization_request_endpoint": format!("{base}/par"),
    });
    if issuer.settings.dynamic_registration != DynamicRegistration::Off {
        endpoints["registration_endpoint"] = json!(format!("{base}/register"));
    }
    endpoints
}

/// What can be asked for, and how.
fn requests(issuer: &Issuer) -> Value {
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
    let scopes: Vec<&str> =
        ScopeSet::STANDARD.into_iter().chain([ScopeSet::OFFLINE_ACCESS]).collect();
    let create = issuer.lets_sign_up().then_some("create");
    let prompts: Vec<&str> =
        ["none", "login", "consent", "select_account"].into_iter().chain(create).collect();
    json!({
        "scopes_supported": scopes,
        "response_types_supported": response_types,
        "response_modes_supported": ResponseMode::ALL.map(ResponseMode::as_str),
        "grant_types_supported": grant_types,
        "acr_values_supported": ACR_VALUES,
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": prompts,
        "display_values_supported": ["page", "popup", "touch", "wap"],
        "ui_locales_supported": Locale::ALL.map(Locale::tag),
        "claims_parameter_supported": true,
        "request_parameter_supported": true,
        "request_uri_parameter_supported": true,
        "require_request_uri_registration": true,
        "request_object_signing_alg_values_supported": signing_algorithms(),
        "authorization_response_iss_parameter_supported": true,
        "require_pushed_authorization_requests": false,
    })
}

/// How clients prove who they are.
fn authentication() -> Value {
    let algorithms: Vec<&str> = signing_algorithms().into_iter().chain(["HS256"]).collect();
    let methods = AuthMethod::ALL.map(AuthMethod::as_str);
    let proving: Vec<&str> =
        methods.into_iter().filter(|method| *method != AuthMethod::None.as_str()).collect();
    json!({
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": proving,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
    })
}

/// What comes back.
fn answers() -> Value {
    let signing = signing_algorithms();
    let encryption = KeyManagementAlgorithm::ALL.map(KeyManagementAlgorithm::as_str);
    let contents = ContentEncryption::ALL.map(ContentEncryption::as_str);
    json!({
        "subject_types_supported": ["public", "pairwise"],
        "claim_types_supported": ["normal"],
        "claims_supported": CLAIMS,
        "id_token_signing_alg_values_supported": signing,
        "id_token_encryption_alg_values_supported": encryption,
        "id_token_encryption_enc_values_supported": contents,
        "userinfo_signing_alg_values_supported": signing,
        "userinfo_encryption_alg_values_supported": encryption,
        "userinfo_encryption_enc_values_supported": contents,
        "introspection_signing_alg_values_supported": signing,
    })
}

/// How apps hear that somebody signed out.
fn logout(issuer: &Issuer) -> Value {
    let mut members = json!({
        "frontchannel_logout_supported": true,
        "frontchannel_logout_session_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    if session_state::is_served(issuer) {
        members["check_session_iframe"] = json!(format!("{}/check_session", issuer.url()));
    }
    members
}

fn signing_algorithms() -> [&'static str; 5] {
    SigningAlgorithm::ALL.map(SigningAlgorithm::as_str)
}

const CLAIMS: [&str; 32] = [
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
    "c_hash",
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
    issuer.keys.ring().jwks(issuer.now())
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
