use aws_lc_rs::digest;
use jsonwebtoken::{Header, encode};
use serde::Serialize;
use serde_json::{Map, Value};

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
    /// A logout token (OpenID Connect Back-Channel Logout §2.4).
    LogoutToken,
    /// A signed answer of introspection (RFC 9701 §5).
    Introspection,
    /// A signed answer of userinfo (OpenID Connect Core §5.3.2).
    UserInfo,
}

impl TokenType {
    /// The value of `typ`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::IdToken | Self::UserInfo => "JWT",
            Self::AccessToken => "at+jwt",
            Self::LogoutToken => "logout+jwt",
            Self::Introspection => "token-introspection+jwt",
        }
    }

    /// Whether `claims` can be those of such a token. A recipient that looks at no type is not to
    /// take one kind for another either (RFC 8725 §3.12), and ID tokens and userinfo share `JWT`,
    /// which old relying parties know: an ID token always expires (OpenID Connect Core §2), and a
    /// userinfo answer of ours never says so.
    pub(super) fn may_hold(self, claims: &Map<String, Value>) -> bool {
        let has = |name: &str| claims.contains_key(name);
        match self {
            Self::IdToken => has("exp") && !has("events"),
            Self::AccessToken => true,
            // Back-Channel Logout §2.4: no nonce, so that it is no ID token.
            Self::LogoutToken => has("events") && !has("nonce"),
            // RFC 9701 §5: nothing beside the answer that makes it an access token.
            Self::Introspection => has("token_introspection") && !has("sub") && !has("exp"),
            Self::UserInfo => !has("exp"),
        }
    }
}

/// What can be signed.
pub trait Claims: Serialize {
    /// The members, when it is a JSON object.
    fn members(&self) -> Option<&Map<String, Value>>;
}

impl Claims for Map<String, Value> {
    fn members(&self) -> Option<&Map<String, Value>> {
        Some(self)
    }
}

impl Claims for Value {
    fn members(&self) -> Option<&Map<String, Value>> {
        self.as_object()
    }
}

/// Signs `claims` as a compact JWS (RFC 7515 §7.1). The algorithm is the key's.
///
/// # Errors
/// When the claims are no JSON object, could pass as a token of another kind, or the crypto
/// library fails.
pub fn sign(
    key: &SigningKey,
    token_type: TokenType,
    claims: &impl Claims,
) -> Result<String, JoseError> {
    if !claims.members().is_some_and(|claims| token_type.may_hold(claims)) {
        return Err(JoseError::WrongClaims);
    }
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
