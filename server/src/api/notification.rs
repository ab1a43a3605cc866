//! What people are told by mail, which the dialect writes as flags.

use axum::Json;
use domain::Ctx;
use domain::notification::settings;
use model::ErrorCode;
use model::notification::{NotificationKind, NotificationSwitch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Input};
use super::caller::Caller;
use super::lenient;
use super::refusal::{Answer, Refusal};
use crate::state::AppState;

/// What the flags for mails begin with.
const MAIL: &str = "email_";
/// What the flags for notices on devices begin with. There are none of these here.
const PUSH: &str = "push_";
/// What clients of the dialect may name besides, and nobody is told here.
const NOT_TOLD: [&str; 5] = [
    "conversation_creation",
    "participating_conversation_new_message",
    "sla_missed_first_response",
    "sla_missed_next_response",
    "sla_missed_resolution",
];

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(show, update, replace))
}

/// What one wants to be told: what is not named is switched off. A list that is missing leaves its switches as they are.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NotificationSettingsInput)]
struct Given {
    /// Flags of `all_email_flags`. Others of the dialect are left out.
    #[serde(deserialize_with = "lenient::texts")]
    selected_email_flags: Option<Vec<String>>,
    /// Flags for notices on devices; none of them is kept.
    #[serde(deserialize_with = "lenient::texts")]
    selected_push_flags: Option<Vec<String>>,
}

impl Input for Given {
    const NAME: &'static str = "notification_settings";
}

impl Given {
    fn switches(&self) -> Result<Vec<NotificationSwitch>, Refusal> {
        checked("selected_push_flags", PUSH, self.selected_push_flags.as_deref())?;
        let Some(selected) = checked("selected_email_flags", MAIL, self.selected_email_flags.as_deref())? else {
            return Ok(Vec::new());
        };
        let switch =
            |kind: &NotificationKind| NotificationSwitch { kind: *kind, on: selected.contains(&kind.as_str()) };
        Ok(NotificationKind::ALL.iter().map(switch).collect())
    }
}

/// The words of flags that all are ones of the dialect.
fn checked<'a>(field: &str, prefix: &str, flags: Option<&'a [String]>) -> Result<Option<Vec<&'a str>>, Refusal> {
    let is_known = |word: &&str| NOT_TOLD.contains(word) || word.parse::<NotificationKind>().is_ok();
    let word = |flag: &'a String| flag.strip_prefix(prefix).filter(is_known);
    let words = flags.map(|flags| flags.iter().map(word).collect::<Option<Vec<_>>>());
    match words {
        None => Ok(None),
        Some(Some(words)) => Ok(Some(words)),
        Some(None) => Err(Refusal::field(field, ErrorCode::Invalid)),
    }
}

/// What one is told by mail while one is not looking.
#[derive(Serialize, ToSchema)]
#[schema(as = NotificationSettings)]
struct SettingsWire {
    /// The person's id: there is one of these for each person in an account.
    id: i64,
    user_id: i64,
    account_id: i64,
    /// What one can be told, by one's role.
    all_email_flags: Vec<String>,
    /// What one is told.
    selected_email_flags: Vec<String>,
    /// Empty: nobody is told anything on devices.
    all_push_flags: Vec<String>,
    /// Empty.
    selected_push_flags: Vec<String>,
}

fn shown(ctx: &Ctx, switches: &[NotificationSwitch]) -> Result<SettingsWire, Refusal> {
    let agent = ctx.agent()?;
    let flag = |switch: &NotificationSwitch| format!("{MAIL}{}", switch.kind);
    Ok(SettingsWire {
        id: agent.user_id.0,
        user_id: agent.user_id.0,
        account_id: agent.account_id.0,
        all_email_flags: switches.iter().map(flag).collect(),
        selected_email_flags: switches.iter().filter(|switch| switch.on).map(flag).collect(),
        all_push_flags: Vec::new(),
        selected_push_flags: Vec::new(),
    })
}

/// What one is told by mail in the account.
#[utoipa::path(get, path = "/notification_settings", tag = "notification_settings", responses((status = 200, body = SettingsWire)))]
async fn show(Caller(ctx): Caller) -> Answer<SettingsWire> {
    Ok(Json(shown(&ctx, &settings::get(&ctx).await?)?))
}

/// Chooses what one is told by mail in the account.
#[utoipa::path(patch, path = "/notification_settings", tag = "notification_settings", request_body = Given, responses((status = 200, body = SettingsWire)))]
async fn update(caller: Caller, given: Body<Given>) -> Answer<SettingsWire> {
    change(caller, given).await
}

/// Chooses what one is told by mail in the account.
#[utoipa::path(put, path = "/notification_settings", tag = "notification_settings", request_body = Given, responses((status = 200, body = SettingsWire)))]
async fn replace(caller: Caller, given: Body<Given>) -> Answer<SettingsWire> {
    change(caller, given).await
}

async fn change(Caller(ctx): Caller, Body(given): Body<Given>) -> Answer<SettingsWire> {
    Ok(Json(shown(&ctx, &settings::set(&ctx, &given.switches()?).await?)?))
}
