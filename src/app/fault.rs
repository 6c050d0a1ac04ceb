use std::time::Duration;

use crate::credentials::{PasswordError, SealError};
use crate::jose::JoseError;
use crate::pages::RenderError;
use crate::store::StoreError;

/// What went wrong on our side. It is logged once, at the edge, with its cause; the person and
/// the app see a reference and no detail.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The store failed, or a row could not be read.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// Signing failed.
    #[error("signing: {0}")]
    Jose(#[from] JoseError),
    /// A sealed value did not open.
    #[error("sealed value: {0}")]
    Seal(#[from] SealError),
    /// The password pool failed.
    #[error("password pool: {0}")]
    Password(#[from] PasswordError),
    /// A mail could not be rendered.
    #[error("mail: {0}")]
    Mail(#[from] RenderError),
    /// A client asked for encryption and has no key to encrypt to.
    #[error("client {client_id} has no key for the encryption that it registered")]
    NoEncryptionKey {
        /// Which client.
        client_id: String,
    },
    /// Something that must be there is not.
    #[error("{0}")]
    Broken(&'static str),
}

impl Fault {
    /// After how long it is worth to try again, when that is all that is wrong.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Store(StoreError::Busy | StoreError::Full | StoreError::Unavailable(_)) => {
                Some(Duration::from_secs(2))
            }
            Self::Password(PasswordError::Busy { retry_after }) => Some(*retry_after),
            _ => None,
        }
    }

    /// Whether there is simply too much to do.
    pub fn is_overload(&self) -> bool {
        matches!(self, Self::Store(StoreError::Full) | Self::Password(PasswordError::Busy { .. }))
    }
}
