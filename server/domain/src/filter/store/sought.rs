//! What indexes say about conditions: which rows could meet one, and how many these are. Where they are few, a statement begins with
//! them; where they are many, it is quicker to look at one row after the other until enough are found.

use db::{Builder, Db, Value};
use model::attribute::AttributeModel;
use model::filter::Kind;
use model::{AccountId, ConversationStatus, Priority};

use super::Test;
use crate::Result;
use crate::conversation::store::rank;
use crate::filter::column::{Column, Labelled};
use crate::filter::{Aim, Clause, Filter};
use crate::search::parts::{At, Part, Question};

/// So many rows are sorted sooner than others are passed over on the way.
const FEW_TO_SORT: i64 = if cfg!(test) { 20 } else { 1_000 };
/// So many are looked up one by one sooner than all of the account are gone through.
const FEW_TO_COUNT: i64 = 20_000;

/// So many rows are looked at before an index is asked, where a look costs little.
const LOOKS: i64 = if cfg!(test) { 120 } else { 2_000 };

impl Column {
    /// What it costs to look at, for [`LOOKS`]: something of the row itself 1.
    const fn price(&self) -> i64 {
        match self {
            Self::Plain(_) | Self::Switch(_) => 1,
            Self::Text(_) | Self::Kept(..) | Self::Labels(_) | Self::Custom { .. } => 2,
            Self::Indexed(AttributeModel::Conversation, Part::Country, _) | Self::OfContact(_) => 3,
            Self::Indexed(.., column) => column.price(),
        }
    }
}

impl Aim {
    /// What is few for it.
    const fn few(self) -> i64 {
        match self {
            Self::All | Self::Among => FEW_TO_COUNT,
            Self::First => FEW_TO_SORT,
        }
    }
}

impl Filter {
    /// Looks how many rows could meet the conditions, as far as it matters.
    pub async fn weighed(mut self, db: &Db, account: AccountId, aim: Aim) -> Result<Self> {
        self.aim = aim;
        for clause in self.any.iter_mut().flatten() {
            let Some(source) = clause.source().filter(|source| self.has_parts || !source.is_of_parts()) else {
                continue;
            };
            let mut rows = 0;
            for part in source.counted_apart() {
                rows += part.count(db, account, aim).await?;
            }
            clause.rows = Some(rows);
        }
        Ok(self)
    }

    /// The same for rows that are walked in an order.
    pub fn ordered_by(self, key: &'static str) -> Self {
        Self { order: Some(key), ..self }
    }

    /// The same for a statement of another kind.
    pub fn aimed(self, aim: Aim) -> Self {
        Self { aim, ..self }
    }

    /// Whether few rows are left that an index finds: then the database should begin with those, whatever order is asked for.
    pub fn is_narrow(&self) -> bool {
        self.leaves_at_most(FEW_TO_SORT)
    }

    /// The same for counting, where the order does not help. PostgreSQL knows by itself.
    pub fn is_narrow_to_count(&self, db: &Db) -> bool {
        self.is_narrow() || (!db.is_postgres() && self.leaves_at_most(FEW_TO_COUNT))
    }

    /// So many rows of a list are looked at sooner than an index says which of them meet the conditions.
    pub fn looks(&self) -> i64 {
        let price = self.any.iter().flatten().map(|clause| clause.column.price()).max();
        LOOKS / price.unwrap_or(1)
    }

    /// Whether the first of a list tell something. They do not where only what lies behind a time can meet it, nor where an index names
    /// the only one.
    pub fn is_met_by_first(&self) -> bool {
        let is_elsewhere = |clause: &Clause| match (&clause.column, &clause.test) {
            (_, Test::Before(_)) => {
                matches!(clause.source(), Some(Source::Rows(Rows::Time(..) | Rows::ContactTime(..))))
            }
            (Column::Indexed(AttributeModel::Contact, Part::Email | Part::Phone, _), Test::Any(_)) => true,
            _ => false,
        };
        self.any.is_empty() || !self.any.iter().all(|all| all.iter().any(is_elsewhere))
    }

    /// The only status that can meet it, if there is one.
    pub fn status(&self) -> Option<&Value> {
        let [all] = self.any.as_slice() else { return None };
        all.iter().find_map(|clause| match (&clause.column, &clause.test) {
            (Column::Plain("c.status"), Test::Any(values)) if values.len() == 1 => values.first(),
            _ => None,
        })
    }

    /// Whether only contacts whom one can reach can meet it.
    pub fn is_of_reached(&self) -> bool {
        let names = |clause: &Clause| {
            let is_own = matches!(&clause.column, Column::Indexed(_, Part::Email | Part::Phone | Part::Identifier, _));
            is_own && !clause.test.is_denial()
        };
        matches!(self.any.as_slice(), [all] if all.iter().any(names))
    }

    /// Whether only conversations that are not finished can meet it.
    pub fn is_of_unfinished(&self) -> bool {
        let is_resolved = |value: &Value| value.as_text() == Some(ConversationStatus::Resolved.as_str());
        let names = |clause: &Clause| match (&clause.column, &clause.test) {
            (Column::Plain("c.status"), Test::Any(values)) => !values.iter().any(is_resolved),
            _ => false,
        };
        !self.any.is_empty() && self.any.iter().all(|all| all.iter().any(names))
    }

    fn leaves_at_most(&self, most: i64) -> bool {
        let is_few = |clause: &Clause| clause.rows.is_some_and(|rows| rows <= most);
        !self.any.is_empty() && self.any.iter().all(|all| all.iter().any(is_few))
    }
}

impl Clause {
    /// Whether a statement should begin with what an index finds for it.
    pub(super) fn is_few(&self, aim: Aim) -> bool {
        self.rows.is_some_and(|rows| rows <= aim.few())
    }

    /// What an index finds for it, if one does.
    pub(super) fn source(&self) -> Option<Source<'_>> {
        match (&self.column, &self.test) {
            (Column::Labels(of), Test::Any(ids)) => Some(Source::Labels(*of, ids)),
            (Column::Plain(sql), test) => Rows::of(sql, test).map(Source::Rows),
            (Column::Switch("k.blocked"), Test::Any(values)) if is_true(values) => Some(Source::Rows(Rows::Blocked)),
            (Column::OfContact(column), test) => {
                Some(Source::Parts { of: "c.contact_id", question: asked(column, test)?, contact: None })
            }
            (Column::Indexed(_, Part::Email | Part::Phone, _), Test::Any(_)) => None,
            (
                column @ (Column::Indexed(AttributeModel::Contact, ..)
                | Column::Custom { of: AttributeModel::Contact, .. }),
                test,
            ) => Some(Source::Parts { of: "k.id", question: asked(column, test)?, contact: None }),
            (column @ Column::Indexed(_, part, _), test) => {
                let question = asked(column, test)?;
                // What the conversation does not say the contact may.
                let contact = (*part == Part::Country).then(|| question.clone().about(AttributeModel::Contact));
                Some(Source::Parts { of: "c.id", question, contact })
            }
            (column @ Column::Custom { .. }, test) => {
                Some(Source::Parts { of: "c.id", question: asked(column, test)?, contact: None })
            }
            _ => None,
        }
    }
}

fn is_true(values: &[Value]) -> bool {
    values.iter().all(|value| matches!(value, Value::Bool(Some(true))))
}

/// Rows that could meet a condition.
pub(super) enum Source<'a> {
    Labels(Labelled, &'a [Value]),
    Rows(Rows),
    /// `of` are the column's values that the index names, of the conversation or of its contact.
    Parts {
        of: &'static str,
        question: Question,
        contact: Option<Question>,
    },
}

impl Source<'_> {
    /// How many rows it finds; where they are more than few, that they are.
    async fn count(&self, db: &Db, account: AccountId, aim: Aim) -> Result<i64> {
        let most = aim.few();
        // To gather all of them takes as long as they are many, however early the count ends.
        if let Self::Parts { question, .. } = self
            && db.is_postgres()
            && let Some((least_expected, most_expected)) = question.expected(db).await?
        {
            // For the first of a list what seems common is taken for it: should they not be found soon, there is a second look.
            let seems_common = aim == Aim::First || least_expected > most;
            if most_expected <= most || seems_common {
                return Ok(most_expected);
            }
        }
        let mut query = Builder::new("select count(*) from (");
        self.push(db.is_postgres(), account, &mut query);
        query.push(" limit ").value(most + 1).push(") as found");
        let (found,): (i64,) = query.build().fetch_one(db).await?;
        Ok(found)
    }

    const fn is_of_parts(&self) -> bool {
        matches!(self, Self::Parts { .. })
    }

    /// The column whose values it finds.
    pub fn column(&self) -> &'static str {
        match self {
            Self::Labels(of, _) => of.id(),
            Self::Rows(Rows::Blocked | Rows::ContactTime(..)) => "k.id",
            Self::Rows(_) => "c.id",
            Self::Parts { of, .. } => of,
        }
    }

    /// What is counted apart: rows of contacts are not gone through to their conversations, which may be all.
    fn counted_apart(self) -> Vec<Self> {
        match self {
            Self::Parts { of, question, contact: Some(contact) } => vec![
                Self::Parts { of, question, contact: None },
                Self::Parts { of: "c.contact_id", question: contact, contact: None },
            ],
            whole => vec![whole],
        }
    }

    /// Adds a select of these values.
    pub fn push(&self, is_postgres: bool, account: AccountId, query: &mut Builder) {
        match self {
            Self::Labels(of, ids) => {
                query.push(of.select()).push(" where cl.label_id in ").list(ids.iter().cloned());
            }
            Self::Rows(rows) => rows.push(account, query),
            Self::Parts { question, contact, .. } => {
                question.push(is_postgres, query);
                if let Some(contact) = contact {
                    query.push(" union all select r.id from conversations r where r.contact_id in (");
                    contact.push(is_postgres, query);
                    query.push(")");
                }
            }
        }
    }
}

/// Rows that an index of columns finds.
pub(super) enum Rows {
    Blocked,
    /// Conversations with something unread, waiting, or asleep: the condition that their index has.
    Where(&'static str),
    /// Conversations from a moment on, or before it.
    Time(&'static str, Value),
    /// Contacts from a moment on, or before it.
    ContactTime(&'static str, Value),
    Priority(Vec<Value>),
    /// Conversations by their numbers.
    Number(Vec<Value>),
}

impl Rows {
    fn of(sql: &str, test: &Test) -> Option<Self> {
        Some(match (sql, test) {
            ("nullif(c.unread_count, 0)", Test::Present) => Self::Where("r.unread_count > 0"),
            // As a bound: SQLite would not take the index for "is not null".
            ("c.waiting_since", Test::Present) => Self::Where("r.waiting_since > 0"),
            ("c.waiting_since", Test::From(at)) => Self::Time("r.waiting_since >= ", at.clone()),
            ("c.waiting_since", Test::Before(at)) => Self::Time("r.waiting_since < ", at.clone()),
            ("c.snoozed_until", Test::Present) => Self::Where("r.snoozed_until > 0"),
            ("c.snoozed_until", Test::From(at)) => Self::Time("r.snoozed_until >= ", at.clone()),
            ("c.snoozed_until", Test::Before(at)) => Self::Time("r.snoozed_until < ", at.clone()),
            ("c.created_at", Test::From(at)) => Self::Time("r.created_at >= ", at.clone()),
            ("c.created_at", Test::Before(at)) => Self::Time("r.created_at < ", at.clone()),
            ("c.last_activity_at", Test::From(at)) => Self::Time("r.last_activity_at >= ", at.clone()),
            ("c.last_activity_at", Test::Before(at)) => Self::Time("r.last_activity_at < ", at.clone()),
            ("k.created_at", Test::From(at)) => Self::ContactTime("r.created_at >= ", at.clone()),
            ("k.created_at", Test::Before(at)) => Self::ContactTime("r.created_at < ", at.clone()),
            ("k.last_activity_at", Test::From(at)) => {
                Self::ContactTime("coalesce(r.last_activity_at, 0) >= ", at.clone())
            }
            ("k.last_activity_at", Test::Before(at)) => {
                Self::ContactTime("coalesce(r.last_activity_at, 0) < ", at.clone())
            }
            ("c.display_id", Test::Any(values)) => Self::Number(values.iter().filter_map(super::whole).collect()),
            ("c.priority", Test::Any(values)) => Self::Priority(ranks(values)?),
            _ => return None,
        })
    }

    fn push(&self, account: AccountId, query: &mut Builder) {
        match self {
            Self::Where(sql) => conversations(account, query).push(sql),
            Self::Time(sql, at) => conversations(account, query).push(sql).value(at.clone()),
            Self::Priority(ranks) => {
                conversations(account, query).push("r.priority_rank in ").list(ranks.iter().cloned())
            }
            Self::Number(numbers) => {
                conversations(account, query).push("r.display_id in ").list(numbers.iter().cloned())
            }
            Self::Blocked => contacts(account, query).push("r.blocked"),
            Self::ContactTime(sql, at) => {
                contacts(account, query);
                query.push("(r.email is not null or r.phone_number is not null or r.identifier is not null) and ");
                query.push(sql).value(at.clone()).push(" union all ");
                contacts(account, query);
                query.push("coalesce(r.email, r.phone_number, r.identifier) is null and ");
                query.push(sql).value(at.clone())
            }
        };
    }
}

fn conversations(account: AccountId, query: &mut Builder) -> &mut Builder {
    query.push("select r.id from conversations r where r.account_id = ").value(account).push(" and ")
}

fn contacts(account: AccountId, query: &mut Builder) -> &mut Builder {
    query.push("select r.id from contacts r where r.account_id = ").value(account).push(" and ")
}

/// Priorities by the number that is indexed.
fn ranks(values: &[Value]) -> Option<Vec<Value>> {
    let rank = |value: &Value| Some(Value::from(rank(Some(value.as_text()?.parse::<Priority>().ok()?))));
    values.iter().map(rank).collect()
}

/// What the index of parts is asked for, where it can say something.
fn asked(column: &Column, test: &Test) -> Option<Question> {
    let (of, part, key) = match column {
        Column::Indexed(of, part, _) => (*of, *part, None),
        Column::Custom { of, key, .. } => (*of, Part::Custom, Some(key.as_str())),
        _ => return None,
    };
    let form = match column {
        Column::Indexed(.., kept) if let Column::Kept(_, form) = **kept => form,
        _ => str::to_owned,
    };
    let ask = |at, texts: &[String]| {
        Question::new(of, part, key, at, &texts.iter().map(|text| form(text)).collect::<Vec<_>>())
    };
    match test {
        Test::Any(values) => ask(At::Whole, &wholes(column, values)?),
        Test::Holds(texts) => ask(At::Anywhere, texts),
        Test::Starts(texts) => ask(At::Start, texts),
        // Only where there is something can it be compared.
        Test::Present | Test::From(_) | Test::Before(_) => Some(Question::present(of, part, key)),
        _ => None,
    }
}

/// The texts that equal values have in the index; `None` where also those who have none are meant.
fn wholes(column: &Column, values: &[Value]) -> Option<Vec<String>> {
    let is_flag = matches!(column, Column::Custom { kind: Kind::Flag, .. });
    let mut texts = Vec::new();
    for value in values {
        match value {
            Value::Bool(Some(true)) if is_flag => texts.extend(["true".to_owned(), "1".to_owned()]),
            Value::Int(Some(number)) => texts.push(number.to_string()),
            Value::Float(Some(number)) => texts.push(number.to_string()),
            Value::Text(Some(text)) => texts.push(text.clone()),
            _ => return None,
        }
    }
    Some(texts)
}
