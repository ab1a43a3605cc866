//! Statements whose text depends on a filter. Only fixed fragments and placeholders can get into the text.

use crate::{Query, Value};

/// Puts a statement together from fixed fragments and bound values.
#[derive(Default)]
pub struct Builder {
    text: String,
    values: Vec<Value>,
}

impl Builder {
    /// Begins with a fixed fragment.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a fixed fragment.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a placeholder for a value.
    pub fn value(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds `(v1, v2, …)`; an empty list matches nothing.
    ///
    /// Beside a list of ids write the account as `+account_id = …`: SQLite doesn't know that an account may have a hundred thousand
    /// rows, and would rather look through all of those than go to twenty-five places. The sign takes the index from it.
    pub fn list<V: Into<Value>>(&mut self, values: impl IntoIterator<Item = V>) -> &mut Self {
        let mut values = values.into_iter();
        self.text.push('(');
        match values.next() {
            None => self.text.push_str("NULL"),
            Some(first) => {
                self.value(first);
                for value in values {
                    self.text.push_str(", ");
                    self.value(value);
                }
            }
        }
        self.text.push(')');
        self
    }

    /// Adds rows of placeholders for a multi-row insert: `($1, $2), ($3, $4)`.
    pub fn rows(&mut self, rows: impl IntoIterator<Item = Vec<Value>>) -> &mut Self {
        for (index, row) in rows.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(", ");
            }
            self.list(row);
        }
        self
    }

    /// The text so far, for looking at plans in tests.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// SQLite's plan for the statement, for tests.
    pub fn explained(mut self) -> Query {
        self.text.insert_str(0, "explain query plan ");
        self.build()
    }

    /// What PostgreSQL expects of the statement, as JSON.
    pub fn expected(mut self) -> Query {
        self.text.insert_str(0, "explain (format json) ");
        self.build()
    }

    /// The finished statement.
    pub fn build(self) -> Query {
        Query::built(self.text, self.values)
    }
}
