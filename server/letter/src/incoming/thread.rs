//! Where a mail belongs. Never by its subject: two customers may both ask "Where is my order?".

use mail_parser::Message;
use uuid::Uuid;

use super::People;
use crate::MessageId;

/// Ids that are looked at; a thread of hundreds repeats itself.
const MOST: usize = 50;

/// One reason to belong to a conversation. Whoever follows it checks that the sender takes part in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ThreadKey {
    /// It was sent to the address of one conversation: `reply+<uuid>@…`.
    Address(Uuid),
    /// It answers a mail whose id names the conversation.
    Own { conversation: Uuid, message: Option<i64> },
    /// It answers this mail directly.
    InReplyTo(MessageId),
    /// It comes later in the same thread as this mail; the nearest first.
    Reference(MessageId),
}

/// The mail's own id.
pub(super) fn id(message: &Message<'_>) -> Option<MessageId> {
    ids(message, "Message-ID").into_iter().next()
}

/// The strongest reason first.
pub(super) fn keys(message: &Message<'_>, people: &People) -> Vec<ThreadKey> {
    let mut keys: Vec<ThreadKey> = Vec::new();
    let mut add = |key: ThreadKey| {
        if keys.len() < MOST && !keys.contains(&key) {
            keys.push(key);
        }
    };
    let recipients = people.to.iter().chain(&people.cc).chain(&people.delivered_to);
    recipients.filter_map(|address| conversation_of(address.local())).for_each(|uuid| add(ThreadKey::Address(uuid)));
    let answered = ids(message, "In-Reply-To");
    let mut references = ids(message, "References");
    references.reverse();
    for id in answered.iter().chain(&references) {
        if let Some(own) = id.own() {
            add(ThreadKey::Own { conversation: own.conversation, message: own.message });
        }
    }
    answered.into_iter().for_each(|id| add(ThreadKey::InReplyTo(id)));
    for id in references {
        if !keys.contains(&ThreadKey::InReplyTo(id.clone())) && keys.len() < MOST {
            keys.push(ThreadKey::Reference(id));
        }
    }
    keys
}

/// `reply+<uuid>`, and the same behind any other name.
pub(super) fn conversation_of(local: &str) -> Option<Uuid> {
    let (_, tag) = local.rsplit_once('+')?;
    Uuid::try_parse(tag).ok()
}

pub(super) fn ids(message: &Message<'_>, name: &'static str) -> Vec<MessageId> {
    message.header_raw(name).map(MessageId::all).unwrap_or_default()
}
