use uuid::Uuid;

use super::{Entropy, Timestamp, sha256};

/// The bytes or the text are no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id")]
pub struct InvalidId;

/// A UUIDv7 newtype: ids of different records are different types, and time-ordered keys are
/// several times faster to insert than random ones.
macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: the time of `now` first, then random bits.
            pub fn new(now: Timestamp, entropy: &dyn Entropy) -> Self {
                let millis = now.as_millis().max(0).unsigned_abs();
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &entropy.bytes()).into_uuid())
            }

            /// The 16 bytes that are stored.
            pub fn to_bytes(self) -> Vec<u8> {
                self.0.as_bytes().to_vec()
            }

            /// The 16 bytes as an array.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }

            /// The id that stands in a row or a token.
            ///
            /// # Errors
            /// When there are not exactly 16 bytes.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidId> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| InvalidId)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    };
}

id!(/** Names a user's row. It is never shown to an app: apps see a [`Subject`]. */ UserId);
id!(/** Names a client's row; the public name of a client is its `client_id`. */ ClientRowId);
id!(/** Names a session of one account in one browser. */ SessionId);
id!(/** Names an authorization request that waits for its person. */ InteractionId);
id!(/** Names what one person has allowed one client. */ ConsentId);
id!(/** Names what one authorization gave to one client. */ GrantId);
id!(/** Names a signing key's row; the public name is its `kid`. */ SigningKeyId);
id!(/** Names an authorization request that a client pushed. */ PushedRequestId);
id!(/** Names an initial access token's row. */ RegistrationTokenId);
id!(/** Names a passkey's row; its authenticator knows it by another id. */ PasskeyId);
id!(/** Names something that must still be told to somebody. */ OutboxId);
id!(/** Names a row of the audit trail. */ AuditId);

impl OutboxId {
    /// The id of what `client` must be told about `session` since `now`. The same two have the same
    /// id: however often it is put in, it is told once.
    pub fn of(now: Timestamp, session: SessionId, client: ClientRowId) -> Self {
        let digest = sha256(&[session.as_bytes().as_slice(), client.as_bytes()].concat());
        let mut random = [0; 10];
        random.copy_from_slice(&digest[..10]);
        let millis = now.as_millis().max(0).unsigned_abs();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The id that a person typed.
    ///
    /// # Errors
    /// When `text` is no UUID.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
    }
}

impl AuditId {
    /// The least id of this instant: those of later ones are greater, and those of earlier ones less.
    pub fn first_of(at: Timestamp) -> Self {
        let millis = at.as_millis().max(0).unsigned_abs();
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
    }
}

impl PasskeyId {
    /// The id that stands in an address.
    ///
    /// # Errors
    /// When `text` is no UUID.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        Uuid::try_parse(text).map(Self).map_err(|_| InvalidId)
    }
}

/// The `sub` of a user (OpenID Connect Core §2): a UUIDv4 of its own, so that it tells nothing of
/// when or how the account was made.
#[derive(Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Subject(String);

impl Subject {
    /// A new random subject.
    pub fn new(entropy: &dyn Entropy) -> Self {
        Self(uuid::Builder::from_random_bytes(entropy.bytes()).into_uuid().to_string())
    }

    /// The subject that stands in a row.
    ///
    /// # Errors
    /// When `text` is no UUID in its canonical form.
    pub fn from_text(text: &str) -> Result<Self, InvalidId> {
        let uuid = Uuid::try_parse(text).map_err(|_| InvalidId)?;
        if uuid.to_string() == text { Ok(Self(text.to_owned())) } else { Err(InvalidId) }
    }

    /// The text an app sees.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Subject({})", self.0)
    }
}
