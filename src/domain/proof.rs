use serde::{Deserialize, Serialize};

use crate::base::{Digest, Timestamp, UserId};

/// What a proof is good for. A proof of one kind never serves another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofKind {
    /// A new password, for whoever reads the account's mail.
    Recovery,
    /// A new password, for whoever an operator gave the link to.
    RecoveryLink,
    /// The address of the proof is the account's from now on, and somebody proved it.
    EmailAddress,
    /// An account of one's own, for whoever reads the mail of an address.
    SignUp,
    /// An account of one's own, as an operator described it.
    Invitation,
    /// The first account of an installation.
    Setup,
}

/// Something that whoever holds its link or its code may do once (`security.md` R67, R72).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// What it is good for.
    pub kind: ProofKind,
    /// Whose account it is about; none for somebody who has none yet.
    pub user: Option<UserId>,
    /// The address it was sent to, or is about, in its normal form.
    pub address: Option<String>,
    /// Digest of the link's random part.
    pub link_digest: Digest,
    /// Keyed digest of the code, when there is one: a code is too short for a plain digest.
    pub code_digest: Option<Digest>,
    /// How often a code was tried.
    pub tries: u32,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was used.
    pub used_at: Option<Timestamp>,
    /// What the account of an invitation will be.
    pub invited: Option<Invited>,
}

/// An account to be, as an operator described it (`security.md` R72): nothing of it is read from
/// the form of its person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// Name for signing in.
    pub username: String,
    /// Full name; the person says it themselves when there is none.
    pub name: Option<String>,
    /// Groups it will be in, sorted.
    pub groups: Vec<String>,
    /// May open the console.
    pub is_admin: bool,
    /// Whether the operator knows that the address is the person's.
    pub is_email_verified: bool,
}

impl ProofKind {
    /// Every kind that lets somebody set a new password.
    pub const NEW_PASSWORD: [Self; 2] = [Self::Recovery, Self::RecoveryLink];

    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recovery => "recovery",
            Self::RecoveryLink => "recovery_link",
            Self::EmailAddress => "email_address",
            Self::SignUp => "sign_up",
            Self::Invitation => "invitation",
            Self::Setup => "setup",
        }
    }

    /// The kind of a stored word.
    pub fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Recovery,
            Self::RecoveryLink,
            Self::EmailAddress,
            Self::SignUp,
            Self::Invitation,
            Self::Setup,
        ];
        all.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Proof {
    /// Tries of a code after which it counts no more.
    pub const MAX_TRIES: u32 = 10;

    /// Who has at most one proof of each kind: the account, or else the address.
    pub fn holder(&self) -> String {
        let address = || self.address.clone().unwrap_or_default();
        self.user.map_or_else(address, |user| user.to_string())
    }
}
