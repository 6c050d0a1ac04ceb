//! Signing, verifying and encrypting (JOSE). The only room that knows the `jsonwebtoken` crate.

mod claims;
mod client_jwt;
mod client_keys;
mod compact;
mod jwe;
mod jwk;
mod key;
mod key_ring;
mod provider;
mod sign;
#[cfg(test)]
mod tests;
mod tokens;
mod verify;

pub use claims::Audience;
pub use client_jwt::{
    ClientAssertion, ClientJwtType, ClientSecretKey, RequestObjectClaims, VerifiedClientJwt,
    claimed_client, verify_with_client_keys, verify_with_secret,
};
pub use client_keys::{ClientEncryptionKey, ClientKeySet, KeySetProblem};
pub use compact::JwtHeader;
pub use jwe::{JweContent, encrypt};
pub use jwk::thumbprint;
pub use key::KeyPair;
pub use key_ring::{KeyRing, SigningKey};
pub use provider::install_signer;
pub use sign::{TokenType, hash_half, sign};
pub use tokens::{AccessTokenClaims, IdTokenHint, verify_access_token, verify_id_token_hint};
pub use verify::{VerifiedToken, VerifyError, read_header, verify};

/// A key or a signature could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JoseError {
    /// The key is not of the kind that its algorithm asks for.
    #[error("the key does not belong to its algorithm")]
    WrongKind,
    /// An RSA key under 2048 bits, or an HMAC secret under 256 bits.
    #[error("the key is too small")]
    TooSmall,
    /// The bytes are no key.
    #[error("the key cannot be read")]
    Unreadable,
    /// The claims are no JSON object, or could pass as a token of another kind.
    #[error("the claims do not belong to this type of token")]
    WrongClaims,
    /// The crypto library failed.
    #[error("signing or encrypting failed: {0}")]
    Failed(String),
}
