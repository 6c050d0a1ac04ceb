use crate::base::{PasskeyId, Timestamp, UserId};

/// A passkey of a person: a discoverable WebAuthn credential that verified its user when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Row id.
    pub id: PasskeyId,
    /// Whose.
    pub user: UserId,
    /// The id that the authenticator gave it, unique over all people.
    pub credential_id: Vec<u8>,
    /// Public key and what else checks an assertion, as the WebAuthn library writes it.
    pub credential: String,
    /// What its person calls it.
    pub name: String,
    /// The signature counter it showed last; most passkeys always show 0.
    pub sign_count: u32,
    /// Whether it may be copied to other devices of its person.
    pub is_backup_eligible: bool,
    /// Whether it was, when it was seen last.
    pub is_backed_up: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last signed in.
    pub last_used_at: Option<Timestamp>,
    /// When it last showed a counter that did not grow: it may have been cloned.
    pub count_fell_at: Option<Timestamp>,
}

/// The longest name, in characters.
pub const MAX_PASSKEY_NAME: usize = 64;
