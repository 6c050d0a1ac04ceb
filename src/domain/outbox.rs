use crate::base::{ClientRowId, OutboxId, Timestamp};

/// Something that must be told to somebody, until it has been or time is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Row id.
    pub id: OutboxId,
    /// What it is.
    pub kind: OutboxKind,
    /// The client it goes to, when it goes to one.
    pub client: Option<ClientRowId>,
    /// What to tell, sealed; erased once it arrived.
    pub sealed_payload: Option<Vec<u8>>,
    /// When it was put in.
    pub created_at: Timestamp,
    /// When it is no longer tried.
    pub give_up_at: Timestamp,
    /// How many times it was tried.
    pub tries: u32,
    /// Where it stands.
    pub state: DeliveryState,
    /// What went wrong last, in a few words of ours.
    pub problem: Option<String>,
}

/// What a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxKind {
    /// A logout token for an app (Back-Channel Logout 1.0).
    BackchannelLogout,
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

impl OutboxKind {
    /// The word that is stored and shown.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BackchannelLogout => "backchannel_logout",
        }
    }

    /// The kind of this word.
    pub fn parse(text: &str) -> Option<Self> {
        (text == Self::BackchannelLogout.as_str()).then_some(Self::BackchannelLogout)
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
