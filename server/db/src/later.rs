//! Statements of a change whose outcome nobody waits for.
//!
//! Every statement is a journey: to another thread in SQLite, to another process in PostgreSQL. What only has to happen before the
//! commit travels together with what comes next, at the latest with the commit itself.

use std::ops::{Deref, DerefMut};

use sqlx::{PgConnection, Postgres, Transaction};

use crate::query::{self, Query, Text};
use crate::{Result, Value};

/// Values of statements that PostgreSQL runs as one; it takes no more than 65 535.
const MOST_VALUES: usize = 10_000;

/// Statements that are still to be run, in their order.
#[derive(Default)]
pub(crate) struct Later(Vec<Query>);

impl Later {
    pub(crate) fn add(&mut self, query: Query) {
        self.0.push(query);
    }

    /// All of it and `last`, one after the other in one text; SQLite runs them so.
    pub(crate) fn before(&mut self, last: Query) -> Query {
        if self.0.is_empty() {
            return last;
        }
        let mut joined = Joined::default();
        for query in self.0.drain(..).chain(std::iter::once(last)) {
            joined.add(query, "; ");
        }
        Query::built(joined.text, joined.values)
    }

    /// What PostgreSQL runs as one: statements that write to different tables. Such a statement sees nothing of what the others
    /// write, which is why only those may be given up to it that do not read. In which order it runs them, and so takes the locks
    /// of their rows, is up to PostgreSQL: see [`Query::later`] for what may be put off.
    fn next_of_postgres(&mut self) -> Option<Query> {
        let mut tables: Vec<String> = Vec::new();
        let mut values = 0;
        let together = self.0.iter().take_while(|query| match written(query.text()) {
            Some(table) if !tables.iter().any(|other| other == table) && values + query.count() <= MOST_VALUES => {
                values += query.count();
                tables.push(table.to_owned());
                true
            }
            _ => false,
        });
        let count = together.count().max(1).min(self.0.len());
        let mut queries = self.0.drain(..count);
        let last = queries.next_back()?;
        let mut joined = Joined::default();
        for (number, query) in queries.enumerate() {
            joined.text.push_str(if number == 0 { "with " } else { ", " });
            joined.text.push_str(&format!("step{number} as ("));
            joined.add(query, "");
            joined.text.push(')');
        }
        if joined.text.is_empty() {
            return Some(last);
        }
        joined.add(last, " ");
        Some(Query::built(joined.text, joined.values))
    }
}

/// The table that a statement writes to, if it is one that can stand beside others.
fn written(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    match words.next()? {
        "insert" | "delete" => words.nth(1),
        "update" => words.next(),
        _ => None,
    }
}

/// Texts joined into one, with their placeholders numbered anew.
#[derive(Default)]
struct Joined {
    text: String,
    values: Vec<Value>,
}

impl Joined {
    fn add(&mut self, query: Query, between: &str) {
        if !self.text.is_empty() {
            self.text.push_str(between);
        }
        let offset = self.values.len();
        let (text, values) = query.into_parts();
        match &text {
            Text::Fixed(text) => self.push(text, offset),
            Text::Built(text) => self.push(text, offset),
        }
        self.values.extend(values);
    }

    fn push(&mut self, text: &str, offset: usize) {
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            let (before, behind) = rest.split_at(at + 1);
            self.text.push_str(before);
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            if let Ok(number) = behind[..digits].parse::<usize>() {
                self.text.push_str(&(number + offset).to_string());
            }
            rest = &behind[digits..];
        }
        self.text.push_str(rest);
    }
}

/// A transaction on PostgreSQL.
pub struct PostgresTx {
    tx: Transaction<'static, Postgres>,
    pub(crate) later: Later,
}

impl PostgresTx {
    pub(crate) fn new(tx: Transaction<'static, Postgres>) -> Self {
        Self { tx, later: Later::default() }
    }

    /// Runs what was put off.
    pub(crate) async fn flush(&mut self) -> Result<()> {
        while let Some(query) = self.later.next_of_postgres() {
            query::plain::<Postgres>(query)?.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        self.flush().await?;
        Ok(self.tx.commit().await?)
    }
}

impl Deref for PostgresTx {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.tx
    }
}

impl DerefMut for PostgresTx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.tx
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn later(texts: &[(&'static str, i64)]) -> Later {
        Later(texts.iter().map(|(text, value)| Query::fixed(text).bind(*value)).collect())
    }

    #[test]
    fn one_text_holds_all_with_their_own_values() {
        let mut later = later(&[("update a set x = $1", 1), ("delete from b where y = $1 or z = $1", 2)]);
        let joined = later.before(Query::fixed("select $2, $1").bind(3).bind(4));
        assert_eq!(joined.text(), "update a set x = $1; delete from b where y = $2 or z = $2; select $4, $3");
        assert!(later.0.is_empty());
        assert_eq!(later.before(Query::fixed("select '$'")).text(), "select '$'");
    }

    #[test]
    fn postgres_runs_together_what_writes_to_different_tables() {
        let mut later = later(&[
            ("update a set x = $1", 1),
            ("insert into b (y) values ($1)", 2),
            ("delete from a where x = $1", 3),
            ("truncate c", 4),
        ]);
        let mut texts = std::iter::from_fn(|| later.next_of_postgres().map(|query| query.text().to_owned()));
        assert_eq!(texts.next().unwrap(), "with step0 as (update a set x = $1) insert into b (y) values ($2)");
        assert_eq!(texts.next().unwrap(), "delete from a where x = $1");
        assert_eq!(texts.next().unwrap(), "truncate c");
        assert!(texts.next().is_none());
    }
}
