//! Definitions of custom attributes.

use axum::Json;
use axum::http::StatusCode;
use domain::attribute::{self, AttributeInput};
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::{AttributeId, ErrorCode};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input, Params};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::iso;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(show, update, delete))
}

/// Words by the numbers that older clients send.
const KINDS: [&str; 8] = ["text", "number", "currency", "percent", "link", "date", "list", "checkbox"];
const MODELS: [&str; 2] = ["conversation_attribute", "contact_attribute"];

fn word<'de, D: Deserializer<'de>>(deserializer: D, words: &[&str]) -> Result<Option<String>, D::Error> {
    let Some(text) = lenient::text(deserializer)? else { return Ok(None) };
    let named = text.trim().parse::<usize>().ok().and_then(|number| words.get(number));
    Ok(Some(named.map_or(text, |word| (*word).to_owned())))
}

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    word(deserializer, &KINDS)
}

fn of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    word(deserializer, &MODELS)
}

/// A definition as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = CustomAttributeDefinitionInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    attribute_display_name: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    attribute_description: Option<String>,
    /// `text`, `number`, `link`, `date`, `list` or `checkbox`; never changes.
    #[serde(deserialize_with = "kind")]
    attribute_display_type: Option<String>,
    /// Letters, digits, `_`, `-`; never changes.
    #[serde(deserialize_with = "lenient::text")]
    attribute_key: Option<String>,
    /// `conversation_attribute` or `contact_attribute`; never changes.
    #[serde(deserialize_with = "of")]
    attribute_model: Option<String>,
    /// What a list is chosen from.
    #[serde(deserialize_with = "lenient::texts")]
    attribute_values: Option<Vec<String>>,
    /// What a text must match; look-around and back-references work.
    #[serde(deserialize_with = "lenient::erasable")]
    regex_pattern: Option<String>,
    /// What to tell somebody whose text does not match.
    #[serde(deserialize_with = "lenient::erasable")]
    regex_cue: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "custom_attribute_definition";
}

/// Which definitions.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `conversation_attribute` or `contact_attribute`; without it all.
    #[serde(deserialize_with = "of")]
    attribute_model: Option<String>,
}

/// A definition.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CustomAttributeDefinition)]
struct Wire {
    id: i64,
    attribute_display_name: String,
    attribute_display_type: String,
    attribute_description: String,
    attribute_key: String,
    regex_pattern: Option<String>,
    regex_cue: Option<String>,
    attribute_values: Vec<String>,
    attribute_model: String,
    /// Always null.
    #[schema(value_type = Option<Object>)]
    default_value: Value,
    created_at: String,
    updated_at: String,
}

impl From<AttributeDefinition> for Wire {
    fn from(definition: AttributeDefinition) -> Self {
        Self {
            id: definition.id.0,
            attribute_display_name: definition.name,
            attribute_display_type: definition.kind.to_string(),
            attribute_description: definition.description,
            attribute_key: definition.key,
            regex_pattern: definition.regex_pattern,
            regex_cue: definition.regex_cue,
            attribute_values: definition.values,
            attribute_model: definition.model.to_string(),
            default_value: Value::Null,
            created_at: iso(definition.created_at),
            updated_at: iso(definition.updated_at),
        }
    }
}

fn read<T: std::str::FromStr>(field: &str, word: Option<&str>) -> Result<Option<T>, Refusal> {
    word.map(|word| word.parse().map_err(|_| Refusal::field(field, ErrorCode::Invalid))).transpose()
}

impl Given {
    fn kind(&self) -> Result<Option<AttributeKind>, Refusal> {
        read("attribute_display_type", self.attribute_display_type.as_deref())
    }

    fn model(&self) -> Result<Option<AttributeModel>, Refusal> {
        read("attribute_model", self.attribute_model.as_deref())
    }
}

/// The definitions of custom attributes.
#[utoipa::path(get, path = "/custom_attribute_definitions", tag = "custom_attributes", params(Which), responses((status = 200, body = [Wire])))]
async fn list(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<Vec<Wire>> {
    let model = read("attribute_model", which.attribute_model.as_deref())?;
    Ok(Json(attribute::list(&ctx, model).await?.into_iter().map(Wire::from).collect()))
}

/// Defines a custom attribute. For administrators.
#[utoipa::path(post, path = "/custom_attribute_definitions", tag = "custom_attributes", request_body = Given, responses((status = 200, body = Wire)))]
async fn create(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<Wire> {
    let required = |field: &str| Refusal::field(field, ErrorCode::Required);
    let new = AttributeInput {
        model: given.model()?.ok_or_else(|| required("attribute_model"))?,
        kind: given.kind()?.unwrap_or(AttributeKind::Text),
        key: given.attribute_key.ok_or_else(|| required("attribute_key"))?,
        name: given.attribute_display_name.ok_or_else(|| required("attribute_display_name"))?,
        description: given.attribute_description.unwrap_or_default(),
        values: given.attribute_values.unwrap_or_default(),
        regex_pattern: given.regex_pattern,
        regex_cue: given.regex_cue,
    };
    Ok(Json(attribute::create(&ctx, new).await?.into()))
}

/// One definition.
#[utoipa::path(get, path = "/custom_attribute_definitions/{attribute_id}", tag = "custom_attributes", responses((status = 200, body = Wire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<AttributeId>) -> Answer<Wire> {
    Ok(Json(attribute::get(&ctx, id).await?.into()))
}

/// Changes a definition; key, model and type stay. For administrators.
#[utoipa::path(patch, path = "/custom_attribute_definitions/{attribute_id}", tag = "custom_attributes", request_body = Given, responses((status = 200, body = Wire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<AttributeId>, Body(given): Body<Given>) -> Answer<Wire> {
    let known = attribute::get(&ctx, id).await?;
    let change = AttributeInput {
        model: given.model()?.unwrap_or(known.model),
        kind: given.kind()?.unwrap_or(known.kind),
        key: given.attribute_key.unwrap_or(known.key),
        name: given.attribute_display_name.unwrap_or(known.name),
        description: given.attribute_description.unwrap_or(known.description),
        values: given.attribute_values.unwrap_or(known.values),
        regex_pattern: given.regex_pattern.or(known.regex_pattern),
        regex_cue: given.regex_cue.or(known.regex_cue),
    };
    Ok(Json(attribute::update(&ctx, id, change).await?.into()))
}

/// Deletes a definition; values stay with those who have them. For administrators.
#[utoipa::path(delete, path = "/custom_attribute_definitions/{attribute_id}", tag = "custom_attributes", responses((status = 204)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<AttributeId>) -> Result<StatusCode, Refusal> {
    attribute::delete(&ctx, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
