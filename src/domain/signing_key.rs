use crate::base::{SigningKeyId, Timestamp};
use crate::protocol::SigningAlgorithm;

/// A signing key as it is stored: the private part sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKeyRecord {
    /// Row id.
    pub id: SigningKeyId,
    /// Public name (RFC 7517 §4.5). It never returns.
    pub kid: String,
    /// The one algorithm it signs with.
    pub algorithm: SigningAlgorithm,
    /// Place in the line of this algorithm's keys, from 1: two nodes that start on an empty
    /// database both try to insert place 1, and one of them wins.
    pub place: u32,
    /// PKCS#8, sealed.
    pub sealed_private: Vec<u8>,
    /// Public JWK as JSON.
    pub public_jwk: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it signs.
    pub active_from: Timestamp,
    /// When it leaves the published set.
    pub retired_at: Option<Timestamp>,
}

impl std::fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKeyRecord({}, {})", self.kid, self.algorithm)
    }
}
