//! What a backup says of itself.

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde::{Deserialize, Serialize};

use crate::base::{Digest, Timestamp};
use crate::store::db::each;
use crate::store::{Db, StoreError};

/// A table, how many rows it has, and their digest in the order of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The table.
    pub table: String,
    /// How many rows.
    pub rows: u64,
    /// Their digest, equal on both engines.
    pub digest: String,
}

/// What a backup says of itself. It stands in the one row of the table `backup`, as JSON, beside a
/// tag under a key that the seal key gives: nobody without that key can alter either.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The version of the binary that made it.
    pub version: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// The engine that it was made on.
    pub engine: String,
    /// The migrations that its tables were made by.
    pub schema: Vec<String>,
    /// Its tables.
    pub tables: Vec<Counted>,
    /// Which seal key belongs to it. It tells nothing of the key itself.
    pub key_check: String,
}

#[derive(QueryableByName)]
struct Stored {
    #[diesel(sql_type = Text)]
    manifest: String,
    #[diesel(sql_type = Text)]
    tag: String,
}

/// What the key check is a tag of.
const KEY_CHECK: &[u8] = b"tessera backup";

/// Which key this is, for comparing.
pub(super) fn key_check(key: &[u8; 32]) -> String {
    Digest::of_hmac(key, &[KEY_CHECK]).to_text()
}

/// The tag of a manifest's text.
pub(super) fn tag(key: &[u8; 32], manifest: &str) -> String {
    Digest::of_hmac(key, &[b"manifest", manifest.as_bytes()]).to_text()
}

impl Manifest {
    /// Writes it into the file that it is about.
    pub(super) fn store(&self, file: &mut Db, key: &[u8; 32]) -> Result<(), StoreError> {
        let text =
            serde_json::to_string(self).map_err(|error| StoreError::Failed(error.to_string()))?;
        let tag = tag(key, &text);
        file.batch("CREATE TABLE backup (manifest TEXT NOT NULL, tag TEXT NOT NULL)")?;
        let insert = sql_query("INSERT INTO backup (manifest, tag) VALUES (?, ?)");
        let insert = insert.bind::<Text, _>(text).bind::<Text, _>(tag);
        each!(file, c => insert.execute(c))?;
        Ok(())
    }
}

/// The text of a file's manifest, and its tag.
pub(super) fn stored(file: &mut Db) -> Result<(String, String), StoreError> {
    let row: Stored =
        each!(file, c => sql_query("SELECT manifest, tag FROM backup LIMIT 1").get_result(c))?;
    Ok((row.manifest, row.tag))
}
