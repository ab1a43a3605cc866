//! Custom attributes of a conversation.

use model::{DisplayId, ErrorCode, Permission};
use serde_json::Value;

use super::{access, store};
use crate::contact::checked_attributes;
use crate::event::{Event, Part};
use crate::{Ctx, Error, Result};

/// Replaces all custom attributes, as the API defines it.
pub async fn replace(ctx: &Ctx, id: DisplayId, attributes: Value) -> Result<Value> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    let checked = checked_attributes("custom_attributes", Some(attributes))?;
    let attributes = Value::Object(checked.ok_or_else(|| Error::field("custom_attributes", ErrorCode::Required))?);
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    store::set_custom_attributes(&mut work.tx, facts.account_id, facts.id, &attributes).await?;
    let changed = vec![Part::CustomAttributes];
    work.record(facts.account_id, Event::ConversationUpdated { conversation_id: facts.id, changed, before: None });
    work.commit().await?;
    Ok(attributes)
}
