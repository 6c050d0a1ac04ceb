//! Statements whose text never changes, however they are filled.
//!
//! diesel prepares every `UPDATE` anew, and every `INSERT` with a column that may be NULL, because
//! it cannot know whether the text depends on the values. SQLite then parses and plans it each
//! time, and PostgreSQL is asked twice. Whoever writes [`fixed!`] around a statement says that the
//! text is always the same; debug builds, and so all tests, compare it each time.

use std::any::Any;
use std::marker::PhantomData;

use diesel::backend::{Backend, DieselReserveSpecialization};
use diesel::connection::Connection as _;
use diesel::pg::Pg;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sqlite::Sqlite;
use diesel::{QueryResult, SqliteConnection};
use diesel_async::async_connection_wrapper::{AsyncConnectionWrapper, BlockOn as _};
use diesel_async::{AsyncConnectionCore as _, AsyncPgConnection};

use super::ThisThread;

/// A statement that is prepared once for each connection. `Name` is a type of its own for each
/// statement: two statements of one name would be taken for each other.
pub(in crate::store) struct Fixed<Name, Q> {
    query: Q,
    name: PhantomData<Name>,
}

impl<Name, Q> Fixed<Name, Q> {
    pub(in crate::store) fn new(query: Q) -> Self {
        Self { query, name: PhantomData }
    }
}

impl<Name: Any, Q> Fixed<Name, Q> {
    /// Runs it, and says how many rows it changed.
    pub(in crate::store) fn execute<C: Executes>(self, connection: &mut C) -> QueryResult<usize>
    where
        Self: QueryFragment<C::Backend>,
        C::Backend: DieselReserveSpecialization,
        <C::Backend as Backend>::QueryBuilder: Default,
    {
        #[cfg(debug_assertions)]
        texts::compare::<Name, _>(&self, &C::BACKEND)?;
        connection.execute_fixed(self)
    }
}

/// A connection that can be told that a statement is fixed. diesel hands statements on by reference,
/// and asks a reference itself whether it may be prepared once, not what it refers to: `PostgreSQL`
/// is given the statement itself instead, and for SQLite there is [`update`](super::update).
pub(in crate::store) trait Executes {
    type Backend: Backend;

    #[cfg(debug_assertions)]
    const BACKEND: Self::Backend;

    fn execute_fixed<T>(&mut self, statement: T) -> QueryResult<usize>
    where
        T: QueryFragment<Self::Backend> + QueryId;
}

impl Executes for SqliteConnection {
    type Backend = Sqlite;

    #[cfg(debug_assertions)]
    const BACKEND: Sqlite = Sqlite;

    fn execute_fixed<T>(&mut self, statement: T) -> QueryResult<usize>
    where
        T: QueryFragment<Sqlite> + QueryId,
    {
        self.execute_returning_count(&statement)
    }
}

impl Executes for AsyncConnectionWrapper<AsyncPgConnection, ThisThread> {
    type Backend = Pg;

    #[cfg(debug_assertions)]
    const BACKEND: Pg = Pg;

    fn execute_fixed<T>(&mut self, statement: T) -> QueryResult<usize>
    where
        T: QueryFragment<Pg> + QueryId,
    {
        let connection: &mut AsyncPgConnection = self;
        ThisThread.block_on(connection.execute_returning_count(statement))
    }
}

/// Has a statement prepared once for each connection. No value in it may change its text: no
/// `eq_any`, no insertable that leaves out what is `None`.
macro_rules! fixed {
    ($query:expr) => {{
        struct Here;
        $crate::store::db::Fixed::<Here, _>::new($query)
    }};
}
pub(in crate::store) use fixed;

impl<Name: Any, Q> QueryId for Fixed<Name, Q> {
    type QueryId = Name;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<Name, Q, DB> QueryFragment<DB> for Fixed<Name, Q>
where
    Name: Any,
    DB: Backend + DieselReserveSpecialization,
    DB::QueryBuilder: Default,
    Q: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.query.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

#[cfg(debug_assertions)]
mod texts {
    use std::any::{Any, TypeId};
    use std::collections::HashMap;
    use std::sync::{Mutex, PoisonError};

    use diesel::QueryResult;
    use diesel::backend::Backend;
    use diesel::query_builder::{QueryBuilder as _, QueryFragment};

    static TEXTS: Mutex<Option<HashMap<TypeId, String>>> = Mutex::new(None);

    /// Compares the text with that of the first time.
    ///
    /// # Panics
    /// When it is another one: the statement must not be called fixed.
    pub(super) fn compare<Name, DB>(query: &impl QueryFragment<DB>, backend: &DB) -> QueryResult<()>
    where
        Name: Any,
        DB: Backend,
        DB::QueryBuilder: Default,
    {
        let mut builder = DB::QueryBuilder::default();
        query.to_sql(&mut builder, backend)?;
        let text = builder.finish();
        let mut texts = TEXTS.lock().unwrap_or_else(PoisonError::into_inner);
        let texts = texts.get_or_insert_default();
        let first = texts.entry(TypeId::of::<Name>()).or_insert_with(|| text.clone());
        assert_eq!(*first, text, "a statement that is called fixed has two texts");
        Ok(())
    }
}
