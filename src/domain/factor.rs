use crate::base::{Timestamp, UserId};

/// The authenticator app of a person (RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TotpCredential {
    /// Whose it is.
    pub user: UserId,
    /// The shared seed, sealed.
    pub sealed_seed: Vec<u8>,
    /// The last time step of which a code was accepted: it and all before are used up.
    pub last_step: i64,
    /// What its person calls it.
    pub label: String,
    /// When its person showed that it works.
    pub confirmed_at: Timestamp,
    /// When a code of it was last accepted.
    pub used_at: Timestamp,
}

/// The second factors of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// The authenticator app.
    pub totp: Option<TotpCredential>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

impl Factors {
    /// Whether a password alone does not sign this person in. Recovery codes stand in for a factor
    /// that was lost; they are none of their own.
    pub fn are_set_up(&self) -> bool {
        self.totp.is_some()
    }
}
