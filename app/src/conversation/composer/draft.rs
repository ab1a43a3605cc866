//! What was written and not sent, kept in this browser per conversation.

use std::collections::HashMap;

use model::{AccountId, DisplayId, UserId};
use serde::{Deserialize, Serialize};

/// Letters of a draft that a row of the list shows.
const EXCERPT: usize = 120;

/// The texts of a composer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub reply: String,
    pub note: String,
    /// A note is being written.
    pub is_note: bool,
}

impl Draft {
    /// The text of the kind that is being written.
    #[must_use]
    pub fn text(&self) -> &str {
        if self.is_note { &self.note } else { &self.reply }
    }

    /// Replaces the text of the kind that is being written.
    pub fn set_text(&mut self, text: String) {
        if self.is_note {
            self.note = text;
        } else {
            self.reply = text;
        }
    }

    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reply.trim().is_empty() && self.note.trim().is_empty()
    }

    /// One line of it, for the list: the reply before the note.
    #[must_use]
    pub fn excerpt(&self) -> Option<String> {
        let text = [&self.reply, &self.note].into_iter().find(|text| !text.trim().is_empty())?;
        let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        Some(line.chars().take(EXCERPT).collect())
    }
}

/// Drafts of all conversations.
pub type Drafts = HashMap<DisplayId, Draft>;

/// Where the drafts of an agent are kept: the beginning of their names.
#[must_use]
pub fn key_start(account: AccountId, user: UserId) -> String {
    ["cloudchat.draft.", &account.to_string(), ".", &user.to_string(), "."].concat()
}

/// Where a draft is kept.
#[must_use]
pub fn key(account: AccountId, user: UserId, id: DisplayId) -> String {
    [&key_start(account, user), id.to_string().as_str()].concat()
}

/// Reads drafts from what the browser kept.
#[must_use]
pub fn read(start: &str, kept: impl Iterator<Item = (String, String)>) -> Drafts {
    kept.filter_map(|(key, json)| {
        let id = key.strip_prefix(start)?.parse().ok()?;
        let draft: Draft = crate::json::read(&json).ok()?;
        (!draft.is_empty()).then_some((id, draft))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drafts_come_back_as_they_were_kept() {
        let draft = Draft { reply: "Olá\n mundo".into(), note: String::new(), is_note: false };
        let (account, user) = (AccountId(1), UserId(2));
        let kept = [
            (key(account, user, DisplayId(7)), serde_json::to_string(&draft).unwrap()),
            (key(account, user, DisplayId(8)), "{}".to_owned()),
            (key(account, user, DisplayId(9)), "broken".to_owned()),
            (key(account, UserId(22), DisplayId(9)), "{\"reply\":\"another's\"}".to_owned()),
        ];
        let drafts = read(&key_start(account, user), kept.into_iter());
        assert_eq!(drafts, Drafts::from([(DisplayId(7), draft)]));
        assert_eq!(drafts[&DisplayId(7)].excerpt().as_deref(), Some("Olá mundo"));
    }

    #[test]
    fn reply_and_note_are_kept_apart() {
        let mut draft = Draft::default();
        draft.set_text("reply".into());
        draft.is_note = true;
        assert_eq!(draft.text(), "");
        draft.set_text("note".into());
        assert_eq!((draft.reply.as_str(), draft.note.as_str()), ("reply", "note"));
    }
}
