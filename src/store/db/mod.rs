//! The connection over two engines, and the transaction over it.

mod fixed;
pub(super) mod schema;
mod update;

use std::future::Future;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection as _;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn};
use tokio::runtime::{Builder, Runtime};

use super::StoreError;
pub(super) use fixed::{Executes, Fixed, fixed};
pub(super) use update::update;

/// A connection to one of the two engines. Queries take it and know nothing of which it is.
#[expect(clippy::large_enum_variant, reason = "a handful exist, one for each thread")]
pub enum Db {
    /// SQLite.
    Lite(SqliteConnection),
    /// PostgreSQL.
    Pg(AsyncConnectionWrapper<AsyncPgConnection, ThisThread>),
}

/// The runtime of a thread that owns connections to a server: whoever waits for an answer moves the
/// bytes itself, so that no other thread has to be woken for each of them.
pub struct ThisThread;

thread_local! {
    static RUNTIME: std::io::Result<Runtime> = Builder::new_current_thread().enable_all().build();
}

impl ThisThread {
    /// Gives `work` the runtime.
    ///
    /// # Errors
    /// When the system does not let us have one.
    pub(super) fn with<R>(work: impl FnOnce(&Runtime) -> R) -> Result<R, StoreError> {
        RUNTIME.with(|runtime| match runtime {
            Ok(runtime) => Ok(work(runtime)),
            Err(error) => Err(StoreError::Unavailable(error.to_string())),
        })
    }
}

impl BlockOn for ThisThread {
    fn block_on<F: Future>(&self, work: F) -> F::Output {
        let done = Self::with(|runtime| runtime.block_on(work));
        done.expect("a thread with a connection has a runtime")
    }

    fn get_runtime() -> Self {
        Self
    }
}

/// Writes a query once and has the compiler type it for both engines.
macro_rules! each {
    ($db:expr, $connection:ident => $query:expr) => {
        match $db {
            $crate::store::Db::Lite($connection) => $query,
            $crate::store::Db::Pg($connection) => $query,
        }
    };
}
pub(super) use each;

impl Db {
    /// Runs statements that give nothing back.
    pub(super) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(each!(self, c => c.batch_execute(sql))?)
    }

    pub(super) fn is_lite(&self) -> bool {
        matches!(self, Self::Lite(_))
    }
}
