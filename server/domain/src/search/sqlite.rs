//! The index in SQLite: an FTS5 table without content of its own. Its second column holds the account, so that a word that is common in
//! one account costs another nothing.

use db::{Builder, Tx};
use model::{AccountId, MessageId};

use super::Entry;
use crate::Result;
use crate::message::store::release::Of;

pub(super) fn index(entries: impl IntoIterator<Item = Entry>) -> db::Query {
    let mut query = Builder::new("insert into message_search (rowid, document, account) values ");
    let row = |entry: Entry| vec![entry.id.into(), entry.document.into(), format!("a{}", entry.account).into()];
    query.rows(entries.into_iter().map(row));
    query.build()
}

pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    db::Query::fixed("insert into message_search (message_search) values ('delete-all')").execute(tx).await?;
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx, id: MessageId) -> Result<()> {
    db::Query::fixed("delete from message_search where rowid = $1").bind(id).execute(tx).await?;
    Ok(())
}

pub(super) fn conversations(account: AccountId, words: &[String], query: &mut Builder) {
    let pattern = pattern(account, words, true);
    query.push(" and c.id in (select m.conversation_id from messages m where m.account_id = ").value(account);
    query.push(" and m.id in (select rowid from message_search where message_search match ").value(pattern).push("))");
}

/// Rows of an account with all these words. The last may be the beginning of a word: somebody may still be typing it; the others too, unless
/// they are to be `whole`.
pub(super) fn pattern(account: AccountId, words: &[String], whole: bool) -> String {
    let last = words.len().saturating_sub(1);
    // Words hold letters and digits only, so that nothing in them is syntax.
    let document = words.iter().enumerate().map(|(index, word)| {
        let star = if whole && index < last { "" } else { "*" };
        format!("\"{word}\"{star}")
    });
    format!("account:a{account} AND document:({})", document.collect::<Vec<_>>().join(" AND "))
}

/// Takes the messages of something that is about to be deleted out of the index. In PostgreSQL they go by themselves.
pub(super) async fn forget_of(tx: &mut Tx, account: AccountId, of: Of) -> Result<()> {
    let query = match of {
        Of::Conversation(id) => db::Query::fixed(
            "delete from message_search where rowid in (select id from messages where account_id = $1 and conversation_id = $2)",
        )
        .bind(account)
        .bind(id),
        Of::Contact(id) => db::Query::fixed(
            "delete from message_search where rowid in (select id from messages where account_id = $1
               and conversation_id in (select id from conversations where contact_id = $2))",
        )
        .bind(account)
        .bind(id),
        Of::Inbox(id) => db::Query::fixed(
            "delete from message_search where rowid in (select id from messages where account_id = $1
               and conversation_id in (select id from conversations where inbox_id = $2))",
        )
        .bind(account)
        .bind(id),
    };
    query.execute(tx).await?;
    Ok(())
}
