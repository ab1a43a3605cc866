//! The SQL of the log. It knows how to add and how to read, nothing else.

use db::{Builder, Db, Json, Tx, sql};
use model::audit::{AuditChange, AuditEntry, AuditFilter, AuditPerson};
use model::{AccountId, AuditAction, AuditId, AuditSubject, Millis, UserId};

use super::Entry;
use crate::Result;
use crate::ctx::Origin;

/// Adds lines in their order.
pub fn insert(
    tx: &mut Tx,
    entries: &[(AccountId, Entry)],
    by: Option<UserId>,
    origin: &Origin,
    now: Millis,
) -> Result<()> {
    for (account, entry) in entries {
        let by = entry.by.or(by);
        sql!(
            "insert into audit_logs (account_id, user_id, user_name, user_email, action, subject, subject_id, subject_name,
             associated, associated_id, changes, ip, request_id, created_at)
             values ($1, $2, coalesce((select name from users where id = $2), ''),
             coalesce((select email from users where id = $2), ''), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        )
        .bind(*account)
        .bind(by)
        .bind(entry.action)
        .bind(entry.subject)
        .bind(entry.id)
        .bind(&entry.name)
        .bind(entry.associated.map(|(subject, _)| subject))
        .bind(entry.associated.map(|(_, id)| id))
        .bind(serde_json::to_value(&entry.changes)?)
        .bind(&origin.ip)
        .bind(&origin.request_id)
        .bind(now)
        .later(tx);
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: AuditId,
    user_id: Option<UserId>,
    user_name: String,
    user_email: String,
    action: AuditAction,
    subject: AuditSubject,
    subject_id: Option<i64>,
    subject_name: String,
    associated: Option<AuditSubject>,
    associated_id: Option<i64>,
    changes: Json<Vec<AuditChange>>,
    ip: String,
    request_id: String,
    created_at: Millis,
}

fn narrow(query: &mut Builder, account: AccountId, filter: &AuditFilter) {
    query.push(" from audit_logs where account_id = ").value(account);
    if let Some(user) = filter.by {
        query.push(" and user_id = ").value(user);
    }
    if let Some(subject) = filter.subject {
        query.push(" and subject = ").value(subject);
    }
    if let Some(since) = filter.since {
        query.push(" and created_at >= ").value(since);
    }
    if let Some(until) = filter.until {
        query.push(" and created_at < ").value(until);
    }
}

/// Some lines of an account, the newest first.
pub async fn page(
    db: &Db,
    account: AccountId,
    filter: &AuditFilter,
    limit: i64,
    offset: i64,
) -> Result<Vec<AuditEntry>> {
    let mut query = Builder::new(
        "select id, user_id, user_name, user_email, action, subject, subject_id, subject_name, associated, associated_id,
         changes, ip, request_id, created_at",
    );
    narrow(&mut query, account, filter);
    query.push(" order by id desc limit ").value(limit).push(" offset ").value(offset);
    let rows: Vec<Row> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// How many lines there are.
pub async fn count(db: &Db, account: AccountId, filter: &AuditFilter) -> Result<i64> {
    let mut query = Builder::new("select count(*)");
    narrow(&mut query, account, filter);
    let (count,): (i64,) = query.build().fetch_one(db).await?;
    Ok(count)
}

fn shown(row: Row) -> AuditEntry {
    AuditEntry {
        id: row.id,
        at: row.created_at,
        by: row.user_id.map(|id| AuditPerson { id, name: row.user_name, email: row.user_email }),
        action: row.action,
        subject: row.subject,
        subject_id: row.subject_id,
        subject_name: row.subject_name,
        associated: row.associated.zip(row.associated_id),
        changes: row.changes.0,
        ip: row.ip,
        request_id: row.request_id,
    }
}
