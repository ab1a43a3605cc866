//! What an inbox asks by itself: the visitor's address, so that they can be answered when they have left.

use model::{AccountId, ContentKind, MessageKind};

use super::language;
use crate::contact;
use crate::conversation::store::{self as conversations, Facts};
use crate::inbox::store::Row;
use crate::message::write::{self, New};
use crate::work::Work;
use crate::{Error, Result};

/// Asks for the address of somebody whose address is not known, once in a conversation.
pub(super) async fn email(work: &mut Work<'_>, account: AccountId, inbox: &Row, facts: &Facts) -> Result<()> {
    if !inbox.enable_email_collect || facts.contact_blocked {
        return Ok(());
    }
    let contact = contact::store::find(&mut work.tx, account, facts.contact_id).await?;
    if contact.is_none_or(|contact| contact.email.is_some()) {
        return Ok(());
    }
    let now = work.now;
    // As it is after what was written before in this change.
    let locked = conversations::lock(&mut work.tx, account, facts.id, now).await?;
    let facts = locked.ok_or_else(Error::not_found)?;
    let lang = language::of(work, &facts).await?;
    let question = New {
        content_kind: ContentKind::InputEmail,
        dedupe_key: Some(format!("email:{}", facts.id)),
        ..New::text(MessageKind::Template, text::survey::email(lang).to_owned())
    };
    write::write(work, &facts, question).await?;
    Ok(())
}
