//! The two stores: the durable one over diesel, on SQLite or PostgreSQL, and the short-lived one.
//!
//! [`Store`] runs jobs on threads of its own; the queries are plain functions over [`Db`], each
//! written once and typed for both engines by the compiler.

mod circuit;
pub mod copy;
mod db;
mod ephemeral;
mod error;
mod facts;
mod fail_over;
mod failpoint;
mod figures;
mod health;
mod kept;
mod line;
mod lite;
mod migrations;
mod postgres;
mod queries;
mod sharing;
mod snapshots;
mod work;

pub use db::Db;
pub use ephemeral::{Ephemeral, EphemeralError, eviction_policy};
pub use error::StoreError;
pub use health::{Health, check_shape, check_sound, look};
pub use kept::{Before, KEEP_FOR, Sitting, Touched};
pub use migrations::{APPLIED_WITH, Engine};
pub use queries::login_failures::Attempt;
pub use queries::{
    audit, client_logos, clients, connected_apps, consents, factors, grants, interactions,
    known_browsers, login_failures, outbox, passkeys, ping, proofs, pushed_requests,
    registration_tokens, schema_facts, session_clients, session_grants, sessions, setup,
    signing_keys, trusted_devices, used_once, users,
};

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use prometheus_client::registry::Registry;
use tokio::sync::oneshot;

use copy::Renewal;
use fail_over::FailOvers;
use kept::Kept;
use line::Queue;
use work::{Job, job};

use crate::base::{Entropy, trace};

/// Where the durable store keeps its data.
#[derive(Clone)]
pub enum Location {
    /// In memory, for tests and trials.
    SqliteMemory,
    /// In a file.
    SqliteFile(PathBuf),
    /// On a server: a `postgres://` address.
    Postgres(String),
}

/// The durable store. Handles are cheap, and the threads end with the last one.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    writes: Queue<Job>,
    reads: Queue<Job>,
    kept: Arc<Kept>,
    /// Whether it looks past what is kept in memory.
    is_fresh: bool,
    standing: Arc<Standing>,
    fail_overs: Arc<FailOvers>,
}

/// What was noticed of the database while it served.
#[derive(Default)]
struct Standing {
    /// Whether the last change could not be written, for want of space or of a server.
    is_write_lost: AtomicBool,
    /// What is wrong with the file.
    damage: OnceLock<StoreError>,
}

/// Whether a store that is behind is brought up to date when it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Migrate {
    /// Yes.
    Now,
    /// No: an error names what is missing.
    Refuse,
}

impl Store {
    /// Opens the store.
    ///
    /// # Errors
    /// When it cannot be reached, or is behind and must not be migrated.
    pub fn open(location: &Location, migrate: Migrate) -> Result<Self, StoreError> {
        let fail_overs = Arc::<FailOvers>::default();
        let (engine, writes, reads) = match location {
            Location::SqliteMemory => {
                let queue = lite::start_memory()?;
                (Engine::Sqlite, queue.clone(), queue)
            }
            Location::SqliteFile(path) => {
                let (writes, reads) = lite::start_file(path, migrate)?;
                (Engine::Sqlite, writes, reads)
            }
            Location::Postgres(url) => {
                let queue = postgres::start(url, migrate, &fail_overs)?;
                (Engine::Postgres, queue.clone(), queue)
            }
        };
        let (kept, standing) = (Arc::default(), Arc::default());
        Ok(Self { engine, writes, reads, kept, is_fresh: false, standing, fail_overs })
    }

    /// The same store beside other processes, which tell each other over the Redis at `url` what
    /// they change: nothing is kept in memory while that is out of reach, and otherwise for
    /// `keep_for` at most ([`KEEP_FOR`]). To be called in a runtime and before the store is cloned.
    ///
    /// # Errors
    /// When `url` is no address of a Redis.
    pub fn shared_over(
        self,
        url: &str,
        keep_for: Duration,
        entropy: &dyn Entropy,
    ) -> Result<Self, EphemeralError> {
        let kept = sharing::begin(url, entropy.token(), |teller| Kept::shared(teller, keep_for))?;
        Ok(Self { kept, ..self })
    }

    /// Has `registry` show what this store counts.
    pub fn register_figures(&self, registry: &mut Registry) {
        self.kept.figures.register(registry);
    }

    /// Whether reads may be answered from memory: false while Redis is out of reach.
    pub fn is_keeping(&self) -> bool {
        self.kept.is_keeping()
    }

    /// The names of the migrations that `location` lacks. It changes nothing.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub fn pending_migrations(location: &Location) -> Result<Vec<String>, StoreError> {
        match location {
            Location::SqliteMemory => Ok(Vec::new()),
            Location::SqliteFile(path) => lite::pending(path),
            Location::Postgres(url) => postgres::pending(url),
        }
    }

    /// The same store, asked itself and not what is kept of it in memory. Whoever is about to
    /// refuse somebody asks it.
    #[must_use]
    pub fn fresh(&self) -> Self {
        Self { is_fresh: true, ..self.clone() }
    }

    /// Which engine it runs on.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Runs a query that changes nothing. A caller that goes away does not interrupt it.
    ///
    /// # Errors
    /// What the query says, [`StoreError::Full`] when too many wait.
    pub async fn read<R, F>(&self, query: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        let (job, answer) = job("read", &self.kept, None, query);
        trace::part(|| "store: read".to_owned(), submit(&self.reads, job, answer)).await
    }

    /// Runs `change` in a transaction and answers once it is durable. It may run again after a
    /// conflict with another transaction, so it must not do anything but change the store.
    ///
    /// # Errors
    /// What the change says, after everything it did was undone.
    pub async fn write<R, F>(&self, name: &'static str, change: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        self.write_touching(Touched::Everything, name, change).await
    }

    /// The same for a change that leaves most of what is kept in memory true: `touched` says what
    /// it does not. To be used where it is often run, and a mistake here shows what is no longer
    /// true for a second.
    ///
    /// # Errors
    /// What the change says, after everything it did was undone.
    pub async fn write_touching<R, F>(
        &self,
        touched: Touched,
        name: &'static str,
        change: F,
    ) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        let (job, answer) = job(name, &self.kept, Some(touched), change);
        self.run_change(job, answer).await
    }

    /// The same for a change that is one statement on PostgreSQL, whatever it meets, and touches
    /// nothing that is kept: that needs no transaction around it, and so a third of the messages.
    ///
    /// # Errors
    /// What the statement says.
    async fn write_single<R, F>(&self, name: &'static str, change: F) -> Result<R, StoreError>
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        let (mut job, answer) = job(name, &self.kept, Some(Touched::Nothing), change);
        job.is_single = true;
        self.run_change(job, answer).await
    }

    async fn run_change<R>(
        &self,
        job: Job,
        answer: oneshot::Receiver<Result<R, StoreError>>,
    ) -> Result<R, StoreError> {
        let name = job.name;
        let submitted = submit(&self.writes, job, answer);
        let ended = trace::part(|| format!("store: {name}"), submitted).await;
        match &ended {
            Ok(_) => self.standing.is_write_lost.store(false, Ordering::Relaxed),
            Err(StoreError::Unavailable(_)) => {
                self.standing.is_write_lost.store(true, Ordering::Relaxed)
            }
            Err(_) => {}
        }
        ended
    }

    /// Reads every page of the file at `path`, which it works on, on a thread of its own:
    /// [`Store::check`] tells when one is damaged.
    ///
    /// # Errors
    /// When there is no thread.
    pub fn look_for_damage(&self, path: PathBuf) -> Result<(), StoreError> {
        let standing = Arc::downgrade(&self.standing);
        lite::spawn("store-check", move || {
            let Err(error) = check_sound(&path) else { return };
            tracing::error!(%error, path = %path.display(), "the database must not be served from");
            if let Some(standing) = standing.upgrade() {
                drop(standing.damage.set(error));
            }
        })
    }

    /// Whether it answers, and takes changes: when the last one could not be written, because the
    /// disk was full or the server away, one is tried.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn check(&self) -> Result<(), StoreError> {
        if let Some(damage) = self.standing.damage.get() {
            return Err(damage.clone());
        }
        self.read(queries::ping).await?;
        if self.standing.is_write_lost.load(Ordering::Relaxed) {
            self.write_touching(Touched::Nothing, "check", queries::note_check).await?;
        }
        Ok(())
    }

    /// From now on a PostgreSQL that took the place of another one is noticed (`reliability.md` P9):
    /// it may lack what was committed last, so what was given out before and opens something by being
    /// shown is ended, as `renewal` says, before anybody is served from it. That it may have happened
    /// while no process ran is looked at now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_what_a_fail_over_may_revive(
        &self,
        renewal: impl Fn() -> Renewal + Send + Sync + 'static,
    ) -> Result<(), StoreError> {
        if self.engine != Engine::Postgres {
            return Ok(());
        }
        self.fail_overs.watch(Arc::new(renewal));
        let fail_overs = Arc::clone(&self.fail_overs);
        self.read(move |db| fail_overs.look(db)).await
    }
}

async fn submit<R>(
    queue: &Queue<Job>,
    job: Job,
    answer: oneshot::Receiver<Result<R, StoreError>>,
) -> Result<R, StoreError> {
    queue.submit(job)?;
    match answer.await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Failed("the job ended without an answer".to_owned())),
    }
}
