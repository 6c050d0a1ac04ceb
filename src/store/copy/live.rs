//! Putting a copy where the data lives.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};

use super::file::{BackupProblem, sync_folder_of};
use super::manifest::Counted;
use super::{Table, clear, copy, count, in_transaction, tables_of};
use crate::store::db::each;
use crate::store::{Db, StoreError, lite, migrations, postgres};

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}

#[derive(QueryableByName)]
struct Rows {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// How often a file is asked for, and the pause between: who has just ended may not have let go.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Takes an SQLite file for oneself for as long as the connection lives. Everything that works on
/// it holds its log open, and while anybody does, the log cannot be given up.
fn take(path: &Path) -> Result<Db, BackupProblem> {
    for _ in 0..TRIES {
        match try_to_take(path) {
            Err(StoreError::Busy) => std::thread::sleep(PAUSE),
            ended => return Ok(ended?),
        }
    }
    Err(BackupProblem::InUse)
}

fn try_to_take(path: &Path) -> Result<Db, StoreError> {
    let mut db = lite::connect_file(path)?;
    let mode: Mode = each!(&mut db, c => sql_query("PRAGMA journal_mode = DELETE").get_result(c))?;
    if mode.journal_mode != "delete" {
        return Err(StoreError::Busy);
    }
    db.batch("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE")?;
    Ok(db)
}

/// Whether anybody has an account here, or any app is known. What cannot be read holds something.
fn holds_something(db: &mut Db) -> bool {
    const USED: &str =
        "SELECT (SELECT count(*) FROM users) + (SELECT count(*) FROM clients) AS rows";
    let counted: Result<Rows, _> = each!(db, c => sql_query(USED).get_result(c));
    !matches!(counted, Ok(Rows { rows: 0 }))
}

/// Where the database of before was put, when there was one.
pub type PutInPlace = Option<PathBuf>;

/// Makes `draft` the database at `live`. What was there is kept as `aside`; where somebody has an
/// account in it, or an app is known, only when `replace` says so.
///
/// # Errors
/// When something is there that must not be replaced, a server works on it, or a file cannot be
/// moved.
pub fn put_in_place(
    draft: &Path,
    live: &Path,
    aside: &Path,
    replace: bool,
) -> Result<PutInPlace, BackupProblem> {
    let failed = |error| BackupProblem::file(live, error);
    fs::File::open(draft).and_then(|file| file.sync_all()).map_err(failed)?;
    let had_one = live.exists();
    if had_one {
        // Held until the files have their names. One that cannot be read is held by nobody.
        let mut taken = match take(live) {
            Err(BackupProblem::InUse) => return Err(BackupProblem::InUse),
            taken => taken.ok(),
        };
        let is_used = taken.as_mut().is_none_or(holds_something);
        if is_used && !replace {
            return Err(BackupProblem::NotEmpty(
                "there are accounts or apps here already: --replace keeps them beside and restores",
            ));
        }
        if aside.exists() {
            return Err(BackupProblem::Exists(aside.to_owned()));
        }
        for ending in ["", "-wal", "-shm"] {
            let (from, to) = (with_ending(live, ending), with_ending(aside, ending));
            if from.exists() {
                fs::rename(from, to).map_err(failed)?;
            }
        }
        fs::rename(draft, live).map_err(failed)?;
    } else {
        fs::rename(draft, live).map_err(failed)?;
    }
    sync_folder_of(live);
    Ok(had_one.then(|| aside.to_owned()))
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

const LONG: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// Keeps what is there before it is replaced.
pub type Keep<'a> = &'a dyn Fn() -> Result<(), BackupProblem>;

/// Puts everything in `draft` in the place of what is in the PostgreSQL database at `url`, in one
/// transaction, which holds everybody else back. Where somebody has an account, or an app is known,
/// only with a `keep`, which runs before; whether it did is the answer.
///
/// # Errors
/// When the database is behind, holds something that must not be replaced, or fails. Then nothing
/// was changed.
pub fn put_into_postgres(
    draft: &Path,
    url: &str,
    keep: Option<Keep<'_>>,
) -> Result<bool, BackupProblem> {
    let mut file = lite::connect_file(draft)?;
    let tables = tables_of(&mut file)?;
    let used = postgres::on_connection(url, |db| {
        migrations::refuse(&migrations::pending(db)?)?;
        Ok(holds_something(db))
    })?;
    if used {
        keep.ok_or(BackupProblem::NotEmpty(
            "there are accounts or apps here already: --replace keeps them in a backup and restores",
        ))?()?;
    }
    send(&mut file, &tables, url)?;
    Ok(used)
}

/// What was moved, and what was read of it again where it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// As it was here.
    pub sent: Vec<Counted>,
    /// As it is there.
    pub arrived: Vec<Counted>,
}

/// Copies everything in the SQLite file `live` into the empty PostgreSQL database at `url`, and
/// reads it there again. Nobody else may work on the file meanwhile.
///
/// # Errors
/// When somebody works on the file, the database is not empty, or one of them fails. Then nothing
/// was stored there but the empty tables.
pub fn move_to_postgres(live: &Path, url: &str) -> Result<Moved, BackupProblem> {
    let mut file = take(live)?;
    let behind = migrations::pending(&mut file)?;
    migrations::refuse(&behind)?;
    let tables = tables_of(&mut file)?;
    let is_empty = postgres::on_connection(url, |db| {
        migrations::run(db)?;
        is_empty(db, &tables)
    })?;
    if !is_empty {
        return Err(BackupProblem::NotEmpty(
            "that PostgreSQL database holds something already: name an empty one",
        ));
    }
    send(&mut file, &tables, url)
}

fn is_empty(db: &mut Db, tables: &[Table]) -> Result<bool, StoreError> {
    for table in tables {
        let query = format!("SELECT count(*) AS rows FROM \"{}\"", table.name);
        let counted: Rows = each!(&mut *db, c => sql_query(query).get_result(c))?;
        if counted.rows > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Why nothing was sent: a table differs, or the store fails.
enum Unsent {
    Differs(String),
    Store(StoreError),
}

fn send(file: &mut Db, tables: &[Table], url: &str) -> Result<Moved, BackupProblem> {
    let sent = postgres::on_connection(url, |db| {
        db.batch(LONG)?;
        db.batch("SET lock_timeout = '60s'")?;
        let mut differs = None;
        let done = in_transaction(db, "BEGIN", |db| {
            let names: Vec<String> =
                tables.iter().map(|table| format!("\"{}\"", table.name)).collect();
            db.batch(&format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names.join(", ")))?;
            clear(db, tables)?;
            let sent = copy(file, db, tables)?;
            let arrived = count(db, tables)?;
            let pairs = sent.iter().zip(&arrived);
            differs = pairs.into_iter().find(|(a, b)| a != b).map(|(a, _)| a.table.clone());
            // An error undoes it.
            if differs.is_some() { Err(StoreError::Conflict) } else { Ok(Moved { sent, arrived }) }
        });
        Ok(done.map_err(|error| differs.map_or(Unsent::Store(error), Unsent::Differs)))
    })?;
    sent.map_err(|unsent| match unsent {
        Unsent::Differs(table) => BackupProblem::Differs(table),
        Unsent::Store(error) => error.into(),
    })
}
