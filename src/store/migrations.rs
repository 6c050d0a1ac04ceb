//! Migrations: two trees with equal versions, embedded in the binary.

use diesel::connection::SimpleConnection as _;
use diesel::migration::{Migration, MigrationSource as _};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

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

/// The names of the migrations that are missing.
pub(super) fn pending(db: &mut Db) -> Result<Vec<String>, StoreError> {
    let names = match db {
        Db::Lite(connection) => {
            let missing = connection.pending_migrations(SQLITE).map_err(failed)?;
            missing.iter().map(|one| one.name().to_string()).collect()
        }
        Db::Pg(connection) => {
            let missing = connection.pending_migrations(POSTGRES).map_err(failed)?;
            missing.iter().map(|one| one.name().to_string()).collect()
        }
    };
    Ok(names)
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

/// Refuses a store that is behind.
pub(super) fn require_current(db: &mut Db) -> Result<(), StoreError> {
    let missing = pending(db)?;
    if missing.is_empty() {
        return Ok(());
    }
    Err(StoreError::Failed(format!(
        "the database lacks {}: run tessera migrate first",
        missing.join(", ")
    )))
}
