use crate::base::{ClientRowId, OutboxId, SessionId, Timestamp, UserId};

/// Something that must be told to somebody, until it has been or time is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Row id.
    pub id: OutboxId,
    /// What is told, and to whom.
    pub message: Message,
    /// When it was put in.
    pub created_at: Timestamp,
    /// How many times it was tried.
    pub tries: u32,
    /// Where it stands.
    pub state: DeliveryState,
    /// What went wrong last, in a few words of ours.
    pub problem: Option<String>,
}

/// What is told, and to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A session of the user has ended: the client gets a logout token (Back-Channel Logout 1.0).
    BackchannelLogout {
        /// Who is told.
        client: ClientRowId,
        /// What has ended. Its row may be gone.
        session: SessionId,
        /// Whose it was. The account may be gone.
        user: UserId,
    },
    /// A person gets a mail.
    Mail(Letter),
}

/// A mail in its envelope: nothing of what it says can be read without the seal key.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// Row id; the `Message-ID` is made of it, so that one sent twice can be told.
    pub id: OutboxId,
    /// What kind of mail it is, as [`Message::kind`] shows it.
    pub kind: String,
    /// Whose account it is about; none for somebody who has none yet. The account may be gone.
    pub user: Option<UserId>,
    /// Who gets it, with most of the address left out.
    pub recipient: String,
    /// The mail itself, sealed; empty when it has arrived.
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Letter({} {} {})", self.id, self.kind, self.recipient)
    }
}

/// What deliveries queue for: those of one lane share the calls that may be under way to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lane {
    /// One app.
    Client(ClientRowId),
    /// The mail server.
    Mail,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// It is tried at this instant, or again if whoever tries it does not report by then.
    Waiting(Timestamp),
    /// It arrived.
    Delivered(Timestamp),
    /// It never arrived.
    GivenUp(Timestamp),
}

impl Message {
    /// The word for the kind of a back-channel logout.
    pub const BACKCHANNEL_LOGOUT: &'static str = "backchannel_logout";

    /// What the kinds of mails begin with.
    pub const MAIL: &'static str = "mail.";

    /// The word that is stored and shown.
    pub fn kind(&self) -> &str {
        match self {
            Self::BackchannelLogout { .. } => Self::BACKCHANNEL_LOGOUT,
            Self::Mail(letter) => &letter.kind,
        }
    }

    /// The client that is told, when it is one.
    pub const fn client(&self) -> Option<ClientRowId> {
        match self {
            Self::BackchannelLogout { client, .. } => Some(*client),
            Self::Mail(_) => None,
        }
    }

    /// Where it queues.
    pub fn lane(&self) -> Lane {
        self.client().map_or(Lane::Mail, Lane::Client)
    }
}

impl DeliveryState {
    /// The word that is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting(_) => "waiting",
            Self::Delivered(_) => "delivered",
            Self::GivenUp(_) => "given_up",
        }
    }
}
