//! Pictures of people and inboxes: made small once, kept under a random key that says nothing else.

mod store;

use bytes::Bytes;
use model::{ContactId, ErrorCode, InboxId, Permission};

use crate::agent::profile;
use crate::event::Event;
use crate::message::attachment::{Upload, shrink};
use crate::{Ctx, Error, Result, contact, inbox, secret};
use store::Of;

/// Longest side, in pixels.
const SIDE: u32 = 256;
/// Largest picture that is accepted, in bytes.
const MAX_BYTES: usize = 15 * 1024 * 1024;

/// A picture that was found good and made small.
pub struct Picture(Bytes);

impl Picture {
    /// Reads what was uploaded, before anything else is changed.
    pub async fn of(upload: Upload) -> Result<Self> {
        if upload.bytes.len() > MAX_BYTES {
            return Err(Error::field("avatar", ErrorCode::FileTooLarge));
        }
        let made = tokio::task::spawn_blocking(move || shrink(&upload.bytes, SIDE)).await;
        let small = made.ok().flatten().ok_or_else(|| Error::field("avatar", ErrorCode::FileTypeNotAllowed))?;
        Ok(Self(small.into()))
    }
}

/// Gives the signed-in person a picture, or takes it away.
pub async fn set_own(ctx: &Ctx, picture: Option<Picture>) -> Result<()> {
    let user = ctx.user_id()?;
    let new = keep(ctx, picture).await?;
    let mut work = ctx.begin().await?;
    let old = store::replace(&mut work.tx, Of::User(user), new.as_deref()).await?;
    if is_change(new.as_deref(), old.as_deref()) {
        profile::record_everywhere(&mut work, ctx, user).await?;
    }
    work.commit().await?;
    forget(ctx, old).await;
    Ok(())
}

/// Gives a contact a picture, or takes it away.
pub async fn set_contact(ctx: &Ctx, id: ContactId, picture: Option<Picture>) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    contact::get(ctx, id).await?;
    let new = keep(ctx, picture).await?;
    let mut work = ctx.begin().await?;
    let old = store::replace(&mut work.tx, Of::Contact(agent.account_id, id), new.as_deref()).await?;
    if is_change(new.as_deref(), old.as_deref()) {
        work.record(agent.account_id, Event::ContactUpdated { contact_id: id });
    }
    work.commit().await?;
    forget(ctx, old).await;
    Ok(())
}

/// Gives an inbox a picture, or takes it away. For administrators.
pub async fn set_inbox(ctx: &Ctx, id: InboxId, picture: Option<Picture>) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    inbox::get(ctx, id).await?;
    let new = keep(ctx, picture).await?;
    let mut work = ctx.begin().await?;
    let old = store::replace(&mut work.tx, Of::Inbox(agent.account_id, id), new.as_deref()).await?;
    if is_change(new.as_deref(), old.as_deref()) {
        work.record(agent.account_id, Event::InboxChanged { inbox_id: id });
    }
    work.commit().await?;
    forget(ctx, old).await;
    Ok(())
}

/// Nobody is told that a picture was taken away which was not there.
fn is_change(new: Option<&str>, old: Option<&str>) -> bool {
    new.is_some() || old.is_some()
}

/// Keeps a picture; its key.
async fn keep(ctx: &Ctx, picture: Option<Picture>) -> Result<Option<String>> {
    let Some(Picture(bytes)) = picture else { return Ok(None) };
    let key = secret::uuid();
    ctx.app.blobs.put(&place(&key), bytes).await?;
    Ok(Some(key))
}

/// Forgets a picture that was replaced. One that stays behind costs a few kilobytes.
async fn forget(ctx: &Ctx, key: Option<String>) {
    let Some(key) = key else { return };
    if let Err(error) = ctx.app.blobs.delete(&place(&key)).await {
        tracing::warn!(%error, "an old picture was not deleted");
    }
}

/// Notes a picture that nobody shows any more, in an open change; the sweep of files removes it.
pub(crate) async fn release(tx: &mut db::Tx, account: model::AccountId, key: &str) -> Result<()> {
    store::release(tx, account, &place(key)).await
}

/// Reads a picture by its key.
pub async fn read(ctx: &Ctx, key: &str) -> Result<Bytes> {
    if key.len() != 36 || !key.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Err(Error::not_found());
    }
    ctx.app.blobs.get(&place(key), None).await
}

fn place(key: &str) -> String {
    format!("avatars/{key}")
}
