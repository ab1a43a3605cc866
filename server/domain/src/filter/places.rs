//! Filters that say no more than where conversations lie: how many that are is known (`conversation_tallies`).

use db::Value;

use super::column::{Column, Labelled};
use super::store::Test;
use super::{Aim, Filter};

/// Where conversations lie: by these `conversation_tallies` counts them.
const PLACES: [&str; 4] = ["c.status", "c.inbox_id", "c.team_id", "c.assignee_id"];

impl Filter {
    /// Where this says no more than where conversations lie, and one label that they have: the conditions without it, and the label.
    pub fn places(&self) -> Option<(Self, Option<Value>)> {
        let mut places = Self { any: Vec::new(), aim: Aim::All, order: None, ..*self };
        let mut label = None;
        for all in &self.any {
            let mut rest = Vec::new();
            for clause in all {
                match (&clause.column, &clause.test) {
                    (Column::Plain(sql), _) if PLACES.contains(sql) => rest.push(clause.clone()),
                    (Column::Labels(Labelled::Conversation), Test::Any(ids))
                        if ids.len() == 1 && label.is_none() && self.any.len() == 1 =>
                    {
                        label = ids.first().cloned();
                    }
                    _ => return None,
                }
            }
            places.any.push(rest);
        }
        Some((places, label))
    }
}
