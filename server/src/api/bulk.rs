//! Changing many conversations at once.

use axum::Json;
use domain::bulk::{self, Which};
use model::bulk::{BulkAct, BulkRun};
use model::{BulkId, ConversationStatus, DisplayId, ErrorCode, TeamId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::word;
use super::body::{Body, Input};
use super::caller::{Caller, Id};
use super::conversation::priority;
use super::lenient;
use super::refusal::{Answer, Refusal};
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(start_bulk)).routes(routes!(show_bulk)).routes(routes!(undo_bulk))
}

/// What is done with which conversations.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = BulkActionInput)]
struct Given {
    /// `Conversation`.
    #[serde(rename = "type", deserialize_with = "lenient::text")]
    kind: Option<String>,
    /// Numbers of conversations.
    #[serde(deserialize_with = "lenient::ints")]
    ids: Option<Vec<i64>>,
    /// `status`, `assignee_id`, `team_id`, `priority`; 0 and null take an owner or a priority away.
    #[schema(value_type = Option<Object>)]
    fields: Option<Map<String, Value>>,
    labels: Option<Labels>,
    /// Unix seconds, with the status `snoozed`.
    #[serde(deserialize_with = "lenient::int")]
    snoozed_until: Option<i64>,
}

/// Titles of labels.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = BulkLabels)]
struct Labels {
    #[serde(deserialize_with = "lenient::texts")]
    add: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient::texts")]
    remove: Option<Vec<String>>,
}

impl Input for Given {
    const NAME: &'static str = "bulk_action";
}

impl Given {
    fn acts(&self) -> Result<Vec<BulkAct>, Refusal> {
        let mut acts = Vec::new();
        let fields = self.fields.clone().unwrap_or_default();
        for (name, value) in &fields {
            match name.as_str() {
                "status" => {
                    let status = word::<ConversationStatus>("status", value.as_str())?;
                    let status = status.ok_or_else(|| Refusal::field("status", ErrorCode::Invalid))?;
                    let until = self.snoozed_until.map(|seconds| seconds.saturating_mul(1_000));
                    acts.push(BulkAct::Status(status, until.filter(|_| status == ConversationStatus::Snoozed)));
                }
                "assignee_id" => acts.push(BulkAct::Agent(id(name, value)?.map(UserId))),
                "team_id" => acts.push(BulkAct::Team(id(name, value)?.map(TeamId))),
                "priority" => acts.push(BulkAct::Priority(priority(value.as_str())?)),
                // Clients send keys that mean nothing here.
                _ => {}
            }
        }
        if let Some(labels) = &self.labels {
            let titles = |titles: &Option<Vec<String>>| titles.clone().filter(|titles| !titles.is_empty());
            acts.extend(titles(&labels.add).map(BulkAct::AddLabels));
            acts.extend(titles(&labels.remove).map(BulkAct::RemoveLabels));
        }
        Ok(acts)
    }
}

fn id(field: &str, value: &Value) -> Result<Option<i64>, Refusal> {
    let wrong = || Refusal::field(field, ErrorCode::Invalid);
    match value {
        Value::Null => Ok(None),
        Value::Number(number) => number.as_i64().map(|id| Some(id).filter(|id| *id != 0)).ok_or_else(wrong),
        Value::String(text) if matches!(text.trim(), "" | "null" | "nil") => Ok(None),
        Value::String(text) => text.trim().parse().map(|id| Some(id).filter(|id| *id != 0)).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// How far a change of many conversations is.
#[derive(Serialize, ToSchema)]
#[schema(as = BulkAction)]
struct RunWire {
    id: i64,
    /// `running`, `done` or `stopped`.
    state: String,
    total: i64,
    done: i64,
    /// Left as they were: out of sight, or changed by somebody else.
    skipped: i64,
    /// It takes back an earlier one.
    is_undo: bool,
}

impl From<BulkRun> for RunWire {
    fn from(run: BulkRun) -> Self {
        Self {
            id: run.id.0,
            state: run.state.to_string(),
            total: run.total,
            done: run.done,
            skipped: run.skipped,
            is_undo: run.is_undo,
        }
    }
}

/// Begins to change conversations; it is done in the background.
#[utoipa::path(post, path = "/bulk_actions", tag = "conversations", request_body = Given, responses((status = 200, body = RunWire)))]
async fn start_bulk(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<RunWire> {
    if given.kind.as_deref() != Some("Conversation") {
        return Err(Refusal::field("type", ErrorCode::Invalid));
    }
    let ids = given.ids.clone().ok_or_else(|| Refusal::field("ids", ErrorCode::Required))?;
    let which = Which::Numbers(ids.into_iter().map(DisplayId).collect());
    Ok(Json(bulk::start(&ctx, which, given.acts()?).await?.into()))
}

/// How far it is.
#[utoipa::path(get, path = "/bulk_actions/{bulk_action_id}", tag = "conversations", responses((status = 200, body = RunWire)))]
async fn show_bulk(Caller(ctx): Caller, Id(id): Id<BulkId>) -> Answer<RunWire> {
    Ok(Json(bulk::get(&ctx, id).await?.into()))
}

/// Takes it back where nobody else has changed the conversation since.
#[utoipa::path(post, path = "/bulk_actions/{bulk_action_id}/undo", tag = "conversations", responses((status = 200, body = RunWire)))]
async fn undo_bulk(Caller(ctx): Caller, Id(id): Id<BulkId>) -> Answer<RunWire> {
    Ok(Json(bulk::undo(&ctx, id).await?.into()))
}
