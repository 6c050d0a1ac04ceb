use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use anyhow::Context as _;

use crate::base::{SystemClock, SystemEntropy};
use crate::config::{DatabaseUrl, Settings};
use crate::credentials::{Argon2Cost, PasswordPool};
use crate::rules::registration::RegistrationPolicy;
use crate::store::{Location, Migrate, Store};

/// What a command works on: the same data as the running server.
pub(super) struct Installation {
    pub(super) store: Store,
    pub(super) clock: SystemClock,
    pub(super) entropy: SystemEntropy,
    is_dev: bool,
}

impl Installation {
    /// Opens the store. The embedded database is made and brought up to date by whoever comes
    /// first; a PostgreSQL database waits for `tessera migrate`, because others may work on it.
    pub(super) fn open(settings: &Settings) -> anyhow::Result<Self> {
        let migrate = match settings.database {
            DatabaseUrl::Sqlite(_) => Migrate::Now,
            DatabaseUrl::Postgres(_) => Migrate::Refuse,
        };
        Ok(Self {
            store: open_store(settings, migrate)?,
            clock: SystemClock,
            entropy: SystemEntropy,
            is_dev: settings.is_dev,
        })
    }

    /// What clients may register here.
    pub(super) fn registration_policy(&self) -> RegistrationPolicy {
        RegistrationPolicy { is_dev: self.is_dev }
    }

    /// A pool for the one password of a command.
    pub(super) fn password_pool() -> anyhow::Result<PasswordPool> {
        Ok(PasswordPool::new(Argon2Cost::DEFAULT, 1)?)
    }
}

/// Opens the store. The embedded one gets its data folder when that is not there; beside
/// PostgreSQL there may be no disk to write to at all.
pub(super) fn open_store(settings: &Settings, migrate: Migrate) -> anyhow::Result<Store> {
    if let DatabaseUrl::Sqlite(_) = settings.database {
        make_folder(&settings.data_dir)?;
    }
    Ok(Store::open(&location(&settings.database), migrate)?)
}

/// Where the configured database is.
pub(super) fn location(database: &DatabaseUrl) -> Location {
    match database {
        DatabaseUrl::Sqlite(path) => Location::SqliteFile(path.clone()),
        DatabaseUrl::Postgres(url) => Location::Postgres(url.expose().clone()),
    }
}

/// Nobody but its owner has any business in the folder with the database and the seal key.
fn make_folder(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the data folder {}", path.display()))
}
