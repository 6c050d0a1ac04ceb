use serde_json::{Map, Value};

use super::compact::{CompactJws, JwtHeader};
use super::key_ring::KeyRing;
use super::sign::TokenType;

/// Why a token is not accepted. The holder is told none of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not a compact JWS of at most 16 KiB in strict base64url with JSON objects inside.
    #[error("not a compact JWS")]
    Malformed,
    /// It demands an extension that is not understood (RFC 7515 §4.1.11).
    #[error("a critical header member is not understood")]
    Critical,
    /// No key has this name. A client's key set may have changed: it is worth another look.
    #[error("the key is not known")]
    UnknownKey,
    /// The header names an algorithm that is not the key's or not accepted, or another type.
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

/// A token whose signature was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// Its payload.
    pub claims: Map<String, Value>,
}

/// Reads the header of a token from a stranger. It never panics and follows nothing.
///
/// # Errors
/// When the token is malformed or demands an extension.
pub fn read_header(token: &str) -> Result<JwtHeader, VerifyError> {
    CompactJws::read(token).map(|jws| jws.header)
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
    let jws = CompactJws::read(token)?;
    let kid = jws.header.kid.as_deref().ok_or(VerifyError::UnknownKey)?;
    let key = ring.find(kid).ok_or(VerifyError::UnknownKey)?;
    if jws.header.alg != key.algorithm().as_str() || !jws.header.is_typed(expected.as_str()) {
        return Err(VerifyError::Mismatch);
    }
    jws.check_signature(key.algorithm(), key.pair().public_bytes())?;
    let claims = jws.claims()?;
    if !expected.may_hold(&claims) {
        return Err(VerifyError::Mismatch);
    }
    Ok(VerifiedToken { claims })
}
