//! Telling somebody, when it is time: whether they still want and may know is asked now.

use model::notification::NotificationKind;
use model::{AccountId, Millis, NotificationId};

use super::store::{self, Row};
use super::{job_for, letter};
use crate::mail::{self, Mail, Recipient};
use crate::realtime::presence;
use crate::{Ctx, Error, Result, access, agent};

/// How long whoever tells something has it for themselves, in milliseconds: longer than a mail server may take.
const TAKES: Millis = 2 * 60_000;
/// Most conversations of one mail.
const MOST: i64 = 50;

/// Tells something that waited. Done twice, it tells it once: what was told is gone or noted.
pub(crate) async fn tell(ctx: &Ctx, account: AccountId, id: NotificationId) -> Result<()> {
    let Some(row) = store::find(ctx.db(), account, id).await? else { return Ok(()) };
    let Some(to) = reader(ctx, &row).await? else { return forget(ctx, &row).await };
    let rows = take(ctx, row.clone()).await?;
    if rows.is_empty() {
        return look_again(ctx, &row).await;
    }
    let told = match letter::write(ctx, &to, &rows).await {
        Ok(Some(letter)) => mail::send(ctx, Mail { to, letter }).await.map(|()| true),
        Ok(None) => Ok(false),
        Err(error) => Err(error),
    };
    settle(ctx, &rows, &told).await?;
    if told.is_ok() && rows.iter().all(|told| told.id != row.id) {
        // More waited than one mail names.
        look_again(ctx, &row).await?;
    }
    told.map(|_| ())
}

/// Who is to be told; nobody when they look anyway, do not want to be told, or work here no more.
async fn reader(ctx: &Ctx, row: &Row) -> Result<Option<Recipient>> {
    let member = match access::agent(ctx, row.user_id, row.account_id).await {
        Ok(member) => member,
        Err(Error::Known(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let is_unwanted = store::muted(ctx.db(), row.account_id, row.user_id).await?.contains(&row.kind);
    if is_unwanted || !row.kind.is_for(member.role) || ctx.app.settings.smtp_url.is_none() {
        return Ok(None);
    }
    // That an inbox is lost is not seen by looking at conversations.
    let shows = row.kind != NotificationKind::InboxLost;
    if shows && presence::is_here(ctx, row.account_id, row.user_id).await? {
        return Ok(None);
    }
    // Until they have accepted, the address may be anybody's.
    if agent::store::invited(ctx.db(), row.account_id, row.user_id).await?.is_some() {
        return Ok(None);
    }
    agent::store::recipient(ctx.db(), row.user_id).await
}

/// Takes what is told in one mail: of assignments all that wait, of everything else this one.
///
/// Whoever gets the oldest has them all: jobs of several that wait are done side by side, and each would mail its own otherwise.
async fn take(ctx: &Ctx, row: Row) -> Result<Vec<Row>> {
    let rows = match row.kind {
        NotificationKind::Assignment => store::waiting(ctx.db(), &row, MOST).await?,
        _ => vec![row],
    };
    let mut taken = Vec::with_capacity(rows.len());
    for row in rows {
        // One at a time: who takes several at once may meet somebody who forgets them in another order.
        let mut work = ctx.begin().await?;
        let now = work.now;
        let own = store::take(&mut work.tx, &row, now, now + TAKES).await?;
        work.commit().await?;
        if own.is_none() && taken.is_empty() {
            break;
        }
        taken.extend(own);
    }
    Ok(taken)
}

/// Somebody else is at it; should they die, it is told nevertheless.
async fn look_again(ctx: &Ctx, row: &Row) -> Result<()> {
    let mut work = ctx.begin().await?;
    let at = work.now + TAKES;
    work.enqueue(job_for(row.account_id, row.id, at));
    work.commit().await
}

async fn settle(ctx: &Ctx, rows: &[Row], told: &Result<bool>) -> Result<()> {
    for row in rows {
        let mut work = ctx.begin().await?;
        let now = work.now;
        match told {
            Ok(true) if row.kind == NotificationKind::NewMessage => store::keep(&mut work.tx, row, now).await?,
            Ok(_) => store::forget(&mut work.tx, row).await?,
            Err(_) => store::release(&mut work.tx, row).await?,
        }
        work.commit().await?;
    }
    Ok(())
}

async fn forget(ctx: &Ctx, row: &Row) -> Result<()> {
    let mut work = ctx.begin().await?;
    store::forget(&mut work.tx, row).await?;
    work.commit().await
}
