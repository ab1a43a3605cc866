//! A checked filter as SQL. The fragments are fixed; everything that somebody wrote is bound.

mod sought;

use db::{Builder, Db, Value, sql};
use model::AccountId;
use model::filter::Kind;

use super::column::{Column, Labelled};
use super::fold::{self, Where};
use super::{Aim, Clause, Filter};
use crate::{Result, search};

/// What must hold of it.
#[derive(Debug, Clone)]
pub(super) enum Test {
    Always,
    Never,
    Any(Vec<Value>),
    /// Also where there is nothing.
    None(Vec<Value>),
    Holds(Vec<String>),
    Lacks(Vec<String>),
    Starts(Vec<String>),
    Present,
    Absent,
    /// This or larger.
    From(Value),
    Before(Value),
}

impl Test {
    /// Whether it denies what [`Writer::assertion`] says of it.
    pub(super) fn is_denial(&self) -> bool {
        matches!(self, Self::None(_) | Self::Lacks(_) | Self::Absent)
    }
}

/// The zone in which an account's days begin.
pub(super) async fn timezone(db: &Db, account: AccountId) -> Result<String> {
    let row: Option<(String,)> =
        sql!("select timezone from accounts where id = $1").bind(account).fetch_optional(db).await?;
    Ok(row.map(|(zone,)| zone).unwrap_or_default())
}

impl Filter {
    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.any.iter().all(Vec::is_empty)
    }

    /// Adds ` and …` to a statement over `conversations c` or `contacts k` of an account; nothing for a filter without conditions.
    pub fn push(&self, db: &Db, account: AccountId, query: &mut Builder) {
        let writer = Writer { is_postgres: db.is_postgres(), account, aim: self.aim, order: self.order };
        match self.any.as_slice() {
            [] => {}
            // Not in brackets, so that the database can look for an index.
            [all] => {
                for clause in all {
                    query.push(" and ");
                    writer.clause(clause, query);
                }
            }
            any => {
                for (place, all) in any.iter().enumerate() {
                    query.push(if place == 0 { " and ((" } else { ") or (" });
                    for (place, clause) in all.iter().enumerate() {
                        if place > 0 {
                            query.push(" and ");
                        }
                        writer.clause(clause, query);
                    }
                }
                query.push("))");
            }
        }
    }
}

struct Writer {
    is_postgres: bool,
    account: AccountId,
    aim: Aim,
    order: Option<&'static str>,
}

impl Writer {
    fn clause(&self, clause: &Clause, query: &mut Builder) {
        let (column, is_so) = (&clause.column, !clause.test.is_denial());
        match column {
            Column::Labels(of) => {
                let is_list = clause.rows.is_none() || clause.is_few(self.aim);
                self.labels(*of, &clause.test, is_list, query);
            }
            Column::OfContact(column) => {
                self.narrowed(clause, query);
                query.push(if is_so { "exists " } else { "not exists " });
                query.push("(select 1 from contacts n where n.id = c.contact_id and ");
                self.assertion(column, &clause.test, query);
                query.push(")");
            }
            column if is_so => {
                self.narrowed(clause, query);
                self.assertion(column, &clause.test, query);
            }
            column => {
                // Also where there is nothing.
                query.push("not coalesce(");
                self.assertion(column, &clause.test, query);
                query.push(", false)");
            }
        }
    }

    /// Adds `… and ` with those alone whom an index finds, where they are few.
    fn narrowed(&self, clause: &Clause, query: &mut Builder) {
        if let Some(source) = clause.source().filter(|_| clause.is_few(self.aim)) {
            query.push(self.looked_up()).push(source.column()).push(" in (");
            source.push(self.is_postgres, self.account, query);
            query.push(") and ");
        }
    }

    /// Before a column by whose index the database should not begin.
    fn looked_up(&self) -> &'static str {
        if self.aim == Aim::Among { "+" } else { "" }
    }

    /// What a test says, or denies.
    fn assertion(&self, column: &Column, test: &Test, query: &mut Builder) {
        match test {
            _ if let Column::Indexed(.., column) = column => self.assertion(column, test, query),
            Test::Always => {
                query.push("1 = 1");
            }
            Test::Never => {
                query.push("1 = 0");
            }
            Test::Any(values) | Test::None(values) => self.equal(column, values, query),
            Test::Holds(parts) | Test::Lacks(parts) => self.like(column, parts, Where::Anywhere, query),
            Test::Starts(parts) => self.like(column, parts, Where::Start, query),
            Test::Present | Test::Absent => self.presence(column, query),
            Test::From(value) => {
                self.bounded(column, query);
                query.push(" >= ").value(value.clone());
                only_where_there_is(column, query);
            }
            Test::Before(value) => {
                self.bounded(column, query);
                query.push(" < ").value(value.clone());
                only_where_there_is(column, query);
            }
        }
    }

    fn equal(&self, column: &Column, values: &[Value], query: &mut Builder) {
        match column {
            Column::Plain(sql) => {
                query.push(sql);
                match values.iter().filter_map(whole).collect::<Vec<_>>().as_slice() {
                    // An index that goes on with the order of the list is used with "=" only.
                    [one] => query.push(" = ").value(one.clone()),
                    many => query.push(" in ").list(many.iter().cloned()),
                };
            }
            Column::Switch(sql) => {
                let is = |wanted| values.iter().any(|value| matches!(value, Value::Bool(Some(is)) if *is == wanted));
                match (is(true), is(false)) {
                    (true, false) => query.push(sql),
                    (false, true) => query.push("not ").push(sql),
                    (true, true) => query.push("1 = 1"),
                    (false, false) => query.push("1 = 0"),
                };
            }
            Column::Kept(sql, form) => {
                query.push(sql).push(" in ").list(values.iter().filter_map(Value::as_text).map(form));
            }
            Column::Custom { kind: Kind::Number | Kind::Flag, .. } => {
                self.ordered(column, query);
                query.push(" in ").list(values.iter().map(number));
            }
            _ => {
                let parts: Vec<String> = values.iter().filter_map(Value::as_text).map(str::to_owned).collect();
                self.like(column, &parts, Where::Whole, query);
            }
        }
    }

    fn like(&self, column: &Column, parts: &[String], at: Where, query: &mut Builder) {
        query.push("(");
        for (place, part) in parts.iter().enumerate() {
            query.push(if place > 0 { " or " } else { "" });
            if let Column::Kept(sql, form) = column {
                query.push(sql).push(" like ").value(fold::like(&form(part), at)).push(" escape '\\'");
                continue;
            }
            query.push(if self.is_postgres { "lower(" } else { "(" });
            self.text(column, query);
            query.push(") like ").value(fold::like(&search::fold(part), at)).push(" escape '\\'");
            // Only letters beyond the plain ones need the slower look.
            query.push(if self.is_postgres { " or (octet_length(" } else { " or (length(CAST(" });
            self.text(column, query);
            query.push(if self.is_postgres { ") > char_length(" } else { " AS BLOB)) > length(" });
            self.text(column, query);
            query.push(") and ");
            self.text(column, query);
            if self.is_postgres {
                query.push(" ~ ").value(fold::regex(part, at));
            } else {
                query.push(" glob ").value(fold::glob(part, at));
            }
            query.push(")");
        }
        query.push(")");
    }

    fn presence(&self, column: &Column, query: &mut Builder) {
        match column {
            Column::Plain(sql) | Column::Switch(sql) => {
                query.push("(").push(sql);
            }
            _ => {
                query.push("(nullif(");
                self.text(column, query);
                query.push(", '')");
            }
        }
        query.push(" is not null)");
    }

    /// The value as a text.
    fn text(&self, column: &Column, query: &mut Builder) {
        match column {
            Column::Plain(sql) | Column::Switch(sql) => query.push("CAST(").push(sql).push(" AS TEXT)"),
            Column::Text(sql) | Column::Kept(sql, _) => query.push("(").push(sql).push(")"),
            Column::Indexed(.., column) => {
                self.text(column, query);
                query
            }
            Column::Labels(_) | Column::OfContact(_) => query.push("NULL"),
            Column::Custom { column, key, .. } => {
                query.push("CAST(").push(column).push(" ->> ").value(key).push(" AS TEXT)")
            }
        };
    }

    /// The value as an index has it, where one does.
    fn bounded(&self, column: &Column, query: &mut Builder) {
        let Column::Plain(sql) = column else { return self.ordered(column, query) };
        // SQLite would rather sort what it finds by another index than walk in the order of the list.
        let name = sql.rsplit('.').next().unwrap_or(sql);
        query.push(if !self.is_postgres && self.order.is_some_and(|key| !key.contains(name)) { "+" } else { "" });
        query.push(if *sql == SEEN { "coalesce(k.last_activity_at, 0)" } else { sql });
    }

    /// The value in the type in which it is compared; null where it is of another.
    fn ordered(&self, column: &Column, query: &mut Builder) {
        let Column::Custom { column: sql, key, kind, .. } = column else {
            if let Column::Plain(sql) = column {
                query.push(sql);
            } else {
                self.text(column, query);
            }
            return;
        };
        match kind {
            Kind::Number if self.is_postgres => {
                query.push("case when jsonb_typeof(").push(sql).push(" -> ").value(key).push(") = 'number' then ");
                query.push("CAST(").push(sql).push(" ->> ").value(key).push(" AS DOUBLE PRECISION) end");
            }
            Kind::Number => {
                query
                    .push("case when typeof(")
                    .push(sql)
                    .push(" ->> ")
                    .value(key)
                    .push(") in ('integer', 'real') then ");
                query.push(sql).push(" ->> ").value(key).push(" end");
            }
            Kind::Flag => {
                // A box that nobody has ticked is not ticked.
                query
                    .push("(coalesce(CAST(")
                    .push(sql)
                    .push(" ->> ")
                    .value(key)
                    .push(" AS TEXT), '') in ('true', '1'))");
            }
            _ => {
                query.push("substr(CAST(").push(sql).push(" ->> ").value(key).push(" AS TEXT), 1, 10)");
            }
        }
    }

    fn labels(&self, of: Labelled, test: &Test, is_list: bool, query: &mut Builder) {
        if let (Test::Any(ids), true) = (test, is_list) {
            query.push(self.looked_up()).push(of.id()).push(" in (").push(of.select());
            query.push(" where cl.label_id in ").list(ids.iter().cloned()).push(")");
            return;
        }
        // A look for each row: those who have them, or lack them, are many and soon found.
        query.push(if test.is_denial() { "not exists (" } else { "exists (" });
        query.push(of.select()).push(" where ").push(of.of_label()).push(" = ").push(of.id());
        if let Test::Any(ids) | Test::None(ids) = test {
            query.push(" and cl.label_id in ").list(ids.iter().cloned());
        }
        query.push(")");
    }
}

/// When a contact was last heard of, which an index has with 0 for never.
const SEEN: &str = "k.last_activity_at";

/// Never is neither before nor after something.
fn only_where_there_is(column: &Column, query: &mut Builder) {
    if matches!(column, Column::Plain(SEEN)) {
        query.push(" and ").push(SEEN).push(" is not null");
    }
}

/// A number as columns of whole numbers have it; none that isn't whole. PostgreSQL reads a value as what it was in the first statement of
/// the same text.
fn whole(value: &Value) -> Option<Value> {
    match value {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "no fraction, and too large a number is no number of a row"
        )]
        Value::Float(Some(number)) => (number.fract() == 0.0).then(|| Value::from(*number as i64)),
        other => Some(other.clone()),
    }
}

/// A number as attributes are compared, for the same reason.
fn number(value: &Value) -> Value {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "attributes are compared as such")]
        Value::Int(Some(number)) => Value::from(*number as f64),
        other => other.clone(),
    }
}

/// What a filter finds, without asking who looks: the numbers of conversations, the ids of contacts.
#[cfg(test)]
pub(super) async fn ids_for_test(
    db: &Db,
    account: AccountId,
    subject: model::filter::Subject,
    filter: &Filter,
) -> Vec<i64> {
    let mut query = Builder::new(match subject {
        model::filter::Subject::Conversation => {
            "select display_id from conversations c where id in (select c.id from conversations c where c.account_id = "
        }
        model::filter::Subject::Contact => {
            "select id from contacts k where id in (select k.id from contacts k where k.account_id = "
        }
    });
    query.value(account);
    filter.push(db, account, &mut query);
    query.push(") order by 1");
    let rows: Vec<(i64,)> = query.build().fetch_all(db).await.expect("a statement");
    rows.into_iter().map(|(id,)| id).collect()
}
