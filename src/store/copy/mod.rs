//! Every row of every table, whatever stands in it: for backups, for restoring them, and for moving
//! from one engine to the other. What the tables are is read from an SQLite database of the same
//! schema, so that a new table is copied without a word here.
//!
//! A row travels as a JSON array that the database itself writes and reads: bytes in hex, truth as
//! 0 and 1. The text is equal on both engines once it was read, and so is the digest of a table.

mod file;
mod live;
mod manifest;
mod renew;
mod verify;

pub use file::{BackupProblem, backup_to, snapshot};
pub use live::{Keep, Moved, PutInPlace, move_to_postgres, put_in_place, put_into_postgres};
pub use manifest::{Counted, Manifest};
pub use renew::{Renewal, backed_up_at, not_before, note_backup, prepare};
pub use verify::verify;

pub(super) use renew::end_short_lived;

use diesel::connection::{DefaultLoadingMode, SimpleConnection as _};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use serde_json::Value;

use super::db::each;
use super::{Db, StoreError};
use crate::base::{sha256, to_base64url};

/// Rows that travel at once.
const CHUNK: usize = 500;

/// A column and what it holds.
struct Column {
    name: String,
    kind: Kind,
    is_key: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bytes,
    Bool,
    Integer,
    Text,
}

/// A table, as the catalogue of an SQLite database tells it.
pub(super) struct Table {
    name: String,
    columns: Vec<Column>,
    /// The tables that its rows refer to.
    refers: Vec<String>,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = diesel::sql_types::Integer)]
    key_place: i32,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    owner: String,
    #[diesel(sql_type = Text)]
    target: String,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const COLUMNS: &str = "SELECT m.name AS owner, c.name AS name, c.type AS kind, c.pk AS key_place \
     FROM sqlite_master m JOIN pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' \
     AND m.name NOT LIKE 'sqlite%' AND m.name <> 'backup' ORDER BY m.name, c.cid";
const REFERENCES: &str = "SELECT m.name AS owner, f.\"table\" AS target \
     FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";

/// The tables of an SQLite database, each after those that its rows refer to.
pub(super) fn tables_of(lite: &mut Db) -> Result<Vec<Table>, StoreError> {
    let columns: Vec<ColumnRow> = each!(lite, c => sql_query(COLUMNS).load(c))?;
    let references: Vec<Reference> = each!(lite, c => sql_query(REFERENCES).load(c))?;
    let mut found: Vec<Table> = Vec::new();
    for row in columns {
        if found.last().is_none_or(|table| table.name != row.owner) {
            let of_table = references.iter().filter(|reference| reference.owner == row.owner);
            let refers = of_table.map(|reference| reference.target.clone()).collect();
            found.push(Table { name: row.owner.clone(), columns: Vec::new(), refers });
        }
        let kind = match row.kind.as_str() {
            "BLOB" => Kind::Bytes,
            "BOOLEAN" => Kind::Bool,
            "TEXT" => Kind::Text,
            _ => Kind::Integer,
        };
        if let Some(table) = found.last_mut() {
            table.columns.push(Column { name: row.name, kind, is_key: row.key_place > 0 });
        }
    }
    Ok(in_order(found))
}

/// Those that are referred to first. Tables that refer to each other keep the order of their names.
fn in_order(mut left: Vec<Table>) -> Vec<Table> {
    let mut done: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_ready = |table: &Table| {
            let is_there =
                |name: &String| *name == table.name || done.iter().any(|table| table.name == *name);
            table.refers.iter().all(is_there)
        };
        let next = left.iter().position(is_ready).unwrap_or(0);
        done.push(left.remove(next));
    }
    done
}

impl Table {
    /// The statement that gives each row as a JSON array, in the order of the key's bytes.
    fn select(&self, is_lite: bool) -> String {
        let value = |column: &Column| {
            let name = quoted(&column.name);
            match (column.kind, is_lite) {
                (Kind::Bytes, true) => {
                    format!("CASE WHEN {name} IS NULL THEN NULL ELSE hex({name}) END")
                }
                (Kind::Bytes, false) => format!("upper(encode({name}, 'hex'))"),
                (Kind::Bool, false) => format!("{name}::int"),
                _ => name,
            }
        };
        let order = |column: &Column| match (column.kind, is_lite) {
            (Kind::Text, false) => format!("{} COLLATE \"C\"", quoted(&column.name)),
            _ => quoted(&column.name),
        };
        let values: Vec<String> = self.columns.iter().map(value).collect();
        let keys: Vec<String> =
            self.columns.iter().filter(|column| column.is_key).map(order).collect();
        let array = if is_lite {
            format!("json_array({})", values.join(", "))
        } else {
            format!("json_build_array({})::text", values.join(", "))
        };
        let (name, order) = (quoted(&self.name), keys.join(", "));
        format!("SELECT {array} AS line FROM {name} ORDER BY {order}")
    }

    /// The statement that stores the rows of a JSON array of arrays.
    fn insert(&self, is_lite: bool) -> String {
        let value = |(place, column): (usize, &Column)| {
            if is_lite {
                let value = format!("json_extract(value, '$[{place}]')");
                return if column.kind == Kind::Bytes { format!("unhex({value})") } else { value };
            }
            match column.kind {
                Kind::Bytes => format!("decode(line->>{place}, 'hex')"),
                Kind::Bool => format!("(line->>{place})::int = 1"),
                Kind::Integer => format!("(line->>{place})::bigint"),
                Kind::Text => format!("line->>{place}"),
            }
        };
        let names: Vec<String> = self.columns.iter().map(|column| quoted(&column.name)).collect();
        let values: Vec<String> = self.columns.iter().enumerate().map(value).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        let from = if is_lite { "json_each(?)" } else { "json_array_elements($1::json) AS line" };
        format!("INSERT INTO {} ({names}) SELECT {values} FROM {from}", quoted(&self.name))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// Hands the rows of a table to `take`, the first one first. PostgreSQL needs a transaction around.
fn each_row(
    db: &mut Db,
    table: &Table,
    take: &mut dyn FnMut(Value) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let select = table.select(db.is_lite());
    match db {
        Db::Lite(connection) => {
            let lines = sql_query(select).load_iter::<Line, DefaultLoadingMode>(connection)?;
            for line in lines {
                take(read(&line?.line)?)?;
            }
        }
        Db::Pg(connection) => {
            connection.batch_execute(&format!("DECLARE copied NO SCROLL CURSOR FOR {select}"))?;
            loop {
                let fetch = sql_query(format!("FETCH {CHUNK} FROM copied"));
                let lines: Vec<Line> = fetch.load(connection)?;
                if lines.is_empty() {
                    break;
                }
                for line in lines {
                    take(read(&line.line)?)?;
                }
            }
            connection.batch_execute("CLOSE copied")?;
        }
    }
    Ok(())
}

fn read(line: &str) -> Result<Value, StoreError> {
    serde_json::from_str(line).map_err(|error| StoreError::Failed(error.to_string()))
}

fn insert(db: &mut Db, table: &Table, rows: &mut Vec<Value>) -> Result<(), StoreError> {
    if rows.is_empty() {
        return Ok(());
    }
    let text = Value::Array(std::mem::take(rows)).to_string();
    let statement = table.insert(db.is_lite());
    each!(db, c => sql_query(statement).bind::<Text, _>(text).execute(c))?;
    Ok(())
}

/// Counts rows and takes their digest, in the order in which they come.
#[derive(Default)]
struct Counter {
    rows: u64,
    state: [u8; 32],
}

impl Counter {
    fn count(&mut self, row: &Value) {
        self.rows += 1;
        self.state = sha256(&[self.state.as_slice(), row.to_string().as_bytes()].concat());
    }

    fn of(self, table: &Table) -> Counted {
        Counted { table: table.name.clone(), rows: self.rows, digest: to_base64url(&self.state) }
    }
}

/// How many rows each table has, and their digest.
pub(super) fn count(db: &mut Db, tables: &[Table]) -> Result<Vec<Counted>, StoreError> {
    let mut counted = Vec::with_capacity(tables.len());
    for table in tables {
        let mut counter = Counter::default();
        each_row(db, table, &mut |row| {
            counter.count(&row);
            Ok(())
        })?;
        counted.push(counter.of(table));
    }
    Ok(counted)
}

/// Copies the rows of `tables` and tells what was read. The caller has a transaction around both.
fn copy(from: &mut Db, to: &mut Db, tables: &[Table]) -> Result<Vec<Counted>, StoreError> {
    let mut counted = Vec::with_capacity(tables.len());
    for table in tables {
        let (mut counter, mut waiting) = (Counter::default(), Vec::with_capacity(CHUNK));
        each_row(from, table, &mut |row| {
            counter.count(&row);
            waiting.push(row);
            if waiting.len() == CHUNK { insert(to, table, &mut waiting) } else { Ok(()) }
        })?;
        insert(to, table, &mut waiting)?;
        counted.push(counter.of(table));
    }
    Ok(counted)
}

/// Removes every row, those that refer to others first.
fn clear(db: &mut Db, tables: &[Table]) -> Result<(), StoreError> {
    for table in tables.iter().rev() {
        db.batch(&format!("DELETE FROM {}", quoted(&table.name)))?;
    }
    Ok(())
}

/// Runs `work` between `begin` and the commit, and undoes it when it fails.
pub(super) fn in_transaction<R>(
    db: &mut Db,
    begin: &str,
    work: impl FnOnce(&mut Db) -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    db.batch(begin)?;
    let done = work(db);
    let ended = db.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" });
    let value = done?;
    ended?;
    Ok(value)
}
