//! Whole tables, read and written in a form that both databases understand: backups, and the way from one to the other.
//!
//! A row is a JSON array in the order of the table's columns. Numbers and switches are themselves, texts are texts,
//! JSON columns are texts too (their text), bytes are hexadecimal texts. The databases do the conversion themselves,
//! so no row is taken apart here.

use futures::stream::{BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::{AssertSqlSafe, Postgres, Sqlite};

use crate::later::PostgresTx;
use crate::writer::SqliteTx;
use crate::{Db, Error, Result, Tx};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Float,
    Bool,
    Text,
    Json,
    Bytes,
}

/// A column that is stored; computed ones are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    pub kind: Kind,
}

/// A table with its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    pub name: String,
    pub columns: Vec<Column>,
}

impl Db {
    /// Opens a view of the whole database as it is now, however long it is looked at. Not for writing.
    pub async fn snapshot(&self) -> Result<Tx> {
        // Both take their view at the first query, not at the beginning.
        match self {
            Self::Sqlite { read, .. } => {
                let mut tx = read.begin().await?;
                sqlx::query("select 1 from sqlite_master").fetch_optional(&mut *tx).await?;
                Ok(Tx::Sqlite(SqliteTx::view(tx)))
            }
            Self::Postgres(pool) => {
                let mut tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                sqlx::query("select pg_current_snapshot()").execute(&mut *tx).await?;
                Ok(Tx::Postgres(PostgresTx::new(tx)))
            }
        }
    }
}

/// All tables of the schema, each behind those it refers to.
pub async fn tables(tx: &mut Tx) -> Result<Vec<Table>> {
    let (columns, references) = match tx {
        Tx::Sqlite(tx) => (
            sqlx::query_as(SQLITE_COLUMNS).fetch_all(&mut **tx).await?,
            sqlx::query_as(SQLITE_REFERENCES).fetch_all(&mut **tx).await?,
        ),
        Tx::Postgres(tx) => (
            sqlx::query_as(POSTGRES_COLUMNS).fetch_all(&mut **tx).await?,
            sqlx::query_as(POSTGRES_REFERENCES).fetch_all(&mut **tx).await?,
        ),
    };
    in_order(grouped(columns)?, &references)
}

/// Kept by triggers, wherever the rows come from that they are about.
const BY_TRIGGERS: [&str; 2] = ["contact_tallies", "conversation_tallies"];

/// Table, column and type of each column, in the order of tables. Tables of search indexes are left out: they are made
/// anew from what they index. So are those that triggers keep.
fn grouped(columns: Vec<(String, String, String)>) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    let indexes: Vec<String> =
        columns.iter().filter(|(_, _, kind)| kind == "tsvector").map(|(table, _, _)| table.clone()).collect();
    for (table, name, kind) in columns {
        if indexes.contains(&table) || BY_TRIGGERS.contains(&table.as_str()) {
            continue;
        }
        let kind = kind_of(&kind).ok_or_else(|| Error::Schema(format!("{table}.{name} has the type {kind}")))?;
        match tables.last_mut().filter(|last| last.name == table) {
            Some(last) => last.columns.push(Column { name, kind }),
            None => tables.push(Table { name: table, columns: vec![Column { name, kind }] }),
        }
    }
    Ok(tables)
}

/// Ordinary tables only: neither the migrations' own, nor virtual ones and what belongs to them.
const SQLITE_COLUMNS: &str = "select t.name, c.name, c.type from pragma_table_list t, pragma_table_xinfo(t.name) c
     where t.schema = 'main' and t.type = 'table' and t.name not like 'sqlite%' and t.name <> '_sqlx_migrations'
       and c.hidden = 0
     order by t.name, c.cid";
const SQLITE_REFERENCES: &str = "select t.name, f.\"table\" from pragma_table_list t, pragma_foreign_key_list(t.name) f
     where t.schema = 'main' and t.type = 'table'";
const POSTGRES_COLUMNS: &str = "select c.table_name::text, c.column_name::text, c.data_type::text
     from information_schema.columns c
     join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
     where c.table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.table_name <> '_sqlx_migrations'
       and c.is_generated = 'NEVER'
     order by c.table_name collate \"C\", c.ordinal_position";
const POSTGRES_REFERENCES: &str = "select r.relname::text, p.relname::text from pg_constraint f
     join pg_class r on r.oid = f.conrelid
     join pg_class p on p.oid = f.confrelid
     where f.contype = 'f' and r.relnamespace = current_schema()::regnamespace";

fn kind_of(name: &str) -> Option<Kind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "integer" | "bigint" => Kind::Int,
        "real" | "double precision" => Kind::Float,
        "boolean" => Kind::Bool,
        "text" => Kind::Text,
        "jsonb" => Kind::Json,
        "blob" | "bytea" => Kind::Bytes,
        _ => return None,
    })
}

/// Puts tables behind those they refer to; keeps the given order otherwise.
fn in_order(mut waiting: Vec<Table>, references: &[(String, String)]) -> Result<Vec<Table>> {
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_free = |table: &Table| {
            let mut needed = references.iter().filter(|(from, to)| *from == table.name && *to != table.name);
            needed.all(|(_, to)| ordered.iter().any(|done| done.name == *to))
        };
        let Some(at) = waiting.iter().position(is_free) else {
            let names: Vec<&str> = waiting.iter().map(|table| table.name.as_str()).collect();
            return Err(Error::Schema(format!("these tables refer to each other in a circle: {}", names.join(", "))));
        };
        let table = waiting.remove(at);
        ordered.push(table);
    }
    Ok(ordered)
}

/// The rows of a table, one after the other.
pub fn rows<'t>(tx: &'t mut Tx, table: &Table) -> BoxStream<'t, Result<String>> {
    let is_postgres = matches!(tx, Tx::Postgres(_));
    let columns: Vec<String> = table.columns.iter().map(|column| column.read(is_postgres)).collect();
    let function = if is_postgres { "json_build_array" } else { "json_array" };
    let (name, first) =
        (quoted(&table.name), table.columns.first().map(|column| quoted(&column.name)).unwrap_or_default());
    // Names come from the database's own catalogue and are quoted.
    let text = AssertSqlSafe(format!("select {function}({})::text from {name} order by {first}", columns.join(", ")));
    match tx {
        Tx::Sqlite(tx) => {
            let text = AssertSqlSafe(text.0.replace("::text from", " from"));
            sqlx::query_scalar::<Sqlite, String>(text).fetch(&mut **tx).map_err(Error::from).boxed()
        }
        Tx::Postgres(tx) => sqlx::query_scalar::<Postgres, String>(text).fetch(&mut **tx).map_err(Error::from).boxed(),
    }
}

/// Writes rows that [`rows`] read, perhaps from the other kind of database. `columns` are those of the reading side.
/// A column that the table does not have any more is left out, a new one gets its default.
pub async fn insert(tx: &mut Tx, table: &Table, columns: &[String], rows: &[impl AsRef<str>]) -> Result<()> {
    let is_postgres = matches!(tx, Tx::Postgres(_));
    let mut names = Vec::new();
    let mut values = Vec::new();
    for (index, name) in columns.iter().enumerate() {
        if let Some(column) = table.columns.iter().find(|column| column.name == *name) {
            names.push(quoted(&column.name));
            values.push(column.write(index, is_postgres));
        }
    }
    let source = if is_postgres { "jsonb_array_elements($1::text::jsonb) r(value)" } else { "json_each($1) r" };
    let (table, names, values) = (quoted(&table.name), names.join(", "), values.join(", "));
    let text = AssertSqlSafe(format!("insert into {table} ({names}) select {values} from {source}"));
    let rows: Vec<&str> = rows.iter().map(AsRef::as_ref).collect();
    let batch = format!("[{}]", rows.join(","));
    match tx {
        Tx::Sqlite(tx) => _ = sqlx::query(text).bind(batch).execute(&mut **tx).await?,
        Tx::Postgres(tx) => _ = sqlx::query(text).bind(without_nul(batch)).execute(&mut **tx).await?,
    }
    Ok(())
}

/// Empties tables that [`tables`] listed.
pub async fn clear(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    for table in tables.iter().rev() {
        let text = AssertSqlSafe(format!("delete from {}", quoted(&table.name)));
        match tx {
            Tx::Sqlite(tx) => _ = sqlx::query(text).execute(&mut **tx).await?,
            Tx::Postgres(tx) => _ = sqlx::query(text).execute(&mut **tx).await?,
        }
    }
    Ok(())
}

/// Makes PostgreSQL give out new ids behind those that were written. SQLite does so by itself.
pub async fn continue_ids(tx: &mut Tx, tables: &[Table]) -> Result<()> {
    let Tx::Postgres(tx) = tx else { return Ok(()) };
    let counts = |column: &Column| column.name == "id" && column.kind == Kind::Int;
    for table in tables.iter().filter(|table| table.columns.iter().any(counts)) {
        let name = quoted(&table.name);
        let text = format!(
            "select setval(s, greatest((select coalesce(max(id), 0) from {name}) + 1, nextval(s)), false)
             from pg_get_serial_sequence('{name}', 'id') s where s is not null"
        );
        sqlx::query(AssertSqlSafe(text)).fetch_optional(&mut **tx).await?;
    }
    Ok(())
}

impl Column {
    fn read(&self, is_postgres: bool) -> String {
        let name = quoted(&self.name);
        match (self.kind, is_postgres) {
            (Kind::Json, true) => format!("{name}::text"),
            (Kind::Bytes, true) => format!("encode({name}, 'hex')"),
            (Kind::Bytes, false) => format!("lower(hex({name}))"),
            _ => name,
        }
    }

    fn write(&self, index: usize, is_postgres: bool) -> String {
        if !is_postgres {
            let value = format!("json_extract(r.value, '$[{index}]')");
            return if self.kind == Kind::Bytes { format!("unhex({value})") } else { value };
        }
        let value = format!("(r.value->>{index})");
        match self.kind {
            Kind::Int => format!("{value}::bigint"),
            Kind::Float => format!("{value}::double precision"),
            Kind::Bool => format!("{value}::boolean"),
            Kind::Text => value,
            Kind::Json => format!("{value}::jsonb"),
            Kind::Bytes => format!("decode({value}, 'hex')"),
        }
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// PostgreSQL has no character 0 in texts.
fn without_nul(json: String) -> String {
    const NUL: &str = "\\u0000";
    if !json.contains(NUL) {
        return json;
    }
    let mut out = String::with_capacity(json.len());
    let mut rest = json.as_str();
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // Every backslash begins an escape of two characters, so `\\u0000` is a backslash and five letters.
        rest = match rest.strip_prefix(NUL) {
            Some(behind) => behind,
            None => {
                let taken = rest.chars().take(2).map(char::len_utf8).sum();
                out.push_str(&rest[..taken]);
                &rest[taken..]
            }
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str) -> Table {
        Table { name: name.to_owned(), columns: Vec::new() }
    }

    fn order(references: &[(&str, &str)]) -> Result<Vec<String>> {
        let references: Vec<_> = references.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        let ordered = in_order(vec![table("a"), table("b"), table("c")], &references)?;
        Ok(ordered.into_iter().map(|table| table.name).collect())
    }

    #[test]
    fn tables_come_behind_those_they_refer_to() {
        assert_eq!(order(&[("a", "c"), ("c", "b"), ("b", "b")]).unwrap(), ["b", "c", "a"]);
        assert!(order(&[("a", "b"), ("b", "a")]).is_err());
    }

    async fn fill(db: &Db) {
        let mut tx = db.begin().await.unwrap();
        let columns = ["key", "value"].map(str::to_owned);
        let table = tables(&mut tx).await.unwrap().into_iter().find(|table| table.name == "installation").unwrap();
        let rows = [r#"["a","{\"n\": 1}"]"#, r#"["b","\"João \\\"x\\\" 🎉\""]"#].map(str::to_owned);
        insert(&mut tx, &table, &columns, &rows).await.unwrap();
        let texts = [
            "insert into accounts (id, name, suspended, created_at, updated_at) values (7, 'Loja', true, 1700000000123, 2)",
            "insert into users (id, email, name, created_at, updated_at) values (3, 'a@b.c', 'Ana', 1, 2)",
        ];
        for text in texts {
            crate::Query::fixed(text).execute(&mut tx).await.unwrap();
        }
        crate::Query::fixed(
            "insert into sessions (user_id, token_hash, created_at, last_seen_at, expires_at) values (3, $1, 1, 2, 3)",
        )
        .bind(vec![0_u8, 255, 16])
        .execute(&mut tx)
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }

    async fn read_all(db: &Db) -> Vec<(Table, Vec<String>)> {
        let mut tx = db.snapshot().await.unwrap();
        let mut all = Vec::new();
        for table in tables(&mut tx).await.unwrap() {
            let rows = rows(&mut tx, &table).try_collect().await.unwrap();
            all.push((table, rows));
        }
        all
    }

    async fn copy(from: &Db, to: &Db) {
        let mut tx = to.begin().await.unwrap();
        let targets = tables(&mut tx).await.unwrap();
        clear(&mut tx, &targets).await.unwrap();
        for (table, rows) in read_all(from).await {
            let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
            let target = targets.iter().find(|target| target.name == table.name).unwrap();
            insert(&mut tx, target, &columns, &rows).await.unwrap();
        }
        continue_ids(&mut tx, &targets).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn expect_all(db: &Db) {
        let account: (i64, String, bool, i64) =
            crate::Query::fixed("select id, name, suspended, created_at from accounts").fetch_one(db).await.unwrap();
        assert_eq!(account, (7, "Loja".to_owned(), true, 1_700_000_000_123));
        let session: (i64, Vec<u8>) =
            crate::Query::fixed("select user_id, token_hash from sessions").fetch_one(db).await.unwrap();
        assert_eq!(session, (3, vec![0, 255, 16]));
        let values: Vec<(crate::Json<serde_json::Value>,)> =
            crate::Query::fixed("select value from installation order by key").fetch_all(db).await.unwrap();
        assert_eq!(values[0].0.0, serde_json::json!({"n": 1}));
        assert_eq!(values[1].0.0, serde_json::json!("João \"x\" 🎉"));
        let mut tx = db.begin().await.unwrap();
        let (next,): (i64,) = crate::Query::fixed(
            "insert into users (email, name, created_at, updated_at) values ('b', 'B', 1, 1) returning id",
        )
        .fetch_one(&mut tx)
        .await
        .unwrap();
        assert!(next > 3, "{next}");
    }

    crate::db_test! {
        async fn rows_travel_between_the_databases_and_back(test: TestDb) {
            fill(&test.db).await;
            let others = [Some(crate::testing::sqlite().await.unwrap()), crate::testing::postgres().await.unwrap()];
            for other in others.into_iter().flatten() {
                copy(&test.db, &other.db).await;
                expect_all(&other.db).await;
                let back = crate::testing::sqlite().await.unwrap();
                copy(&other.db, &back.db).await;
                expect_all(&back.db).await;
            }
        }

        async fn a_snapshot_does_not_see_what_comes_later(test: TestDb) {
            let mut view = test.db.snapshot().await.unwrap();
            fill(&test.db).await;
            let table = tables(&mut view).await.unwrap().into_iter().find(|table| table.name == "accounts").unwrap();
            let seen: Vec<String> = rows(&mut view, &table).try_collect().await.unwrap();
            assert!(seen.is_empty());
        }
    }

    #[test]
    fn the_character_0_is_dropped_and_what_looks_like_it_stays() {
        assert_eq!(without_nul(r#"["a\u0000b","c\\u0000d","e\n\u0000"]"#.to_owned()), r#"["ab","c\\u0000d","e\n"]"#);
    }
}
