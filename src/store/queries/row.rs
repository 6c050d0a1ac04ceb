//! From columns to domain values. A value that cannot be read is a fault that names its place.

use crate::base::{
    AuditId, ClientRowId, ConsentId, Digest, GrantId, InteractionId, OutboxId, PasskeyId,
    PushedRequestId, SessionId, SigningKeyId, Timestamp, UserId,
};
use crate::store::StoreError;

/// A place in the database, for error messages.
pub(super) struct Place {
    table: &'static str,
    id: String,
}

impl Place {
    pub(super) fn new(table: &'static str, id: &[u8]) -> Self {
        let id =
            uuid::Uuid::from_slice(id).map_or_else(|_| format!("{id:02x?}"), |id| id.to_string());
        Self { table, id }
    }

    pub(super) fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: self.table, column, id: self.id.clone() }
    }

    pub(super) fn json<T: serde::de::DeserializeOwned>(
        &self,
        column: &'static str,
        text: &str,
    ) -> Result<T, StoreError> {
        serde_json::from_str(text).map_err(|_| self.corrupt(column))
    }

    pub(super) fn digest(&self, column: &'static str, text: &str) -> Result<Digest, StoreError> {
        Digest::from_text(text).map_err(|_| self.corrupt(column))
    }

    pub(super) fn count(&self, column: &'static str, number: i32) -> Result<u32, StoreError> {
        u32::try_from(number).map_err(|_| self.corrupt(column))
    }
}

macro_rules! ids {
    ($($method:ident -> $id:ident),*) => {
        impl Place {
            $(pub(super) fn $method(&self, column: &'static str, bytes: &[u8]) -> Result<$id, StoreError> {
                $id::from_bytes(bytes).map_err(|_| self.corrupt(column))
            })*
        }
    };
}

ids!(user -> UserId, client -> ClientRowId, session -> SessionId, grant -> GrantId,
     interaction -> InteractionId, consent -> ConsentId, signing_key -> SigningKeyId,
     pushed_request -> PushedRequestId, outbox -> OutboxId, passkey -> PasskeyId,
     audit -> AuditId);

/// The JSON form of a value of ours.
pub(super) fn to_json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))
}

pub(super) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub(super) fn maybe_at(millis: Option<i64>) -> Option<Timestamp> {
    millis.map(Timestamp::from_millis)
}

pub(super) fn number(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
