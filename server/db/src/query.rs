//! Running a statement on either database.

use futures::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::{Query as SqlxQuery, QueryAs as SqlxQueryAs};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments as _, AssertSqlSafe, Either, Executor as _, FromRow, Postgres, Sqlite};

use crate::{Conn, Error, Result, SqliteTx, Tx, Value};

/// A statement with a fixed text, known to the test that prepares them all.
pub struct Statement {
    pub text: &'static str,
    pub file: &'static str,
    pub line: u32,
}

inventory::collect!(Statement);

/// Every fixed statement of the program.
pub fn statements() -> impl Iterator<Item = &'static Statement> {
    inventory::iter::<Statement>.into_iter()
}

/// A row that both databases can produce; derive `sqlx::FromRow`, or use a tuple.
pub trait Row: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

impl<T> Row for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

pub(crate) enum Text {
    Fixed(&'static str),
    Built(String),
}

/// A statement with its bound values, ready to run.
pub struct Query {
    text: Text,
    values: Vec<Value>,
}

/// Runs a statement on the database that the connection belongs to.
macro_rules! run {
    ($conn:expr, $query:expr, $prepare:ident, $method:ident) => {
        match $conn.into() {
            Conn::SqlitePool(pool) => $prepare::<Sqlite, _>($query)?.$method(pool).await,
            Conn::SqliteWriter(writer) => {
                let mut tx = writer.begin().await?;
                let outcome = $prepare::<Sqlite, _>($query)?.$method(&mut *tx).await;
                if outcome.is_ok() {
                    tx.commit().await?;
                }
                outcome
            }
            Conn::SqliteTx(tx) => {
                let query = tx.later.before($query);
                $prepare::<Sqlite, _>(query)?.$method(&mut **tx).await
            }
            Conn::PgPool(pool) => $prepare::<Postgres, _>($query)?.$method(pool).await,
            Conn::PgTx(tx) => {
                tx.flush().await?;
                $prepare::<Postgres, _>($query)?.$method(&mut **tx).await
            }
        }
    };
}

impl Query {
    /// Made by [`crate::sql!`], which also registers the text.
    #[doc(hidden)]
    pub fn fixed(text: &'static str) -> Self {
        Self { text: Text::Fixed(text), values: Vec::new() }
    }

    pub(crate) fn built(text: String, values: Vec<Value>) -> Self {
        Self { text: Text::Built(text), values }
    }

    /// Binds the next placeholder.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// All rows. The caller bounds their number in the text.
    pub async fn fetch_all<'c, T: Row>(self, on: impl Into<Conn<'c>>) -> Result<Vec<T>> {
        Ok(run!(on, self, rows, fetch_all)?)
    }

    /// The row, when there is one.
    pub async fn fetch_optional<'c, T: Row>(self, on: impl Into<Conn<'c>>) -> Result<Option<T>> {
        Ok(run!(on, self, rows, fetch_optional)?)
    }

    /// The row, which must be there (aggregates, `returning`).
    pub async fn fetch_one<'c, T: Row>(self, on: impl Into<Conn<'c>>) -> Result<T> {
        Ok(run!(on, self, rows, fetch_one)?)
    }

    /// Runs it for its effect; the number of rows it changed.
    pub async fn execute<'c>(self, on: impl Into<Conn<'c>>) -> Result<u64> {
        let changed = match on.into() {
            Conn::SqlitePool(pool) => plain::<Sqlite>(self)?.execute(pool).await?.rows_affected(),
            Conn::SqliteWriter(writer) => {
                let mut tx = writer.begin().await?;
                let changed = plain::<Sqlite>(self)?.execute(&mut *tx).await?.rows_affected();
                tx.commit().await?;
                changed
            }
            Conn::SqliteTx(tx) => changed(tx, self).await?,
            Conn::PgPool(pool) => plain::<Postgres>(self)?.execute(pool).await?.rows_affected(),
            Conn::PgTx(tx) => {
                tx.flush().await?;
                plain::<Postgres>(self)?.execute(&mut **tx).await?.rows_affected()
            }
        };
        Ok(changed)
    }

    /// Runs it for its effect before anything else happens in the change, at the latest with its commit: one journey to the database
    /// less. It may neither read what other such statements write nor return rows, and when it fails the commit does. Statements to
    /// different tables take their locks in no certain order on PostgreSQL: beside rows that are new or that this change holds already,
    /// a change may put off writing to rows of one table only.
    pub fn later(self, tx: &mut Tx) {
        match tx {
            Tx::Sqlite(tx) => tx.later.add(self),
            Tx::Postgres(tx) => tx.later.add(self),
        }
    }

    pub(crate) fn text(&self) -> &str {
        match &self.text {
            Text::Fixed(text) => text,
            Text::Built(text) => text,
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn into_parts(self) -> (Text, Vec<Value>) {
        (self.text, self.values)
    }
}

/// How many rows a statement changed, and not what was put off before it.
async fn changed(tx: &mut SqliteTx, query: Query) -> Result<u64> {
    let query = plain::<Sqlite>(tx.later.before(query))?;
    let mut steps = (&mut **tx).fetch_many(query);
    let mut changed = 0;
    while let Some(step) = steps.try_next().await? {
        if let Either::Left(done) = step {
            changed = done.rows_affected();
        }
    }
    Ok(changed)
}

/// A database that values can be bound for.
pub(crate) trait Backend: sqlx::Database {
    fn arguments(values: Vec<Value>) -> Result<Self::Arguments>;
}

macro_rules! backend {
    ($db:ty, $arguments:ty) => {
        impl Backend for $db {
            fn arguments(values: Vec<Value>) -> Result<$arguments> {
                let mut arguments = <$arguments>::default();
                for value in values {
                    match value {
                        Value::Int(v) => arguments.add(v),
                        Value::Text(v) => arguments.add(v.map(without_nul)),
                        Value::Bool(v) => arguments.add(v),
                        Value::Float(v) => arguments.add(v),
                        Value::Bytes(v) => arguments.add(v),
                        Value::Json(v) => arguments.add(v.map(sqlx::types::Json)),
                    }
                    .map_err(|error| Error::Other(sqlx::Error::Encode(error)))?;
                }
                Ok(arguments)
            }
        }
    };
}

/// PostgreSQL has no character 0 in texts and would fail on what anybody may send; so neither database gets one.
fn without_nul(mut text: String) -> String {
    if text.contains('\0') {
        text.retain(|c| c != '\0');
    }
    text
}

backend!(Sqlite, SqliteArguments);
backend!(Postgres, PgArguments);

fn rows<DB: Backend, T>(query: Query) -> Result<SqlxQueryAs<'static, DB, T, DB::Arguments>>
where
    T: for<'r> FromRow<'r, DB::Row>,
    DB::Arguments: sqlx::IntoArguments<DB>,
{
    let arguments = DB::arguments(query.values)?;
    Ok(match query.text {
        Text::Fixed(text) => sqlx::query_as_with(text, arguments),
        Text::Built(text) => sqlx::query_as_with(AssertSqlSafe(text), arguments),
    })
}

pub(crate) fn plain<DB: Backend>(query: Query) -> Result<SqlxQuery<'static, DB, DB::Arguments>>
where
    DB::Arguments: sqlx::IntoArguments<DB>,
{
    let arguments = DB::arguments(query.values)?;
    Ok(match query.text {
        Text::Fixed(text) => sqlx::query_with(text, arguments),
        Text::Built(text) => sqlx::query_with(AssertSqlSafe(text), arguments),
    })
}
