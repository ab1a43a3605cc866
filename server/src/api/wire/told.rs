//! What other systems are told, in the dialect.

use async_trait::async_trait;
use domain::message::read::Last;
use domain::{Ctx, Result, webhook};
use model::AccountId;
use model::conversation::Conversation;
use serde_json::Value;

use super::Dialect;
use super::person::Reader;

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
}
