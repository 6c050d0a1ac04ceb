use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;

use super::breach;
use super::provider::issuer_settings;
use crate::app::audit::COMMAND;
use crate::app::clients::Registrar;
use crate::app::keys::ensure_key;
use crate::app::mail::PostOffice;
use crate::app::{IssuerSettings, KeyKeeper, Operator};
use crate::base::{Clock as _, Entropy, SystemClock, SystemEntropy};
use crate::config::{DatabaseUrl, SealKeySource, Settings};
use crate::credentials::{Argon2Cost, PasswordPool, SealKey, Sealer, load_or_create_seal_key};
use crate::domain::Client;
use crate::rules::registration::RegistrationPolicy;
use crate::store::{Location, Migrate, Store, signing_keys};

/// The file with the link of the first run, in the data folder.
pub(super) const SETUP_LINK_FILE: &str = "setup-link";

/// What a command works on: the same data as the running server.
pub(super) struct Installation {
    pub(super) store: Store,
    pub(super) clock: SystemClock,
    pub(super) entropy: SystemEntropy,
    config: Settings,
    is_dev: bool,
    seal_key: SealKeySource,
    settings: IssuerSettings,
    sends_mails: bool,
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
            config: settings.clone(),
            is_dev: settings.is_dev,
            seal_key: settings.seal_key.clone(),
            settings: issuer_settings(settings),
            sends_mails: settings.mail.is_some() || settings.is_dev,
        })
    }

    /// The issuer: every link begins with it (`security.md` R66).
    pub(super) fn public_url(&self) -> &str {
        &self.settings.public_url
    }

    /// Opens and seals what is sealed at rest.
    pub(super) async fn sealer(&self) -> anyhow::Result<Sealer> {
        Ok(Sealer::new(seal_key(&self.seal_key, &self.store, &self.entropy).await?)?)
    }

    /// What accounts and clients are kept with.
    pub(super) fn operator(&self) -> Operator<'_> {
        Operator::command(&self.store, &self.clock, &self.entropy)
    }

    /// Writes mails for the running server to send; none when it sends none.
    pub(super) async fn post_office(&self) -> anyhow::Result<Option<PostOffice>> {
        if !self.sends_mails {
            return Ok(None);
        }
        let sealer = Arc::new(self.sealer().await?);
        Ok(Some(PostOffice::new(&self.settings, sealer, Arc::new(self.entropy))))
    }

    /// What clients are made with.
    pub(super) fn registrar<'a>(&'a self, sealer: &'a Sealer) -> Registrar<'a> {
        Registrar {
            store: &self.store,
            clock: &self.clock,
            entropy: &self.entropy,
            sealer,
            policy: RegistrationPolicy { is_dev: self.is_dev },
            actor: COMMAND,
            caller: None,
        }
    }

    /// Makes the signing keys that a client asks for, so that they are published before its first
    /// token: relying parties keep the key set that they found first.
    pub(super) async fn ensure_keys(&self, client: &Client) -> anyhow::Result<()> {
        let sealer = self.sealer().await?;
        let entropy: Arc<dyn Entropy> = Arc::new(self.entropy);
        let now = self.clock.now();
        for algorithm in client.signing_algorithms() {
            ensure_key(algorithm, &self.store, &sealer, Arc::clone(&entropy), now).await?;
        }
        Ok(())
    }

    /// Makes, changes and removes signing keys.
    pub(super) fn key_keeper<'a>(&'a self, sealer: &'a Sealer) -> KeyKeeper<'a> {
        KeyKeeper {
            store: &self.store,
            sealer,
            clock: &self.clock,
            entropy: Arc::new(self.entropy),
            settings: self.settings.key_rotation(),
            actor: COMMAND.clone(),
        }
    }

    /// A pool for the one password of a command, which is looked up in the breach filter as any.
    pub(super) fn password_pool(&self) -> anyhow::Result<PasswordPool> {
        let breached = breach::load(&self.config)?;
        Ok(PasswordPool::with_breach_filter(Argon2Cost::DEFAULT, 1, breached)?)
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
pub(super) fn make_folder(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("cannot make the data folder {}", path.display()))
}

/// The key outside the database. A database that holds keys already was sealed with one.
pub(super) async fn seal_key(
    source: &SealKeySource,
    store: &Store,
    entropy: &dyn Entropy,
) -> anyhow::Result<SealKey> {
    match source {
        SealKeySource::Given(key) => Ok(key.clone()),
        SealKeySource::File(path) => {
            let is_new = store.read(signing_keys::list_signing_keys).await?.is_empty();
            Ok(load_or_create_seal_key(path, is_new, entropy)?)
        }
    }
}
