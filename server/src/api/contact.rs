//! Contacts.

mod filter;
mod import;
mod label;
mod merge;
mod note;

use axum::Json;
use axum::http::StatusCode;
use domain::contact::store::InInbox;
use domain::contact::{self, Facts, Wanted, place, read::Sort};
use domain::{Ctx, avatar};
use model::contact::{Contact, Total};
use model::{ContactId, ErrorCode, InboxId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{Body, Form, Input, Params};
use super::caller::{Caller, Id};
use super::conversation::shown::{self, Listed};
use super::lenient;
use super::refusal::{Answer, Refusal};
use super::wire::Dialect;
use super::wire::contact::{ContactInbox, ContactWire};
use super::wire::inbox::InboxSlim;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(search))
        .routes(routes!(active))
        .routes(routes!(show, replace, update, delete))
        .routes(routes!(delete_avatar))
        .routes(routes!(destroy_custom_attributes))
        .routes(routes!(conversations))
        .routes(routes!(contactable_inboxes))
        .routes(routes!(add_inbox))
        .routes(routes!(find_by_source))
        .merge(filter::router())
        .merge(import::router())
        .merge(label::router())
        .merge(merge::router())
        .merge(note::router())
}

/// A contact as they are written. What is absent stays, null and the empty text erase.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = ContactInput)]
struct Given {
    #[serde(deserialize_with = "lenient::erasable")]
    name: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    email: Option<String>,
    /// E.164.
    #[serde(deserialize_with = "lenient::erasable")]
    phone_number: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    identifier: Option<String>,
    #[serde(deserialize_with = "lenient::erasable")]
    avatar_url: Option<String>,
    #[serde(deserialize_with = "lenient::flag")]
    blocked: Option<bool>,
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    additional_attributes: Option<Value>,
    #[serde(deserialize_with = "lenient::object")]
    #[schema(value_type = Option<Object>)]
    custom_attributes: Option<Value>,
    /// Only for new ones: an inbox in which they get a place.
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    source_id: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "contact";
}

impl Given {
    fn facts(self) -> Facts {
        Facts {
            name: self.name,
            email: self.email,
            phone_number: self.phone_number,
            identifier: self.identifier,
            avatar_url: self.avatar_url,
            blocked: self.blocked,
            additional_attributes: self.additional_attributes,
            custom_attributes: self.custom_attributes,
        }
    }
}

/// Which contacts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Which {
    /// From 1; 15 on a page.
    #[serde(deserialize_with = "lenient::int")]
    page: Option<i64>,
    /// `name`, `email`, `phone_number`, `last_activity_at`, `created_at`, `company`, `city` or `country`; with `-` in front for the other way round.
    #[serde(deserialize_with = "lenient::text")]
    sort: Option<String>,
    /// For the search: part of a name, an address, a number or an identifier.
    #[serde(deserialize_with = "lenient::text")]
    q: Option<String>,
    /// Only contacts with any of these labels.
    #[serde(deserialize_with = "lenient::texts")]
    labels: Option<Vec<String>>,
    /// Whether each contact brings the inboxes it can be reached in; it does unless told otherwise.
    #[serde(deserialize_with = "lenient::flag")]
    include_contact_inboxes: Option<bool>,
}

impl Which {
    fn labels(&self) -> Vec<String> {
        self.labels.iter().flatten().map(|title| title.trim().to_lowercase()).collect()
    }
}

/// Keys of custom attributes.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct Keys {
    #[serde(deserialize_with = "lenient::texts")]
    custom_attributes: Option<Vec<String>>,
}

impl Input for Keys {
    const NAME: &'static str = "contact";
}

/// A contact's place in an inbox as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
struct PlaceInput {
    #[serde(deserialize_with = "lenient::int")]
    inbox_id: Option<i64>,
    #[serde(deserialize_with = "lenient::text")]
    source_id: Option<String>,
}

impl Input for PlaceInput {
    const NAME: &'static str = "contact_inbox";
}

impl PlaceInput {
    fn inbox(&self) -> Result<InboxId, Refusal> {
        self.inbox_id.map(InboxId).ok_or_else(|| Refusal::field("inbox_id", ErrorCode::Required))
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactList)]
struct List {
    meta: ListMeta,
    payload: Vec<ContactWire>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactListMeta)]
struct ListMeta {
    count: i64,
    current_page: i64,
    /// Whether there is a next page, whatever `count` says.
    has_more: bool,
    /// There may be more than `count` says: where many meet conditions, only the newest contacts are looked at to count them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    at_least: bool,
}

impl ListMeta {
    fn of(total: Total, current_page: i64, rows: usize) -> Self {
        let has_more = total.has_more(current_page, contact::PAGE, rows);
        Self { count: total.number, current_page, has_more, at_least: total.at_least }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactAnswer)]
struct One {
    payload: ContactWire,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedContactAnswer)]
struct CreatedAnswer {
    payload: Created,
}

#[derive(Serialize, ToSchema)]
#[schema(as = CreatedContact)]
struct Created {
    contact: ContactWire,
    contact_inbox: CreatedPlace,
}

#[derive(Serialize, ToSchema)]
struct CreatedPlace {
    inbox: Option<InboxSlim>,
    source_id: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ContactInboxList)]
struct Places {
    payload: Vec<ContactInbox>,
}

/// Contacts that can be reached: with an e-mail address, a phone number or an identifier.
#[utoipa::path(get, path = "/contacts", tag = "contacts", params(Which), responses((status = 200, body = List)))]
async fn list(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<List> {
    page(&ctx, None, which).await
}

/// Searches contacts that can be reached.
#[utoipa::path(get, path = "/contacts/search", tag = "contacts", params(Which), responses((status = 200, body = List)))]
async fn search(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<List> {
    let text = which.q.clone().filter(|text| !text.trim().is_empty());
    let no_query = || Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, text::api::no_query(text::Lang::En));
    let text = text.ok_or_else(no_query)?;
    page(&ctx, Some(&text), which).await
}

async fn page(ctx: &Ctx, text: Option<&str>, which: Which) -> Answer<List> {
    let sort = which.sort.as_deref().and_then(|sort| sort.parse().ok()).unwrap_or(Sort::ActivityDesc);
    let current_page = which.page.unwrap_or(1).max(1);
    let labels = which.labels();
    let wanted = Wanted { query: text, labels: &labels, ..Wanted::default() };
    let (contacts, total) = contact::list(ctx, &wanted, sort, current_page).await?;
    let payload = listed(ctx, &contacts, which.include_contact_inboxes.unwrap_or(true)).await?;
    Ok(Json(List { meta: ListMeta::of(total, current_page, contacts.len()), payload }))
}

/// Contacts who have the chat open now.
#[utoipa::path(get, path = "/contacts/active", tag = "contacts", params(Which), responses((status = 200, body = List)))]
async fn active(Caller(ctx): Caller, Params(which): Params<Which>) -> Answer<List> {
    let contacts = contact::active(&ctx).await?;
    let count = i64::try_from(contacts.len()).unwrap_or(i64::MAX);
    let payload = listed(&ctx, &contacts, which.include_contact_inboxes.unwrap_or(true)).await?;
    Ok(Json(List { meta: ListMeta { count, current_page: 1, has_more: false, at_least: false }, payload }))
}

async fn listed(ctx: &Ctx, contacts: &[Contact], with_places: bool) -> Result<Vec<ContactWire>, Refusal> {
    let dialect = Dialect::of(ctx).await?;
    if !with_places {
        return Ok(contacts.iter().map(|contact| dialect.contact(contact)).collect());
    }
    let ids: Vec<_> = contacts.iter().map(|contact| contact.id).collect();
    let places = place::of(ctx, &ids).await?;
    let of = |contact: &Contact| places.get(&contact.id).map(Vec::as_slice).unwrap_or_default();
    Ok(contacts.iter().map(|contact| dialect.contact_with(contact, of(contact))).collect())
}

/// One contact.
#[utoipa::path(get, path = "/contacts/{contact_id}", tag = "contacts", responses((status = 200, body = One)))]
async fn show(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<One> {
    let contact = contact::get(&ctx, id).await?;
    one(&ctx, &contact).await
}

async fn one(ctx: &Ctx, contact: &Contact) -> Answer<One> {
    let places = place::list(ctx, contact.id).await?;
    Ok(Json(One { payload: Dialect::of(ctx).await?.contact_with(contact, &places) }))
}

/// Makes a contact, and their place in an inbox when one is named.
#[utoipa::path(post, path = "/contacts", tag = "contacts", request_body = Given, responses((status = 200, body = CreatedAnswer)))]
async fn create(Caller(ctx): Caller, mut form: Form<Given>) -> Answer<CreatedAnswer> {
    let picture = form.picture().await?;
    let (inbox, source) = (form.input.inbox_id.map(InboxId), form.input.source_id.take());
    let (mut contact, place) = place::create(&ctx, form.input.facts(), inbox, source).await?;
    if picture.is_some() {
        avatar::set_contact(&ctx, contact.id, picture).await?;
        contact = contact::get(&ctx, contact.id).await?;
    }
    let dialect = Dialect::of(&ctx).await?;
    let places: Vec<InInbox> = place.into_iter().collect();
    let contact_inbox = CreatedPlace {
        inbox: places.first().and_then(|place| dialect.inbox_slim(place.inbox_id)),
        source_id: places.first().map(|place| place.source_id.clone()),
    };
    let contact = dialect.contact_with(&contact, &places);
    Ok(Json(CreatedAnswer { payload: Created { contact, contact_inbox } }))
}

/// Changes a contact. Attributes are merged into those that are there.
#[utoipa::path(put, path = "/contacts/{contact_id}", tag = "contacts", request_body = Given, responses((status = 200, body = One)))]
async fn replace(caller: Caller, id: Id<ContactId>, form: Form<Given>) -> Answer<One> {
    change(caller, id, form).await
}

/// Changes a contact. Attributes are merged into those that are there.
#[utoipa::path(patch, path = "/contacts/{contact_id}", tag = "contacts", request_body = Given, responses((status = 200, body = One)))]
async fn update(caller: Caller, id: Id<ContactId>, form: Form<Given>) -> Answer<One> {
    change(caller, id, form).await
}

async fn change(Caller(ctx): Caller, Id(id): Id<ContactId>, mut form: Form<Given>) -> Answer<One> {
    let picture = form.picture().await?;
    contact::update(&ctx, id, form.input.facts()).await?;
    if picture.is_some() {
        avatar::set_contact(&ctx, id, picture).await?;
    }
    let contact = contact::get(&ctx, id).await?;
    one(&ctx, &contact).await
}

/// Deletes a contact with everything that belongs to them. For administrators.
#[utoipa::path(delete, path = "/contacts/{contact_id}", tag = "contacts", responses((status = 200)))]
async fn delete(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Result<StatusCode, Refusal> {
    contact::delete(&ctx, id).await?;
    Ok(StatusCode::OK)
}

/// Takes the contact's picture away.
#[utoipa::path(delete, path = "/contacts/{contact_id}/avatar", tag = "contacts", responses((status = 200, body = One)))]
async fn delete_avatar(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<One> {
    avatar::set_contact(&ctx, id, None).await?;
    let contact = contact::get(&ctx, id).await?;
    one(&ctx, &contact).await
}

/// Takes custom attributes away.
#[utoipa::path(post, path = "/contacts/{contact_id}/destroy_custom_attributes", tag = "contacts", request_body = Keys, responses((status = 200, body = One)))]
async fn destroy_custom_attributes(Caller(ctx): Caller, Id(id): Id<ContactId>, Body(given): Body<Keys>) -> Answer<One> {
    let keys = given.custom_attributes.ok_or_else(|| Refusal::field("custom_attributes", ErrorCode::Required))?;
    let contact = contact::remove_attributes(&ctx, id, &keys).await?;
    one(&ctx, &contact).await
}

/// The contact's conversations that the agent may know of, the latest 20.
#[utoipa::path(get, path = "/contacts/{contact_id}/conversations", tag = "contacts", responses((status = 200, body = Listed)))]
async fn conversations(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<Listed> {
    let page = contact::conversations_whole(&ctx, id).await?;
    Ok(Json(Listed { payload: shown::all(&ctx, &page.items).await? }))
}

/// Inboxes in which a first conversation can be begun with the contact.
#[utoipa::path(get, path = "/contacts/{contact_id}/contactable_inboxes", tag = "contacts", responses((status = 200, body = Places)))]
async fn contactable_inboxes(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<Places> {
    let dialect = Dialect::of(&ctx).await?;
    let places = place::contactable(&ctx, id).await?;
    Ok(Json(Places { payload: places.iter().filter_map(|place| dialect.contact_inbox(place)).collect() }))
}

/// Gives a contact a place in an inbox.
#[utoipa::path(post, path = "/contacts/{contact_id}/contact_inboxes", tag = "contacts", request_body = PlaceInput, responses((status = 200, body = ContactInbox)))]
async fn add_inbox(Caller(ctx): Caller, Id(id): Id<ContactId>, Body(given): Body<PlaceInput>) -> Answer<ContactInbox> {
    let place = place::add(&ctx, id, given.inbox()?, given.source_id).await?;
    let dialect = Dialect::of(&ctx).await?;
    dialect.contact_inbox(&place).map(Json).ok_or_else(Refusal::not_found)
}

/// The contact with a source id in an inbox.
#[utoipa::path(post, path = "/contact_inboxes/filter", tag = "contacts", request_body = PlaceInput, responses((status = 200, body = ContactWire)))]
async fn find_by_source(Caller(ctx): Caller, Body(given): Body<PlaceInput>) -> Answer<ContactWire> {
    let inbox = given.inbox()?;
    let source = given.source_id.ok_or_else(|| Refusal::field("source_id", ErrorCode::Required))?;
    let contact = place::find(&ctx, inbox, &source).await?;
    let places = place::list(&ctx, contact.id).await?;
    Ok(Json(Dialect::of(&ctx).await?.contact_with(&contact, &places)))
}
