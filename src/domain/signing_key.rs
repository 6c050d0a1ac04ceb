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
    /// When it leaves the published set: known once another key signs in its place.
    pub retired_at: Option<Timestamp>,
}

/// What may change of a signing key, for a process that follows what others do with the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKeyTimes {
    /// Public name.
    pub kid: String,
    /// From when on it signs.
    pub active_from: Timestamp,
    /// When it leaves the published set.
    pub retired_at: Option<Timestamp>,
}

impl SigningKeyTimes {
    /// Whether the key is published at `now`.
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.retired_at.is_none_or(|at| now < at)
    }
}

impl SigningKeyRecord {
    /// What may change of it.
    pub fn times(&self) -> SigningKeyTimes {
        SigningKeyTimes {
            kid: self.kid.clone(),
            active_from: self.active_from,
            retired_at: self.retired_at,
        }
    }
}

impl std::fmt::Debug for SigningKeyRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKeyRecord({}, {})", self.kid, self.algorithm)
    }
}
