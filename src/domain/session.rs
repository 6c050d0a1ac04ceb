use crate::base::{Digest, SessionId, Timestamp, UserId};

/// One account signed in in one browser: what was proven, how and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Row id, which also stands in the cookie.
    pub id: SessionId,
    /// Whose it is.
    pub user: UserId,
    /// Digest of the secret part of the cookie; new at every sign-in.
    pub secret_digest: Digest,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the person last proved who they are (`auth_time`).
    pub authenticated_at: Timestamp,
    /// What they proved it with (`amr`, RFC 8176), for instance `pwd`.
    pub amr: Vec<String>,
    /// How much that is worth (`acr`).
    pub acr: String,
    /// Whether it outlives the browser ("stay signed in on this device").
    pub is_remembered: bool,
    /// When it was last used; written at most once a minute.
    pub last_seen_at: Timestamp,
    /// When it ends if nobody uses it before.
    pub idle_expires_at: Timestamp,
    /// When it ends in any case.
    pub absolute_expires_at: Timestamp,
    /// When and why it was ended.
    pub ended: Option<(Timestamp, SessionEnd)>,
    /// What the browser of its last sign-in looked like.
    pub seen_from: SeenFrom,
}

/// What a browser looks like, for its person to recognize it. Nothing is decided by it: anybody can
/// say anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SeenFrom {
    /// A guess at browser and system, as `Firefox · Linux`; may be empty. At most 64 characters.
    pub device: String,
    /// The network it came from; may be empty. At most 64 characters.
    pub network: String,
}

/// Why a session ended before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionEnd {
    /// The person signed out.
    SignedOut,
    /// Another person signed in where this one was asked to confirm.
    Replaced,
    /// An operator or a password change ended it.
    Revoked,
}

impl SessionEnd {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::Replaced => "replaced",
            Self::Revoked => "revoked",
        }
    }

    /// The reason that stands in a row.
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::SignedOut, Self::Replaced, Self::Revoked]
            .into_iter()
            .find(|end| end.as_str() == text)
    }
}

impl Session {
    /// Whether it counts at `now`.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && now < self.idle_expires_at && now < self.absolute_expires_at
    }
}
