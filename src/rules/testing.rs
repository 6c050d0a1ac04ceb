//! Records for the unit tests of this room.

use serde_json::Value;

use crate::base::{ClientRowId, SystemEntropy, Timestamp};
use crate::domain::{Client, ClientOrigin, ClientSecrets};

/// A client with this metadata, made at second 0.
pub(crate) fn client(metadata: Value) -> Client {
    let now = Timestamp::from_seconds(0);
    Client {
        id: ClientRowId::new(now, &SystemEntropy),
        client_id: "app".to_owned(),
        metadata: serde_json::from_value(metadata).unwrap(),
        secrets: ClientSecrets::default(),
        sealed_secrets: None,
        origin: ClientOrigin::Operator,
        used_at: None,
        disabled_at: None,
        created_at: now,
        updated_at: now,
    }
}
