use crate::base::{Digest, Timestamp, UserId};

/// A device on which a person is not asked for the second factor again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedDevice {
    /// Digest of the cookie that only this device holds. It names the row as well.
    pub digest: Digest,
    /// Who trusts it. It counts for nobody else.
    pub user: UserId,
    /// When they showed the second factor on it.
    pub created_at: Timestamp,
    /// When they are asked again.
    pub expires_at: Timestamp,
}

impl TrustedDevice {
    /// How many an account has, the newest: with one more, the trust in the oldest ends.
    pub const MAX: i64 = 20;
}
