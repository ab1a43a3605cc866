//! The SQL of pictures.

use db::{Query, Tx, sql};
use model::{AccountId, ContactId, InboxId, UserId};

use crate::Result;

/// Whose picture.
#[derive(Clone, Copy)]
pub enum Of {
    User(UserId),
    Contact(AccountId, ContactId),
    Inbox(AccountId, InboxId),
}

/// Puts a picture in the place of another; the old one's key.
pub async fn replace(tx: &mut Tx, of: Of, key: Option<&str>) -> Result<Option<String>> {
    let old: Option<(Option<String>,)> = select(of).fetch_optional(&mut *tx).await?;
    update(of).bind(key).execute(tx).await?;
    Ok(old.and_then(|(key,)| key))
}

fn select(of: Of) -> Query {
    match of {
        Of::User(id) => sql!("select avatar_key from users where id = $1").bind(id),
        Of::Contact(account, id) => {
            sql!("select avatar_key from contacts where account_id = $1 and id = $2").bind(account).bind(id)
        }
        Of::Inbox(account, id) => {
            sql!("select avatar_key from inboxes where account_id = $1 and id = $2").bind(account).bind(id)
        }
    }
}

fn update(of: Of) -> Query {
    match of {
        Of::User(id) => sql!("update users set avatar_key = $2 where id = $1").bind(id),
        Of::Contact(account, id) => {
            sql!("update contacts set avatar_key = $3 where account_id = $1 and id = $2").bind(account).bind(id)
        }
        Of::Inbox(account, id) => {
            sql!("update inboxes set avatar_key = $3 where account_id = $1 and id = $2").bind(account).bind(id)
        }
    }
}

/// Notes a file that is to be removed.
pub async fn release(tx: &mut Tx, account: AccountId, key: &str) -> Result<()> {
    sql!("insert into uploads (storage_key, account_id, created_at) values ($1, $2, 0) on conflict (storage_key) do nothing")
        .bind(key)
        .bind(account)
        .execute(tx)
        .await?;
    Ok(())
}
