//! Notes about contacts.

use axum::Json;
use axum::http::StatusCode;
use domain::contact::note;
use model::contact::ContactNote;
use model::{ContactId, ErrorCode, NoteId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::body::{Body, Input};
use crate::api::caller::{Caller, Id};
use crate::api::lenient;
use crate::api::refusal::{Answer, Refusal};
use crate::api::wire::Dialect;
use crate::api::wire::person::{Reader, UserPush};
use crate::api::wire::seconds;
use crate::state::AppState;

/// Routes below an account.
pub fn router() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(list_notes, create_note)).routes(routes!(show_note, update_note, delete_note))
}

/// A note as it is written.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(as = NoteInput)]
struct Given {
    #[serde(deserialize_with = "lenient::text")]
    content: Option<String>,
}

impl Input for Given {
    const NAME: &'static str = "note";
}

impl Given {
    fn content(self) -> Result<String, Refusal> {
        self.content.ok_or_else(|| Refusal::field("content", ErrorCode::Required))
    }
}

/// A note about a contact.
#[derive(Serialize, ToSchema)]
#[schema(as = Note)]
struct Wire {
    id: i64,
    content: String,
    account_id: i64,
    contact_id: i64,
    user: Option<UserPush>,
    /// Unix seconds.
    created_at: i64,
    /// Unix seconds.
    updated_at: i64,
}

fn wire(dialect: &Dialect, account: i64, contact: ContactId, note: ContactNote) -> Wire {
    Wire {
        id: note.id.0,
        content: note.content,
        account_id: account,
        contact_id: contact.0,
        user: note.author.and_then(|author| dialect.user(author.id, Reader::Agent)),
        created_at: seconds(note.created_at),
        updated_at: seconds(note.updated_at),
    }
}

async fn one(ctx: &domain::Ctx, contact: ContactId, note: ContactNote) -> Answer<Wire> {
    let account = ctx.agent()?.account_id.0;
    Ok(Json(wire(&Dialect::of(ctx).await?, account, contact, note)))
}

/// The notes about a contact, newest first.
#[utoipa::path(get, path = "/contacts/{contact_id}/notes", tag = "contacts", responses((status = 200, body = [Wire])))]
async fn list_notes(Caller(ctx): Caller, Id(id): Id<ContactId>) -> Answer<Vec<Wire>> {
    let notes = note::list(&ctx, id).await?;
    let (dialect, account) = (Dialect::of(&ctx).await?, ctx.agent()?.account_id.0);
    Ok(Json(notes.into_iter().map(|note| wire(&dialect, account, id, note)).collect()))
}

/// Writes a note.
#[utoipa::path(post, path = "/contacts/{contact_id}/notes", tag = "contacts", request_body = Given, responses((status = 200, body = Wire)))]
async fn create_note(Caller(ctx): Caller, Id(id): Id<ContactId>, Body(given): Body<Given>) -> Answer<Wire> {
    let note = note::create(&ctx, id, &given.content()?).await?;
    one(&ctx, id, note).await
}

/// One note.
#[utoipa::path(get, path = "/contacts/{contact_id}/notes/{note_id}", tag = "contacts", responses((status = 200, body = Wire)))]
async fn show_note(Caller(ctx): Caller, Id(id): Id<ContactId>, Id(note): Id<NoteId>) -> Answer<Wire> {
    let note = note::one(&ctx, id, note).await?;
    one(&ctx, id, note).await
}

/// Writes a note anew.
#[utoipa::path(patch, path = "/contacts/{contact_id}/notes/{note_id}", tag = "contacts", request_body = Given, responses((status = 200, body = Wire)))]
async fn update_note(
    Caller(ctx): Caller,
    Id(id): Id<ContactId>,
    Id(note): Id<NoteId>,
    Body(given): Body<Given>,
) -> Answer<Wire> {
    let note = note::update(&ctx, id, note, &given.content()?).await?;
    one(&ctx, id, note).await
}

/// Deletes a note.
#[utoipa::path(delete, path = "/contacts/{contact_id}/notes/{note_id}", tag = "contacts", responses((status = 200)))]
async fn delete_note(Caller(ctx): Caller, Id(id): Id<ContactId>, Id(note): Id<NoteId>) -> Result<StatusCode, Refusal> {
    note::delete(&ctx, id, note).await?;
    Ok(StatusCode::OK)
}
