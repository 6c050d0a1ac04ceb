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

/// With what a person shows that it is them, after their password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// A passkey.
    Passkey,
    /// A code of their authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
}

impl Way {
    /// The word of the audit trail.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

/// The second factors of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Factors {
    /// The authenticator app.
    pub totp: Option<TotpCredential>,
    /// When one of the passkeys last signed in, or was made; none without passkeys.
    pub passkey_used_at: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes: u32,
}

impl Factors {
    /// Whether a password alone does not sign this person in. Recovery codes stand in for a factor
    /// that was lost; they are none of their own.
    pub fn are_set_up(&self) -> bool {
        self.totp.is_some()
    }

    /// Whether there is one to be shown where two are demanded. A passkey is one as well, and who
    /// has it need not set up anything.
    pub fn can_be_shown(&self) -> bool {
        self.totp.is_some() || self.passkey_used_at.is_some()
    }

    /// The ways this person has, the one last used first. Recovery codes come last: each that is
    /// used up is missing later.
    pub fn ways(&self) -> Vec<Way> {
        let totp = self.totp.as_ref().map(|totp| (totp.used_at, Way::Totp));
        let passkey = self.passkey_used_at.map(|at| (at, Way::Passkey));
        let mut ways: Vec<_> = passkey.into_iter().chain(totp).collect();
        ways.sort_by_key(|(used_at, _)| std::cmp::Reverse(*used_at));
        let recovery = (self.recovery_codes > 0).then_some(Way::RecoveryCode);
        ways.into_iter().map(|(_, way)| way).chain(recovery).collect()
    }
}
