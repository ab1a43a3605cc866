//! Which contacts the list is of, as its address says it. Addresses can be shared.

use model::filter::Condition;
use model::{AccountId, SavedViewId};
use serde::{Deserialize, Serialize};

use crate::place;

/// Which contacts a list is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactQuery {
    /// Words of their facts; empty for all.
    pub text: String,
    /// A label's title; empty for all.
    pub label: String,
    /// As the API names orders; empty for the usual one.
    pub sort: String,
    /// What somebody keeps under a name.
    #[serde(default)]
    pub segment: Option<SavedViewId>,
    /// Conditions besides.
    #[serde(default)]
    pub conditions: Vec<Condition>,
}

impl ContactQuery {
    /// The list of a segment.
    #[must_use]
    pub fn of_segment(id: SavedViewId) -> Self {
        Self { segment: Some(id), ..Self::default() }
    }

    /// The list of a label.
    #[must_use]
    pub fn of_label(title: &str) -> Self {
        Self { label: title.to_owned(), ..Self::default() }
    }

    /// Reads an address. `word` gives the value of a parameter, be it one of the path (`segments/:segment`, `labels/:label`).
    #[must_use]
    pub fn read(word: impl Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| word(name).unwrap_or_default();
        Self {
            text: text("q"),
            label: text("label"),
            sort: text("sort"),
            segment: word("segment").and_then(|id| id.parse().ok()),
            conditions: word("filter").and_then(|json| crate::json::read(&json).ok()).unwrap_or_default(),
        }
    }

    /// The address.
    #[must_use]
    pub fn href(&self, account: AccountId) -> String {
        let segment = self.segment.map(|id| id.to_string()).unwrap_or_default();
        let filter = if self.conditions.is_empty() { None } else { serde_json::to_string(&self.conditions).ok() };
        let pairs = [
            ("q", self.text.as_str()),
            ("segment", &segment),
            ("label", &self.label),
            ("sort", &self.sort),
            ("filter", &filter.unwrap_or_default()),
        ];
        place::with_query(place::contacts(account), &pairs)
    }

    /// Whether it is not about all contacts.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        !self.text.trim().is_empty() || !self.label.is_empty() || self.segment.is_some() || !self.conditions.is_empty()
    }

    /// The same list under these conditions. Those of a segment are taken over by whoever builds on them.
    #[must_use]
    pub fn under(&self, conditions: Vec<Condition>) -> Self {
        Self { conditions, segment: None, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use model::filter::Operator;

    use super::*;

    #[test]
    fn addresses_lead_where_they_say() {
        let account = AccountId(1);
        assert_eq!(ContactQuery::default().href(account), "/app/accounts/1/contacts");
        let query = ContactQuery { sort: "name".into(), ..ContactQuery::of_segment(SavedViewId(7)) };
        assert_eq!(query.href(account), "/app/accounts/1/contacts?segment=7&sort=name");
        let word = |name: &str| match name {
            "segment" => Some("7".to_owned()),
            "sort" => Some("name".to_owned()),
            _ => None,
        };
        assert_eq!(ContactQuery::read(word), query);
        let condition = Condition::new("city", Operator::EqualTo, &["São Paulo"]);
        let json = serde_json::to_string(&[&condition]).unwrap_or_default();
        let query = ContactQuery::default().under(vec![condition]);
        assert_eq!(ContactQuery::read(|name| (name == "filter").then(|| json.clone())), query);
        assert!(query.is_narrowed() && query.href(account).contains("filter=%5B%7B"));
    }
}
