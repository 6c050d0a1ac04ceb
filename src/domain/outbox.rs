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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// The word that is stored and shown.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::BackchannelLogout { .. } => Self::BACKCHANNEL_LOGOUT,
        }
    }

    /// The client that is told.
    pub const fn client(self) -> ClientRowId {
        match self {
            Self::BackchannelLogout { client, .. } => client,
        }
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
