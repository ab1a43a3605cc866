//! Listing and searching conversations.

use axum::Json;
use domain::Ctx;
use domain::conversation::{self, Paging};
use domain::message::read;
use model::conversation::{ConversationFilter, Counted, SortBy, Tab, TabCounts};
use model::{ConversationStatus, InboxId, TeamId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::shown;
use crate::api::agent::word;
use crate::api::body::Params;
use crate::api::caller::Caller;
use crate::api::lenient;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::conversation::ConversationWire;
use crate::state::AppState;

/// Conversations on a page.
pub(super) const PAGE: i64 = 25;

pub(super) fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(meta)).routes(routes!(search))
}

/// Which conversations.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// `open` unless said otherwise, `resolved`, `pending`, `snoozed` or `all`.
    #[serde(deserialize_with = "lenient::text")]
    status: Option<String>,
    /// `me`, `unassigned`, `assigned` or `all`.
    #[serde(deserialize_with = "lenient::text")]
    assignee_type: Option<String>,
    /// Only those of an inbox.
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    /// Only those of a team.
    #[serde(deserialize_with = "lenient::int")]
    team_id: Option<i64>,
    /// Any of these, repeated: `labels[]=vip&labels[]=troca`.
    #[serde(deserialize_with = "lenient::texts")]
    labels: Option<Vec<String>>,
    /// `unattended`: without a reply, or waiting for one. `mention`: a note names me. `participating`: I follow it.
    #[serde(deserialize_with = "lenient::text")]
    conversation_type: Option<String>,
    /// Words of a message.
    #[serde(deserialize_with = "lenient::text")]
    q: Option<String>,
    /// `last_activity_at`, `created_at`, `priority` or `waiting_since` with `_asc` or `_desc`.
    #[serde(deserialize_with = "lenient::text")]
    sort_by: Option<String>,
    /// From 1; 25 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
}

impl Which {
    fn filter(&self) -> Result<ConversationFilter, Refusal> {
        let status = match self.status.as_deref().filter(|status| !status.is_empty()) {
            None => Some(ConversationStatus::Open),
            Some("all") => None,
            Some(status) => word("status", Some(status))?,
        };
        Ok(ConversationFilter {
            status,
            tab: word("assignee_type", self.assignee_type.as_deref())?.unwrap_or(Tab::All),
            inbox_id: self.inbox_id.map(InboxId),
            team_id: self.team_id.map(TeamId),
            labels: self.labels.clone().unwrap_or_default(),
            sort: sort(self.sort_by.as_deref())?,
            query: self.q.clone().filter(|text| !text.trim().is_empty()),
            contact_id: None,
            unattended: self.conversation_type.as_deref() == Some("unattended"),
            involved: self.conversation_type.as_deref().and_then(|kind| kind.parse().ok()),
            ..ConversationFilter::default()
        })
    }
}

/// The orders, with the names that older clients use.
pub(super) fn sort(name: Option<&str>) -> Result<SortBy, Refusal> {
    match name {
        None | Some("" | "latest") => Ok(SortBy::LastActivityDesc),
        Some("sort_on_created_at") => Ok(SortBy::CreatedAsc),
        Some("sort_on_priority") => Ok(SortBy::PriorityDesc),
        Some("sort_on_waiting_since") => Ok(SortBy::WaitingSinceAsc),
        name => Ok(word("sort_by", name)?.unwrap_or(SortBy::LastActivityDesc)),
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationPage)]
struct PageAnswer {
    data: Page,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationPageData)]
struct Page {
    meta: Counts,
    payload: Vec<ConversationWire>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationCounts)]
struct MetaAnswer {
    meta: Counts,
}

/// How many conversations each tab holds under the filter. There may be more where words (`q`) are in a great many messages, or many
/// conversations meet conditions other than status, inbox, team, assignee and a label: these are counted among the newest.
#[derive(Serialize, ToSchema)]
struct Counts {
    mine_count: i64,
    assigned_count: i64,
    unassigned_count: i64,
    all_count: i64,
    /// There may be more than the numbers say: of all, if not of each tab.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    at_least: bool,
}

impl From<TabCounts> for Counts {
    fn from(counts: TabCounts) -> Self {
        Self {
            mine_count: counts.mine,
            assigned_count: counts.assigned,
            unassigned_count: counts.unassigned,
            all_count: counts.all,
            at_least: counts.counted != Counted::Whole,
        }
    }
}

/// Conversations that the agent may know of.
#[utoipa::path(get, path = "/conversations", tag = "conversations", params(Which), responses((status = 200, body = PageAnswer)))]
async fn list(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<PageAnswer> {
    let filter = which.filter()?;
    let paging = Paging::Number { page: which.page.unwrap_or(1).clamp(1, 1_000_000), size: PAGE };
    let asked = conversation::Asked::of(&ctx, &filter).await?;
    let payload = async {
        let page = asked.page_whole(paging.clone()).await?;
        shown::all(&ctx, &page.items).await
    };
    let (payload, counts) = tokio::join!(payload, asked.counts());
    let payload = payload?;
    let counts = counts?.having_seen(filter.tab, paging.seen(payload.len()));
    Ok(Json(PageAnswer { data: Page { meta: counts.into(), payload } }))
}

/// How many conversations each tab holds.
#[utoipa::path(get, path = "/conversations/meta", tag = "conversations", params(Which), responses((status = 200, body = MetaAnswer)))]
async fn meta(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<MetaAnswer> {
    Ok(Json(MetaAnswer { meta: conversation::counts(&ctx, &which.filter()?).await?.into() }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationSearch)]
struct Found {
    meta: Counts,
    payload: Vec<Hit>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ConversationHit)]
struct Hit {
    id: i64,
    uuid: String,
    /// Unix seconds.
    created_at: i64,
    contact: Name,
    inbox: HitInbox,
    messages: Vec<HitMessage>,
    account_id: i64,
}

#[derive(Serialize, ToSchema)]
struct Name {
    id: i64,
    name: String,
}

#[derive(Serialize, ToSchema)]
struct HitInbox {
    id: i64,
    name: String,
    channel_type: String,
}

#[derive(Serialize, ToSchema)]
struct HitMessage {
    content: String,
    id: i64,
    sender_name: Option<String>,
    message_type: i64,
    /// Unix seconds.
    created_at: i64,
}

/// Conversations of any status with words of a message.
#[utoipa::path(get, path = "/conversations/search", tag = "conversations", params(Which), responses((status = 200, body = Found)))]
async fn search(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<Found> {
    let filter = ConversationFilter { status: None, ..which.filter()? };
    let paging = Paging::Number { page: which.page.unwrap_or(1).clamp(1, 1_000_000), size: PAGE };
    let asked = conversation::Asked::of(&ctx, &filter).await?;
    let payload = async {
        let page = asked.page_whole(paging.clone()).await?;
        hits(&ctx, &page.items).await
    };
    let (payload, counts) = tokio::join!(payload, asked.counts());
    let payload = payload?;
    let counts = counts?.having_seen(filter.tab, paging.seen(payload.len()));
    Ok(Json(Found { meta: counts.into(), payload }))
}

async fn hits(ctx: &Ctx, found: &[model::conversation::Conversation]) -> Result<Vec<Hit>, Refusal> {
    let account = ctx.agent()?.account_id;
    let ids: Vec<_> = found.iter().map(|conversation| conversation.row.id).collect();
    let last = read::last(ctx, account, &ids).await?;
    let dialect = Dialect::of(ctx).await?;
    let hits = found.iter().filter_map(|conversation| {
        let row = &conversation.row;
        let inbox = dialect.inbox_slim(row.inbox_id)?;
        let message = last.get(&row.id).and_then(|last| last.spoken.as_ref());
        Some(Hit {
            id: row.display_id.0,
            uuid: conversation.uuid.clone(),
            created_at: row.created_at / 1_000,
            contact: Name { id: row.contact.id.0, name: row.contact.name.clone() },
            inbox: HitInbox { id: inbox.id, name: inbox.name, channel_type: inbox.channel_type },
            messages: message.into_iter().map(HitMessage::from).collect(),
            account_id: account.0,
        })
    });
    Ok(hits.collect())
}

impl From<&model::message::Message> for HitMessage {
    fn from(message: &model::message::Message) -> Self {
        Self {
            content: message.content.clone(),
            id: message.id.0,
            sender_name: message.sender.as_ref().map(|sender| sender.name.clone()),
            message_type: message.kind.number(),
            created_at: message.created_at / 1_000,
        }
    }
}
