//! Notes about contacts, for colleagues only.

use model::agent::AgentRef;
use model::contact::ContactNote;
use model::{ContactId, ErrorCode, NoteId, Permission};

use super::get;
use super::store::{self, note::Row};
use crate::event::Event;
use crate::message::attachment::avatar_url;
use crate::message::format;
use crate::{Ctx, Error, Result};

const MAX_NOTE: usize = 10_000;

/// The notes about a contact, newest first.
pub async fn list(ctx: &Ctx, contact: ContactId) -> Result<Vec<ContactNote>> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    get(ctx, contact).await?;
    let rows = store::note::list(ctx.db(), agent.account_id, contact).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// One note.
pub async fn one(ctx: &Ctx, contact: ContactId, id: NoteId) -> Result<ContactNote> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    get(ctx, contact).await?;
    let row = store::note::get(ctx.db(), agent.account_id, contact, id).await?;
    row.map(shown).ok_or_else(Error::not_found)
}

/// Writes a note.
pub async fn create(ctx: &Ctx, contact: ContactId, content: &str) -> Result<ContactNote> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    get(ctx, contact).await?;
    let content = checked(content)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::note::insert(&mut work.tx, agent.account_id, contact, agent.user_id, &content, now).await?;
    work.record(agent.account_id, Event::ContactUpdated { contact_id: contact });
    work.commit().await?;
    one(ctx, contact, id).await
}

/// Writes a note anew.
pub async fn update(ctx: &Ctx, contact: ContactId, id: NoteId, content: &str) -> Result<ContactNote> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    one(ctx, contact, id).await?;
    let content = checked(content)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::note::update(&mut work.tx, agent.account_id, id, &content, now).await?;
    work.record(agent.account_id, Event::ContactUpdated { contact_id: contact });
    work.commit().await?;
    one(ctx, contact, id).await
}

/// Deletes a note.
pub async fn delete(ctx: &Ctx, contact: ContactId, id: NoteId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    one(ctx, contact, id).await?;
    let mut work = ctx.begin().await?;
    store::note::delete(&mut work.tx, agent.account_id, id).await?;
    work.record(agent.account_id, Event::ContactUpdated { contact_id: contact });
    work.commit().await
}

fn checked(content: &str) -> Result<String> {
    let content = format::cleaned(content)?;
    match content.chars().count() {
        0 => Err(Error::field("content", ErrorCode::Required)),
        count if count > MAX_NOTE => Err(Error::field("content", ErrorCode::TooLong)),
        _ => Ok(content),
    }
}

fn shown(row: Row) -> ContactNote {
    let author = row.user_id.map(|id| AgentRef {
        id,
        name: row.user_name.unwrap_or_default(),
        avatar_url: row.user_avatar_key.as_deref().map(avatar_url),
    });
    ContactNote { id: row.id, content: row.content, author, created_at: row.created_at, updated_at: row.updated_at }
}
