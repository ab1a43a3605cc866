//! What can go wrong with a database.

/// An error of the database or of the way to it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A uniqueness rule was violated; holds the database's description of the constraint.
    #[error("already exists: {0}")]
    Unique(String),
    /// A row refers to one that does not exist.
    #[error("missing reference: {0}")]
    Reference(String),
    /// The database is locked, full or cannot be reached: trying later may help.
    #[error("database not available: {0}")]
    Unavailable(sqlx::Error),
    /// The address of the database is of no known kind.
    #[error("not a database address: {0}")]
    Address(String),
    /// The schema is newer than this program.
    #[error("migration: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The schema holds something that this program does not expect.
    #[error("schema: {0}")]
    Schema(String),
    /// Anything else.
    #[error(transparent)]
    Other(sqlx::Error),
}

/// A result of a database operation.
pub type Result<T> = std::result::Result<T, Error>;

/// SQLite's primary result codes for "try later": busy, locked, no memory, I/O error, full, cannot open.
const SQLITE_TRANSIENT: [i64; 6] = [5, 6, 7, 10, 13, 14];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(cause) => {
                if cause.is_unique_violation() {
                    let name = cause.constraint().map_or_else(|| cause.message().to_owned(), str::to_owned);
                    return Self::Unique(name);
                }
                if cause.is_foreign_key_violation() {
                    return Self::Reference(cause.message().to_owned());
                }
                let code = cause.code().unwrap_or_default();
                if is_transient(&code) { Self::Unavailable(error) } else { Self::Other(error) }
            }
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Self::Unavailable(error)
            }
            _ => Self::Other(error),
        }
    }
}

/// Whether a code of either database says that the same statement may succeed later. PostgreSQL's are five characters
/// (class 08 connection, 40 rollback, 53 resources, 57 operator intervention), SQLite's are numbers with the primary code
/// in the low byte.
fn is_transient(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class)) || code == "55P03";
    }
    code.parse::<i64>().is_ok_and(|code| SQLITE_TRANSIENT.contains(&(code & 0xff)))
}

#[cfg(test)]
mod tests {
    use super::is_transient;

    #[test]
    fn what_passes_by_itself_is_told_from_what_does_not() {
        // Locked, full, an I/O error with an extended code; connection lost, serialization, disk full, shutdown, lock timeout.
        for passing in ["5", "13", "778", "08006", "40001", "53100", "57P01", "55P03"] {
            assert!(is_transient(passing), "{passing}");
        }
        // A constraint, a damaged file, a wrong statement, a missing table.
        for lasting in ["19", "11", "1", "", "42601", "42P01", "23505"] {
            assert!(!is_transient(lasting), "{lasting}");
        }
    }
}
