//! PostgreSQL: a few threads that own one connection each, fed by one bounded, fair queue.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use rustls::{ClientConfig, RootCertStore};
use tokio::task::AbortHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::TlsStream;
use tokio_postgres::{Config, NoTls, Socket};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::circuit::Circuit;
use super::db::ThisThread;
use super::fail_over::FailOvers;
use super::line::{Jobs, Queue, line};
use super::lite::spawn;
use super::work::{Job, Ran};
use super::{Db, Migrate, StoreError, migrations};

const THREADS: usize = 8;
/// How often a transaction is tried when others get in its way.
const TRIES: u32 = 8;
/// How often a job is tried that failed for a reason which diesel does not tell apart: a deadlock is
/// one of those, and the server's words for it depend on its language.
const UNEXPLAINED_TRIES: u32 = 3;
/// How long a job waits before it is tried again, times the tries it had. What it waits for need not
/// have woken yet: begun again at once, the job could take the same lock before the other one does,
/// and both would wait for each other a second time.
const PAUSE: Duration = Duration::from_millis(20);
/// How long connecting may take, the greeting included.
const CONNECT_WITHIN: Duration = Duration::from_secs(3);
/// How long nobody connects to a server that did not answer: callers are refused at once meanwhile.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(1);
/// How long a transaction may take before its connection is thrown away, whatever the server does.
const DEADLINE: Duration = Duration::from_secs(10);
/// What was used within this time is used again without looking. If it was ended since then, the job
/// finds out and runs on a new connection; one of a single statement is refused instead.
const FRESH: Duration = Duration::from_millis(10);
/// A job that waited this long for its turn is refused instead.
const TURN_WITHIN: Duration = Duration::from_secs(5);
/// The server's own limit on waiting for a lock; a statement may take a little longer. What fails
/// after this time has failed for it.
const LOCK_LIMIT: Duration = Duration::from_secs(5);
/// `COMMIT` alone reports success for a transaction that a refused statement has doomed, and rolls
/// it back. The statement before it is refused in such a transaction, at no extra round trip.
const COMMIT: &str = "SELECT 1; COMMIT";
/// A connection whose other end is silent this long is given up.
const SILENCE: Duration = Duration::from_secs(20);
const SESSION: &str = "SET statement_timeout = '8s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET synchronous_commit = on";
/// Migrating takes its time, and waits for whoever migrates already.
const MIGRATING: &str = "SET statement_timeout = 0; SET lock_timeout = 0";

/// Connects, migrates or refuses, and starts the threads.
pub(super) fn start(
    url: &str,
    migrate: Migrate,
    fail_overs: &Arc<FailOvers>,
) -> Result<Queue<Job>, StoreError> {
    let server = Arc::new(Server::watching(url, Arc::clone(fail_overs))?);
    away_from_runtimes(|| {
        let mut first = server.connect()?;
        match migrate {
            Migrate::Now => {
                first.db.batch(MIGRATING)?;
                migrations::run(&mut first.db)
            }
            Migrate::Refuse => migrations::refuse(&migrations::pending(&mut first.db)?),
        }
    })?;
    let (queue, jobs) = line();
    for number in 0..THREADS {
        let (server, jobs) = (Arc::clone(&server), jobs.clone());
        spawn(&format!("store-{number}"), move || serve(&server, &jobs))?;
    }
    Ok(queue)
}

/// The migrations that the server lacks.
pub(super) fn pending(url: &str) -> Result<Vec<String>, StoreError> {
    let server = Server::new(url)?;
    away_from_runtimes(|| migrations::pending(&mut server.connect()?.db))
}

/// Runs `work` on a connection of its own, without the limits on what a request may take.
pub(super) fn on_connection<R: Send>(
    url: &str,
    work: impl FnOnce(&mut Db) -> Result<R, StoreError> + Send,
) -> Result<R, StoreError> {
    let server = Server::new(url)?;
    away_from_runtimes(|| {
        let mut connection = server.connect()?;
        connection.db.batch(MIGRATING)?;
        work(&mut connection.db)
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

/// How to reach the server.
struct Server {
    config: Config,
    circuit: Circuit,
    fail_overs: Arc<FailOvers>,
}

/// A connection, and the task that moves its bytes.
struct Connection {
    db: Db,
    driver: AbortHandle,
    deadline: Arc<Deadline>,
    last_used: Instant,
}

/// Until when what runs on a connection must be done. Nothing runs without one.
type Deadline = Mutex<Option<Instant>>;

fn unavailable(error: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(error.to_string())
}

impl Connection {
    /// Whether the server has not ended it while it was idle, as far as can be told from here.
    fn is_open(&self) -> bool {
        if self.last_used.elapsed() < FRESH {
            return true;
        }
        // Whatever has arrived meanwhile is read now.
        let looked = ThisThread::with(|runtime| runtime.block_on(tokio::task::yield_now()));
        looked.is_ok() && !self.driver.is_finished()
    }

    /// Runs `work`. The connection's bytes stop moving at [`DEADLINE`]: whatever `work` waits for
    /// then fails at once, and so does everything after it.
    fn within_deadline<R>(&mut self, work: impl FnOnce(&mut Db) -> R) -> R {
        let set = |until| *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = until;
        set(Some(Instant::now() + DEADLINE));
        let done = work(&mut self.db);
        set(None);
        self.last_used = Instant::now();
        done
    }
}

/// Gives a connection up whose deadline passes, for as long as it is there. One watch for all that
/// runs on it: a task for each would wake the runtime twice more than the statement itself does.
async fn watch(deadline: Weak<Deadline>, driver: AbortHandle) {
    while let Some(deadline) = deadline.upgrade() {
        let until = *deadline.lock().unwrap_or_else(PoisonError::into_inner);
        drop(deadline);
        // What begins meanwhile ends its time later than this.
        let left = until.map_or(DEADLINE, |until| until.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            tracing::error!("the database did not answer in time: its connection is given up");
            driver.abort();
            return;
        }
        tokio::time::sleep(left).await;
    }
}

impl Server {
    fn new(url: &str) -> Result<Self, StoreError> {
        Self::watching(url, Arc::default())
    }

    fn watching(url: &str, fail_overs: Arc<FailOvers>) -> Result<Self, StoreError> {
        // The parser's own message is not passed on: it could hold the password.
        let mut config: Config =
            url.parse().map_err(|_| unavailable("database_url is not a postgres:// address"))?;
        config.connect_timeout(CONNECT_WITHIN);
        config.tcp_user_timeout(SILENCE).keepalives_idle(SILENCE);
        config.application_name("tessera");
        let circuit = Circuit::new(LEFT_ALONE_FOR);
        Ok(Self { config, circuit, fail_overs })
    }

    /// Connects, on a thread that may block. `sslmode` of the address decides about TLS: with
    /// `prefer` a server without TLS is accepted, with `require` it is not.
    fn connect(&self) -> Result<Connection, StoreError> {
        if !self.circuit.lets_through(Instant::now()) {
            return Err(unavailable("it did not answer a moment ago"));
        }
        let connecting = async { tokio::time::timeout(CONNECT_WITHIN, greet(&self.config)).await };
        let connected = ThisThread::with(|runtime| runtime.block_on(connecting))?;
        let connected = connected.unwrap_or_else(|_| Err(unavailable("connecting took too long")));
        match &connected {
            Ok(_) => self.circuit.succeeded(),
            Err(_) => self.circuit.failed(Instant::now()),
        }
        let (connection, driver) = connected?;
        let db = Db::Pg(AsyncConnectionWrapper::from(connection));
        let deadline = Arc::new(Deadline::default());
        let watch = watch(Arc::downgrade(&deadline), driver.clone());
        ThisThread::with(|runtime| runtime.spawn(watch))?;
        let mut connection = Connection { db, driver, deadline, last_used: Instant::now() };
        connection.within_deadline(|db| {
            db.batch(SESSION)?;
            self.fail_overs.look(db)
        })?;
        Ok(connection)
    }
}

/// Connects and sets the connection up.
async fn greet(config: &Config) -> Result<(AsyncPgConnection, AbortHandle), StoreError> {
    let (client, driver) = if config.get_ssl_mode() == SslMode::Disable {
        let (client, connection) = config.connect(NoTls).await.map_err(unavailable)?;
        (client, drive(connection))
    } else {
        let tls = MakeRustlsConnect::new(tls_config()?);
        let (client, connection) = config.connect(tls).await.map_err(unavailable)?;
        (client, drive(connection))
    };
    Ok((AsyncPgConnection::try_from(client).await.map_err(unavailable)?, driver))
}

/// Moves the bytes of a connection until either side ends it.
fn drive<S>(connection: tokio_postgres::Connection<Socket, S>) -> AbortHandle
where
    S: TlsStream + Unpin + Send + 'static,
{
    let driving = tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection of the store ended");
        }
    });
    driving.abort_handle()
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

fn serve(server: &Server, jobs: &Jobs<Job>) {
    let mut idle = None;
    while let Some(mut job) = jobs.next() {
        if job.waited() >= TURN_WITHIN {
            job.answer(Err(unavailable("the job waited too long for its turn")));
            continue;
        }
        let (was_idle, begun) = (idle.is_some(), Instant::now());
        let mut ended = run(server, &mut idle, &mut job);
        if was_idle && matches!(ended, Ended::Broken(_)) && begun.elapsed() < LOCK_LIMIT {
            ended = run(server, &mut idle, &mut job);
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

/// Runs a job. It leaves the connection in `idle` when that is still good.
fn run(server: &Server, idle: &mut Option<Connection>, job: &mut Job) -> Ended {
    let open = idle.take().filter(Connection::is_open).map_or_else(|| server.connect(), Ok);
    let mut connection = match open {
        Ok(connection) => connection,
        Err(error) => return Ended::Broken(error),
    };
    let (ended, is_good) = connection.within_deadline(|db| match (job.is_write, job.is_single) {
        (false, _) => read(db, job),
        (true, false) => write(db, job),
        (true, true) => write_single(db, job),
    });
    *idle = is_good.then_some(connection);
    ended
}

fn read(db: &mut Db, job: &mut Job) -> (Ended, bool) {
    let begun = Instant::now();
    let ran = job.run(db);
    if !matches!(ran, Ran::Failed | Ran::Unexplained) {
        return (Ended::Told(Ok(())), true);
    }
    match db.batch("SELECT 1") {
        Ok(()) => (Ended::Told(limit_of(&ran, begun)), true),
        Err(error) => (Ended::Broken(error), false),
    }
}

/// Runs a job in a transaction, again when another transaction got in its way.
fn write(db: &mut Db, job: &mut Job) -> (Ended, bool) {
    let begun = Instant::now();
    for attempt in 1.. {
        if let Err(error) = db.batch("BEGIN") {
            return (Ended::Broken(unavailable(error)), false);
        }
        let ran = job.run(db);
        job.before_commit();
        let durable = match ran {
            Ran::Done => db.batch(COMMIT),
            Ran::Failed | Ran::Unexplained | Ran::Conflict => db.batch("ROLLBACK"),
        };
        let is_good = durable.is_ok();
        let tries = match (&ran, &durable) {
            (Ran::Conflict, _) | (_, Err(StoreError::Conflict)) => TRIES,
            (Ran::Unexplained, Ok(())) => UNEXPLAINED_TRIES,
            _ => 1,
        };
        if attempt >= tries || begun.elapsed() >= LOCK_LIMIT {
            return (Ended::Told(durable.and_then(|()| limit_of(&ran, begun))), is_good);
        }
        tracing::debug!(job = job.name, attempt, "the transaction is tried again");
        std::thread::sleep(PAUSE * attempt);
    }
    (Ended::Told(Err(StoreError::Conflict)), true)
}

/// Runs a job of one statement, again when another transaction got in its way. One whose connection
/// broke may have been done, so it is not run again.
fn write_single(db: &mut Db, job: &mut Job) -> (Ended, bool) {
    let begun = Instant::now();
    for attempt in 1.. {
        // The statement commits itself.
        job.before_commit();
        let ran = job.run(db);
        let tries = match ran {
            Ran::Done => return (Ended::Told(Ok(())), true),
            Ran::Conflict => TRIES,
            Ran::Unexplained => UNEXPLAINED_TRIES,
            Ran::Failed => 1,
        };
        if let Err(error) = db.batch("SELECT 1") {
            return (Ended::Told(Err(unavailable(error))), false);
        }
        if attempt >= tries || begun.elapsed() >= LOCK_LIMIT {
            return (Ended::Told(limit_of(&ran, begun)), true);
        }
        tracing::debug!(job = job.name, attempt, "the statement is tried again");
        std::thread::sleep(PAUSE * attempt);
    }
    (Ended::Told(Err(StoreError::Conflict)), true)
}

/// What to tell of a job whose failure diesel does not explain: that the store is busy, when the
/// failure came at a limit of ours.
fn limit_of(ran: &Ran, begun: Instant) -> Result<(), StoreError> {
    let is_limit = matches!(ran, Ran::Unexplained) && begun.elapsed() >= LOCK_LIMIT;
    if is_limit { Err(StoreError::Busy) } else { Ok(()) }
}
