//! Labels of contacts.

use axum::Json;
use domain::contact::label;
use model::{ContactId, ErrorCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::{Body, Input};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::refusal::{Answer, Refusal};
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_labels, set_labels)).routes(routes!(label_many))
}

/// Titles of labels.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ContactLabelsInput)]
struct Given {
    #[serde(deserialize_with = "lenient::texts")]
    labels: Option<Vec<String>>,
}

impl Input for Given {
    const NAME: &'static str = "contact";
}

/// Labels for many contacts.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ContactBulkLabelsInput)]
struct Many {
    /// Contacts, at most 1000.
    #[serde(deserialize_with = "lenient::ints")]
    ids: Option<Vec<i64>>,
    labels: Change,
}

/// What is given to them and what is taken from them.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ContactBulkLabelsChange)]
struct Change {
    #[serde(deserialize_with = "lenient::texts")]
    add: Option<Vec<String>>,
    #[serde(deserialize_with = "lenient::texts")]
    remove: Option<Vec<String>>,
}

impl Input for Many {
    const NAME: &'static str = "bulk_labels";
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactLabels)]
struct Titles {
    payload: Vec<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactBulkLabels)]
struct Changed {
    /// How many of the contacts there were.
    count: usize,
}

/// The labels of a contact.
#[utoipa::path(get, path = "/contacts/{contact_id}/labels", tag = "contacts", responses((status = 200, body = Titles)))]
async fn list_labels(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<Titles> {
    Ok(Json(Titles { payload: label::list(&ctx, id).await? }))
}

/// Makes exactly these the labels of a contact; titles that the account does not have are left out.
#[utoipa::path(post, path = "/contacts/{contact_id}/labels", tag = "contacts", request_body = Given, responses((status = 200, body = Titles)))]
async fn set_labels(Caller(ctx): Caller, Id(id): Id<ContactId>, Body(given): Body<Given>) -> Answer<Titles> {
    let titles = given.labels.ok_or_else(|| Refusal::field("labels", ErrorCode::Required))?;
    Ok(Json(Titles { payload: label::set(&ctx, id, &titles).await? }))
}

/// Gives many contacts labels and takes others from them.
#[utoipa::path(post, path = "/contacts/bulk_labels", tag = "contacts", request_body = Many, responses((status = 200, body = Changed)))]
async fn label_many(Caller(ctx): Caller, Body(given): Body<Many>) -> Answer<Changed> {
    let ids = given.ids.ok_or_else(|| Refusal::field("ids", ErrorCode::Required))?;
    let ids: Vec<_> = ids.into_iter().map(ContactId).collect();
    let (add, remove) = (given.labels.add.unwrap_or_default(), given.labels.remove.unwrap_or_default());
    Ok(Json(Changed { count: label::change_many(&ctx, &ids, &add, &remove).await? }))
}
