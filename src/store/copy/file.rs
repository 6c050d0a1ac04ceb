//! Making a backup: one file, an SQLite database of the same schema for either engine.

use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::manifest::{Manifest, key_check};
use super::{copy, count, in_transaction, tables_of};
use crate::base::Timestamp;
use crate::store::{Db, Location, StoreError, lite, migrations, postgres};

/// Why a backup was not made, or is of no use.
#[derive(Debug, thiserror::Error)]
pub enum BackupProblem {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is a file already.
    #[error("{0} exists, and a backup overwrites nothing: name another file")]
    Exists(PathBuf),
    /// It is something else.
    #[error("{0} is no backup of Tessera")]
    NotOne(PathBuf),
    /// It is not as it was made.
    #[error("{path} is damaged ({what}): take another backup")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It belongs to another seal key.
    #[error(
        "{0} belongs to another seal key: set the key that was kept beside it (seal_key, or \
         seal.key in the data folder)"
    )]
    OtherKey(PathBuf),
    /// A newer binary made it.
    #[error(
        "{path} was made by Tessera {version}, which knows {missing}: restore it with that version or a newer one"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version that made it.
        version: String,
        /// What this binary does not know.
        missing: String,
    },
    /// A server works on the database.
    #[error("the database is in use: stop the server first")]
    InUse,
    /// There is something already where it should go.
    #[error("{0}")]
    NotEmpty(&'static str),
    /// What arrived is not what was sent.
    #[error("table {0} did not arrive as it was: nothing was changed")]
    Differs(String),
    /// The store fails.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BackupProblem {
    pub(super) fn file(path: &Path, source: std::io::Error) -> Self {
        Self::File { path: path.to_owned(), source }
    }
}

/// Makes a file that only its owner may read, where none is.
pub(super) fn create(path: &Path) -> Result<File, BackupProblem> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|error| {
        match error.kind() {
            ErrorKind::AlreadyExists => BackupProblem::Exists(path.to_owned()),
            _ => BackupProblem::file(path, error),
        }
    })
}

/// A file that is removed again unless it is kept.
pub(super) struct Draft(Option<PathBuf>);

impl Draft {
    /// The draft of `path`, beside it.
    pub(super) fn of(path: &Path) -> Result<(Self, PathBuf), BackupProblem> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.part", std::process::id()));
        let draft = path.with_file_name(name);
        create(&draft)?;
        Ok((Self(Some(draft.clone())), draft))
    }

    /// Gives it its name, where no file has it.
    pub(super) fn keep_as(mut self, path: &Path) -> Result<(), BackupProblem> {
        let Some(draft) = self.0.as_deref() else { return Ok(()) };
        let failed = |error| BackupProblem::file(path, error);
        File::open(draft).and_then(|file| file.sync_all()).map_err(failed)?;
        fs::hard_link(draft, path).map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => BackupProblem::Exists(path.to_owned()),
            _ => failed(error),
        })?;
        sync_folder_of(path);
        fs::remove_file(draft).map_err(failed)?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // It holds what the database holds: what cannot be finished is not left about.
            let _ = fs::remove_file(path);
            let _ = fs::remove_file(journal_of(path));
        }
    }
}

fn journal_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    PathBuf::from(name)
}

/// A name is durable once its folder is. Not every file system lets a folder be synced.
pub(super) fn sync_folder_of(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
}

/// Writes everything in `location` as of one instant into the new file `path`, beside whatever
/// works on it, and tells what is in it. `key` comes of the seal key, which is not in the file.
///
/// # Errors
/// When there is a file already, the store is behind, or one of them fails.
pub fn backup_to(
    location: &Location,
    path: &Path,
    key: &[u8; 32],
    made_at: Timestamp,
) -> Result<Manifest, BackupProblem> {
    if path.exists() {
        return Err(BackupProblem::Exists(path.to_owned()));
    }
    let (draft, at) = Draft::of(path)?;
    let engine = match location {
        Location::SqliteMemory => return Err(StoreError::Failed("it is in memory".into()).into()),
        Location::SqliteFile(live) => {
            vacuum_into(live, &at)?;
            "sqlite"
        }
        Location::Postgres(url) => {
            let mut file = lite::connect_file(&at)?;
            migrations::run(&mut file)?;
            postgres::on_connection(url, |db| copy_from_postgres(db, &mut file))?;
            "postgres"
        }
    };
    let mut file = lite::connect_file(&at)?;
    // One file and no log beside it.
    file.batch("PRAGMA journal_mode = DELETE")?;
    let tables = tables_of(&mut file)?;
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        engine: engine.to_owned(),
        schema: migrations::applied(&mut file)?,
        tables: count(&mut file, &tables)?,
        key_check: key_check(key),
    };
    manifest.store(&mut file, key)?;
    drop(file);
    draft.keep_as(path)?;
    Ok(manifest)
}

/// The whole of an SQLite file as of one instant, in a file that is there and empty.
fn vacuum_into(live: &Path, to: &Path) -> Result<(), StoreError> {
    let name =
        to.to_str().ok_or_else(|| StoreError::Unavailable("the path is not UTF-8".into()))?;
    let name = name.replace('\'', "''");
    lite::connect_file(live)?.batch(&format!("VACUUM INTO '{name}'"))
}

fn copy_from_postgres(db: &mut Db, file: &mut Db) -> Result<(), StoreError> {
    migrations::refuse(&migrations::pending(db)?)?;
    let tables = tables_of(file)?;
    db.batch("SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0")?;
    in_transaction(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", |db| {
        in_transaction(file, "BEGIN IMMEDIATE", |file| copy(db, file, &tables))
    })?;
    Ok(())
}

/// Copies an SQLite file as it is, before it is changed: without a manifest, for going back to the
/// version that it belongs to.
///
/// # Errors
/// When there is a file already, or one of them fails.
pub fn snapshot(live: &Path, path: &Path) -> Result<(), BackupProblem> {
    let (draft, at) = Draft::of(path)?;
    vacuum_into(live, &at)?;
    draft.keep_as(path)
}
