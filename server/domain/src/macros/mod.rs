//! Macros: steps under a name, taken in a conversation with one press.

pub mod run;
mod store;

use model::action::{Action, Macro, MacroVisibility};
use model::variable::is_template;
use model::{AccountId, AuditSubject, ErrorCode, MacroId, Permission, StoredFileId, UserId};

use crate::audit::{self, Entry};
use crate::event::Event;
use crate::mail::transcript;
use crate::message::format;
use crate::work::Work;
use crate::{Ctx, Error, Result, input, stored_file, webhook};

/// Most steps of a macro.
const MOST_STEPS: usize = 30;
/// Most labels of a step.
const MOST_LABELS: usize = 50;
/// Most macros of an account.
const MOST: i64 = 1_000;

/// A macro as it is written.
#[derive(Debug, Clone)]
pub struct MacroInput {
    pub name: String,
    pub visibility: MacroVisibility,
    pub actions: Vec<Action>,
}

/// The agent's own macros and those of everybody, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Macro>> {
    let (account, me) = reader(ctx)?;
    let rows = store::list(ctx.db(), account, me, MOST).await?;
    with_files(ctx, account, rows).await
}

/// One of them.
pub async fn get(ctx: &Ctx, id: MacroId) -> Result<Macro> {
    let (account, me) = reader(ctx)?;
    let row = store::find(ctx.db(), account, me, id).await?.ok_or_else(Error::not_found)?;
    let mut all = with_files(ctx, account, vec![row]).await?;
    all.pop().ok_or_else(Error::not_found)
}

/// A new macro.
pub async fn create(ctx: &Ctx, new: MacroInput) -> Result<Macro> {
    let (account, me) = reader(ctx)?;
    let new = checked(ctx, new)?;
    let mut work = ctx.begin().await?;
    if store::count(&mut work.tx, account).await? >= MOST {
        return Err(Error::code(ErrorCode::TooMany));
    }
    let now = work.now;
    let id = store::insert(&mut work.tx, account, me, &new, now).await?;
    stored_file::claim(&mut work.tx, account, &files_of(&new.actions), "actions").await?;
    audit::record(&mut work, account, Entry::created(AuditSubject::Macro, id, &new.name));
    told(work, account).await?;
    get(ctx, id).await
}

/// Writes a macro anew. Somebody else's own macro does not exist for the agent.
pub async fn update(ctx: &Ctx, id: MacroId, change: MacroInput) -> Result<Macro> {
    let (account, me) = reader(ctx)?;
    let change = checked(ctx, change)?;
    let known = get(ctx, id).await?;
    let is_own = known.created_by == Some(me);
    if change.visibility == MacroVisibility::Personal && !is_own {
        // It would be taken from everybody who uses it, and from the one who made it.
        return Err(Error::field("visibility", ErrorCode::Forbidden));
    }
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, account, me, id, &change, now).await? == 0 {
        return Err(Error::not_found());
    }
    let (before, after) = (files_of(&known.actions), files_of(&change.actions));
    stored_file::claim(&mut work.tx, account, &after, "actions").await?;
    let gone: Vec<StoredFileId> = before.into_iter().filter(|file| !after.contains(file)).collect();
    stored_file::release(&mut work.tx, account, &gone).await?;
    let entry = Entry::updated(AuditSubject::Macro, id, &change.name)
        .change("name", known.name, &change.name)
        .change("visibility", known.visibility, change.visibility)
        .change("actions", known.actions, &change.actions);
    audit::record(&mut work, account, entry);
    told(work, account).await?;
    get(ctx, id).await
}

/// Deletes a macro. What runs already goes on.
pub async fn delete(ctx: &Ctx, id: MacroId) -> Result<()> {
    let (account, me) = reader(ctx)?;
    let known = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, account, me, id).await? == 0 {
        return Err(Error::not_found());
    }
    stored_file::release(&mut work.tx, account, &files_of(&known.actions)).await?;
    audit::record(&mut work, account, Entry::destroyed(AuditSubject::Macro, id, &known.name));
    told(work, account).await
}

async fn told(mut work: Work<'_>, account: AccountId) -> Result<()> {
    work.record(account, Event::LibraryChanged);
    work.commit().await
}

/// Macros are for those who may write them.
fn reader(ctx: &Ctx) -> Result<(AccountId, UserId)> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditCannedResponses)?;
    Ok((agent.account_id, agent.user_id))
}

async fn with_files(ctx: &Ctx, account: AccountId, rows: Vec<store::Row>) -> Result<Vec<Macro>> {
    let ids: Vec<StoredFileId> = rows.iter().flat_map(|row| files_of(&row.actions.0)).collect();
    let files = stored_file::list(ctx, account, &ids).await?;
    let shown = |row: store::Row| {
        let own = files_of(&row.actions.0);
        Macro {
            id: row.id,
            name: row.name,
            visibility: row.visibility,
            created_by: row.created_by,
            updated_by: row.updated_by,
            files: files.iter().filter(|file| own.contains(&file.id)).cloned().collect(),
            actions: row.actions.0,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}

fn files_of(actions: &[Action]) -> Vec<StoredFileId> {
    let mut ids: Vec<StoredFileId> = actions
        .iter()
        .flat_map(|action| if let Action::SendAttachments(ids) = action { ids.as_slice() } else { &[] })
        .copied()
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn checked(ctx: &Ctx, new: MacroInput) -> Result<MacroInput> {
    let name = input::line("name", &new.name, input::MAX_NAME)?;
    if new.actions.is_empty() {
        return Err(Error::field("actions", ErrorCode::Required));
    }
    if new.actions.len() > MOST_STEPS {
        return Err(Error::field("actions", ErrorCode::TooMany));
    }
    for action in &new.actions {
        check(ctx, action)?;
    }
    Ok(MacroInput { name, ..new })
}

/// What can be known of a step before it is taken.
fn check(ctx: &Ctx, action: &Action) -> Result<()> {
    let wrong = |code| Err(Error::field("actions", code));
    match action {
        Action::AddLabels(titles) | Action::RemoveLabels(titles) => {
            if titles.is_empty() {
                return wrong(ErrorCode::Required);
            }
            if titles.len() > MOST_LABELS || titles.iter().any(|title| title.chars().count() > input::MAX_NAME) {
                return wrong(ErrorCode::TooMany);
            }
            Ok(())
        }
        Action::SendMessage(text) | Action::AddPrivateNote(text) => {
            if format::cleaned(text)?.is_empty() {
                return wrong(ErrorCode::Required);
            }
            Ok(())
        }
        Action::SendAttachments(files) if files.len() > model::content::MAX_ATTACHMENTS => {
            wrong(ErrorCode::TooManyFiles)
        }
        // What variables stand for is known when the step is taken.
        Action::SendTranscript(to) if !is_template(to) => transcript::addresses("actions", to).map(drop),
        Action::CallWebhook(url) => webhook::checked(ctx, "actions", url).map(drop),
        _ => Ok(()),
    }
}
