//! Filters: conditions that somebody wrote, checked and turned into SQL.
//!
//! [`check`] reads conditions against what their fields allow and answers a [`Filter`] in which everything is typed; [`Filter::push`]
//! adds it to a statement whose rows the policy has narrowed already. Errors name the condition and the part of it that is wrong.

mod column;
mod custom;
mod fold;
mod places;
mod store;
mod value;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use db::Value;
use jiff::tz::TimeZone;
use model::filter::{self, Condition, Field, Kind, Operator, Owner, Subject};
use model::{ErrorCode, LabelId, Millis, UserId};

use crate::{Ctx, Error, Result, label};
use column::Column;
use store::Test;

/// What conditions are read against: who asks, when, and which custom attributes there are.
#[derive(Debug, Clone)]
pub struct Scope {
    now: Millis,
    timezone: TimeZone,
    /// Whoever looks; nobody when the system itself asks.
    me: Option<UserId>,
    customs: HashMap<(Owner, String), Kind>,
    /// The account's labels by their titles.
    labels: HashMap<String, LabelId>,
    /// Whether the index of parts can be asked.
    has_parts: bool,
}

impl Scope {
    /// For the agent who asks.
    pub async fn of(ctx: &Ctx) -> Result<Self> {
        let agent = ctx.agent()?;
        let labels = label::store::ids(ctx.db(), agent.account_id);
        let (zone, customs, labels, has_parts) = tokio::try_join!(
            store::timezone(ctx.db(), agent.account_id),
            custom::kinds(ctx, agent.account_id),
            labels,
            ctx.app.parts.are_there(ctx.db()),
        )?;
        Ok(Self {
            now: ctx.now(),
            timezone: TimeZone::get(&zone).unwrap_or(TimeZone::UTC),
            me: Some(agent.user_id),
            customs,
            labels: labels.into_iter().collect(),
            has_parts,
        })
    }
}

/// A filter in which everything is typed: everything of at least one alternative must hold.
#[derive(Debug, Clone)]
pub struct Filter {
    any: Vec<Vec<Clause>>,
    aim: Aim,
    /// The key by whose index the rows are walked, where they are.
    order: Option<&'static str>,
    /// Whether the index of parts can be asked.
    has_parts: bool,
}

/// What meets a filter is counted up to so many: to count on would take longer than to find those that one looks at.
pub const MOST_COUNTED: i64 = 1_000;

/// So many of the first of a list are told as "so many, or more": a page of them.
pub const ENOUGH: i64 = 25;
/// Of the first of a list no more are counted.
pub const MOST_TOLD: i64 = 100;

/// What a statement with a filter is for: it decides which conditions the database should begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aim {
    /// All rows that there are.
    #[default]
    All,
    /// The first in an order that an index has.
    First,
    /// Those among rows that something else of the statement makes few.
    Among,
}

#[derive(Debug, Clone)]
struct Clause {
    column: Column,
    test: Test,
    /// How many rows could meet it, where that was looked at.
    rows: Option<i64>,
}

/// Checks conditions; the error names the field by its place, `payload[0].values`.
pub fn check(scope: &Scope, subject: Subject, conditions: &[Condition]) -> Result<Filter> {
    if conditions.len() > filter::MAX_CONDITIONS {
        return Err(Error::field("payload", ErrorCode::TooLong));
    }
    let mut any = Vec::new();
    for alternative in filter::alternatives(conditions) {
        let mut all = Vec::new();
        for (place, condition) in alternative {
            let read = clause(scope, subject, condition);
            all.push(read.map_err(|(part, code)| Error::field(&format!("payload[{place}].{part}"), code))?);
        }
        any.push(all);
    }
    Ok(Filter { any, aim: Aim::All, order: None, has_parts: scope.has_parts })
}

/// Whatever has one of these labels.
pub fn labelled(scope: &Scope, subject: Subject, titles: &[String]) -> Filter {
    let titles = titles.iter().map(|title| Value::from(title.as_str())).collect();
    let clause = column::column(subject, "labels")
        .map(|column| known(scope, Clause { column, test: Test::Any(titles), rows: None }));
    Filter { any: vec![clause.into_iter().collect()], aim: Aim::All, order: None, has_parts: scope.has_parts }
}

/// Labels by what they are kept as: the database knows of each how many rows have it.
fn known(scope: &Scope, clause: Clause) -> Clause {
    let Clause { column: Column::Labels(_), test, .. } = &clause else { return clause };
    let ids = |titles: &[Value]| {
        let ids = titles.iter().filter_map(Value::as_text).filter_map(|title| scope.labels.get(title));
        ids.map(|id| Value::from(*id)).collect()
    };
    let test = match test {
        Test::Any(titles) => Test::Any(ids(titles)),
        Test::None(titles) => Test::None(ids(titles)),
        other => other.clone(),
    };
    Clause { test, ..clause }
}

/// What of a condition is wrong.
type Wrong = (&'static str, ErrorCode);
type Read<T> = std::result::Result<T, Wrong>;

fn clause(scope: &Scope, subject: Subject, condition: &Condition) -> Read<Clause> {
    let (column, kind, operators) = column(scope, subject, condition).ok_or(("attribute_key", ErrorCode::Invalid))?;
    let operator = condition.filter_operator;
    if !operators.contains(&operator) {
        return Err(("filter_operator", ErrorCode::Invalid));
    }
    let too_long = |value: &String| value.chars().count() > filter::MAX_VALUE;
    if condition.values.len() > filter::MAX_VALUES || condition.values.iter().any(too_long) {
        return Err(("values", ErrorCode::TooLong));
    }
    let test = test(scope, kind, operator, &condition.values)?;
    Ok(known(scope, Clause { column, test, rows: None }))
}

fn column(scope: &Scope, subject: Subject, condition: &Condition) -> Option<(Column, Kind, &'static [Operator])> {
    let key = condition.attribute_key.as_str();
    let fields = match subject {
        Subject::Conversation => filter::CONVERSATION,
        Subject::Contact => filter::CONTACT,
    };
    if condition.custom_attribute_type.is_none()
        && let Some(field) = Field::find(fields, key)
    {
        return Some((column::column(subject, key)?, field.kind, field.operators));
    }
    let own = match subject {
        Subject::Conversation => Owner::Conversation,
        Subject::Contact => Owner::Contact,
    };
    let owner = condition.custom_attribute_type.unwrap_or(own);
    let kind = *scope.customs.get(&(owner, key.to_owned()))?;
    Some((column::custom(subject, owner, key, kind)?, kind, filter::operators_of(kind)))
}

fn test(scope: &Scope, kind: Kind, operator: Operator, values: &[String]) -> Read<Test> {
    let wrong = |code| ("values", code);
    if operator.takes_values() && values.is_empty() {
        return Err(wrong(ErrorCode::Required));
    }
    let first = || values.first().map(|value| value.trim()).unwrap_or_default();
    let invalid = || wrong(ErrorCode::Invalid);
    Ok(match operator {
        Operator::IsPresent => Test::Present,
        Operator::IsNotPresent => Test::Absent,
        Operator::EqualTo | Operator::NotEqualTo => {
            let is_every = kind == Kind::Status && values.iter().any(|value| value == "all");
            let read = if is_every { None } else { Some(value::equals(scope, kind, values).ok_or_else(invalid)?) };
            match (operator == Operator::EqualTo, read) {
                (true, None) => Test::Always,
                (false, None) => Test::Never,
                (true, Some(values)) => Test::Any(values),
                (false, Some(values)) => Test::None(values),
            }
        }
        Operator::Contains | Operator::DoesNotContain | Operator::StartsWith => {
            let parts: Vec<String> = values.iter().map(|value| value.trim().to_owned()).collect();
            if parts.iter().any(String::is_empty) {
                return Err(wrong(ErrorCode::Required));
            }
            match operator {
                Operator::Contains => Test::Holds(parts),
                Operator::DoesNotContain => Test::Lacks(parts),
                _ => Test::Starts(parts),
            }
        }
        Operator::IsGreaterThan => Test::From(value::bound(scope, kind, first()).ok_or_else(invalid)?),
        Operator::IsLessThan => Test::Before(value::bound(scope, kind, first()).ok_or_else(invalid)?),
        Operator::DaysBefore => Test::Before(value::days_ago(scope, kind, first()).ok_or_else(invalid)?),
    })
}
