use diesel::result::{DatabaseErrorKind, Error};

/// What went wrong in a store. It never looks like "not found": that is an `Option`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A value that must be unique is taken; the index or the columns.
    #[error("already taken: {0}")]
    Unique(String),
    /// Something it refers to does not exist.
    #[error("it refers to something that does not exist")]
    ForeignKey,
    /// Another process holds the database.
    #[error("another process holds the database")]
    Busy,
    /// Too much is waiting.
    #[error("too much waits for the store")]
    Full,
    /// The database cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// The file is not as it was written.
    #[error(
        "the database is damaged ({0}): keep the file as it is, and bring a backup back with tessera \
         restore FILE --replace"
    )]
    Damaged(String),
    /// A row that cannot be read: table, column, and the row's id.
    #[error("table {table}, column {column}, row {id}: the value cannot be read")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's id.
        id: String,
    },
    /// Two transactions got in each other's way; the store tries again by itself.
    #[error("the transaction must be tried again")]
    Conflict,
    /// The database refused, for a reason that diesel does not tell apart.
    #[error("{0}")]
    Unexplained(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        match error {
            Error::DatabaseError(kind, info) => {
                of_database(&kind, info.message(), info.constraint_name())
            }
            Error::BrokenTransactionManager => Self::Unavailable("the connection broke".to_owned()),
            other => Self::Failed(other.to_string()),
        }
    }
}

/// How SQLite tells that a file is not as it was written.
const RUINED: [&str; 2] = ["database disk image is malformed", "file is not a database"];
/// How SQLite tells that it cannot write, or read, as things are: it can once there is space.
const NO_SPACE: [&str; 4] = [
    "database or disk is full",
    "disk I/O error",
    "attempt to write a readonly database",
    "unable to open database file",
];

fn of_database(kind: &DatabaseErrorKind, message: &str, constraint: Option<&str>) -> StoreError {
    match kind {
        DatabaseErrorKind::UniqueViolation => {
            StoreError::Unique(taken_column(constraint.unwrap_or(message)))
        }
        DatabaseErrorKind::ForeignKeyViolation => StoreError::ForeignKey,
        DatabaseErrorKind::SerializationFailure => StoreError::Conflict,
        DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand => {
            StoreError::Unavailable(message.to_owned())
        }
        // SQLite's words, which it has in one language. PostgreSQL's depend on the server, so
        // none of them is looked at: `store/postgres.rs` goes by what becomes of the connection.
        _ if message.contains("database is locked")
            || message.contains("database table is locked") =>
        {
            StoreError::Busy
        }
        _ if RUINED.iter().any(|words| message.contains(words)) => {
            StoreError::Damaged(message.to_owned())
        }
        _ if NO_SPACE.iter().any(|words| message.contains(words)) => {
            StoreError::Unavailable(message.to_owned())
        }
        _ => StoreError::Unexplained(message.to_owned()),
    }
}

/// Both engines name what is taken in their own way: `users_username_once` and
/// `UNIQUE constraint failed: users.username`. Here it is `users.username` for both.
fn taken_column(text: &str) -> String {
    let text = text.strip_prefix("UNIQUE constraint failed: ").unwrap_or(text);
    if let Some((table, columns)) = text.strip_suffix("_once").and_then(|name| {
        ["signing_keys", "users", "clients", "consents"]
            .into_iter()
            .find_map(|table| Some((table, name.strip_prefix(table)?.strip_prefix('_')?)))
    }) {
        let columns: Vec<String> =
            columns.split("_and_").map(|column| format!("{table}.{column}")).collect();
        return columns.join(", ");
    }
    text.to_owned()
}
