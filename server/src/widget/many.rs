//! The lists of somebody who has several conversations: what goes on, and what is closed.

use axum::Json;
use domain::Ctx;
use domain::visitor::many::{self, Glance, Search};
use model::inbox::Inbox;
use model::{DisplayId, Millis};
use serde_json::{Value, json};

use super::failure::{Answer, Failure};
use super::shape;
use super::visit::Visit;

/// Whether the visitor has several conversations.
pub fn has_many(ctx: &Ctx, inbox: &Inbox) -> domain::Result<bool> {
    Ok(many::has_many(ctx.visitor()?, inbox))
}

/// Conversations that go on. Nobody but somebody proven has any here.
pub async fn active(visit: Visit) -> Answer<Json<Value>> {
    Ok(Json(json!({ "payload": glances(&visit).await? })))
}

/// The same, for the frame's page.
pub async fn glances(visit: &Visit) -> Answer<Vec<Value>> {
    let active = many::active(&visit.ctx).await.map_err(visit.refused())?;
    Ok(active.iter().map(|glance| shown(&visit.ctx, glance)).collect())
}

/// Closed conversations, five at a time. `since` and `until` are unix seconds, `id` is a number, `before` the number of the last one of
/// the page before.
pub async fn history(visit: Visit) -> Answer<Json<Value>> {
    let Some(search) = search(&visit)? else {
        return Ok(Json(json!({ "payload": [], "meta": { "has_more": false } })));
    };
    let found = many::history(&visit.ctx, search).await.map_err(visit.refused())?;
    let payload: Vec<_> = found.glances.iter().map(|glance| shown(&visit.ctx, glance)).collect();
    Ok(Json(json!({ "payload": payload, "meta": { "has_more": found.has_more } })))
}

/// What is looked for; `None` for a number that no conversation can have.
fn search(visit: &Visit) -> Answer<Option<Search>> {
    let asked = &visit.asked;
    let given =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let number = given(&asked.id).map(|text| text.trim_start_matches('#').parse().map(DisplayId));
    if matches!(number, Some(Err(_))) {
        return Ok(None);
    }
    let before = given(&asked.before).and_then(|text| text.parse().ok()).map(DisplayId);
    let search = Search {
        since: moment("since", given(&asked.since))?,
        until: moment("until", given(&asked.until))?,
        number: number.and_then(Result::ok),
        before,
    };
    Ok(Some(search))
}

fn moment(field: &'static str, text: Option<String>) -> Answer<Option<Millis>> {
    let Some(text) = text else { return Ok(None) };
    let millis = text.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
    millis.map(Some).ok_or_else(|| Failure::Unreadable(field, format!("{field} is a time in unix seconds")))
}

/// A line of a list.
fn shown(ctx: &Ctx, glance: &Glance) -> Value {
    json!({
        "id": glance.number,
        "status": glance.status,
        "created_at": shape::seconds(glance.created_at),
        "last_activity_at": shape::seconds(glance.last_activity_at),
        "unread_count": glance.unread,
        "agent": glance.agent.as_ref().map(|agent| {
            json!({ "name": agent.name, "avatar_url": shape::absolute(ctx, agent.avatar_url.as_deref().unwrap_or_default()) })
        }),
        "last_message": glance.last.as_ref().map(|message| shape::message(ctx, message)),
    })
}
