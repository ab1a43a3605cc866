//! Mail of ours that did not arrive is shown on the message.

use letter::{Bounce, Permanence};
use model::{ConversationId, MessageId, MessageKind, MessageStatus};

use super::{MailInbox, store};
use crate::Result;
use crate::event::Event;
use crate::message::store as messages;
use crate::work::Work;

/// Marks the message a bounce is about. `None` where it is not about one of ours: then it is a mail like any other.
pub async fn note(
    work: &mut Work<'_>,
    inbox: &MailInbox,
    bounce: &Bounce,
) -> Result<Option<(ConversationId, MessageId)>> {
    let (account, now) = (inbox.account_id, work.now);
    let Some(own) = bounce.original.as_ref().and_then(letter::MessageId::own) else { return Ok(None) };
    let Some(id) = own.message.map(MessageId) else { return Ok(None) };
    let uuid = own.conversation.to_string();
    let conversation = store::conversation_by_uuid(&mut work.tx, account, inbox.inbox_id, &uuid).await?;
    let row = messages::find(&mut work.tx, account, id).await?;
    // Anybody can write a bounce: only what we sent, in the conversation it names, is believed to be meant.
    let ours = row.filter(|row| row.kind != MessageKind::Incoming && Some(row.conversation_id) == conversation);
    let Some(row) = ours else { return Ok(None) };
    let mut attributes = row.content_attributes.0;
    if let Some(map) = attributes.as_object_mut() {
        map.insert("external_error".to_owned(), told(bounce).into());
    }
    let status = match bounce.permanence() {
        Permanence::Permanent => MessageStatus::Failed,
        Permanence::Temporary => row.status,
    };
    messages::set_status(&mut work.tx, account, id, status, &attributes, now).await?;
    work.record(account, Event::MessageUpdated { message_id: id, conversation_id: row.conversation_id });
    Ok(Some((row.conversation_id, id)))
}

/// Whom it did not reach and why, in the other server's words.
fn told(bounce: &Bounce) -> String {
    let one = |recipient: &letter::Recipient| {
        let code = recipient.code.as_deref().map(|code| format!(" ({code})")).unwrap_or_default();
        format!("{}{code}: {}", recipient.address.email, recipient.said)
    };
    bounce.recipients.iter().map(one).collect::<Vec<_>>().join("\n")
}
