//! Searching everything.

use std::collections::HashMap;

use axum::Json;
use axum::http::StatusCode;
use domain::search::find;
use domain::{Ctx, message};
use model::contact::Contact;
use model::conversation::Conversation;
use model::message::Message;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Params;
use super::caller::Caller;
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::inbox::InboxSlim;
use super::wire::message::MessageWire;
use super::wire::person::{Reader, SenderPush, UserPush};
use super::wire::{Dialect, seconds};
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(everything))
        .routes(routes!(conversations))
        .routes(routes!(messages))
        .routes(routes!(contacts))
}

/// What is looked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Query {
    /// Words; the last may be the beginning of one. Accents and capitals do not matter. For conversations also a number.
    #[serde(deserialize_with = "lenient::text")]
    q: Option<String>,
    /// From 1; 15 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
}

impl Query {
    fn read(self) -> Result<(String, i64), Refusal> {
        let no_query = || Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, text::api::no_query(text::Lang::En));
        let text = self.q.filter(|text| !text.trim().is_empty()).ok_or_else(no_query)?;
        Ok((text, self.page.unwrap_or(1)))
    }
}

#[derive(Serialize, ToSchema)]
struct FoundContact {
    email: Option<String>,
    id: i64,
    name: String,
    phone_number: Option<String>,
    identifier: Option<String>,
}

impl From<&Contact> for FoundContact {
    fn from(contact: &Contact) -> Self {
        Self {
            email: contact.email.clone(),
            id: contact.id.0,
            name: contact.name.clone(),
            phone_number: contact.phone_number.clone(),
            identifier: contact.identifier.clone(),
        }
    }
}

#[derive(Serialize, ToSchema)]
struct FoundConversation {
    /// The conversation's number.
    id: i64,
    account_id: i64,
    /// Unix seconds.
    created_at: i64,
    message: Option<MessageWire>,
    contact: FoundContact,
    inbox: Option<InboxSlim>,
    agent: Option<UserPush>,
    #[schema(value_type = Object)]
    additional_attributes: serde_json::Value,
}

#[derive(Serialize, ToSchema)]
struct FoundMessage {
    id: i64,
    content: Option<String>,
    /// 0 incoming, 1 outgoing, 2 activity, 3 template.
    message_type: i64,
    content_type: String,
    source_id: Option<String>,
    inbox_id: i64,
    /// The conversation's number.
    conversation_id: i64,
    /// Unix seconds.
    created_at: i64,
    sender: Option<SenderPush>,
    inbox: Option<InboxSlim>,
}

#[derive(Default, Serialize, ToSchema)]
struct Found {
    #[serde(skip_serializing_if = "Option::is_none")]
    conversations: Option<Vec<FoundConversation>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<Vec<FoundContact>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<FoundMessage>>,
    /// Always empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    articles: Option<Vec<serde_json::Value>>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SearchAnswer)]
struct Results {
    payload: Found,
}

/// Searches conversations, messages and contacts.
#[utoipa::path(get, path = "/search", tag = "search", params(Query), responses((status = 200, body = Results)))]
async fn everything(Caller(ctx): Caller, Params(query): Params<Query>) -> Answer<Results> {
    let (text, page) = query.read()?;
    let payload = Found {
        conversations: Some(found_conversations(&ctx, &text, page).await?),
        contacts: Some(found_contacts(&ctx, &text, page).await?),
        messages: Some(found_messages(&ctx, &text, page).await?),
        articles: Some(Vec::new()),
    };
    Ok(Json(Results { payload }))
}

/// Searches conversations by their number, or by name, address, number or identifier of their contact.
#[utoipa::path(get, path = "/search/conversations", tag = "search", params(Query), responses((status = 200, body = Results)))]
async fn conversations(Caller(ctx): Caller, Params(query): Params<Query>) -> Answer<Results> {
    let (text, page) = query.read()?;
    let conversations = Some(found_conversations(&ctx, &text, page).await?);
    Ok(Json(Results { payload: Found { conversations, ..Found::default() } }))
}

/// Searches messages by their words, the whole history, newest first.
#[utoipa::path(get, path = "/search/messages", tag = "search", params(Query), responses((status = 200, body = Results)))]
async fn messages(Caller(ctx): Caller, Params(query): Params<Query>) -> Answer<Results> {
    let (text, page) = query.read()?;
    let messages = Some(found_messages(&ctx, &text, page).await?);
    Ok(Json(Results { payload: Found { messages, ..Found::default() } }))
}

/// Searches contacts by name, address, number, identifier and company.
#[utoipa::path(get, path = "/search/contacts", tag = "search", params(Query), responses((status = 200, body = Results)))]
async fn contacts(Caller(ctx): Caller, Params(query): Params<Query>) -> Answer<Results> {
    let (text, page) = query.read()?;
    let contacts = Some(found_contacts(&ctx, &text, page).await?);
    Ok(Json(Results { payload: Found { contacts, ..Found::default() } }))
}

async fn found_contacts(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<FoundContact>, Refusal> {
    Ok(find::whole_contacts(ctx, text, page).await?.iter().map(FoundContact::from).collect())
}

async fn found_conversations(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<FoundConversation>, Refusal> {
    let found = find::whole_conversations(ctx, text, page).await?;
    let dialect = Dialect::of(ctx).await?;
    let account = ctx.agent()?.account_id;
    let ids: Vec<_> = found.iter().map(|conversation| conversation.row.id).collect();
    let mut last: HashMap<_, _> = message::read::last(ctx, account, &ids).await?;
    let wire = |conversation: Conversation| {
        let row = &conversation.row;
        let newest = last.remove(&row.id).and_then(|last| last.spoken);
        FoundConversation {
            id: row.display_id.0,
            account_id: account.0,
            created_at: seconds(row.created_at),
            message: newest.map(|message| dialect.message(&message, Some(&conversation.contact))),
            contact: (&conversation.contact).into(),
            inbox: dialect.inbox_slim(row.inbox_id),
            agent: row.assignee.as_ref().and_then(|assignee| dialect.user(assignee.id, Reader::Agent)),
            additional_attributes: conversation.additional_attributes,
        }
    };
    Ok(found.into_iter().map(wire).collect())
}

async fn found_messages(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<FoundMessage>, Refusal> {
    let found = find::whole_messages(ctx, text, page).await?;
    let dialect = Dialect::of(ctx).await?;
    let wire = |message: Message| {
        let whole = dialect.message(&message, None);
        FoundMessage {
            id: whole.id,
            content: whole.content,
            message_type: whole.message_type,
            content_type: whole.content_type,
            source_id: whole.source_id,
            inbox_id: whole.inbox_id,
            conversation_id: whole.conversation_id,
            created_at: whole.created_at,
            sender: whole.sender,
            inbox: dialect.inbox_slim(message.inbox_id),
        }
    };
    Ok(found.into_iter().map(wire).collect())
}
