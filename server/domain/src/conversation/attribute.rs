//! Custom attributes of a conversation.

use model::attribute::AttributeModel;
use model::{AccountId, DisplayId, ErrorCode, Permission};
use serde_json::{Map, Value};

use super::{access, store};
use crate::attribute::value::{self, Manner};
use crate::contact::checked_attributes;
use crate::event::Part;
use crate::work::Work;
use crate::{Ctx, Error, Result};

/// Checks changes against the account's definitions, as agents and integrations send them.
pub(crate) async fn checked(ctx: &Ctx, account: AccountId, given: Map<String, Value>) -> Result<Map<String, Value>> {
    value::checked(ctx.db(), account, AttributeModel::Conversation, given, Manner::Strict).await
}

/// Sets some attributes and takes those away whose value is null; the others stay.
pub async fn set(ctx: &Ctx, id: DisplayId, changes: Value) -> Result<Value> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    let given = checked_attributes("custom_attributes", Some(changes))?.unwrap_or_default();
    let changes = checked(ctx, known.account_id, given).await?;
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    let mut attributes = facts.custom_attributes.0.clone();
    value::put(&mut attributes, changes);
    checked_attributes("custom_attributes", Some(attributes.clone()))?;
    write(&mut work, &facts, &attributes).await?;
    work.commit().await?;
    Ok(attributes)
}

/// Replaces all custom attributes, as the API defines it.
pub async fn replace(ctx: &Ctx, id: DisplayId, attributes: Value) -> Result<Value> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    let required = || Error::field("custom_attributes", ErrorCode::Required);
    let given = checked_attributes("custom_attributes", Some(attributes))?.ok_or_else(required)?;
    let mut attributes = Value::Object(Map::new());
    value::put(&mut attributes, checked(ctx, known.account_id, given).await?);
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    write(&mut work, &facts, &attributes).await?;
    work.commit().await?;
    Ok(attributes)
}

async fn write(work: &mut Work<'_>, facts: &store::Facts, attributes: &Value) -> Result<()> {
    store::set_custom_attributes(&mut work.tx, facts.account_id, facts.id, attributes).await?;
    work.record_update(facts, vec![Part::CustomAttributes], None);
    Ok(())
}
