use crate::base::{ClientRowId, ConsentId, Timestamp, UserId};
use crate::protocol::ScopeSet;

/// What one person has allowed one client, over all times they were asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Row id.
    pub id: ConsentId,
    /// Who allowed.
    pub user: UserId,
    /// Whom.
    pub client: ClientRowId,
    /// What.
    pub scopes: ScopeSet,
    /// When first.
    pub created_at: Timestamp,
    /// When last.
    pub updated_at: Timestamp,
}
