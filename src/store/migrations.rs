//! Migrations: two trees with equal versions, embedded in the binary.

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::db::each;
use super::{Db, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// The tool that applied the migrations, as rows name it.
pub const APPLIED_WITH: &str = concat!("tessera ", env!("CARGO_PKG_VERSION"));

/// Holds every other process back while one migrates (PostgreSQL). The number is arbitrary and
/// must stay the same for ever.
const LOCK: &str = "SELECT pg_advisory_lock(7310579624)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7310579624)";

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// The server.
    Postgres,
}

fn failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failed(format!("migrating: {error}"))
}

/// The names of the migrations that are missing. It changes nothing, where the harness would make
/// its table first.
pub(super) fn pending(db: &mut Db) -> Result<Vec<String>, StoreError> {
    let applied = applied(db)?;
    let mut all = match db {
        Db::Lite(_) => versions::<diesel::sqlite::Sqlite>(&SQLITE)?,
        Db::Pg(_) => versions::<diesel::pg::Pg>(&POSTGRES)?,
    };
    all.retain(|(version, _)| !applied.contains(version));
    Ok(all.into_iter().map(|(_, name)| name).collect())
}

/// The version and the name of every migration in the binary, the first one first.
fn versions<DB: diesel::backend::Backend>(
    source: &EmbeddedMigrations,
) -> Result<Vec<(String, String)>, StoreError> {
    let all: Vec<Box<dyn Migration<DB>>> = source.migrations().map_err(failed)?;
    let mut all: Vec<(String, String)> =
        all.iter().map(|one| (one.name().version().to_string(), one.name().to_string())).collect();
    all.sort();
    Ok(all)
}

/// Those of `applied` that this binary does not know: a newer one made them.
pub(super) fn unknown(applied: &[String]) -> Result<Vec<String>, StoreError> {
    let known = versions::<diesel::sqlite::Sqlite>(&SQLITE)?;
    let is_unknown = |version: &&String| known.iter().all(|(known, _)| known != *version);
    Ok(applied.iter().filter(is_unknown).cloned().collect())
}

/// The versions that were applied, the first one first.
pub(super) fn applied(db: &mut Db) -> Result<Vec<String>, StoreError> {
    #[derive(diesel::QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    const TABLE: &str = "__diesel_schema_migrations";
    let catalogue = if db.is_lite() {
        format!("SELECT name AS version FROM sqlite_master WHERE name = '{TABLE}'")
    } else {
        format!("SELECT 'there' AS version WHERE to_regclass('{TABLE}') IS NOT NULL")
    };
    let tables: Vec<Version> = each!(db, c => diesel::sql_query(catalogue).load(c))?;
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let query = format!("SELECT version FROM {TABLE} ORDER BY version");
    let rows: Vec<Version> = each!(db, c => diesel::sql_query(query).load(c))?;
    Ok(rows.into_iter().map(|row| row.version).collect())
}

/// Applies what is missing. Two processes that start together do it once.
pub(super) fn run(db: &mut Db) -> Result<(), StoreError> {
    match db {
        Db::Lite(connection) => {
            connection.batch_execute("BEGIN IMMEDIATE")?;
            let result = apply_lite(connection);
            connection.batch_execute(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
            result
        }
        Db::Pg(connection) => {
            connection.batch_execute(LOCK)?;
            let result = connection.run_pending_migrations(POSTGRES).map(drop).map_err(failed);
            connection.batch_execute(UNLOCK)?;
            result
        }
    }
}

/// Inside our own transaction: the harness would open one for each migration, which SQLite does
/// not nest.
fn apply_lite(connection: &mut diesel::SqliteConnection) -> Result<(), StoreError> {
    let applied = connection.applied_migrations().map_err(failed)?;
    let mut all: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> =
        SQLITE.migrations().map_err(failed)?;
    all.sort_by_key(|one| one.name().version().to_string());
    for migration in all {
        let version = migration.name().version();
        if applied.contains(&version.as_owned()) {
            continue;
        }
        migration.run(connection).map_err(failed)?;
        connection.batch_execute(&format!(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('{version}')"
        ))?;
    }
    Ok(())
}

/// Refuses a store that lacks migrations.
pub(super) fn refuse(missing: &[String]) -> Result<(), StoreError> {
    if missing.is_empty() {
        return Ok(());
    }
    Err(StoreError::Failed(format!(
        "the database lacks {}: run tessera migrate first",
        missing.join(", ")
    )))
}
