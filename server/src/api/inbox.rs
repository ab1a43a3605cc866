//! Inboxes and who answers in them.

use axum::Json;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::inbox::{self, NewInbox, Settings, member};
use domain::{Ctx, avatar, channel};
use model::hours::Week;
use model::inbox::Inbox;
use model::{ErrorCode, InboxId, Permission, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::agent::People;
use super::body::{Body, Form, Input};
use super::caller::{Caller, Id};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::hours::{self, WorkingHours};
use super::wire::inbox::InboxWire;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show, update, delete))
        .routes(routes!(delete_avatar))
        .routes(routes!(assignable))
        .routes(routes!(members))
        .routes(routes!(add_members, set_members, remove_members))
}

/// An inbox as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = InboxInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    greeting_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::erasable")]
    greeting_message: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    enable_auto_assignment: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    enable_email_collect: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    csat_survey_enabled: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    working_hours_enabled: Option<bool>,
    /// A row for each day that is to change.
    #[serde(deserialize_with = "lenient::objects")]
    #[schema(value_type = Option<Vec<WorkingHours>>)]
    working_hours: Option<Vec<Value>>,
    #[serde(deserialize_with = "lenient::erasable")]
    out_of_office_message: Option<String>,
    /// Name in the time zone database.
    #[serde(deserialize_with = "lenient::text")]
    timezone: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    allow_messages_after_resolved: Option<bool>,
    #[serde(deserialize_with = "lenient::flag")]
    lock_to_single_conversation: Option<bool>,
    /// Settings of the channel; a new inbox names the channel in `type`.
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    channel: Option<Value>,
}

impl Input for Given {
    const NAME: &'static str = "inbox";
}

impl Given {
    /// What is to be set in an inbox with these hours.
    fn settings(self, before: &Week) -> Result<Settings, Refusal> {
        let working_hours = self.working_hours.map(|rows| hours::read(&rows, before)).transpose()?;
        Ok(Settings {
            name: self.name,
            greeting_enabled: self.greeting_enabled,
            greeting_message: self.greeting_message,
            enable_auto_assignment: self.enable_auto_assignment,
            enable_email_collect: self.enable_email_collect,
            csat_survey_enabled: self.csat_survey_enabled,
            working_hours_enabled: self.working_hours_enabled,
            working_hours,
            out_of_office_message: self.out_of_office_message,
            timezone: self.timezone,
            allow_messages_after_resolved: self.allow_messages_after_resolved,
            lock_to_single_conversation: self.lock_to_single_conversation,
            config: self.channel,
        })
    }
}

/// People of an inbox.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct InboxMembers {
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    #[serde(deserialize_with = "lenient::ints")]
    user_ids: Option<Vec<i64>>,
}

impl Input for InboxMembers {
    const NAME: &'static str = "inbox_member";
}

impl InboxMembers {
    fn both(self) -> Result<(InboxId, Vec<UserId>), Refusal> {
        let inbox = self.inbox_id.ok_or_else(|| Refusal::field("inbox_id", ErrorCode::Required))?;
        let users = self.user_ids.ok_or_else(|| Refusal::field("user_ids", ErrorCode::Required))?;
        Ok((InboxId(inbox), users.into_iter().map(UserId).collect()))
    }
}

/// What is about to be deleted, by its name: for callers who want to be sure.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// Its name: nothing is deleted when it is called otherwise.
    pub name: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = InboxList)]
struct List {
    payload: Vec<InboxWire>,
}

#[derive(Serialize, ToSchema)]
struct Deleted {
    message: &'static str,
}

/// The inboxes that the agent belongs to; administrators see all.
#[utoipa::path(get, path = "/inboxes", tag = "inboxes", responses((status = 200, body = List)))]
async fn list(Caller(ctx): Caller) -> Answer<List> {
    let dialect = Dialect::of(&ctx).await?;
    let mut payload = Vec::new();
    for inbox in inbox::list(&ctx).await? {
        payload.push(shown(&ctx, &dialect, &inbox).await?);
    }
    Ok(Json(List { payload }))
}

/// One inbox.
#[utoipa::path(get, path = "/inboxes/{inbox_id}", tag = "inboxes", responses((status = 200, body = InboxWire)))]
async fn show(Caller(ctx): Caller, Id(id): Id<InboxId>) -> Answer<InboxWire> {
    let inbox = inbox::get(&ctx, id).await?;
    Ok(Json(shown(&ctx, &Dialect::of(&ctx).await?, &inbox).await?))
}

/// Makes an inbox. For administrators.
#[utoipa::path(post, path = "/inboxes", tag = "inboxes", request_body = Given, responses((status = 200, body = InboxWire)))]
async fn create(Caller(ctx): Caller, mut form: Form<Given>) -> Answer<InboxWire> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    let kind = form.input.channel.as_ref().and_then(|channel| channel.get("type")).and_then(Value::as_str);
    let kind = kind.ok_or_else(|| Refusal::field("channel.type", ErrorCode::Required))?;
    let channel = channel::by_api_type(kind)?.key().to_owned();
    let picture = form.picture().await?;
    let new = NewInbox { channel, settings: form.input.settings(&Week::default())?, members: Vec::new() };
    let id = inbox::create(&ctx, new).await?.id;
    if picture.is_some() {
        avatar::set_inbox(&ctx, id, picture).await?;
    }
    let inbox = inbox::get(&ctx, id).await?;
    Ok(Json(shown(&ctx, &Dialect::of(&ctx).await?, &inbox).await?))
}

/// Changes an inbox. For administrators.
#[utoipa::path(patch, path = "/inboxes/{inbox_id}", tag = "inboxes", request_body = Given, responses((status = 200, body = InboxWire)))]
async fn update(Caller(ctx): Caller, Id(id): Id<InboxId>, mut form: Form<Given>) -> Answer<InboxWire> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    let picture = form.picture().await?;
    let before = inbox::get(&ctx, id).await?.working_hours;
    inbox::update(&ctx, id, form.input.settings(&before)?).await?;
    if picture.is_some() {
        avatar::set_inbox(&ctx, id, picture).await?;
    }
    let inbox = inbox::get(&ctx, id).await?;
    Ok(Json(shown(&ctx, &Dialect::of(&ctx).await?, &inbox).await?))
}

/// Deletes an inbox with its conversations. With a `name`, only when it is the inbox's. For administrators.
#[utoipa::path(delete, path = "/inboxes/{inbox_id}", tag = "inboxes", params(Named), responses((status = 200, body = Deleted)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<InboxId>, Query(named): Query<Named>) -> Answer<Deleted> {
    match named.name {
        Some(name) => inbox::delete_named(&ctx, id, &name).await?,
        None => inbox::delete(&ctx, id).await?,
    }
    Ok(Json(Deleted { message: text::api::inbox_deleted(text::Lang::En) }))
}

/// Takes the inbox's picture away. For administrators.
#[utoipa::path(delete, path = "/inboxes/{inbox_id}/avatar", tag = "inboxes", responses((status = 200)))]
async fn delete_avatar(Caller(ctx): Caller, Id(id): Id<InboxId>) -> Result<StatusCode, Refusal> {
    avatar::set_inbox(&ctx, id, None).await?;
    Ok(StatusCode::OK)
}

/// Who can be given conversations of the inbox.
#[utoipa::path(get, path = "/inboxes/{inbox_id}/assignable_agents", tag = "inboxes", responses((status = 200, body = People)))]
async fn assignable(Caller(ctx): Caller, Id(id): Id<InboxId>) -> Answer<People> {
    let agents = member::assignable(&ctx, &[id]).await?;
    Ok(Json(People { payload: Dialect::of(&ctx).await?.agents(&agents) }))
}

/// Who answers in an inbox.
#[utoipa::path(get, path = "/inbox_members/{inbox_id}", tag = "inboxes", responses((status = 200, body = People)))]
async fn members(Caller(ctx): Caller, Id(id): Id<InboxId>) -> Answer<People> {
    let agents = member::list(&ctx, id).await?;
    Ok(Json(People { payload: Dialect::of(&ctx).await?.agents(&agents) }))
}

/// Adds people to an inbox. For administrators.
#[utoipa::path(post, path = "/inbox_members", tag = "inboxes", request_body = InboxMembers, responses((status = 200, body = People)))]
async fn add_members(Caller(ctx): Caller, Body(given): Body<InboxMembers>) -> Answer<People> {
    let (inbox, users) = given.both()?;
    let agents = member::add(&ctx, inbox, &users).await?;
    Ok(Json(People { payload: Dialect::of(&ctx).await?.agents(&agents) }))
}

/// Makes these people, and nobody else, the agents of an inbox. For administrators.
#[utoipa::path(patch, path = "/inbox_members", tag = "inboxes", request_body = InboxMembers, responses((status = 200, body = People)))]
async fn set_members(Caller(ctx): Caller, Body(given): Body<InboxMembers>) -> Answer<People> {
    let (inbox, users) = given.both()?;
    let agents = member::set(&ctx, inbox, &users).await?;
    Ok(Json(People { payload: Dialect::of(&ctx).await?.agents(&agents) }))
}

/// Takes people out of an inbox. For administrators.
#[utoipa::path(delete, path = "/inbox_members", tag = "inboxes", request_body = InboxMembers, responses((status = 200)))]
async fn remove_members(Caller(ctx): Caller, Body(given): Body<InboxMembers>) -> Result<StatusCode, Refusal> {
    let (inbox, users) = given.both()?;
    member::remove(&ctx, inbox, &users).await?;
    Ok(StatusCode::OK)
}

/// An inbox with the secrets that the agent may see.
async fn shown(ctx: &Ctx, dialect: &Dialect, inbox: &Inbox) -> Result<InboxWire, Refusal> {
    let role = ctx.agent()?.role;
    let secrets = match role.has(Permission::ManageAccount) {
        true => Some(inbox::all_secrets(ctx, inbox.id).await?),
        false => None,
    };
    Ok(dialect.inbox(inbox, role, secrets.as_ref()))
}
