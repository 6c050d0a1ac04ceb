//! PostgreSQL: a few threads that own one connection each, fed by one bounded, fair queue.

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Handle, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::lite::spawn;
use super::work::{Job, Queue, Ran};
use super::{Db, Migrate, StoreError, migrations};

const THREADS: usize = 8;
/// How often a transaction is tried when others get in its way.
const TRIES: u32 = 8;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// `COMMIT` alone reports success for a transaction that a refused statement has doomed, and rolls
/// it back. The statement before it is refused in such a transaction, at no extra round trip.
const COMMIT: &str = "SELECT 1; COMMIT";
/// A connection whose other end is silent this long is given up.
const SILENCE: Duration = Duration::from_secs(20);
const SESSION: &str = "SET statement_timeout = '15s'; SET lock_timeout = '10s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET synchronous_commit = on";

/// Connects, migrates or refuses, and starts the threads.
pub(super) fn start(url: &str, migrate: Migrate) -> Result<Queue, StoreError> {
    let server = Arc::new(Server::new(url)?);
    let first = away_from_runtimes(|| {
        let mut first = server.connect()?;
        match migrate {
            Migrate::Now => migrations::run(&mut first)?,
            Migrate::Refuse => migrations::refuse(&migrations::pending(&mut first)?)?,
        }
        Ok(first)
    })?;
    let (queue, jobs) = Queue::new();
    let jobs = Arc::new(Mutex::new(jobs));
    let mut opened = Some(first);
    for number in 0..THREADS {
        let (server, jobs, db) = (Arc::clone(&server), Arc::clone(&jobs), opened.take());
        spawn(&format!("store-{number}"), move || serve(&server, db, &jobs))?;
    }
    Ok(queue)
}

/// The migrations that the server lacks.
pub(super) fn pending(url: &str) -> Result<Vec<String>, StoreError> {
    let server = Server::new(url)?;
    away_from_runtimes(|| migrations::pending(&mut server.connect()?))
}

/// Runs `work` on a connection of its own.
pub(super) fn on_connection<R: Send>(
    url: &str,
    work: impl FnOnce(&mut Db) -> Result<R, StoreError> + Send,
) -> Result<R, StoreError> {
    let server = Server::new(url)?;
    away_from_runtimes(|| {
        let _entered = server.handle()?.enter();
        work(&mut server.connect()?)
    })
}

/// Runs `work`, which blocks on the connection, on a thread of its own: the caller may itself
/// stand in a runtime, which must not be blocked from within.
fn away_from_runtimes<R: Send>(
    work: impl FnOnce() -> Result<R, StoreError> + Send,
) -> Result<R, StoreError> {
    let joined = std::thread::scope(|scope| scope.spawn(work).join());
    joined.unwrap_or_else(|_| Err(unavailable("connecting panicked")))
}

/// How to reach the server, and the runtime that drives the sockets.
struct Server {
    config: Config,
    /// Ends with the last thread of the store. It is taken out to be shut down without waiting,
    /// because it may be dropped where blocking is not allowed.
    runtime: Option<Runtime>,
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

impl Server {
    fn new(url: &str) -> Result<Self, StoreError> {
        // The parser's own message is not passed on: it could hold the password.
        let mut config: Config =
            url.parse().map_err(|_| unavailable("database_url is not a postgres:// address"))?;
        config.connect_timeout(CONNECT_TIMEOUT);
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        config.application_name("tessera");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("store-io")
            .enable_all()
            .build()
            .map_err(unavailable)?;
        Ok(Self { config, runtime: Some(runtime) })
    }

    fn handle(&self) -> Result<&Handle, StoreError> {
        self.runtime.as_ref().map(Runtime::handle).ok_or_else(|| unavailable("it is shutting down"))
    }

    /// Connects, on a thread that may block. `sslmode` of the address decides about TLS: with
    /// `prefer` a server without TLS is accepted, with `require` it is not.
    fn connect(&self) -> Result<Db, StoreError> {
        let handle = self.handle()?.clone();
        let config = self.config.clone();
        let connecting = async move {
            if config.get_ssl_mode() == SslMode::Disable {
                let (client, connection) = config.connect(NoTls).await.map_err(unavailable)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            } else {
                let tls = MakeRustlsConnect::new(tls_config()?);
                let (client, connection) = config.connect(tls).await.map_err(unavailable)?;
                AsyncPgConnection::try_from_client_and_connection(client, connection).await
            }
            .map_err(unavailable)
        };
        let _entered = handle.enter();
        let connection = handle.block_on(connecting)?;
        let mut db = Db::Pg(AsyncConnectionWrapper::from(connection));
        db.batch(SESSION)?;
        Ok(db)
    }
}

fn tls_config() -> Result<ClientConfig, StoreError> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unavailable)?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn serve(server: &Server, mut db: Option<Db>, jobs: &Mutex<Receiver<Job>>) {
    let Ok(handle) = server.handle().cloned() else { return };
    let _entered = handle.enter();
    loop {
        let next = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = next else { return };
        let was_idle = db.is_some();
        let mut ended = run(server, &mut db, &mut job);
        if was_idle && matches!(ended, Ended::Broken(_)) {
            ended = run(server, &mut db, &mut job);
        }
        match ended {
            Ended::Told(durable) => job.answer(durable),
            Ended::Broken(error) => job.answer(Err(error)),
        }
    }
}

/// How a job ended.
enum Ended {
    /// It may be answered with this.
    Told(Result<(), StoreError>),
    /// There was no connection, or one that had broken while it was idle, as happens when the
    /// server starts anew. Nothing was changed, so the job may be run on a new one.
    Broken(StoreError),
}

/// Runs a job. It leaves the connection in `db` when that is still good.
fn run(server: &Server, db: &mut Option<Db>, job: &mut Job) -> Ended {
    let mut connection = match db.take().map_or_else(|| server.connect(), Ok) {
        Ok(connection) => connection,
        Err(error) => return Ended::Broken(error),
    };
    let (ended, is_good) =
        if job.is_write { write(&mut connection, job) } else { read(&mut connection, job) };
    *db = is_good.then_some(connection);
    ended
}

fn read(db: &mut Db, job: &mut Job) -> (Ended, bool) {
    if !matches!(job.run(db), Ran::Failed) {
        return (Ended::Told(Ok(())), true);
    }
    match db.batch("SELECT 1") {
        Ok(()) => (Ended::Told(Ok(())), true),
        Err(error) => (Ended::Broken(error), false),
    }
}

/// Runs a job in a transaction, again when another transaction got in its way.
fn write(db: &mut Db, job: &mut Job) -> (Ended, bool) {
    for attempt in 1.. {
        if let Err(error) = db.batch("BEGIN") {
            return (Ended::Broken(unavailable(error)), false);
        }
        let ran = job.run(db);
        let durable = match ran {
            Ran::Done => db.batch(COMMIT),
            Ran::Failed | Ran::Conflict => db.batch("ROLLBACK"),
        };
        let is_conflict =
            matches!(ran, Ran::Conflict) || matches!(durable, Err(StoreError::Conflict));
        if !is_conflict || attempt == TRIES {
            let is_good = durable.is_ok();
            return (Ended::Told(durable), is_good);
        }
        tracing::debug!(job = job.name, attempt, "the transaction is tried again");
    }
    (Ended::Told(Err(StoreError::Conflict)), true)
}
