//! `UPDATE` for [`fixed!`](super::fixed).

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::query_builder::{AsChangeset, AstPass, IntoUpdateTarget, QueryFragment};
use diesel::query_source::QuerySource;

/// Sets `values` in the rows that `target` finds, as [`diesel::update`] does. That one says of itself
/// that it must be prepared anew, and SQLite, which is handed statements by reference, is told so
/// whatever stands around it.
pub(in crate::store) fn update<T, V>(
    target: T,
    values: V,
) -> Update<<T::Table as QuerySource>::FromClause, V::Changeset, T::WhereClause>
where
    T: IntoUpdateTarget,
    T::Table: QuerySource,
    V: AsChangeset<Target = T::Table>,
{
    let target = target.into_update_target();
    Update {
        table: target.table.from_clause(),
        values: values.as_changeset(),
        condition: target.where_clause,
    }
}

/// What [`update`] gives.
pub(in crate::store) struct Update<Table, Values, Condition> {
    table: Table,
    values: Values,
    condition: Condition,
}

impl<Table, Values, Condition, DB> QueryFragment<DB> for Update<Table, Values, Condition>
where
    DB: Backend,
    Table: QueryFragment<DB>,
    Values: QueryFragment<DB>,
    Condition: QueryFragment<DB>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        out.push_sql("UPDATE ");
        self.table.walk_ast(out.reborrow())?;
        out.push_sql(" SET ");
        self.values.walk_ast(out.reborrow())?;
        self.condition.walk_ast(out)
    }
}
