//! SQLite: one writer that commits in groups, and readers beside it.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel::{Connection as _, SqliteConnection};

use super::work::{Job, Queue, Ran};
use super::{Db, Migrate, StoreError, migrations};

/// Jobs that share one commit, and so one fsync.
const GROUP: usize = 256;
const READERS: usize = 2;
/// After this long without a job the writer moves the log into the database file.
const IDLE: Duration = Duration::from_millis(500);

/// A busy timeout lets the command line write beside a running server.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
     PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";
const FILE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;";

/// A database in memory: one connection that reads and writes.
pub(super) fn start_memory() -> Result<Queue, StoreError> {
    let mut db = connect(":memory:")?;
    migrations::run(&mut db)?;
    let (queue, jobs) = Queue::new();
    spawn("store-writer", move || write(db, &jobs, false))?;
    Ok(queue)
}

/// A database in a file.
pub(super) fn start_file(path: &Path, migrate: Migrate) -> Result<(Queue, Queue), StoreError> {
    let path = path.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?;
    let mut writer = connect(path)?;
    writer.batch(FILE_PRAGMAS)?;
    match migrate {
        Migrate::Now => migrations::run(&mut writer)?,
        Migrate::Refuse => migrations::require_current(&mut writer)?,
    }
    let (reads, read_jobs) = Queue::new();
    let read_jobs = Arc::new(Mutex::new(read_jobs));
    for number in 0..READERS {
        let mut reader = connect(path)?;
        reader.batch("PRAGMA query_only = ON;")?;
        let jobs = Arc::clone(&read_jobs);
        spawn(&format!("store-reader-{number}"), move || read(reader, &jobs))?;
    }
    let (writes, write_jobs) = Queue::new();
    spawn("store-writer", move || write(writer, &write_jobs, true))?;
    Ok((writes, reads))
}

/// The migrations that a file lacks; all of them when there is no file yet.
pub(super) fn pending(path: &Path) -> Result<Vec<String>, StoreError> {
    if !path.exists() {
        return migrations::pending(&mut connect(":memory:")?);
    }
    let path = path.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?;
    migrations::pending(&mut connect(path)?)
}

fn connect(path: &str) -> Result<Db, StoreError> {
    let connection = SqliteConnection::establish(path)
        .map_err(|error| unavailable(&format!("{path}: {error}")))?;
    let mut db = Db::Lite(connection);
    db.batch(PRAGMAS)?;
    Ok(db)
}

fn unavailable(why: &str) -> StoreError {
    StoreError::Unavailable(why.to_owned())
}

pub(super) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<(), StoreError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map(drop)
        .map_err(|error| StoreError::Unavailable(error.to_string()))
}

fn read(mut db: Db, jobs: &Mutex<Receiver<Job>>) {
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        job.run(&mut db);
        job.answer(Ok(()));
    }
}

/// Takes what waits, runs each job in its savepoint, and answers all after one commit.
fn write(mut db: Db, jobs: &Receiver<Job>, is_file: bool) {
    let mut has_written = false;
    loop {
        let first = match jobs.recv_timeout(IDLE) {
            Ok(job) => job,
            Err(RecvTimeoutError::Timeout) => {
                if is_file && std::mem::take(&mut has_written) {
                    // A reader in the way only means that the next pause does it.
                    let _ = db.batch("PRAGMA wal_checkpoint(PASSIVE);");
                }
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        let mut group = vec![first];
        group.extend(jobs.try_iter().take(GROUP - 1));
        has_written |= group.iter().any(|job| job.is_write);
        run_group(&mut db, group);
    }
}

fn run_group(db: &mut Db, mut group: Vec<Job>) {
    if let Err(error) = db.batch("BEGIN IMMEDIATE") {
        for job in group {
            job.answer(Err(error.clone()));
        }
        return;
    }
    for job in &mut group {
        run_one(db, job);
    }
    let durable = db.batch("COMMIT");
    if durable.is_err() {
        // What cannot be committed is undone; the connection must be usable for the next group.
        let _ = db.batch("ROLLBACK");
    }
    for job in group {
        job.answer(durable.clone());
    }
}

/// A job that fails or panics is undone alone.
fn run_one(db: &mut Db, job: &mut Job) {
    if !job.is_write {
        job.run(db);
        return;
    }
    if let Err(error) = db.batch("SAVEPOINT job") {
        tracing::error!(job = job.name, %error, "a savepoint could not be set");
        return;
    }
    let after = match job.run(db) {
        Ran::Done => "RELEASE job",
        Ran::Failed | Ran::Conflict => "ROLLBACK TO job; RELEASE job",
    };
    if let Err(error) = db.batch(after) {
        tracing::error!(job = job.name, %error, "a savepoint could not be closed");
    }
}
