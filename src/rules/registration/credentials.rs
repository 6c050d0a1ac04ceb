//! Its name, its secret, its keys, and the algorithms that it signs with.

use super::{MAX_SECRET_LENGTH, MIN_SECRET_LENGTH, Problems, auth_method, has_keys};
use crate::base::Secret;
use crate::protocol::{AuthMethod, ClientMetadata, SigningAlgorithm};

const MAX_ID: usize = 255;
/// An HMAC under SHA-256 wants a key of 256 bits (RFC 7518 §3.2).
const MIN_HMAC_SECRET: usize = 32;

pub(super) fn check(metadata: &ClientMetadata, problems: &mut Problems) {
    check_name(metadata, problems);
    check_secret(metadata, problems);
    check_keys(metadata, problems);
    check_assertions(metadata, problems);
}

fn check_name(metadata: &ClientMetadata, problems: &mut Problems) {
    let Some(id) = &metadata.client_id else { return };
    let is_fit = (1..=MAX_ID).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/@".contains(&b));
    let shape = "may hold letters, digits and - . _ ~ : / @, at most 255 characters";
    problems.add_if(!is_fit, "client_id", shape);
}

fn check_secret(metadata: &ClientMetadata, problems: &mut Problems) {
    let Some(secret) = metadata.client_secret.as_ref().map(Secret::expose) else { return };
    let is_fit = (MIN_SECRET_LENGTH..=MAX_SECRET_LENGTH).contains(&secret.len())
        && secret.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    let shape = "must be 16 to 256 printable ASCII characters";
    problems.add_if(!is_fit, "client_secret", shape);
    // A secret that nobody checks would make people believe in it (`security.md` R39).
    match auth_method(metadata) {
        AuthMethod::None => {
            problems.add("client_secret", "a public client has none: leave it out");
        }
        AuthMethod::PrivateKeyJwt => {
            problems.add("client_secret", "private_key_jwt needs none: leave it out");
        }
        AuthMethod::ClientSecretJwt if is_fit && secret.len() < MIN_HMAC_SECRET => {
            problems.add("client_secret", "client_secret_jwt needs at least 32 characters");
        }
        _ => {}
    }
}

/// RFC 7591 §2: keys come by value or by reference, not both.
fn check_keys(metadata: &ClientMetadata, problems: &mut Problems) {
    let has_both = metadata.jwks.is_some() && metadata.jwks_uri.is_some();
    problems.add_if(has_both, "jwks", "stands beside jwks_uri: choose one");
    let needs = "jwks or jwks_uri is needed to verify what it signs";
    let is_idle = !has_keys(metadata);
    let signs = auth_method(metadata) == AuthMethod::PrivateKeyJwt;
    problems.add_if(signs && is_idle, "token_endpoint_auth_method", needs);
    let signs = metadata.request_object_signing_alg.is_some();
    problems.add_if(signs && is_idle, "request_object_signing_alg", needs);
    let signs = metadata.require_signed_request_object;
    problems.add_if(signs && is_idle, "require_signed_request_object", needs);
}

/// OpenID Connect Registration §2: the algorithm belongs to a method that signs.
fn check_assertions(metadata: &ClientMetadata, problems: &mut Problems) {
    const MEMBER: &str = "token_endpoint_auth_signing_alg";
    const HMAC: &str = "HS256";
    let Some(named) = metadata.token_endpoint_auth_signing_alg.as_deref() else { return };
    let is_asymmetric = named.parse::<SigningAlgorithm>().is_ok();
    match auth_method(metadata) {
        AuthMethod::ClientSecretJwt => {
            problems.add_if(named != HMAC, MEMBER, "client_secret_jwt is signed with HS256");
        }
        AuthMethod::PrivateKeyJwt => {
            let known = SigningAlgorithm::ALL.map(SigningAlgorithm::as_str).join(", ");
            let shape = format!("private_key_jwt is signed with one of {known}");
            problems.add_if(!is_asymmetric, MEMBER, &shape);
        }
        // It is idle then, but no mistake: metadata is copied from app to app.
        AuthMethod::ClientSecretBasic | AuthMethod::ClientSecretPost | AuthMethod::None => {
            let is_known = is_asymmetric || named == HMAC;
            problems.add_if(!is_known, MEMBER, "is no algorithm that is served here");
        }
    }
}
