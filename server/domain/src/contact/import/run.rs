//! Reading the rows of a table.

use model::attribute::{AttributeDefinition, AttributeModel};
use model::contact_import::{ContactImport, ContactImportState};
use model::{AccountId, ContactId, ContactImportId, ErrorCode, Permission};

use super::column::{self, Column};
use super::store::{self, Became};
use super::table::Table;
use crate::contact::{self, Checked, store as contacts};
use crate::event::Event;
use crate::job::Job;
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, access, attribute};

/// Rows of one job: a server that is to stop waits for no more.
const PORTION: usize = 1_000;
/// Rows between two signs of progress.
const STRIDE: i64 = 50;
/// How long imports are kept.
const KEEP: i64 = 30 * 24 * 3_600_000;

/// Reads the next rows of an import, with the rights of whoever asked for it. Safe to begin again at any time.
pub(crate) async fn run(ctx: &Ctx, account: AccountId, id: ContactImportId) -> Result<()> {
    let import = store::get(ctx.db(), account, id).await?;
    let Some(import) = import.filter(|import| import.state == ContactImportState::Running) else { return Ok(()) };
    let Some(actor) = author(ctx, account, id).await? else {
        return end(ctx, account, id, ContactImportState::Stopped).await;
    };
    let text = store::table(ctx.db(), id).await?.ok_or_else(Error::not_found)?;
    let definitions = attribute::store::list(ctx.db(), account, Some(AttributeModel::Contact)).await?;
    let done = usize::try_from(import.done()).unwrap_or_default();
    let next = tokio::task::spawn_blocking(move || rows(&text, &definitions, done));
    let (columns, rows) = match next.await.map_err(|error| Error::Internal(error.into()))? {
        Ok(next) => next,
        // An attribute that has a column was deleted meanwhile.
        Err(error) if error.is_refusal() => return end(ctx, account, id, ContactImportState::Stopped).await,
        Err(error) => return Err(error),
    };
    let is_last = rows.len() < PORTION;
    for (number, cells) in (import.done() + 1..).zip(rows) {
        if !row(&actor, &import, &columns, number, &cells).await? {
            // Somebody else reads this table. Should they not come to its end, this job does.
            return still_running(ctx, account, id).await;
        }
    }
    if is_last {
        return end(ctx, account, id, ContactImportState::Done).await;
    }
    let mut work = ctx.begin().await?;
    work.enqueue_now(account, Job::ImportContacts { account_id: account, import_id: id });
    work.commit().await
}

async fn still_running(ctx: &Ctx, account: AccountId, id: ContactImportId) -> Result<()> {
    match store::get(ctx.db(), account, id).await? {
        Some(import) if import.state == ContactImportState::Running => {
            Err(Error::Unavailable("another worker reads this table".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whoever asked for it, as long as they may.
async fn author(ctx: &Ctx, account: AccountId, id: ContactImportId) -> Result<Option<Ctx>> {
    let user = store::author(ctx.db(), id).await?;
    match access::agent(ctx, user, account).await {
        Ok(agent) if agent.role.has(Permission::DeleteData) => Ok(Some(ctx.with(Actor::Agent(agent)))),
        Ok(_) => Ok(None),
        Err(error) if error.is_refusal() => Ok(None),
        Err(error) => Err(error),
    }
}

type Rows = (Vec<Column>, Vec<Vec<String>>);

fn rows(text: &str, definitions: &[AttributeDefinition], done: usize) -> Result<Rows> {
    let table = Table::open(text)?;
    let columns = column::of(&table.headings, definitions)?;
    Ok((columns, table.skip(done).take(PORTION).collect()))
}

/// Takes a row, or keeps it with the reason why not; `false` when it is not ours to take.
async fn row(ctx: &Ctx, import: &ContactImport, columns: &[Column], number: i64, cells: &[String]) -> Result<bool> {
    let problem = match take(ctx, import, columns, number, cells).await {
        Err(Error::Known(problem)) if problem.code != ErrorCode::Unavailable => problem,
        // One row that only we can mend must not end the others.
        Err(Error::Internal(error)) => {
            tracing::error!(import = import.id.0, number, %error, "a row could not be imported");
            model::Error::new(ErrorCode::Internal)
        }
        taken => return taken,
    };
    let account = ctx.agent()?.account_id;
    let mut work = ctx.begin().await?;
    if !count(&mut work, account, import.id, number, Became::Failed).await? {
        return Ok(false);
    }
    store::insert_failure(&mut work.tx, import.id, number, cells, Some(&problem)).await?;
    work.commit().await?;
    Ok(true)
}

async fn take(ctx: &Ctx, import: &ContactImport, columns: &[Column], number: i64, cells: &[String]) -> Result<bool> {
    let account = ctx.agent()?.account_id;
    let said = column::said(columns, cells)?;
    let checked = contact::checked(ctx, account, said.facts).await?;
    let mut work = ctx.begin().await?;
    let known = find(&mut work, account, &checked).await?;
    let became = if known.is_some() { Became::Updated } else { Became::Created };
    if !count(&mut work, account, import.id, number, became).await? {
        return Ok(false);
    }
    let written = match known {
        Some(id) => contact::change(&mut work, account, id, checked.clone()).await.map(|()| id),
        None => contact::insert(&mut work, account, checked.clone()).await,
    };
    let id = match written {
        Ok(id) => id,
        Err(error) => return Err(contact::naming(ctx, work, account, &checked, error).await),
    };
    contacts::label::add(&mut work.tx, account, &[id], &said.labels).await?;
    work.commit().await?;
    Ok(true)
}

/// The contact that a row is about: by identifier, else by e-mail, else by phone number.
async fn find(work: &mut Work<'_>, account: AccountId, checked: &Checked) -> Result<Option<ContactId>> {
    if let Some(Some(text)) = &checked.identifier
        && let Some(row) = contacts::find_by_identifier(&mut work.tx, account, text).await?
    {
        return Ok(Some(row.id));
    }
    if let Some(Some(text)) = &checked.email
        && let Some(row) = contacts::find_by_email(&mut work.tx, account, text).await?
    {
        return Ok(Some(row.id));
    }
    if let Some(Some(text)) = &checked.phone_number
        && let Some(row) = contacts::find_by_phone(&mut work.tx, account, text).await?
    {
        return Ok(Some(row.id));
    }
    Ok(None)
}

async fn count(
    work: &mut Work<'_>,
    account: AccountId,
    id: ContactImportId,
    number: i64,
    became: Became,
) -> Result<bool> {
    let now = work.now;
    if number % STRIDE == 0 {
        work.record(account, Event::ContactImportChanged { import_id: id });
    }
    store::count(&mut work.tx, id, number, became, now).await
}

async fn end(ctx: &Ctx, account: AccountId, id: ContactImportId, state: ContactImportState) -> Result<()> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::end(&mut work.tx, id, state, now).await? {
        work.record(account, Event::ContactImportChanged { import_id: id });
        work.enqueue_now(account, Job::MailContactsImported { account_id: account, import_id: id });
    }
    work.commit().await
}

/// Forgets imports that ended long ago.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    let before = ctx.now() - KEEP;
    while store::prune(ctx.db(), before).await? > 0 {}
    Ok(())
}
