//! Where the contract is tried: the three durable backends, and a new database on each.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection as _;
use tessera::store::{Db, Location, Migrate, Store, StoreError};

/// A place for the data of one backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Backend {
    SqliteMemory,
    SqliteFile,
    Postgres,
}

/// A database that a case has to itself.
pub(super) struct Bench {
    pub(super) store: Store,
    pub(super) backend: Backend,
    pub(super) location: Location,
}

/// A case of the contract and its name.
pub(super) type Case = (&'static str, fn(Bench) -> Pin<Box<dyn Future<Output = ()> + Send>>);

impl Backend {
    fn name(self) -> &'static str {
        match self {
            Self::SqliteMemory => "sqlite memory",
            Self::SqliteFile => "sqlite file",
            Self::Postgres => "postgres",
        }
    }

    /// A place where no database is yet.
    pub(super) fn new_location(self) -> Option<Location> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("store_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        match self {
            Self::SqliteMemory => Some(Location::SqliteMemory),
            Self::SqliteFile => {
                let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
                std::fs::create_dir_all(&folder).unwrap();
                Some(Location::SqliteFile(folder.join("tessera.db")))
            }
            Self::Postgres => {
                let server = service("TESSERA_TEST_POSTGRES")?;
                let (server, _) = server.rsplit_once('/').unwrap();
                Some(new_database(server, &name))
            }
        }
    }
}

/// The address of a service that the test needs. Without one the test fails, unless whoever runs
/// it said that the service may be missing.
pub(super) fn service(variable: &str) -> Option<String> {
    if let Ok(address) = std::env::var(variable) {
        return Some(address);
    }
    assert!(
        std::env::var("TESSERA_TEST_ALLOW_MISSING").is_ok_and(|value| value == "1"),
        "{variable} is not set: run the tests with scripts/with-services, or set TESSERA_TEST_ALLOW_MISSING=1 to do without"
    );
    println!("store contract · {variable} is not set … skipped");
    None
}

fn new_database(server: &str, name: &str) -> Location {
    use diesel::Connection as _;
    use diesel_async::AsyncPgConnection;
    use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
    let url = format!("{server}/postgres");
    let statement = format!("CREATE DATABASE {name}");
    std::thread::spawn(move || {
        // The wrapper brings its own runtime when it is made this way.
        let mut connection = AsyncConnectionWrapper::<AsyncPgConnection>::establish(&url).unwrap();
        connection.batch_execute(&statement).unwrap();
    })
    .join()
    .unwrap();
    Location::Postgres(format!("{server}/{name}"))
}

impl Drop for Bench {
    fn drop(&mut self) {
        if let Location::SqliteFile(path) = &self.location
            && let Some(folder) = path.parent()
        {
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

impl Bench {
    fn new(backend: Backend) -> Option<Self> {
        let location = backend.new_location()?;
        let store = Store::open(&location, Migrate::Now).unwrap();
        Some(Self { store, backend, location })
    }

    /// A second store on the same data, as another process has it. A database in memory has none.
    pub(super) fn second(&self) -> Store {
        match self.backend {
            Backend::SqliteMemory => self.store.clone(),
            _ => Store::open(&self.location, Migrate::Refuse).unwrap(),
        }
    }

    /// A write that must succeed.
    pub(super) async fn write<R, F>(&self, change: F) -> R
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        self.store.write("test", change).await.unwrap()
    }

    /// A write that must fail, and how it did.
    pub(super) async fn refused<R, F>(&self, change: F) -> StoreError
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        self.store.write("test", change).await.map(drop).unwrap_err()
    }

    /// A read that must succeed.
    pub(super) async fn read<R, F>(&self, query: F) -> R
    where
        R: Send + 'static,
        F: FnMut(&mut Db) -> Result<R, StoreError> + Send + 'static,
    {
        self.store.read(query).await.unwrap()
    }
}

/// Statements that no query of the store makes.
pub(super) fn sql(db: &mut Db, statements: &str) -> Result<(), StoreError> {
    match db {
        Db::Lite(connection) => Ok(connection.batch_execute(statements)?),
        Db::Pg(connection) => Ok(connection.batch_execute(statements)?),
    }
}

/// Runs every case on a database of its own, and says how each went before it fails as a whole.
pub(super) fn keeps_contract(backend: Backend, cases: &[Case]) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut failed = Vec::new();
    for (name, case) in cases {
        let Some(bench) = Bench::new(backend) else { return };
        let ended = runtime.block_on(runtime.spawn(case(bench)));
        let word = if ended.is_ok() { "ok" } else { "FAILED" };
        println!("store contract · {} · {name} … {word}", backend.name());
        if ended.is_err() {
            failed.push(*name);
        }
    }
    println!("store contract · {} · {} cases", backend.name(), cases.len());
    assert!(failed.is_empty(), "{} · {failed:?}", backend.name());
}
