use crate::base::{Digest, RegistrationTokenId, Timestamp};

/// An initial access token: it lets apps register themselves (RFC 7591 §3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationTokenRecord {
    /// Row id, which stands in the token.
    pub id: RegistrationTokenId,
    /// Digest of the secret part of the token.
    pub secret_digest: Digest,
    /// How many more clients may register with it.
    pub uses_left: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it counts.
    pub expires_at: Timestamp,
}
