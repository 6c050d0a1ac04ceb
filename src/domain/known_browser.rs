use crate::base::{Digest, Timestamp};

/// A browser that an account signed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBrowser {
    /// A keyed digest of its cookie, of this account's own.
    pub digest: Digest,
    /// When the account last signed in with it.
    pub seen_at: Timestamp,
}

impl KnownBrowser {
    /// How many an account keeps, the newest.
    pub const MAX: i64 = 20;
}
