//! Files of messages that are about to be deleted: noted as uploads without a message, so that the sweep removes them.

use db::{Tx, sql};
use model::{AccountId, ContactId, ConversationId, InboxId};

use crate::Result;

/// What is about to be deleted.
#[derive(Clone, Copy)]
pub enum Of {
    Conversation(ConversationId),
    Contact(ContactId),
    Inbox(InboxId),
}

/// Notes the files, and what was made from them.
pub async fn release(tx: &mut Tx, account: AccountId, of: Of) -> Result<()> {
    let (whole, thumbs, id) = match of {
        Of::Conversation(id) => (
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.storage_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 where a.account_id = $1 and m.conversation_id = $2 on conflict (storage_key) do nothing"
            ),
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.thumb_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 where a.account_id = $1 and m.conversation_id = $2 and a.thumb_key is not null
                 on conflict (storage_key) do nothing"
            ),
            id.0,
        ),
        Of::Contact(id) => (
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.storage_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 join conversations c on c.id = m.conversation_id
                 where a.account_id = $1 and c.contact_id = $2 on conflict (storage_key) do nothing"
            ),
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.thumb_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 join conversations c on c.id = m.conversation_id
                 where a.account_id = $1 and c.contact_id = $2 and a.thumb_key is not null
                 on conflict (storage_key) do nothing"
            ),
            id.0,
        ),
        Of::Inbox(id) => (
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.storage_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 where a.account_id = $1 and m.inbox_id = $2 on conflict (storage_key) do nothing"
            ),
            sql!(
                "insert into uploads (storage_key, account_id, created_at)
                 select a.thumb_key, a.account_id, 0 from attachments a join messages m on m.id = a.message_id
                 where a.account_id = $1 and m.inbox_id = $2 and a.thumb_key is not null
                 on conflict (storage_key) do nothing"
            ),
            id.0,
        ),
    };
    whole.bind(account).bind(id).execute(&mut *tx).await?;
    thumbs.bind(account).bind(id).execute(tx).await?;
    Ok(())
}
