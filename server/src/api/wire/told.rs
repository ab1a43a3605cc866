//! What other systems are told, in the dialect.

use async_trait::async_trait;
use domain::message::read::Last;
use domain::{Ctx, Result, webhook};
use model::AccountId;
use model::conversation::Conversation;
use model::message::Message;
use model::{MessageKind, SenderKind};
use serde_json::{Value, json};

use super::person::Reader;
use super::{Dialect, iso};

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
            "sender": sender(conversation, message),
            "source_id": push.source_id,
        });
        if !push.attachments.is_empty() {
            body["attachments"] = serde_json::to_value(push.attachments)?;
        }
        Ok(body)
    }
}

/// Who wrote it; of contacts what the conversation says of them.
fn sender(conversation: &Conversation, message: &Message) -> Value {
    let Some(sender) = &message.sender else { return Value::Null };
    match sender.kind {
        SenderKind::Contact => json!({
            "id": conversation.contact.id,
            "name": conversation.contact.name,
            "email": conversation.contact.email,
            "phone_number": conversation.contact.phone_number,
            "identifier": conversation.contact.identifier,
            "additional_attributes": conversation.contact.additional_attributes,
            "custom_attributes": conversation.contact.custom_attributes,
            "blocked": conversation.contact.blocked,
        }),
        SenderKind::User => json!({ "id": sender.id, "name": sender.name, "type": "user" }),
        SenderKind::AgentBot => json!({ "id": sender.id, "name": sender.name, "type": "agent_bot" }),
    }
}
