use aws_lc_rs::digest;
use jsonwebtoken::{Header, encode};
use serde::Serialize;

use super::JoseError;
use super::key_ring::SigningKey;
use super::provider::library_name;
use crate::base::to_base64url;
use crate::protocol::SigningAlgorithm;

/// The kinds of token that are signed, told apart by `typ` (RFC 8725 §3.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenType {
    /// An ID token (OpenID Connect Core §2).
    IdToken,
    /// A JWT access token (RFC 9068 §2.1).
    AccessToken,
}

impl TokenType {
    /// The value of `typ`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken => "JWT",
            Self::AccessToken => "at+jwt",
        }
    }
}

/// Signs `claims` as a compact JWS (RFC 7515 §7.1). The algorithm is the key's.
///
/// # Errors
/// When the claims are no JSON object or the crypto library fails.
pub fn sign(
    key: &SigningKey,
    token_type: TokenType,
    claims: &impl Serialize,
) -> Result<String, JoseError> {
    let mut header = Header::new(library_name(key.algorithm()));
    header.typ = Some(token_type.as_str().to_owned());
    header.kid = Some(key.kid().to_owned());
    encode(&header, claims, &key.encoding_key())
        .map_err(|error| JoseError::Failed(error.to_string()))
}

/// The left half of the hash of `value`, as `at_hash` and `c_hash` carry it (OpenID Connect Core
/// §3.1.3.6): the hash of the ID token's algorithm, SHA-512 for Ed25519.
pub fn hash_half(algorithm: SigningAlgorithm, value: &str) -> String {
    let hash = match algorithm {
        SigningAlgorithm::RS256 | SigningAlgorithm::PS256 | SigningAlgorithm::ES256 => {
            &digest::SHA256
        }
        SigningAlgorithm::ES384 => &digest::SHA384,
        SigningAlgorithm::EdDSA => &digest::SHA512,
    };
    let digest = digest::digest(hash, value.as_bytes());
    let bytes = digest.as_ref();
    to_base64url(&bytes[..bytes.len() / 2])
}
