//! Files of messages that are about to be deleted, and mails as they came: noted as uploads without a message, so that the sweep
//! removes them.

use db::{Tx, sql};
use model::{AccountId, ContactId, ConversationId, InboxId};

use crate::Result;

macro_rules! noted {
    ($which:literal) => {
        sql!(concat!(
            "insert into uploads (storage_key, account_id, created_at)
             select a.storage_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
             where a.account_id = $1 and ",
            $which,
            " union select a.thumb_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
             where a.account_id = $1 and a.thumb_key is not null and ",
            $which,
            " on conflict (storage_key) do nothing"
        ))
    };
}

macro_rules! mails_noted {
    ($which:literal) => {
        sql!(concat!(
            "insert into uploads (storage_key, account_id, created_at)
             select storage_key, account_id, 0 from mails where account_id = $1 and storage_key is not null and ",
            $which,
            " on conflict (storage_key) do nothing"
        ))
    };
}

/// What is about to be deleted.
#[derive(Clone, Copy)]
pub enum Of {
    Conversation(ConversationId),
    Contact(ContactId),
    Inbox(InboxId),
}

/// Notes the files, and what was made from them; takes the messages out of the search index.
pub async fn release(tx: &mut Tx, account: AccountId, of: Of) -> Result<()> {
    let statement = match of {
        Of::Conversation(id) => noted!("m.conversation_id = $2").bind(account).bind(id),
        Of::Contact(id) => {
            noted!("m.conversation_id in (select id from conversations where contact_id = $2)").bind(account).bind(id)
        }
        Of::Inbox(id) => noted!("m.inbox_id = $2").bind(account).bind(id),
    };
    statement.execute(&mut *tx).await?;
    let statement = match of {
        Of::Conversation(id) => mails_noted!("conversation_id = $2").bind(account).bind(id),
        Of::Contact(id) => mails_noted!("conversation_id in (select id from conversations where contact_id = $2)")
            .bind(account)
            .bind(id),
        Of::Inbox(id) => mails_noted!("inbox_id = $2").bind(account).bind(id),
    };
    statement.execute(&mut *tx).await?;
    crate::search::forget_of(tx, account, of).await
}
