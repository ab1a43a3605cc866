//! Merging contacts, and taking them apart again.

use axum::Json;
use domain::contact::merge;
use model::{ContactId, ErrorCode, MergeId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::{Body, Input};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::contact::ContactWire;
use crate::api::wire::seconds;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(merge_two)).routes(routes!(list_merges)).routes(routes!(undo_merge))
}

/// Two contacts that are one person.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Two {
    /// Stays, and its facts win.
    #[serde(deserialize_with = "lenient::int")]
    base_contact_id: Option<i64>,
    /// Is gone afterwards.
    #[serde(deserialize_with = "lenient::int")]
    mergee_contact_id: Option<i64>,
}

impl Input for Two {
    const NAME: &'static str = "contact_merge";
}

/// Somebody who was merged into a contact.
#[derive(Serialize, ToSchema)]
#[schema(as = ContactMerge)]
struct Merged {
    id: i64,
    name: String,
    /// Unix seconds.
    merged_at: i64,
    /// Until when it can be undone, in Unix seconds.
    until: i64,
}

/// Merges one contact into another.
#[utoipa::path(post, path = "/actions/contact_merge", tag = "contacts", request_body = Two, responses((status = 200, body = ContactWire)))]
async fn merge_two(Caller(ctx): Caller, Body(given): Body<Two>) -> Answer<ContactWire> {
    let need =
        |id: Option<i64>, field: &str| id.map(ContactId).ok_or_else(|| Refusal::field(field, ErrorCode::Required));
    let base = need(given.base_contact_id, "base_contact_id")?;
    let mergee = need(given.mergee_contact_id, "mergee_contact_id")?;
    let contact = merge::merge(&ctx, base, mergee).await?;
    Ok(Json(Dialect::of(&ctx).await?.contact(&contact)))
}

/// Who was merged into a contact within the last 30 days.
#[utoipa::path(get, path = "/contacts/{contact_id}/merges", tag = "contacts", responses((status = 200, body = [Merged])))]
async fn list_merges(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<Vec<Merged>> {
    let merges = merge::list(&ctx, id).await?;
    let wire = merges.into_iter().map(|merge| Merged {
        id: merge.id.0,
        name: merge.name,
        merged_at: seconds(merge.merged_at),
        until: seconds(merge.until),
    });
    Ok(Json(wire.collect()))
}

/// Takes a merge apart; the contact who is back.
#[utoipa::path(post, path = "/contacts/{contact_id}/merges/{merge_id}/undo", tag = "contacts", responses((status = 200, body = ContactWire)))]
async fn undo_merge(Caller(ctx): Caller, Id(id): Id<ContactId>, Id(merge): Id<MergeId>) -> Answer<ContactWire> {
    let back = merge::undo(&ctx, id, merge).await?;
    Ok(Json(Dialect::of(&ctx).await?.contact(&back)))
}
