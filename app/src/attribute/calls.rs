//! Custom attributes.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::contact::Contact;
use model::conversation::Conversation;
use model::{AccountId, AttributeId, ContactId, DisplayId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// A definition as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeInput {
    pub model: AttributeModel,
    pub key: String,
    pub name: String,
    pub description: String,
    pub kind: AttributeKind,
    pub values: Vec<String>,
    pub regex_pattern: String,
    pub regex_cue: String,
}

#[cfg(feature = "ssr")]
impl From<AttributeInput> for domain::attribute::AttributeInput {
    fn from(input: AttributeInput) -> Self {
        Self {
            model: input.model,
            key: input.key,
            name: input.name,
            description: input.description,
            kind: input.kind,
            values: input.values,
            regex_pattern: Some(input.regex_pattern),
            regex_cue: Some(input.regex_cue),
        }
    }
}

/// Writes a definition: a new one without an id.
#[server(name = SaveAttribute, prefix = "/app/api", endpoint = "attribute/save", input = Json)]
pub async fn save(
    account: AccountId,
    id: Option<AttributeId>,
    attribute: AttributeInput,
) -> Result<AttributeDefinition, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(match id {
        Some(id) => domain::attribute::update(&ctx, id, attribute.into()).await?,
        None => domain::attribute::create(&ctx, attribute.into()).await?,
    })
}

/// Deletes a definition; values stay.
#[server(name = DeleteAttribute, prefix = "/app/api", endpoint = "attribute/delete", input = Json)]
pub async fn delete(account: AccountId, id: AttributeId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::attribute::delete(&ctx, id).await?)
}

/// Sets an attribute of a contact; null takes it away.
#[server(name = SetContactAttribute, prefix = "/app/api", endpoint = "attribute/contact", input = Json)]
pub async fn set_of_contact(
    account: AccountId,
    id: ContactId,
    key: String,
    value: Value,
) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let mut changes = serde_json::Map::new();
    changes.insert(key, value);
    let facts = domain::contact::Facts { custom_attributes: Some(Value::Object(changes)), ..Default::default() };
    Ok(domain::contact::update(&ctx, id, facts).await?)
}

/// Sets an attribute of a conversation; null takes it away.
#[server(name = SetConversationAttribute, prefix = "/app/api", endpoint = "attribute/conversation", input = Json)]
pub async fn set_of_conversation(
    account: AccountId,
    id: DisplayId,
    key: String,
    value: Value,
) -> Result<Conversation, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let mut changes = serde_json::Map::new();
    changes.insert(key, value);
    domain::conversation::attribute::set(&ctx, id, Value::Object(changes)).await?;
    Ok(domain::conversation::get(&ctx, id).await?)
}
