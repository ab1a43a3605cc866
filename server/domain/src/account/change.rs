//! Changing an account's own facts.

use model::account::{AUTO_RESOLVE_MINUTES, Account, MAX_ASSIGNMENT_LIMIT};
use model::{AuditSubject, ErrorCode, Permission};

use super::{get, store};
use crate::audit::{self, Entry};
use crate::event::Event;
use crate::{Ctx, Error, Result, input};

/// Most characters of what is said when a conversation is resolved by itself.
const MAX_MESSAGE: usize = 1_000;
/// Most characters of facts about the company.
const MAX_DETAIL: usize = 100;

/// What may be changed; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    pub name: Option<String>,
    pub locale: Option<String>,
    pub timezone: Option<String>,
    /// `Some(None)`: no limit.
    pub assignment_limit: Option<Option<i64>>,
    /// Minutes; `Some(None)`: never.
    pub auto_resolve_after: Option<Option<i64>>,
    pub auto_resolve_message: Option<String>,
    pub auto_resolve_ignore_waiting: Option<bool>,
    /// Title of a label; empty for none.
    pub auto_resolve_label: Option<String>,
    pub domain: Option<String>,
    pub support_email: Option<String>,
    pub industry: Option<String>,
    pub company_size: Option<String>,
}

/// Changes the account's own facts. For administrators.
pub async fn update(ctx: &Ctx, change: AccountChange) -> Result<Account> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let before = store::lock(&mut work.tx, agent.account_id, now).await?.ok_or_else(Error::not_found)?;
    let after = apply(before.clone(), change)?;
    if let Some(label) = &after.auto_resolve.label
        && before.auto_resolve.label.as_ref() != Some(label)
        && !crate::label::store::exists(work.tx.conn(), agent.account_id, label).await?
    {
        return Err(Error::field("auto_resolve_label", ErrorCode::Invalid));
    }
    store::update(&mut work.tx, &after).await?;
    audit::record(&mut work, agent.account_id, log(&before, &after));
    work.record(agent.account_id, Event::AccountChanged);
    work.commit().await?;
    get(ctx).await
}

fn log(before: &Account, after: &Account) -> Entry {
    let (old, new) = (&before.auto_resolve, &after.auto_resolve);
    Entry::updated(AuditSubject::Account, after.id, &after.name)
        .change("name", &before.name, &after.name)
        .change("locale", &before.locale, &after.locale)
        .change("timezone", &before.timezone, &after.timezone)
        .change("assignment_limit", before.assignment_limit, after.assignment_limit)
        .change("auto_resolve_after", old.after, new.after)
        .change("auto_resolve_message", &old.message, &new.message)
        .change("auto_resolve_ignore_waiting", old.ignore_waiting, new.ignore_waiting)
        .between(&before.details, &after.details)
}

fn apply(mut account: Account, change: AccountChange) -> Result<Account> {
    if let Some(name) = change.name {
        account.name = input::line("name", &name, input::MAX_NAME)?;
    }
    if let Some(locale) = change.locale {
        account.locale = input::locale("locale", &locale)?;
    }
    if let Some(timezone) = change.timezone {
        account.timezone = input::timezone("timezone", &timezone)?;
    }
    if let Some(limit) = change.assignment_limit {
        account.assignment_limit = checked_limit(limit)?;
    }
    let auto = &mut account.auto_resolve;
    if let Some(after) = change.auto_resolve_after {
        auto.after = after.map(minutes).transpose()?;
    }
    if let Some(message) = change.auto_resolve_message {
        auto.message = input::optional_lines("auto_resolve_message", &message, MAX_MESSAGE)?;
    }
    if let Some(ignore_waiting) = change.auto_resolve_ignore_waiting {
        auto.ignore_waiting = ignore_waiting;
    }
    if let Some(label) = change.auto_resolve_label {
        let label = label.trim().to_lowercase();
        auto.label = Some(label).filter(|label| !label.is_empty());
    }
    let label = auto.label.clone();
    let details = &mut account.details;
    details.auto_resolve_label = label;
    for (field, given, kept) in [
        ("industry", change.industry, &mut details.industry),
        ("company_size", change.company_size, &mut details.company_size),
    ] {
        if let Some(given) = given {
            *kept = input::optional_line(field, &given, MAX_DETAIL)?;
        }
    }
    if let Some(domain) = change.domain {
        details.domain = input::optional_domain("domain", &domain, MAX_DETAIL)?;
    }
    match change.support_email.as_deref().map(str::trim) {
        None => {}
        Some("") => details.support_email = String::new(),
        Some(email) => details.support_email = input::email("support_email", email)?,
    }
    Ok(account)
}

/// A limit of open conversations for automatic assignment, of an account or of an agent.
pub(crate) fn checked_limit(limit: Option<i64>) -> Result<Option<i64>> {
    match limit {
        Some(limit) if !(1..=MAX_ASSIGNMENT_LIMIT).contains(&limit) => {
            Err(Error::field("assignment_limit", ErrorCode::Invalid))
        }
        limit => Ok(limit),
    }
}

fn minutes(minutes: i64) -> Result<i64> {
    let is_right = AUTO_RESOLVE_MINUTES.contains(&minutes);
    is_right.then_some(minutes).ok_or_else(|| Error::field("auto_resolve_after", ErrorCode::Invalid))
}
