use serde_json::{Value, json};

use super::super::variant::Registration;

/// The members that the suite knows; any other is a warning. It knows more; these are ours.
const KNOWN: [&str; 52] = [
    // OpenID Connect Discovery §3, RFC 8414 §2.
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "registration_endpoint",
    "revocation_endpoint",
    "revocation_endpoint_auth_methods_supported",
    "revocation_endpoint_auth_signing_alg_values_supported",
    "introspection_endpoint",
    "introspection_endpoint_auth_methods_supported",
    "introspection_endpoint_auth_signing_alg_values_supported",
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "userinfo_encryption_alg_values_supported",
    "userinfo_encryption_enc_values_supported",
    "request_object_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "display_values_supported",
    "claim_types_supported",
    "claims_supported",
    "claims_locales_supported",
    "ui_locales_supported",
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "op_policy_uri",
    "op_tos_uri",
    "service_documentation",
    "code_challenge_methods_supported",
    // The logout and session specifications.
    "end_session_endpoint",
    "check_session_iframe",
    "frontchannel_logout_supported",
    "frontchannel_logout_session_supported",
    "backchannel_logout_supported",
    "backchannel_logout_session_supported",
    // RFC 9126, RFC 9207, RFC 9701, and Initiating User Registration.
    "pushed_authorization_request_endpoint",
    "require_pushed_authorization_requests",
    "authorization_response_iss_parameter_supported",
    "introspection_signing_alg_values_supported",
    "prompt_values_supported",
    "client_id_metadata_document_supported",
];

const REQUIRED: [&str; 12] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "jwks_uri",
    "scopes_supported",
    "claims_supported",
    "response_types_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "code_challenge_methods_supported",
    "token_endpoint_auth_methods_supported",
];

/// The discovery document (OpenID Connect Discovery §3), all but what needs https.
pub(crate) fn check_metadata(metadata: &Value, issuer: &str, registration: Registration) {
    assert_eq!(metadata["issuer"], json!(issuer));
    for name in REQUIRED {
        assert!(metadata.get(name).is_some(), "{name} is missing");
    }
    for (name, value) in metadata.as_object().expect("an object") {
        assert!(KNOWN.contains(&name.as_str()), "the suite does not know {name}");
        check_type(name, value);
    }
    let lists = |name: &str, value: &str| {
        metadata[name].as_array().is_some_and(|all| all.iter().any(|one| one == value))
    };
    assert!(lists("scopes_supported", "openid"));
    for scope in metadata["scopes_supported"].as_array().expect("scopes") {
        let scope = scope.as_str().expect("text");
        let is_allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
        assert!(!scope.is_empty() && scope.bytes().all(is_allowed), "{scope}");
    }
    assert!(lists("id_token_signing_alg_values_supported", "RS256"));
    let subjects = metadata["subject_types_supported"].as_array().expect("types");
    assert!(subjects.iter().all(|kind| kind == "public" || kind == "pairwise"), "{subjects:?}");
    for name in
        ["userinfo_signing_alg_values_supported", "request_object_signing_alg_values_supported"]
    {
        assert!(metadata.get(name).is_none() || lists(name, "RS256"), "{name} lacks RS256");
    }
    check_locales(metadata);
    check_flows(metadata, registration);
}

fn check_type(name: &str, value: &Value) {
    match value {
        Value::Array(all) => {
            assert!(!all.is_empty() && all.iter().all(Value::is_string), "{name}: {value}");
        }
        Value::String(text) => assert!(!text.is_empty(), "{name} is empty"),
        Value::Bool(_) => {}
        _ => panic!("{name}: {value}"),
    }
    let is_plural = name.ends_with("_supported") && !name.ends_with("_parameter_supported");
    let is_flag = name.ends_with("_logout_supported")
        || name.ends_with("_session_supported")
        || name.ends_with("_document_supported")
        || name.ends_with("_parameter_supported")
        || name.starts_with("require_");
    assert_eq!(value.is_boolean(), is_flag, "{name}: {value}");
    assert_eq!(value.is_array(), is_plural && !is_flag, "{name}: {value}");
}

/// BCP 47, in its usual case: a language of two or three small letters, a region of two large.
fn check_locales(metadata: &Value) {
    for name in ["ui_locales_supported", "claims_locales_supported"] {
        for tag in metadata[name].as_array().into_iter().flatten() {
            let tag = tag.as_str().expect("text");
            let mut parts = tag.split('-');
            let language = parts.next().unwrap_or_default();
            let is_language = (2..=3).contains(&language.len())
                && language.bytes().all(|byte| byte.is_ascii_lowercase());
            let is_region =
                |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
            assert!(is_language && parts.all(is_region), "{name}: {tag}");
        }
    }
}

fn check_flows(metadata: &Value, registration: Registration) {
    let listed = |name: &str| -> Vec<String> {
        let all = metadata[name].as_array().into_iter().flatten();
        all.map(|value| value.as_str().expect("text").to_owned()).collect()
    };
    let types = listed("response_types_supported");
    let wanted: &[&str] = match registration {
        Registration::Static => &["code"],
        Registration::Dynamic => &["code", "id_token", "id_token token"],
    };
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        words.sort();
        words
    };
    for kind in wanted {
        assert!(types.iter().any(|known| sorted(known) == sorted(kind)), "{kind}: {types:?}");
    }
    let grants = listed("grant_types_supported");
    assert!(grants.contains(&"authorization_code".to_owned()), "{grants:?}");
    if registration == Registration::Dynamic {
        assert!(grants.contains(&"implicit".to_owned()), "{grants:?}");
        assert!(metadata.get("registration_endpoint").is_some());
    }
}

/// What the suite asks of addresses: https for the issuer and everything that it names.
pub(crate) fn assert_https_issuer(metadata: &Value, document: &str) {
    let issuer = metadata["issuer"].as_str().expect("an issuer");
    assert_eq!(document.strip_suffix("/.well-known/openid-configuration"), Some(issuer));
    let url = url::Url::parse(issuer).expect("an address");
    assert_eq!(url.scheme(), "https");
    assert!(url.query().is_none() && url.fragment().is_none() && url.username().is_empty());
    let mut addresses = 0;
    for (name, value) in metadata.as_object().expect("an object") {
        if name.ends_with("_endpoint") || name == "jwks_uri" || name == "check_session_iframe" {
            let url = url::Url::parse(value.as_str().expect("text")).expect("an address");
            assert_eq!(url.scheme(), "https", "{name}");
            addresses += 1;
        }
    }
    assert!(addresses >= 5);
}
