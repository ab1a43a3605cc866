//! The index in PostgreSQL: a `tsvector` per message under a GIN index. The account is one of its words, so that a word that is common in
//! one account costs another nothing. The conversation stands beside them, so that nobody who looks for conversations visits messages.

use db::{Builder, Tx};
use model::{AccountId, ConversationId, MessageId};

use super::Entry;
use super::sought::Sought;
use crate::Result;

pub(super) fn index(entries: impl IntoIterator<Item = Entry>) -> db::Query {
    let mut query = Builder::new(
        "insert into message_search (message_id, conversation_id, document)
         select r.id, r.conversation_id, to_tsvector('simple', r.document) from (values ",
    );
    let row = |entry: Entry| {
        let document = format!("{} {}", mark(entry.account), entry.document);
        vec![entry.id.into(), entry.conversation.into(), document.into()]
    };
    query.rows(entries.into_iter().map(row));
    query.push(
        ") as r (id, conversation_id, document) on conflict (message_id) do update set document = excluded.document",
    );
    query.build()
}

pub(super) async fn clear(tx: &mut Tx) -> Result<()> {
    db::Query::fixed("delete from message_search").execute(tx).await?;
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx, id: MessageId) -> Result<()> {
    db::Query::fixed("delete from message_search where message_id = $1").bind(id).execute(tx).await?;
    Ok(())
}

pub(super) async fn move_all(tx: &mut Tx, from: ConversationId, into: ConversationId) -> Result<()> {
    db::Query::fixed(
        "update message_search set conversation_id = $2
         where message_id in (select id from messages where conversation_id = $1)",
    )
    .bind(from)
    .bind(into)
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn move_some(
    tx: &mut Tx,
    from: ConversationId,
    into: ConversationId,
    ids: &[MessageId],
) -> Result<()> {
    let mut query = Builder::new("update message_search set conversation_id = ");
    query.value(into).push(" where conversation_id = ").value(from);
    query.push(" and message_id in ").list(ids.iter().copied());
    query.build().execute(tx).await?;
    Ok(())
}

/// The ids come as an array, which the planner takes for a short one: it looks those conversations up. With a select in its place it
/// prefers to pass over all conversations of the account.
pub(super) fn conversations(account: AccountId, words: &[Sought], query: &mut Builder) {
    query.push(" and c.id = any(array(select s.conversation_id from message_search s where ");
    matches(account, words, query);
    query.push("))");
}

/// Messages that are looked through from the newest on before the index of words is asked: some milliseconds.
pub(super) const NEWEST: i64 = 10_000;
/// The same for counts: what is said in them is told as the least there is.
pub(super) const COUNTED: i64 = 5_000;
/// Words that so many of those have are common: to visit all there are would take long.
pub(super) const COMMON: i64 = 150;

/// The index is in no order, so the newest messages are looked through without it.
pub(super) fn with_newest(account: AccountId, words: &[Sought], query: &mut Builder) {
    query.push(
        "with looked as materialized (
             select conversation_id, document from message_search order by message_id desc limit ",
    );
    query.value(COUNTED);
    query.push("), said as materialized (select s.conversation_id from looked s where ");
    matches(account, words, query);
    query.push(") ");
}

/// Behind a select of what has some words. The planner can't know how many that are; it must not look at each row of a list whether it
/// has them, which for rare words would be at all rows.
pub(super) const AT_ONCE: &str = " offset 0";

/// That a row `s` has all these words.
///
/// Where there is only one account, every row has its word: to look that up as well would take most of the time.
pub(super) fn matches(account: AccountId, words: &[Sought], query: &mut Builder) {
    let pattern = pattern(words);
    query.push("s.document @@ (select to_tsquery('simple', case when exists (select 1 from accounts offset 1) then ");
    query.value(format!("{} & {pattern}", mark(account))).push(" else ").value(pattern).push(" end))");
}

fn pattern(words: &[Sought]) -> String {
    let parts = words.iter().map(|word| [word.text.as_str(), if word.is_beginning { ":*" } else { "" }].concat());
    parts.collect::<Vec<_>>().join(" & ")
}

/// A word that stands for the account and that no message contains by accident.
pub(super) fn mark(account: AccountId) -> String {
    format!("account{account}mark")
}
