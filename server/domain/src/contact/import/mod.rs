//! Contacts from a table. The table is looked at as a whole before anything is taken from it; then it is read behind the scenes, one row
//! in one change, so that it can be left alone, be interrupted anywhere and go on. What cannot be taken is kept with the reason.

mod column;
mod run;
mod store;
mod table;
#[cfg(test)]
mod tests;

use model::attribute::{AttributeDefinition, AttributeModel};
use model::contact_import::{ContactImport, MOST_BYTES, MOST_ROWS};
use model::{AccountId, AuditSubject, ContactImportId, ErrorCode, Permission};
use text::Lang;

use self::column::Column;
use self::table::Table;
use crate::audit::Entry;
use crate::event::Event;
use crate::job::Job;
use crate::{Ctx, Error, Result, agent, attribute, input, label, mail};

pub(crate) use run::{prune, run};
pub(crate) use store::{forget, get as read};

/// Imports in the list.
const LISTED: i64 = 20;

/// Begins an import. What is wrong with the table as a whole is said at once, and nothing is taken from it.
pub async fn start(ctx: &Ctx, file_name: &str, bytes: &[u8]) -> Result<ContactImport> {
    let agent = ctx.agent()?;
    agent.require(Permission::DeleteData)?;
    if bytes.is_empty() {
        return Err(Error::field("import_file", ErrorCode::Required));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Error::field("import_file", ErrorCode::FileTooLarge));
    }
    let account = agent.account_id;
    let definitions = attribute::store::list(ctx.db(), account, Some(AttributeModel::Contact)).await?;
    let labels = label::store::ids(ctx.db(), account).await?.into_iter().map(|(title, _)| title).collect();
    let text = table::decoded(bytes)?;
    // A large table is a moment's work that others need not wait for.
    let looked = tokio::task::spawn_blocking(move || (look(&text, &definitions, labels), text));
    let (seen, text) = looked.await.map_err(|error| Error::Internal(error.into()))?;
    let seen = seen?;

    let name: String = file_name.chars().filter(|c| !c.is_control()).take(input::MAX_NAME).collect();
    let mut work = ctx.begin().await?;
    let now = work.now;
    let id = store::insert(&mut work.tx, agent, &name, &seen, now).await?;
    store::insert_table(&mut work.tx, id, &text).await?;
    work.audit(account, Entry::created(AuditSubject::ContactImport, id, &name));
    work.record(account, Event::ContactImportChanged { import_id: id });
    work.enqueue_now(account, Job::ImportContacts { account_id: account, import_id: id });
    work.commit().await?;
    get(ctx, id).await
}

/// What is known of a table before it is read.
struct Seen {
    headings: Vec<String>,
    rows: usize,
}

fn look(text: &str, definitions: &[AttributeDefinition], labels: Vec<String>) -> Result<Seen> {
    let mut table = Table::open(text)?;
    let headings = std::mem::take(&mut table.headings);
    let columns = column::of(&headings, definitions)?;
    let with_labels = columns.iter().position(|column| *column == Column::Labels);
    let mut rows = 0;
    let counted = table.inspect(|_| rows += 1);
    let named: Vec<String> = counted.filter_map(|mut cells| Some(cells.get_mut(with_labels?)?.split_off(0))).collect();
    let unknown = column::unknown_labels(named.iter().map(String::as_str), &labels);
    if !unknown.is_empty() {
        let unknown: Vec<&str> = unknown.iter().map(String::as_str).collect();
        return Err(column::about_table(ErrorCode::UnknownLabels, Some(&unknown)));
    }
    match rows {
        0 => Err(column::about_table(ErrorCode::NotATable, None)),
        rows if rows > MOST_ROWS => Err(column::about_table(ErrorCode::TooMany, None)),
        rows => Ok(Seen { headings, rows }),
    }
}

/// An import of the account.
pub async fn get(ctx: &Ctx, id: ContactImportId) -> Result<ContactImport> {
    let agent = ctx.agent()?;
    agent.require(Permission::DeleteData)?;
    store::get(ctx.db(), agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// The newest imports of the account, the newest first.
pub async fn list(ctx: &Ctx) -> Result<Vec<ContactImport>> {
    let agent = ctx.agent()?;
    agent.require(Permission::DeleteData)?;
    store::list(ctx.db(), agent.account_id, LISTED).await
}

/// A table to begin with: the columns that everybody has, the account's own, and an example.
pub async fn template(ctx: &Ctx) -> Result<String> {
    let agent = ctx.agent()?;
    agent.require(Permission::DeleteData)?;
    let definitions = attribute::store::list(ctx.db(), agent.account_id, Some(AttributeModel::Contact)).await?;
    let own = definitions.into_iter().map(|definition| definition.key);
    let own = own.filter(|key| !column::TEMPLATE.contains(&key.as_str()));
    let headings: Vec<String> = column::TEMPLATE.map(str::to_owned).into_iter().chain(own).collect();
    let mut example: Vec<String> = column::EXAMPLE.map(str::to_owned).into();
    example.resize(headings.len(), String::new());
    table::written([headings, example])
}

/// The rows that could not be taken, as a table of the same columns with the reason in a further one.
pub async fn failures(ctx: &Ctx, id: ContactImportId) -> Result<String> {
    let import = get(ctx, id).await?;
    let reader = agent::store::recipient(ctx.db(), ctx.user_id()?).await?;
    let lang = reader.map(|person| person.lang).unwrap_or_default();
    let rows = store::failures(ctx.db(), import.id).await?;
    let width = rows.first().map_or(0, |headings| headings.cells.0.len());
    table::written(rows.into_iter().map(|row| {
        let reason = row.problem.map_or_else(|| column::REASONS.to_owned(), |problem| reason(lang, &problem.0));
        let mut cells = row.cells.0;
        // The reason stands under its heading, also behind a row that is too short.
        cells.resize(cells.len().max(width), String::new());
        cells.push(reason);
        cells
    }))
}

/// Why a row could not be taken.
fn reason(lang: Lang, problem: &model::Error) -> String {
    let words = text::error::by_key(lang, problem.code.as_str()).unwrap_or_else(|| text::error::internal(lang));
    let field = problem.field.as_deref().map(|field| field.strip_prefix("custom_attributes.").unwrap_or(field));
    let detail = problem.detail.as_deref().map(|detail| format!(" ({detail})")).unwrap_or_default();
    match field {
        Some(field) => format!("{field}: {words}{detail}"),
        None => format!("{words}{detail}"),
    }
}

/// Tells whoever asked for it how it went.
pub(crate) async fn mail_result(ctx: &Ctx, account: AccountId, id: ContactImportId) -> Result<()> {
    let Some(import) = store::get(ctx.db(), account, id).await? else { return Ok(()) };
    let user = store::author(ctx.db(), id).await?;
    // Whoever left meanwhile is told nothing.
    if agent::store::agent(ctx.db(), account, user).await?.is_none() {
        return Ok(());
    }
    let person = agent::store::recipient(ctx.db(), user).await?.ok_or_else(Error::not_found)?;
    let link = format!("{}/app/accounts/{account}/contacts?imports=1", ctx.app.settings.base_url);
    mail::send(ctx, mail::contacts_imported(&person, &import, &link)).await
}
