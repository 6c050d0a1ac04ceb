//! How the durable store is, asked from outside: nothing is changed, made or kept open.

use std::io::Read as _;
use std::path::Path;

use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::db::each;
use super::{Db, Location, StoreError, lite, migrations, postgres};
use crate::base::Timestamp;

/// How a store is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// The engine and its version.
    pub engine: String,
    /// How it keeps its log (SQLite).
    pub journal_mode: Option<String>,
    /// The migrations that it lacks.
    pub pending: Vec<String>,
    /// Those that this binary does not know.
    pub unknown: Vec<String>,
    /// Why nothing can be written, if so.
    pub not_writable: Option<String>,
    /// The clock of the server that it is on (PostgreSQL).
    pub clock: Option<Timestamp>,
}

#[derive(QueryableByName)]
struct Told {
    #[diesel(sql_type = Text)]
    told: String,
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

#[derive(QueryableByName)]
struct Finding {
    #[diesel(sql_type = Text)]
    quick_check: String,
}

fn ask(db: &mut Db, query: &str) -> Result<String, StoreError> {
    let told: Told = each!(db, c => sql_query(query).get_result(c))?;
    Ok(told.told)
}

/// Looks at the store. None when there is no database yet.
///
/// # Errors
/// When it cannot be reached, or is damaged.
pub fn look(location: &Location) -> Result<Option<Health>, StoreError> {
    match location {
        Location::SqliteMemory => Ok(None),
        Location::SqliteFile(path) if !path.exists() => Ok(None),
        Location::SqliteFile(path) => {
            check_sound(path)?;
            look_at(&mut lite::connect_file(path)?).map(Some)
        }
        Location::Postgres(url) => postgres::on_connection(url, look_at).map(Some),
    }
}

fn look_at(db: &mut Db) -> Result<Health, StoreError> {
    let is_lite = db.is_lite();
    let engine = if is_lite {
        format!("SQLite {}", ask(db, "SELECT sqlite_version() AS told")?)
    } else {
        format!("PostgreSQL {}", ask(db, "SELECT current_setting('server_version') AS told")?)
    };
    let journal_mode = if is_lite {
        let mode: Mode = each!(&mut *db, c => sql_query("PRAGMA journal_mode").get_result(c))?;
        Some(mode.journal_mode)
    } else {
        None
    };
    let applied = migrations::applied(db)?;
    // The clock is asked last: what is compared with it is read when this returns.
    Ok(Health {
        engine,
        journal_mode,
        pending: migrations::pending(db)?,
        unknown: migrations::unknown(&applied)?,
        not_writable: try_writing(db).err().map(|error| error.to_string()),
        clock: if is_lite { None } else { clock(db)? },
    })
}

fn clock(db: &mut Db) -> Result<Option<Timestamp>, StoreError> {
    let millis = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS told";
    Ok(ask(db, millis)?.parse().ok().map(Timestamp::from_millis))
}

/// Writes a row and takes it back.
fn try_writing(db: &mut Db) -> Result<(), StoreError> {
    let (begin, write) = if db.is_lite() {
        ("BEGIN IMMEDIATE", "CREATE TABLE tessera_doctor (tried INTEGER)")
    } else {
        ("BEGIN", "INSERT INTO meta (name, value) VALUES ('tessera doctor', 'tried')")
    };
    db.batch(begin)?;
    let written = db.batch(write);
    db.batch("ROLLBACK")?;
    written
}

/// The size of a file's pages, as its header tells it. None when it has no such header.
fn page_size(path: &Path) -> Option<u64> {
    let mut header = [0; 18];
    std::fs::File::open(path).ok()?.read_exact(&mut header).ok()?;
    let size = u64::from(u16::from_be_bytes([header[16], header[17]]));
    // 65536 does not fit, and is written as 1.
    Some(if size == 1 { 65_536 } else { size }).filter(|size| *size >= 512)
}

/// Whether an SQLite file, when there is one, has the size that it should: how many bytes it has.
///
/// # Errors
/// When it is empty or cut off.
pub fn check_shape(path: &Path) -> Result<u64, StoreError> {
    let Ok(file) = std::fs::metadata(path) else { return Ok(0) };
    if file.len() == 0 && !lite::log_of(path).exists() {
        return Err(StoreError::Damaged("the file is empty".to_owned()));
    }
    // SQLite takes the part of a page that is missing for zeros.
    if page_size(path).is_some_and(|size| !file.len().is_multiple_of(size)) {
        return Err(StoreError::Damaged("the file is cut off".to_owned()));
    }
    Ok(file.len())
}

/// Reads every page of an SQLite file, when there is one: a file that was cut off or altered is
/// told before anybody is served from it.
///
/// # Errors
/// When it is not sound.
pub fn check_sound(path: &Path) -> Result<(), StoreError> {
    check_shape(path)?;
    if !path.exists() {
        return Ok(());
    }
    let mut db = lite::connect_file(path)?;
    let found: Finding = each!(&mut db, c => sql_query("PRAGMA quick_check(1)").get_result(c))?;
    if found.quick_check == "ok" { Ok(()) } else { Err(StoreError::Damaged(found.quick_check)) }
}
