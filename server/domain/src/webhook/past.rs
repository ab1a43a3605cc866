//! What of a conversation changed, from what to what, for a program that keeps a copy of it.

use std::collections::HashSet;

use db::Tx;
use model::{AccountId, ConversationId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::Result;
use crate::channel::CLIENT_CHANNEL;
use crate::conversation::store::{self, Facts};
use crate::event::{Part, Reach};

/// A part that changed. The values are as the rules have them; the dialect has forms of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub part: Part,
    pub previous: Value,
    pub current: Value,
}

/// How parts of conversations were before an open change.
#[derive(Default)]
pub(crate) struct Past {
    values: Vec<(ConversationId, Part, Value)>,
    /// Conversations of other channels, of which no program is told.
    elsewhere: HashSet<ConversationId>,
}

impl Past {
    /// Remembers these parts, where somebody may be told of them. What was remembered first is what was before.
    pub fn note(&mut self, facts: &Facts, parts: &[Part]) {
        self.note_channel(facts);
        for part in parts {
            if let Some(value) = value(facts, *part) {
                self.keep(facts, *part, value);
            }
        }
    }

    /// The same for labels, which are no part of the facts.
    pub fn note_labels(&mut self, facts: &Facts, titles: &[String]) {
        self.keep(facts, Part::Labels, json!(titles));
    }

    /// Remembers whether somebody may be told of a conversation at all, which saves the question at the end of the change.
    pub fn note_channel(&mut self, facts: &Facts) {
        if facts.channel != CLIENT_CHANNEL {
            self.elsewhere.insert(facts.id);
        }
    }

    pub(super) fn is_elsewhere(&self, id: ConversationId) -> bool {
        self.elsewhere.contains(&id)
    }

    fn keep(&mut self, facts: &Facts, part: Part, value: Value) {
        if facts.channel == CLIENT_CHANNEL && self.of(facts.id, part).is_none() {
            self.values.push((facts.id, part, value));
        }
    }

    fn of(&self, id: ConversationId, wanted: Part) -> Option<&Value> {
        self.values.iter().find(|(of, part, _)| (*of, *part) == (id, wanted)).map(|(_, _, value)| value)
    }
}

/// A part as the facts have it; `None` for what is not among them.
fn value(facts: &Facts, part: Part) -> Option<Value> {
    Some(match part {
        Part::Status => json!(facts.status),
        Part::Assignee => json!(facts.assignee_id),
        Part::Team => json!(facts.team_id),
        Part::Priority => json!(facts.priority),
        Part::SnoozedUntil => json!(facts.snoozed_until),
        Part::CustomAttributes => facts.custom_attributes.0.clone(),
        Part::WaitingSince => json!(facts.waiting_since),
        Part::FirstReply => json!(facts.first_reply_created_at),
        Part::Contact => json!(facts.contact_id),
        Part::Labels | Part::AdditionalAttributes | Part::AgentSeen | Part::ContactSeen => return None,
    })
}

/// What these parts of a conversation were and are at the end of a change. What is as it was is left out.
pub(super) async fn changes(
    tx: &mut Tx,
    (account, id): (AccountId, ConversationId),
    parts: &[Part],
    before: Option<Reach>,
    past: &Past,
) -> Result<Vec<Change>> {
    let Some(now) = store::find_by_id(&mut *tx, account, id).await? else { return Ok(Vec::new()) };
    let mut changes = Vec::new();
    for part in parts {
        let current = match part {
            Part::Labels => {
                let rows = store::labels(&mut *tx, account, &[id]).await?;
                json!(rows.into_iter().map(|(_, title)| title).collect::<Vec<_>>())
            }
            part => match value(&now, *part) {
                Some(value) => value,
                None => continue,
            },
        };
        let owner = before.filter(|_| *part == Part::Assignee).map(|reach| json!(reach.assignee_id));
        let previous = past.of(id, *part).cloned().or(owner).unwrap_or_default();
        if previous != current {
            changes.push(Change { part: *part, previous, current });
        }
    }
    Ok(changes)
}
