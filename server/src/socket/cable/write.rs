//! What happened, in the dialect. One recorded event can be several frames; the cursor is on the last.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use domain::event::{Event, Part, Recorded};
use domain::message::read::{self, Last};
use domain::realtime::PassingTo;
use domain::realtime::expand::{self, Expanded};
use domain::{App, Result, account};
use model::conversation::Conversation;
use model::live::{Passing, Typist};
use model::message::Message;
use model::{AccountId, Availability, ConversationId};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::api::wire::Dialect;
use crate::api::wire::person::Reader;

/// Writes frames for one kind of reader.
pub struct Writer<'a> {
    pub app: &'a Arc<App>,
    pub account: AccountId,
    pub reader: Reader,
}

/// A frame without its identifier.
struct Frame {
    event: &'static str,
    data: Value,
}

impl Writer<'_> {
    /// The frames of a recorded event.
    pub async fn event(&self, recorded: &Recorded, expanded: &Expanded) -> Result<Vec<Utf8Bytes>> {
        let dialect = self.dialect().await?;
        let mut frames = match (expanded, &recorded.event) {
            (Expanded::Message { message, conversation }, event) => {
                self.message(&dialect, event, message, conversation)?
            }
            (Expanded::Conversation { conversation, last }, event) => {
                self.conversation(&dialect, event, conversation, last).await?
            }
            (_, _) if self.reader == Reader::Visitor => Vec::new(),
            (Expanded::Contact(contact), event) => {
                let name = match event {
                    Event::ContactCreated { .. } => "contact.created",
                    Event::ContactMerged { .. } => "contact.merged",
                    _ => "contact.updated",
                };
                vec![Frame { event: name, data: serde_json::to_value(dialect.contact_push(contact))? }]
            }
            (_, Event::ContactDeleted { contact_id }) => {
                vec![Frame { event: "contact.deleted", data: json!({ "id": contact_id, "type": "contact" }) }]
            }
            (_, Event::InboxChanged { .. } | Event::LabelsChanged | Event::TeamsChanged) => {
                let keys = account::cache_keys_of(&self.app.system(), self.account).await?;
                let keys = json!({ "label": keys.label, "inbox": keys.inbox, "team": keys.team });
                vec![Frame { event: "account.cache_invalidated", data: json!({ "cache_keys": keys }) }]
            }
            _ => Vec::new(),
        };
        let performer = recorded.by.and_then(|user| dialect.user(user, self.reader));
        for frame in &mut frames {
            frame.data["account_id"] = json!(self.account);
            if let Some(performer) = &performer {
                frame.data["performer"] = serde_json::to_value(performer)?;
            }
        }
        let last = frames.len().saturating_sub(1);
        let cursor = recorded.cursor.to_string();
        let texts = frames.iter().enumerate();
        Ok(texts.map(|(index, frame)| frame.text((index == last).then_some(cursor.as_str()))).collect())
    }

    /// Takes a conversation back from somebody who may not know of it any more, or from everybody when it was deleted. Beyond the dialect,
    /// whose clients would go on showing what they saw last; those that do not know the name leave it.
    pub fn gone(&self, recorded: &Recorded, expanded: &Expanded) -> Vec<Utf8Bytes> {
        let display_id = match expanded {
            Expanded::Conversation { conversation, .. } => conversation.row.display_id,
            Expanded::ConversationDeleted { display_id, .. } => *display_id,
            _ => return Vec::new(),
        };
        let data = json!({ "id": display_id, "account_id": self.account });
        vec![Frame { event: "conversation.deleted", data }.text(Some(&recorded.cursor.to_string()))]
    }

    fn message(
        &self,
        dialect: &Dialect,
        event: &Event,
        message: &Message,
        conversation: &Conversation,
    ) -> Result<Vec<Frame>> {
        if self.reader == Reader::Visitor && !message.is_public() {
            return Ok(Vec::new());
        }
        let mut data = serde_json::to_value(dialect.message_push(message, conversation, self.reader))?;
        if let Event::MessageCreated { .. } = event {
            return Ok(vec![Frame { event: "message.created", data }]);
        }
        data["previous_changes"] = json!({});
        Ok(vec![Frame { event: "message.updated", data }])
    }

    async fn conversation(
        &self,
        dialect: &Dialect,
        event: &Event,
        conversation: &Conversation,
        last: &Last,
    ) -> Result<Vec<Frame>> {
        let mut frames = Vec::new();
        if let Event::ConversationUpdated { conversation_id, changed, .. } = event
            && changed.contains(&Part::FirstReply)
            && self.reader == Reader::Agent
        {
            frames.extend(self.first_reply(dialect, *conversation_id, conversation).await?);
        }
        let names = names(event, self.reader);
        if names.is_empty() {
            return Ok(frames);
        }
        let push = dialect.conversation_push(conversation, last, self.reader);
        let data = serde_json::to_value(push)?;
        frames.extend(names.into_iter().map(|event| Frame { event, data: data.clone() }));
        Ok(frames)
    }

    async fn first_reply(
        &self,
        dialect: &Dialect,
        id: ConversationId,
        conversation: &Conversation,
    ) -> Result<Option<Frame>> {
        let reply = read::first_reply(&self.app.system(), self.account, id).await?;
        let Some(reply) = reply else { return Ok(None) };
        let data = serde_json::to_value(dialect.message_push(&reply, conversation, self.reader))?;
        Ok(Some(Frame { event: "first.reply.created", data }))
    }

    async fn last(&self, id: ConversationId) -> Result<Last> {
        Ok(read::last(&self.app.system(), self.account, &[id]).await?.remove(&id).unwrap_or_default())
    }

    /// The frames of something that is not recorded: typing. Who is here is told when clients ask.
    pub async fn passing(&self, passing: &PassingTo) -> Result<Vec<Utf8Bytes>> {
        let Passing::Typing { conversation_id, who, on, private, .. } = &passing.passing else { return Ok(Vec::new()) };
        let found = expand::conversation(&self.app.system(), self.account, *conversation_id).await?;
        let Some(conversation) = found else { return Ok(Vec::new()) };
        let dialect = self.dialect().await?;
        let user = match who {
            Typist::Contact { .. } => serde_json::to_value(dialect.contact_push(&conversation.contact))?,
            Typist::Agent { id, .. } => serde_json::to_value(dialect.user(*id, self.reader))?,
        };
        let last = self.last(*conversation_id).await?;
        let data = json!({
            "conversation": dialect.conversation_push(&conversation, &last, self.reader),
            "user": user,
            "is_private": private,
            "account_id": self.account,
        });
        let event = if *on { "conversation.typing_on" } else { "conversation.typing_off" };
        Ok(vec![Frame { event, data }.text(None)])
    }

    /// The frame that says who is here.
    pub async fn presence(&self, cursor: &str) -> Result<Utf8Bytes> {
        let data = self.who_is_here().await?;
        Ok(Frame { event: "presence.update", data }.text(Some(cursor)))
    }

    async fn who_is_here(&self) -> Result<Value> {
        let dialect = self.dialect().await?;
        let agents = dialect.directory().agents.values();
        // Visitors look for somebody to talk to; who is away is of no use to them.
        let shown = agents.filter(|agent| self.reader == Reader::Agent || agent.availability != Availability::Offline);
        let users: Map<String, Value> =
            shown.map(|agent| (agent.id.to_string(), agent.availability.as_str().into())).collect();
        if self.reader == Reader::Visitor {
            return Ok(json!({ "account_id": self.account, "users": users }));
        }
        let here = self.app.hub.presence.contacts(self.account, self.app.clock.now());
        let contacts: Map<String, Value> = here.into_iter().map(|id| (id.to_string(), "online".into())).collect();
        Ok(json!({ "account_id": self.account, "users": users, "contacts": contacts }))
    }

    async fn dialect(&self) -> Result<Dialect> {
        Dialect::shared(&self.app.system(), self.account).await
    }
}

impl Frame {
    /// Everything behind the identifier, which is the socket's own.
    fn text(&self, cursor: Option<&str>) -> Utf8Bytes {
        #[derive(Serialize)]
        struct Message<'a> {
            event: &'a str,
            data: &'a Value,
        }
        let message = serde_json::to_string(&Message { event: self.event, data: &self.data }).unwrap_or_default();
        match cursor {
            Some(cursor) => format!(r#""message":{message},"cursor":"{cursor}"}}"#).into(),
            None => format!(r#""message":{message}}}"#).into(),
        }
    }
}

/// The dialect's names for a change of a conversation. Visitors hear of less, and of what agents have seen.
fn names(event: &Event, reader: Reader) -> Vec<&'static str> {
    if let Event::Mentioned { .. } = event {
        return vec!["conversation.mentioned"];
    }
    let Event::ConversationUpdated { changed, .. } = event else { return vec!["conversation.created"] };
    let specific = changed.iter().filter_map(|part| match part {
        Part::Status => Some("conversation.status_changed"),
        Part::Assignee if reader == Reader::Agent => Some("assignee.changed"),
        Part::Team if reader == Reader::Agent => Some("team.changed"),
        Part::Contact if reader == Reader::Agent => Some("conversation.contact_changed"),
        Part::ContactSeen => Some("conversation.read"),
        _ => None,
    });
    let mut names: Vec<_> = specific.collect();
    let is_only_read = changed.iter().all(|part| *part == Part::ContactSeen);
    if !is_only_read {
        names.push("conversation.updated");
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_has_the_names_that_clients_know() {
        let event = |changed: &[Part]| Event::ConversationUpdated {
            conversation_id: ConversationId(1),
            changed: changed.to_vec(),
            before: None,
        };
        let status = event(&[Part::Status, Part::SnoozedUntil]);
        assert_eq!(names(&status, Reader::Agent), ["conversation.status_changed", "conversation.updated"]);
        assert_eq!(names(&event(&[Part::ContactSeen]), Reader::Agent), ["conversation.read"]);
        assert_eq!(names(&event(&[Part::Assignee]), Reader::Agent), ["assignee.changed", "conversation.updated"]);
        assert_eq!(names(&event(&[Part::Assignee]), Reader::Visitor), ["conversation.updated"]);
        let created = Event::ConversationCreated { conversation_id: ConversationId(1) };
        assert_eq!(names(&created, Reader::Visitor), ["conversation.created"]);
    }
}
