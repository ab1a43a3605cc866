//! Conversations with their newest messages, ready to be answered.

use axum::Json;
use domain::Ctx;
use domain::message::read;
use model::conversation::Conversation;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::conversation::ConversationWire;

/// Conversations in a list.
#[derive(Serialize, ToSchema)]
#[schema(as = ConversationList)]
pub struct Listed {
    pub payload: Vec<ConversationWire>,
}

/// Conversations that the agent was allowed to read.
pub async fn all(ctx: &Ctx, conversations: &[Conversation]) -> Result<Vec<ConversationWire>, Refusal> {
    let dialect = Dialect::of(ctx).await?;
    let ids: Vec<_> = conversations.iter().map(|conversation| conversation.row.id).collect();
    let mut last = read::last(ctx, ctx.agent()?.account_id, &ids).await?;
    let wire = conversations.iter().map(|conversation| {
        let last = last.remove(&conversation.row.id).unwrap_or_default();
        dialect.conversation(conversation, &last)
    });
    Ok(wire.collect())
}

/// One conversation that the agent was allowed to read.
pub async fn one(ctx: &Ctx, conversation: &Conversation) -> Answer<ConversationWire> {
    let wire = all(ctx, std::slice::from_ref(conversation)).await?;
    wire.into_iter().next().map(Json).ok_or_else(Refusal::not_found)
}
