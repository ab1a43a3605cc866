//! The SQL of mail that could not be sent.

use db::{Db, Tx, sql};
use model::{AccountId, Millis};

use super::Recipient;
use crate::Result;

/// Keeps a mail.
pub async fn insert(tx: &mut Tx, to: &Recipient, subject: &str, body_encrypted: &[u8], now: Millis) -> Result<()> {
    sql!(
        "insert into system_mails (user_id, to_address, subject, body_encrypted, created_at) values ($1, $2, $3, $4, $5)"
    )
    .bind(to.user_id)
    .bind(&to.email)
    .bind(subject)
    .bind(body_encrypted)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// A kept mail.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub to_address: String,
    pub subject: String,
    pub body_encrypted: Vec<u8>,
    pub created_at: Millis,
}

/// Mail to people who belong to this account and to no other, the newest first.
pub async fn of_account(db: &Db, account: AccountId) -> Result<Vec<Row>> {
    Ok(sql!(
        "select m.to_address, m.subject, m.body_encrypted, m.created_at from system_mails m
         join account_users au on au.user_id = m.user_id and au.account_id = $1
         where not exists (select 1 from account_users o where o.user_id = m.user_id and o.account_id <> $1)
         order by m.id desc limit 50"
    )
    .bind(account)
    .fetch_all(db)
    .await?)
}

/// Forgets what is older.
pub async fn prune(db: &Db, before: Millis) -> Result<()> {
    sql!("delete from system_mails where created_at < $1").bind(before).execute(db.writer()).await?;
    Ok(())
}
