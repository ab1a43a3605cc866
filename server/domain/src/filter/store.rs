//! A checked filter as SQL. The fragments are fixed; everything that somebody wrote is bound.

use db::{Builder, Db, Value, sql};
use model::AccountId;
use model::filter::{Kind, Owner, Subject};

use super::fold::{self, Where};
use super::{Aim, Clause, Filter};
use crate::search::parts::{self, Part};
use crate::{Result, search};

/// So many rows are sorted sooner than others are passed over on the way.
const FEW_TO_SORT: i64 = 1_000;
/// So many are looked up one by one sooner than all of the account are gone through.
const FEW_TO_COUNT: i64 = 20_000;

/// What a condition looks at, in a statement over `conversations c` or `contacts k`.
#[derive(Debug, Clone)]
pub(super) enum Column {
    /// A column, or an expression that is null where there is nothing.
    Plain(&'static str),
    /// A text as it was written; neither capitals nor accents count.
    Text(&'static str),
    /// A text that the program keeps in a form of its own, and what brings others into it.
    Kept(&'static str, fn(&str) -> String),
    /// Something of the contact of a conversation, `contacts n`.
    OfContact(Box<Column>),
    /// Something of a contact whose parts are in an index.
    Indexed(Part, Box<Column>),
    /// Labels by id.
    Labels(Labelled),
    /// A value in a JSON column.
    Custom { column: &'static str, key: String, kind: Kind },
}

/// Whose labels.
#[derive(Debug, Clone, Copy)]
pub(super) enum Labelled {
    Conversation,
    Contact,
}

impl Labelled {
    fn id(self) -> &'static str {
        match self {
            Self::Conversation => "c.id",
            Self::Contact => "k.id",
        }
    }

    /// The same beside each label.
    fn of_label(self) -> &'static str {
        match self {
            Self::Conversation => "cl.conversation_id",
            Self::Contact => "cl.contact_id",
        }
    }

    /// The beginning of a select of those that have some.
    fn select(self) -> &'static str {
        match self {
            Self::Conversation => "select cl.conversation_id from conversation_labels cl",
            Self::Contact => "select cl.contact_id from contact_labels cl",
        }
    }
}

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

impl Clause {
    /// What the index of parts is asked for, where it can say something.
    fn sought(&self) -> Option<(Part, Vec<String>)> {
        let (Column::Indexed(part, column), is_own) = (match &self.column {
            Column::OfContact(column) => (column.as_ref(), false),
            column => (column, true),
        }) else {
            return None;
        };
        let form = if let Column::Kept(_, form) = **column { form } else { str::to_owned };
        let texts: Vec<String> = match &self.test {
            Test::Holds(parts) | Test::Starts(parts) => parts.iter().map(|text| form(text)).collect(),
            // What is kept is found whole by an index of its own.
            Test::Any(_) if is_own && matches!(**column, Column::Kept(..)) => return None,
            Test::Any(values) => values.iter().filter_map(Value::as_text).map(form).collect(),
            _ => return None,
        };
        parts::can_find(&texts).then_some((*part, texts))
    }
}

impl Test {
    /// Whether it denies what [`Writer::assertion`] says of it.
    fn is_denial(&self) -> bool {
        matches!(self, Self::None(_) | Self::Lacks(_) | Self::Absent)
    }
}

/// The zone in which an account's days begin.
pub(super) async fn timezone(db: &Db, account: AccountId) -> Result<String> {
    let row: Option<(String,)> =
        sql!("select timezone from accounts where id = $1").bind(account).fetch_optional(db).await?;
    Ok(row.map(|(zone,)| zone).unwrap_or_default())
}

/// Where a field is.
pub(super) fn column(subject: Subject, key: &str) -> Option<Column> {
    use Column::{Kept, Labels, Plain, Text};
    Some(match (subject, key) {
        (Subject::Conversation, "status") => Plain("c.status"),
        (Subject::Conversation, "assignee_id") => Plain("c.assignee_id"),
        (Subject::Conversation, "inbox_id") => Plain("c.inbox_id"),
        (Subject::Conversation, "team_id") => Plain("c.team_id"),
        (Subject::Conversation, "priority") => Plain("c.priority"),
        (Subject::Conversation, "unread") => Plain("nullif(c.unread_count, 0)"),
        (Subject::Conversation, "waiting_since") => Plain("c.waiting_since"),
        (Subject::Conversation, "snoozed_until") => Plain("c.snoozed_until"),
        (Subject::Conversation, "created_at") => Plain("c.created_at"),
        (Subject::Conversation, "last_activity_at") => Plain("c.last_activity_at"),
        (Subject::Conversation, "display_id") => Plain("c.display_id"),
        (Subject::Conversation, "labels") => Labels(Labelled::Conversation),
        (Subject::Conversation, "contact_name") => of_contact(indexed(Part::Name, Kept("n.sort_name", search::fold))),
        (Subject::Conversation, "contact_email") => {
            of_contact(indexed(Part::Email, Kept("n.email", str::to_lowercase)))
        }
        (Subject::Conversation, "contact_phone_number") => {
            of_contact(indexed(Part::Phone, Kept("n.phone_number", number)))
        }
        (Subject::Conversation, "country_code") => Text(
            "coalesce(c.additional_attributes ->> 'country_code',
               (select n.additional_attributes ->> 'country_code' from contacts n where n.id = c.contact_id))",
        ),
        (Subject::Conversation, "browser_language") => Text("c.additional_attributes ->> 'browser_language'"),
        (Subject::Conversation, "conversation_language") => Text("c.additional_attributes ->> 'conversation_language'"),
        (Subject::Conversation, "referer") => Text("c.additional_attributes ->> 'referer'"),
        (Subject::Conversation, "mail_subject") => Text("c.additional_attributes ->> 'mail_subject'"),
        (Subject::Conversation, "campaign_id") => Text("c.additional_attributes ->> 'campaign_id'"),
        (Subject::Contact, "name") => indexed(Part::Name, Kept("k.sort_name", search::fold)),
        (Subject::Contact, "email") => indexed(Part::Email, Kept("k.email", str::to_lowercase)),
        (Subject::Contact, "phone_number") => indexed(Part::Phone, Kept("k.phone_number", number)),
        (Subject::Contact, "identifier") => indexed(Part::Identifier, Text("k.identifier")),
        (Subject::Contact, "company") => indexed(Part::Company, Text("k.additional_attributes ->> 'company_name'")),
        (Subject::Contact, "city") => indexed(Part::City, Text("k.additional_attributes ->> 'city'")),
        (Subject::Contact, "country_code") => Text("k.additional_attributes ->> 'country_code'"),
        (Subject::Contact, "blocked") => Plain("k.blocked"),
        (Subject::Contact, "created_at") => Plain("k.created_at"),
        (Subject::Contact, "last_activity_at") => Plain("k.last_activity_at"),
        (Subject::Contact, "labels") => Labels(Labelled::Contact),
        _ => return None,
    })
}

/// A part of a phone number as it is kept, however it is written.
fn number(text: &str) -> String {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    // Words find nobody, rather than everybody.
    if digits.is_empty() { text.to_owned() } else { digits }
}

fn indexed(part: Part, column: Column) -> Column {
    Column::Indexed(part, Box::new(column))
}

fn of_contact(column: Column) -> Column {
    Column::OfContact(Box::new(column))
}

/// Where a custom attribute is. Its key becomes part of a path, so it holds nothing that is syntax there.
pub(super) fn custom(subject: Subject, owner: Owner, key: &str, kind: Kind) -> Option<Column> {
    let column = match (subject, owner) {
        (Subject::Conversation, Owner::Conversation) => "c.custom_attributes",
        (Subject::Conversation, Owner::Contact) => "n.custom_attributes",
        (Subject::Contact, Owner::Contact) => "k.custom_attributes",
        (Subject::Contact, Owner::Conversation) => return None,
    };
    let is_plain = !key.starts_with(['$', '[']) && !key.contains(['"', '\\']) && !key.contains(char::is_control);
    let custom = (is_plain && !key.is_empty() && key.len() <= 255).then(|| Column::Custom {
        column,
        key: key.to_owned(),
        kind,
    })?;
    Some(if subject == Subject::Conversation && owner == Owner::Contact { of_contact(custom) } else { custom })
}

impl Filter {
    /// Whether few rows are left that an index finds: then the database should begin with those, whatever order is asked for.
    pub fn is_narrow(&self) -> bool {
        let is_sought = matches!(self.any.as_slice(), [all] if all.iter().any(|clause| clause.sought().is_some()));
        is_sought || self.labelled.is_some_and(|rows| rows <= FEW_TO_SORT)
    }

    /// The same for counting, where the order does not help. PostgreSQL knows by itself.
    pub fn is_narrow_to_count(&self, db: &Db) -> bool {
        self.is_narrow() || (!db.is_postgres() && self.labelled.is_some_and(|rows| rows <= FEW_TO_COUNT))
    }

    /// The same for a statement of another kind.
    pub fn aimed(self, aim: Aim) -> Self {
        Self { aim, ..self }
    }

    /// Looks how many rows have the labels that all must have, as far as it matters.
    pub async fn weighed(mut self, db: &Db, aim: Aim) -> Result<Self> {
        self.aim = aim;
        let [all] = self.any.as_slice() else { return Ok(self) };
        let most = match aim {
            Aim::All => FEW_TO_COUNT,
            Aim::First => FEW_TO_SORT,
        };
        let mut fewest = None;
        for clause in all {
            if let (Column::Labels(of), Test::Any(ids)) = (&clause.column, &clause.test) {
                let mut query = Builder::new("select count(*) from (");
                query.push(of.select()).push(" where cl.label_id in ").list(ids.iter().cloned());
                query.push(" limit ").value(most + 1).push(") as found");
                let (rows,): (i64,) = query.build().fetch_one(db).await?;
                fewest = Some(fewest.map_or(rows, |other: i64| other.min(rows)));
            }
        }
        self.labelled = fewest;
        Ok(self)
    }

    /// Adds ` and …` to a statement over `conversations c` or `contacts k` of an account; nothing for a filter without conditions.
    pub fn push(&self, db: &Db, account: AccountId, query: &mut Builder) {
        let by_row = self.aim == Aim::First && self.labelled.is_some_and(|rows| rows > FEW_TO_SORT);
        let writer = Writer { is_postgres: db.is_postgres(), account, by_row };
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
    /// Labels are looked for with each row: the first that have them are soon found.
    by_row: bool,
}

impl Writer {
    fn clause(&self, clause: &Clause, query: &mut Builder) {
        let (column, is_so) = (&clause.column, !clause.test.is_denial());
        match column {
            Column::Labels(of) => self.labels(*of, &clause.test, query),
            Column::OfContact(column) => {
                self.narrowed("c.contact_id in (", clause, query);
                query.push(if is_so { "exists " } else { "not exists " });
                query.push("(select 1 from contacts n where n.id = c.contact_id and ");
                self.assertion(column, &clause.test, query);
                query.push(")");
            }
            column if is_so => {
                self.narrowed("k.id in (", clause, query);
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

    /// Adds `… and ` with those alone whom the index of parts finds, where it can say something.
    fn narrowed(&self, of: &'static str, clause: &Clause, query: &mut Builder) {
        if let Some((part, texts)) = clause.sought() {
            query.push(of);
            parts::push(self.is_postgres, part, &texts, query);
            query.push(") and ");
        }
    }

    /// What a test says, or denies.
    fn assertion(&self, column: &Column, test: &Test, query: &mut Builder) {
        match test {
            _ if let Column::Indexed(_, column) = column => self.assertion(column, test, query),
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
                self.ordered(column, query);
                query.push(" >= ").value(value.clone());
            }
            Test::Before(value) => {
                self.ordered(column, query);
                query.push(" < ").value(value.clone());
            }
        }
    }

    fn equal(&self, column: &Column, values: &[Value], query: &mut Builder) {
        match column {
            Column::Plain(sql) => {
                query.push(sql);
                match values {
                    // An index that goes on with the order of the list is used with "=" only.
                    [one] => query.push(" = ").value(one.clone()),
                    many => query.push(" in ").list(many.iter().cloned()),
                };
            }
            Column::Kept(sql, form) => {
                query.push(sql).push(" in ").list(values.iter().filter_map(Value::as_text).map(form));
            }
            Column::Custom { kind: Kind::Number | Kind::Flag, .. } => {
                self.ordered(column, query);
                query.push(" in ").list(values.iter().cloned());
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
            Column::Plain(sql) => {
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
            Column::Plain(sql) => query.push("CAST(").push(sql).push(" AS TEXT)"),
            Column::Text(sql) | Column::Kept(sql, _) => query.push("(").push(sql).push(")"),
            Column::Indexed(_, column) => {
                self.text(column, query);
                query
            }
            Column::Labels(_) | Column::OfContact(_) => query.push("NULL"),
            Column::Custom { column, key, .. } => {
                query.push("CAST(").push(column).push(" ->> ").value(key).push(" AS TEXT)")
            }
        };
    }

    /// The value in the type in which it is compared; null where it is of another.
    fn ordered(&self, column: &Column, query: &mut Builder) {
        let Column::Custom { column: sql, key, kind } = column else {
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

    fn labels(&self, of: Labelled, test: &Test, query: &mut Builder) {
        let (is_there, ids) = match test {
            Test::Any(ids) => (true, Some(ids)),
            Test::None(ids) => (false, Some(ids)),
            Test::Present => (true, None),
            _ => (false, None),
        };
        if let (Some(ids), true, true) = (ids, is_there, self.by_row) {
            query.push("exists (").push(of.select()).push(" where ").push(of.of_label()).push(" = ").push(of.id());
            query.push(" and cl.label_id in ").list(ids.iter().cloned()).push(")");
            return;
        }
        // A list that is made once: a look for each row would cost several times as much where many are counted.
        query.push(of.id()).push(if is_there { " in (" } else { " not in (" }).push(of.select());
        match ids {
            Some(ids) => query.push(" where cl.label_id in ").list(ids.iter().cloned()),
            None => query.push(" join labels l on l.id = cl.label_id where l.account_id = ").value(self.account),
        };
        query.push(")");
    }
}

/// What a filter finds, without asking who looks.
#[cfg(test)]
pub(super) async fn ids_for_test(db: &Db, account: AccountId, filter: &Filter) -> Vec<model::DisplayId> {
    let mut query = Builder::new("select c.display_id from conversations c where c.account_id = ");
    query.value(account);
    filter.push(db, account, &mut query);
    query.push(" order by c.display_id");
    let rows: Vec<(model::DisplayId,)> = query.build().fetch_all(db).await.unwrap_or_default();
    rows.into_iter().map(|(id,)| id).collect()
}
