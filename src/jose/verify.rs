use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::{Map, Value};

use super::key_ring::{KeyRing, SigningKey};
use super::sign::TokenType;
use crate::base::from_base64url;
use crate::protocol::SigningAlgorithm;
use crate::protocol::json::parse_object;

/// A longer token is refused before it is looked at.
const MAX_LENGTH: usize = 16 * 1024;
/// A longer `kid` names no key of ours.
const MAX_KID: usize = 256;

/// Why a token is not accepted. The holder is told none of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not a compact JWS of at most 16 KiB in strict base64url with JSON objects inside.
    #[error("not a compact JWS")]
    Malformed,
    /// It demands an extension that is not understood (RFC 7515 §4.1.11).
    #[error("a critical header member is not understood")]
    Critical,
    /// No key of ours has this name.
    #[error("the key is not known")]
    UnknownKey,
    /// The header names another algorithm than the key's, or another type of token.
    #[error("the algorithm or the type is another")]
    Mismatch,
    /// The signature is wrong.
    #[error("the signature is wrong")]
    Signature,
    /// A member is missing, or of the wrong type.
    #[error("{0} is missing or malformed")]
    Claim(&'static str),
    /// It was made by another issuer.
    #[error("the issuer is another")]
    Issuer,
    /// Its time is over.
    #[error("the token has expired")]
    Expired,
}

/// A header that nobody vouches for yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntrustedHeader {
    /// `kid`: an opaque name, looked up and nothing else.
    pub kid: String,
    /// `alg`: compared with the key's, never followed.
    pub alg: String,
    /// `typ`.
    pub typ: Option<String>,
}

/// A token whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// Its payload.
    pub claims: Map<String, Value>,
}

struct Parts<'a> {
    header: UntrustedHeader,
    signed: &'a str,
    payload: &'a str,
    signature: Vec<u8>,
}

/// Reads the header of a token from a stranger. It never panics and follows nothing.
///
/// `jku`, `x5u`, `x5c` and `jwk` are not even looked at (`security.md` R46).
///
/// # Errors
/// When the token is malformed or demands an extension.
pub fn read_header(token: &str) -> Result<UntrustedHeader, VerifyError> {
    split(token).map(|parts| parts.header)
}

fn split(token: &str) -> Result<Parts<'_>, VerifyError> {
    if token.len() > MAX_LENGTH {
        return Err(VerifyError::Malformed);
    }
    let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed)?;
    let (header, payload) = signed.split_once('.').ok_or(VerifyError::Malformed)?;
    let decode = |text: &str| from_base64url(text).map_err(|_| VerifyError::Malformed);
    let header = parse_object(&decode(header)?).ok_or(VerifyError::Malformed)?;
    if header.contains_key("crit") || header.contains_key("b64") {
        return Err(VerifyError::Critical);
    }
    let text = |name: &str| header.get(name).and_then(Value::as_str).map(str::to_owned);
    let header = UntrustedHeader {
        kid: text("kid").filter(|kid| kid.len() <= MAX_KID).ok_or(VerifyError::UnknownKey)?,
        alg: text("alg").ok_or(VerifyError::Malformed)?,
        typ: text("typ"),
    };
    Ok(Parts { header, signed, payload, signature: decode(signature)? })
}

/// Verifies a token of ours: the key by `kid`, the algorithm by the key (RFC 8725 §3.1), the type
/// by what is expected (§3.11). Times are not looked at.
///
/// # Errors
/// The first thing that is wrong.
pub fn verify(
    ring: &KeyRing,
    token: &str,
    expected: TokenType,
) -> Result<VerifiedToken, VerifyError> {
    let parts = split(token)?;
    let key = ring.find(&parts.header.kid).ok_or(VerifyError::UnknownKey)?;
    let is_type = parts.header.typ.as_deref().is_some_and(|typ| {
        // RFC 9068 §4: with or without the media type's prefix.
        let typ = typ.strip_prefix("application/").unwrap_or(typ);
        typ.eq_ignore_ascii_case(expected.as_str())
    });
    if parts.header.alg != key.algorithm().as_str() || !is_type {
        return Err(VerifyError::Mismatch);
    }
    check_signature(key, parts.signed.as_bytes(), &parts.signature)?;
    let payload = from_base64url(parts.payload).map_err(|_| VerifyError::Malformed)?;
    let claims = parse_object(&payload).ok_or(VerifyError::Malformed)?;
    Ok(VerifiedToken { claims })
}

/// The library refuses r or s of zero or not below the order, and other lengths than the fixed
/// one (`security.md` R48).
fn check_signature(key: &SigningKey, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
    let algorithm: &'static dyn VerificationAlgorithm = match key.algorithm() {
        SigningAlgorithm::RS256 => &RSA_PKCS1_2048_8192_SHA256,
        SigningAlgorithm::PS256 => &RSA_PSS_2048_8192_SHA256,
        SigningAlgorithm::ES256 => &ECDSA_P256_SHA256_FIXED,
        SigningAlgorithm::ES384 => &ECDSA_P384_SHA384_FIXED,
        SigningAlgorithm::EdDSA => &ED25519,
    };
    UnparsedPublicKey::new(algorithm, key.pair().public_bytes())
        .verify(message, signature)
        .map_err(|_| VerifyError::Signature)
}
