//! The connection over two engines, and the transaction over it.

mod fixed;
pub(super) mod schema;

use diesel::SqliteConnection;
use diesel::connection::SimpleConnection as _;
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;

use super::StoreError;
pub(super) use fixed::{Fixed, fixed};

/// A connection to one of the two engines. Queries take it and know nothing of which it is.
#[expect(clippy::large_enum_variant, reason = "a handful exist, one for each thread")]
pub enum Db {
    /// SQLite.
    Lite(SqliteConnection),
    /// PostgreSQL.
    Pg(AsyncConnectionWrapper<AsyncPgConnection>),
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
