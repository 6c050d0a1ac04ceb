//! SQLite: one writer that commits in groups, and readers beside it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use diesel::{Connection as _, SqliteConnection};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::line::{Jobs, Next, Queue, line};
use super::work::{Job, Ran};
use super::{Db, Migrate, StoreError, migrations, snapshots};

/// Jobs that share one commit, and so one fsync.
const GROUP: usize = 256;
const READERS: usize = 2;
/// After this long without a job the writer moves the log into the database file.
const IDLE: Duration = Duration::from_millis(500);

const LOG_TRIES: u32 = 250;
const LOG_PAUSE: Duration = Duration::from_millis(20);

/// A busy timeout lets the command line write beside a running server.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON; \
     PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096;";
const FILE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 4000;";

/// A database in memory: one connection that reads and writes.
pub(super) fn start_memory() -> Result<Queue<Job>, StoreError> {
    let mut db = connect(":memory:")?;
    migrations::run(&mut db)?;
    let (queue, jobs) = line();
    spawn("store-writer", move || write(db, &jobs, false))?;
    Ok(queue)
}

/// A database in a file.
pub(super) fn start_file(
    path: &Path,
    migrate: Migrate,
) -> Result<(Queue<Job>, Queue<Job>), StoreError> {
    if migrate == Migrate::Refuse {
        migrations::refuse(&pending(path)?)?;
    }
    let at = path;
    let path = path.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?;
    let mut writer = connect(path)?;
    keep_log(&mut writer)?;
    if migrate == Migrate::Now {
        keep_before_migrating(&mut writer, at)?;
        migrations::run(&mut writer)?;
    }
    let (reads, read_jobs) = line();
    for number in 0..READERS {
        let mut reader = connect(path)?;
        reader.batch("PRAGMA query_only = ON;")?;
        let jobs = read_jobs.clone();
        spawn(&format!("store-reader-{number}"), move || read(reader, &jobs))?;
    }
    let (writes, write_jobs) = line();
    spawn("store-writer", move || write(writer, &write_jobs, true))?;
    Ok((writes, reads))
}

/// Copies a database that is about to be changed by migrations, so that there is a way back. A new
/// one needs none.
fn keep_before_migrating(db: &mut Db, path: &Path) -> Result<(), StoreError> {
    let is_new = migrations::applied(db)?.is_empty();
    if is_new || migrations::pending(db)?.is_empty() {
        return Ok(());
    }
    snapshots::keep(path)
        .map(|kept| tracing::info!(kept = %kept.display(), "kept the database before migrating"))
        .map_err(|problem| {
            StoreError::Failed(format!("keeping the database before migrating: {problem}"))
        })
}

/// Turns the write-ahead log on. While another process does the same, SQLite refuses at once,
/// whatever the busy timeout says.
fn keep_log(db: &mut Db) -> Result<(), StoreError> {
    for _ in 0..LOG_TRIES {
        match db.batch(FILE_PRAGMAS) {
            Err(StoreError::Busy) => std::thread::sleep(LOG_PAUSE),
            done => return done,
        }
    }
    db.batch(FILE_PRAGMAS)
}

/// The migrations that a file lacks; all of them when there is no file yet.
pub(super) fn pending(path: &Path) -> Result<Vec<String>, StoreError> {
    if !path.exists() {
        return migrations::pending(&mut connect(":memory:")?);
    }
    migrations::pending(&mut connect_file(path)?)
}

/// A connection to the file at `path`, beside whatever else works on it.
pub(super) fn connect_file(path: &Path) -> Result<Db, StoreError> {
    connect(path.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?)
}

/// Where the write-ahead log of the file at `path` is.
pub(super) fn log_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// What a path may not hold within a `file:` address.
const IN_ADDRESS: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#').add(b' ');

/// A connection to a file that nobody writes, and that is not written.
pub(super) fn connect_unchanged(path: &Path) -> Result<Db, StoreError> {
    let path = path.to_str().ok_or_else(|| unavailable("the path is not UTF-8"))?;
    let path = utf8_percent_encode(path, IN_ADDRESS);
    connect(&format!("file:{path}?mode=ro&immutable=1"))
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

fn read(mut db: Db, jobs: &Jobs<Job>) {
    while let Some(mut job) = jobs.next() {
        job.run(&mut db);
        job.answer(Ok(()));
    }
}

/// Takes what waits, runs each job in its savepoint, and answers all after one commit.
fn write(mut db: Db, jobs: &Jobs<Job>, is_file: bool) {
    let mut has_written = false;
    loop {
        let first = match jobs.next_within(IDLE) {
            Next::Job(job) => job,
            Next::Pause => {
                if is_file && std::mem::take(&mut has_written) {
                    // A reader in the way only means that the next pause does it.
                    let _ = db.batch("PRAGMA wal_checkpoint(PASSIVE);");
                }
                continue;
            }
            Next::End => return,
        };
        let mut group = vec![first];
        jobs.take(GROUP - 1, &mut group);
        has_written |= group.iter().any(|job| job.is_write);
        run_group(&mut db, group);
    }
}

fn run_group(db: &mut Db, mut group: Vec<Job>) {
    let durable = match run_together(db, &mut group) {
        // One of them must be undone, and then each is run on its own.
        Ok(false) => run_apart(db, &mut group),
        Ok(true) => Ok(()),
        Err(error) => Err(error),
    };
    for job in group {
        job.answer(durable.clone());
    }
}

/// Runs jobs in one transaction without savepoints, which cost more than a job does: nearly all of
/// them do what they are to do. False, and nothing is done, when one does not and has company.
fn run_together(db: &mut Db, group: &mut [Job]) -> Result<bool, StoreError> {
    db.batch("BEGIN IMMEDIATE")?;
    let is_alone = group.len() == 1;
    for job in group {
        let is_done = matches!(job.run(db), Ran::Done) || !job.is_write;
        if !is_done {
            // What cannot be committed is undone; the connection must be usable for the next group.
            let undone = db.batch("ROLLBACK");
            return if is_alone { undone.map(|()| true) } else { Ok(false) };
        }
        job.before_commit();
    }
    commit(db).map(|()| true)
}

fn run_apart(db: &mut Db, group: &mut [Job]) -> Result<(), StoreError> {
    db.batch("BEGIN IMMEDIATE")?;
    let run = group.iter_mut().try_for_each(|job| run_one(db, job));
    run.inspect_err(|_| drop(db.batch("ROLLBACK")))?;
    commit(db)
}

fn commit(db: &mut Db) -> Result<(), StoreError> {
    db.batch("COMMIT").inspect_err(|_| drop(db.batch("ROLLBACK")))
}

/// A job that fails or panics is undone alone.
///
/// # Errors
/// When the transaction around it is lost: SQLite itself rolls back when the disk is full. A
/// savepoint would then begin one of its own, so the jobs that follow must not run.
fn run_one(db: &mut Db, job: &mut Job) -> Result<(), StoreError> {
    if !job.is_write {
        job.run(db);
        return Ok(());
    }
    db.batch("SAVEPOINT job")?;
    let ran = job.run(db);
    job.before_commit();
    let after = match ran {
        Ran::Done => "RELEASE job",
        Ran::Failed | Ran::Unexplained | Ran::Conflict => "ROLLBACK TO job; RELEASE job",
    };
    db.batch(after).inspect_err(|error| {
        tracing::error!(job = job.name, %error, "the transaction around a job was lost");
    })
}
