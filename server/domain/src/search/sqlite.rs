//! The index in SQLite: an FTS5 table without content of its own. Its second column holds the account, so that a word that is common in
//! one account costs another nothing.

use db::{Builder, Tx};
use model::{AccountId, MessageId};

use super::Entry;
use super::sought::Sought;
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

pub(super) fn conversations(account: AccountId, words: &[Sought], query: &mut Builder) {
    query.push(" and c.id in (select m.conversation_id from messages m where m.account_id = ").value(account);
    query.push(" and m.id in (select rowid from message_search where message_search match ");
    pattern(account, words, query);
    query.push("))");
}

/// Messages with some words, from the newest on, by which their conversations are counted: some milliseconds.
pub(super) const NEWEST: i64 = 5_000;

/// The index is in the order of messages.
pub(super) fn with_newest(account: AccountId, words: &[Sought], query: &mut Builder) {
    query.push("with looked as materialized (select rowid as id from message_search where message_search match ");
    pattern(account, words, query);
    query.push(" order by rowid desc limit ").value(NEWEST);
    query.push(
        "), said as materialized (select m.conversation_id from messages m where m.id in (select id from looked)) ",
    );
}

/// Adds what an index is asked for: rows of an account with all these words.
///
/// Where there is only one account, every row has its word: to look that up as well would take most of the time.
pub(super) fn pattern(account: AccountId, words: &[Sought], query: &mut Builder) {
    let document: Vec<String> =
        words.iter().map(|word| format!("\"{}\"{}", word.text, if word.is_beginning { "*" } else { "" })).collect();
    let document = format!("document:({})", document.join(" AND "));
    query.push("case when exists (select 1 from accounts limit 1 offset 1) then ");
    query.value(format!("account:a{account} AND {document}")).push(" else ").value(document).push(" end");
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
