//! Files that are kept for messages to come: macros send them again and again. Each message gets a copy of its own, so that taking
//! one back leaves the others whole.

mod store;

use bytes::Bytes;
use db::Tx;
use model::action::StoredFile;
use model::{AccountId, ErrorCode, Permission, StoredFileId};

use crate::message::attachment::{self, Stored, Upload};
use crate::message::store::set_upload_time;
use crate::{Ctx, Error, Result};

/// A time that no sweep reaches.
const NEVER: i64 = i64::MAX;

/// Stores a file. Until something claims it, it is swept like any upload.
pub async fn create(ctx: &Ctx, upload: Upload) -> Result<StoredFile> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let stored = attachment::store_all(ctx, agent.account_id, vec![upload], false).await?;
    let stored = stored.into_iter().next().ok_or_else(|| Error::field("attachment", ErrorCode::Required))?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::insert(&mut work.tx, agent.account_id, &stored, now).await?;
    work.commit().await?;
    Ok(shown(id, &stored))
}

/// These files of the account; those that are not there are left out.
pub(crate) async fn list(ctx: &Ctx, account: AccountId, ids: &[StoredFileId]) -> Result<Vec<StoredFile>> {
    let rows = store::list(ctx.db(), account, ids).await?;
    Ok(rows.iter().map(|(id, stored)| shown(*id, stored)).collect())
}

/// A file with its bytes, for whoever puts it into an answer.
pub async fn read(ctx: &Ctx, id: StoredFileId) -> Result<(StoredFile, Bytes)> {
    let agent = ctx.agent()?;
    agent.require(Permission::WorkConversations)?;
    let found = store::list(ctx.db(), agent.account_id, &[id]).await?.pop();
    let (id, stored) = found.ok_or_else(Error::not_found)?;
    Ok((shown(id, &stored), ctx.app.blobs.get(stored.key(), None).await?))
}

/// Keeps these files for good. What is missing is told of `field`.
pub(crate) async fn claim(tx: &mut Tx, account: AccountId, ids: &[StoredFileId], field: &str) -> Result<()> {
    let found = store::list(&mut *tx, account, ids).await?;
    if found.len() != ids.len() {
        return Err(Error::field(field, ErrorCode::Invalid));
    }
    for (_, stored) in found {
        set_upload_time(tx, stored.key(), NEVER).await?;
    }
    Ok(())
}

/// Lets files go: the next sweep removes them.
pub(crate) async fn release(tx: &mut Tx, account: AccountId, ids: &[StoredFileId]) -> Result<()> {
    for (_, stored) in store::list(&mut *tx, account, ids).await? {
        set_upload_time(tx, stored.key(), 0).await?;
    }
    Ok(())
}

/// Copies of these files for one message, stored and waiting for it.
pub(crate) async fn copies(ctx: &Ctx, account: AccountId, ids: &[StoredFileId]) -> Result<Vec<Stored>> {
    let found = store::list(ctx.db(), account, ids).await?;
    if found.len() != ids.len() {
        return Err(Error::field("attachments", ErrorCode::NotFound));
    }
    let mut uploads = Vec::with_capacity(found.len());
    for (_, stored) in found {
        let bytes = ctx.app.blobs.get(stored.key(), None).await?;
        uploads.push(stored.upload(bytes));
    }
    attachment::store_all(ctx, account, uploads, false).await
}

fn shown(id: StoredFileId, stored: &Stored) -> StoredFile {
    let (name, size, kind) = stored.facts();
    StoredFile { id, name: name.to_owned(), content_type: stored.content_type().to_owned(), size, kind }
}
