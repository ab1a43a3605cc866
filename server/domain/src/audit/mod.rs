//! The log of who changed what, on what, when and from where. Lines are added in the change's own transaction and never touched again.
//!
//! A rule that changes something an administrator may want to know about adds one line before it commits:
//!
//! ```ignore
//! audit::record(&mut work, account, Entry::updated(AuditSubject::Team, team.id, &team.name).between(&before, &after));
//! ```

pub mod store;

use model::audit::{AuditChange, AuditFilter, AuditPage};
use model::{AccountId, AuditAction, AuditSubject, Permission, UserId};
use serde::Serialize;
use serde_json::Value;

use crate::work::Work;
use crate::{Ctx, Result, agent};

/// Most characters of a value that are kept.
const MAX_VALUE: usize = 1_000;
/// Lines in a page of the dialect, and in one of the dashboard.
pub const PER_PAGE: i64 = 15;

/// A line to be added. Who did it, when and from where is added by the change itself.
#[derive(Debug, Clone)]
pub struct Entry {
    action: AuditAction,
    subject: AuditSubject,
    id: Option<i64>,
    name: String,
    associated: Option<(AuditSubject, i64)>,
    changes: Vec<AuditChange>,
    /// Who did it, where the change's actor does not say so.
    by: Option<UserId>,
}

impl Entry {
    /// Somebody did something to a thing of this kind, id and name.
    pub fn new(action: AuditAction, subject: AuditSubject, id: impl Into<i64>, name: &str) -> Self {
        let (id, name) = (Some(id.into()), name.to_owned());
        Self { action, subject, id, name, associated: None, changes: Vec::new(), by: None }
    }

    /// It was made.
    pub fn created(subject: AuditSubject, id: impl Into<i64>, name: &str) -> Self {
        Self::new(AuditAction::Create, subject, id, name)
    }

    /// It was changed. Without a change that is named afterwards nothing is recorded.
    pub fn updated(subject: AuditSubject, id: impl Into<i64>, name: &str) -> Self {
        Self::new(AuditAction::Update, subject, id, name)
    }

    /// It is gone.
    pub fn destroyed(subject: AuditSubject, id: impl Into<i64>, name: &str) -> Self {
        Self::new(AuditAction::Destroy, subject, id, name)
    }

    /// What it belongs to.
    #[must_use]
    pub fn of(mut self, subject: AuditSubject, id: impl Into<i64>) -> Self {
        self.associated = Some((subject, id.into()));
        self
    }

    /// Names the person, where nobody was signed in yet.
    #[must_use]
    pub fn by(mut self, user: UserId) -> Self {
        self.by = Some(user);
        self
    }

    /// Names a value that became another; the same value is no change.
    #[must_use]
    pub fn change(mut self, field: &str, before: impl Serialize, after: impl Serialize) -> Self {
        let (before, after) = (value(before), value(after));
        if before != after {
            self.changes.push(AuditChange { field: field.to_owned(), before, after });
        }
        self
    }

    /// Names what differs between a thing as it was and as it is, field by field.
    #[must_use]
    pub fn between(mut self, before: &impl Serialize, after: &impl Serialize) -> Self {
        let (Value::Object(mut before), Value::Object(after)) = (plain(before), plain(after)) else { return self };
        for (field, after) in after {
            let before = before.remove(&field).unwrap_or(Value::Null);
            self = self.change(&field, before, after);
        }
        self
    }

    fn is_nothing(&self) -> bool {
        self.action == AuditAction::Update && self.changes.is_empty()
    }
}

fn plain(thing: impl Serialize) -> Value {
    serde_json::to_value(thing).unwrap_or_default()
}

/// Long texts are cut: the log tells what changed and is no archive.
fn value(thing: impl Serialize) -> Value {
    match plain(thing) {
        Value::String(text) if text.chars().count() > MAX_VALUE => {
            let cut: String = text.chars().take(MAX_VALUE).collect();
            Value::String(format!("{cut}…"))
        }
        other => other,
    }
}

/// Adds a line to the account's log; it becomes durable with the change.
pub fn record(work: &mut Work<'_>, account: AccountId, entry: Entry) {
    if !entry.is_nothing() {
        work.audit(account, entry);
    }
}

/// Adds a line about a person's own door to the logs of all accounts that they open.
pub(crate) async fn record_for_person(work: &mut Work<'_>, user: UserId, entry: &Entry) -> Result<()> {
    for (account, ..) in agent::store::accounts_of(work.tx.conn(), user).await? {
        record(work, account, entry.clone());
    }
    Ok(())
}

/// A page of the account's log, the newest first. For administrators.
pub async fn list(ctx: &Ctx, filter: &AuditFilter, page: i64, per_page: i64) -> Result<AuditPage> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let (page, per_page) = (page.clamp(1, 1_000_000), per_page.clamp(1, 100));
    let entries = store::page(ctx.db(), agent.account_id, filter, per_page, (page - 1) * per_page).await?;
    let total = store::count(ctx.db(), agent.account_id, filter).await?;
    Ok(AuditPage { entries, total, page, per_page })
}

#[cfg(test)]
mod tests;
