//! What other systems are told, in the dialect.

use async_trait::async_trait;
use domain::event::Part;
use domain::message::read::Last;
use domain::{Ctx, Result, webhook};
use model::conversation::Conversation;
use model::live::Typist;
use model::message::{Message, Sender};
use model::{AccountId, MessageKind, SenderKind, UserId};
use serde_json::{Value, json};

use super::person::Reader;
use super::{Dialect, iso, seconds};

/// Speaks the dialect for webhooks.
pub struct Told;

#[async_trait]
impl webhook::Dialect for Told {
    async fn conversation(
        &self,
        ctx: &Ctx,
        account: AccountId,
        conversation: &Conversation,
        last: &Last,
    ) -> Result<Value> {
        let dialect = Dialect::shared(ctx, account).await?;
        Ok(serde_json::to_value(dialect.conversation_push(conversation, last, Reader::Agent))?)
    }

    async fn message(
        &self,
        ctx: &Ctx,
        account: AccountId,
        conversation: &Conversation,
        message: &Message,
    ) -> Result<Value> {
        let dialect = Dialect::shared(ctx, account).await?;
        let push = dialect.message_push(message, conversation, Reader::Agent);
        let kind = match message.kind {
            MessageKind::Incoming => "incoming",
            MessageKind::Outgoing => "outgoing",
            MessageKind::Activity => "activity",
            MessageKind::Template => "template",
        };
        let mut body = json!({
            "account": { "id": account },
            "additional_attributes": push.additional_attributes,
            "content_attributes": push.content_attributes,
            "content_type": push.content_type,
            "content": push.content,
            "created_at": iso(message.created_at),
            "id": push.id,
            "echo_id": push.echo_id,
            "message_type": kind,
            "private": push.private,
            "status": push.status,
            "sender": message.sender.as_ref().map(|sender| written_by(&dialect, conversation, sender)),
            "source_id": push.source_id,
        });
        if !push.attachments.is_empty() {
            body["attachments"] = serde_json::to_value(push.attachments)?;
        }
        Ok(body)
    }

    async fn typist(&self, ctx: &Ctx, account: AccountId, conversation: &Conversation, who: &Typist) -> Result<Value> {
        Ok(match who {
            Typist::Contact { .. } => contact(conversation),
            Typist::Agent { id, name } => user(&Dialect::shared(ctx, account).await?, *id, name),
        })
    }

    fn value(&self, part: Part, value: &Value) -> Value {
        match (part, value.as_i64()) {
            (Part::SnoozedUntil | Part::FirstReply, Some(at)) => json!(iso(at)),
            (Part::WaitingSince, at) => json!(at.map(seconds).unwrap_or_default()),
            _ => value.clone(),
        }
    }
}

/// Who wrote it; of contacts what the conversation says of them.
fn written_by(dialect: &Dialect, conversation: &Conversation, sender: &Sender) -> Value {
    match sender.kind {
        SenderKind::Contact => contact(conversation),
        SenderKind::User => user(dialect, UserId(sender.id), &sender.name),
        SenderKind::AgentBot => json!({ "id": sender.id, "name": sender.name, "type": "agent_bot" }),
    }
}

fn contact(conversation: &Conversation) -> Value {
    json!({
        "id": conversation.contact.id,
        "name": conversation.contact.name,
        "email": conversation.contact.email,
        "phone_number": conversation.contact.phone_number,
        "identifier": conversation.contact.identifier,
        "additional_attributes": conversation.contact.additional_attributes,
        "custom_attributes": conversation.contact.custom_attributes,
        "blocked": conversation.contact.blocked,
    })
}

/// An agent; of somebody who left only the name is known.
fn user(dialect: &Dialect, id: UserId, name: &str) -> Value {
    let email = dialect.directory().agents.get(&id).map(|agent| agent.email.as_str());
    json!({ "id": id, "name": name, "email": email, "type": "user" })
}
