//! One language for "which ones": conditions on the fields of conversations and contacts, joined by and/or.
//!
//! On the wire a filter is a flat list, as integrators know it: each condition says how it is joined with the next. "And" binds
//! more tightly than "or", as everywhere else, so a filter is alternatives of conditions ([`alternatives`]). The rules turn it
//! into SQL (`domain::filter`); what a field allows is said here once, for the rules and for the screens.

mod field;
mod read;

use serde::{Deserialize, Serialize};

pub use field::{CONTACT, CONVERSATION, Field, Kind, operators_of};
pub use read::read;

/// Most conditions in one filter.
pub const MAX_CONDITIONS: usize = 20;
/// Most values of one condition.
pub const MAX_VALUES: usize = 100;
/// Most characters of a value.
pub const MAX_VALUE: usize = 500;

/// The value that stands for whoever looks, where an agent is asked for.
pub const ME: &str = "me";

crate::text_enum! {
    /// What is filtered.
    Subject { Conversation = "conversation", Contact = "contact" }
}

crate::text_enum! {
    /// How a field is compared with the values.
    Operator {
        /// One of the values.
        EqualTo = "equal_to",
        NotEqualTo = "not_equal_to",
        /// Holds one of the values as a part.
        Contains = "contains",
        DoesNotContain = "does_not_contain",
        StartsWith = "starts_with",
        /// Has any value at all.
        IsPresent = "is_present",
        IsNotPresent = "is_not_present",
        /// A larger number, or on that day or later.
        IsGreaterThan = "is_greater_than",
        /// A smaller number, or before that day.
        IsLessThan = "is_less_than",
        /// More than so many days ago.
        DaysBefore = "days_before",
    }
}

impl Operator {
    /// Whether it needs values.
    #[must_use]
    pub const fn takes_values(self) -> bool {
        !matches!(self, Self::IsPresent | Self::IsNotPresent)
    }
}

crate::text_enum! {
    /// How a condition is joined with the next one.
    Join { And = "AND", Or = "OR" }
}

crate::text_enum! {
    /// Whose custom attribute a condition is about.
    Owner { Conversation = "conversation_attribute", Contact = "contact_attribute" }
}

/// One condition, in the form in which it travels and is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// A field's key, or the key of a custom attribute.
    pub attribute_key: String,
    pub filter_operator: Operator,
    #[serde(default)]
    pub values: Vec<String>,
    /// How it is joined with the next; nothing at the end.
    #[serde(default)]
    pub query_operator: Option<Join>,
    /// Says that the key is one of a custom attribute, and whose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_attribute_type: Option<Owner>,
}

impl Condition {
    /// A condition on a field.
    #[must_use]
    pub fn new(key: &str, operator: Operator, values: &[&str]) -> Self {
        Self {
            attribute_key: key.to_owned(),
            filter_operator: operator,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            query_operator: None,
            custom_attribute_type: None,
        }
    }
}

/// The alternatives of a filter: everything of at least one of them must hold. Places are those in the list.
#[must_use]
pub fn alternatives(conditions: &[Condition]) -> Vec<Vec<(usize, &Condition)>> {
    let mut all = Vec::new();
    let mut one = Vec::new();
    for (place, condition) in conditions.iter().enumerate() {
        one.push((place, condition));
        if condition.query_operator == Some(Join::Or) {
            all.push(std::mem::take(&mut one));
        }
    }
    if !one.is_empty() {
        all.push(one);
    }
    all
}

/// The list that says the same as alternatives: within one "and", between them "or".
#[must_use]
pub fn joined(alternatives: Vec<Vec<Condition>>) -> Vec<Condition> {
    let mut all: Vec<Condition> = Vec::new();
    for alternative in alternatives {
        if let Some(last) = all.last_mut().filter(|_| !alternative.is_empty()) {
            last.query_operator = Some(Join::Or);
        }
        for (place, mut condition) in alternative.into_iter().enumerate() {
            if let Some(last) = all.last_mut().filter(|_| place > 0) {
                last.query_operator = Some(Join::And);
            }
            condition.query_operator = None;
            all.push(condition);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_more_tightly_than_or() {
        let on = |key: &str, join| Condition { query_operator: join, ..Condition::new(key, Operator::IsPresent, &[]) };
        let list = [on("a", Some(Join::And)), on("b", Some(Join::Or)), on("c", None)];
        let keys: Vec<Vec<&str>> = alternatives(&list)
            .into_iter()
            .map(|one| one.into_iter().map(|(_, condition)| condition.attribute_key.as_str()).collect())
            .collect();
        assert_eq!(keys, [vec!["a", "b"], vec!["c"]]);
        let again = joined(vec![list[..2].to_vec(), vec![list[2].clone()]]);
        assert_eq!(again, list);
        assert!(alternatives(&[]).is_empty());
    }
}
