//! The SQL of resolving what is quiet.

use db::{Builder, Db, sql};
use model::{AccountId, ConversationId, Millis};

use super::{MOST, Rule};
use crate::Result;

/// The accounts that have a rule.
pub async fn accounts(db: &Db) -> Result<Vec<AccountId>> {
    let rows: Vec<(AccountId,)> =
        sql!("select id from accounts where auto_resolve_after is not null and not suspended").fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// An account's rule.
pub async fn rule(db: &Db, account: AccountId) -> Result<Option<Rule>> {
    Ok(sql!(
        "select auto_resolve_after, auto_resolve_message, auto_resolve_ignore_waiting, settings from accounts
         where id = $1 and auto_resolve_after is not null and not suspended"
    )
    .bind(account)
    .fetch_optional(db)
    .await?)
}

/// Conversations that the rule applies to, the quietest first.
pub async fn due(db: &Db, account: AccountId, rule: &Rule, now: Millis) -> Result<Vec<ConversationId>> {
    let mut query = Builder::new("select id from conversations where account_id = ");
    query.value(account).push(" and status = 'open' and last_activity_at < ").value(rule.before(now));
    if rule.auto_resolve_ignore_waiting {
        query.push(" and waiting_since is null");
    }
    query.push(" order by last_activity_at, id limit ").value(MOST);
    let rows: Vec<(ConversationId,)> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
