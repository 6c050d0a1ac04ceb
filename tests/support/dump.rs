use std::collections::BTreeMap;

use diesel::RunQueryDsl as _;
use tessera::store::{Db, StoreError};

use super::TestApp;

/// Every row of every table as text, by table; of a delivery what it is, not what became of it since.
pub(crate) type Dump = BTreeMap<String, Vec<String>>;

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

fn lines(db: &mut Db, sql: &str) -> Result<Vec<String>, StoreError> {
    let Db::Lite(lite) = db else { panic!("only SQLite is dumped") };
    let found: Vec<Line> = diesel::sql_query(sql).load(lite)?;
    Ok(found.into_iter().map(|line| line.line).collect())
}

/// What the server does by itself, whenever it comes to it.
const OF_DELIVERING: &str = "('due_at', 'tries', 'ended_at', 'outcome', 'problem', 'sealed')";

fn rows(db: &mut Db, table: &str) -> Result<Vec<String>, StoreError> {
    let columns = format!(
        "SELECT 'quote(\"' || name || '\")' AS line FROM pragma_table_info('{table}')
         WHERE NOT ('{table}' = 'outbox' AND name IN {OF_DELIVERING})"
    );
    let columns = lines(db, &columns)?.join(" || '|' || ");
    lines(db, &format!("SELECT {columns} AS line FROM \"{table}\" ORDER BY 1"))
}

impl TestApp {
    /// What the database holds, but for the tables that are left out.
    pub(crate) async fn dump(&self, left_out: &'static [&'static str]) -> Dump {
        let dump = self.store.read(move |db| {
            let tables = lines(db, "SELECT name AS line FROM sqlite_master WHERE type = 'table'")?;
            let wanted = tables.into_iter().filter(|table| !left_out.contains(&table.as_str()));
            wanted
                .map(|table| Ok((table.clone(), rows(db, &table)?)))
                .collect::<Result<Dump, StoreError>>()
        });
        dump.await.expect("a dump")
    }
}
