//! Every query, once. Plain functions over [`Db`]; the verbs say what they do: `find_` may find
//! nothing, `list_`, `insert_`, `update_`, `purge_`.

pub mod audit;
pub mod client_logos;
pub mod clients;
pub mod connected_apps;
pub mod consents;
pub mod factors;
pub mod grants;
pub mod interactions;
pub mod known_browsers;
pub mod login_failures;
pub mod outbox;
pub mod passkeys;
pub mod proofs;
pub mod pushed_requests;
pub mod registration_tokens;
mod row;
pub mod session_clients;
pub mod session_grants;
pub mod sessions;
pub mod setup;
pub mod signing_keys;
pub mod trusted_devices;
pub mod used_once;
pub mod users;

use diesel::RunQueryDsl as _;

use super::db::each;
use super::{Db, StoreError};

/// Whether the database answers.
///
/// # Errors
/// When it does not.
pub fn ping(db: &mut Db) -> Result<(), StoreError> {
    db.batch("SELECT 1")
}

/// Changes a row that nobody reads: whether it can be done is what counts.
///
/// # Errors
/// When it cannot.
pub(super) fn note_check(db: &mut Db) -> Result<(), StoreError> {
    db.batch(
        "INSERT INTO meta (name, value) VALUES ('check', '1') \
         ON CONFLICT (name) DO UPDATE SET value = '1'",
    )
}

/// One line for each column and index, equal on both engines when the migrations are.
///
/// # Errors
/// When the catalogue cannot be read.
pub fn schema_facts(db: &mut Db) -> Result<Vec<String>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Fact {
        #[diesel(sql_type = diesel::sql_types::Text)]
        fact: String,
    }
    const LITE: &str = "SELECT m.name || '.' || c.name || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END \
         || CASE WHEN c.pk > 0 THEN ' key' ELSE '' END AS fact \
         FROM sqlite_master m JOIN pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND m.name NOT LIKE 'sqlite%' \
         UNION ALL SELECT 'index ' || name FROM sqlite_master \
         WHERE type = 'index' AND name NOT LIKE 'sqlite%' ORDER BY 1";
    const PG: &str = "SELECT c.table_name || '.' || c.column_name \
         || CASE c.is_nullable WHEN 'NO' THEN ' not null' ELSE '' END \
         || CASE WHEN k.column_name IS NOT NULL THEN ' key' ELSE '' END AS fact \
         FROM information_schema.columns c \
         LEFT JOIN (SELECT u.table_name, u.column_name FROM information_schema.key_column_usage u \
           JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) \
           WHERE t.constraint_type = 'PRIMARY KEY') k \
           ON k.table_name = c.table_name AND k.column_name = c.column_name \
         WHERE c.table_schema = 'public' AND c.table_name NOT LIKE '\\_\\_%' \
         UNION ALL SELECT 'index ' || indexname FROM pg_indexes \
         WHERE schemaname = 'public' AND indexname NOT LIKE '%\\_pkey'";
    let sql = if db.is_lite() { LITE } else { PG };
    let facts: Vec<Fact> = each!(db, c => diesel::sql_query(sql).load(c))?;
    let mut facts: Vec<String> = facts.into_iter().map(|fact| fact.fact).collect();
    facts.sort();
    Ok(facts)
}
