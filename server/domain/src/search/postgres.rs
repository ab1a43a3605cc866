//! The index in PostgreSQL: a `tsvector` per message under a GIN index. The account is one of its words, so that a word that is common in
//! one account costs another nothing.

use db::{Builder, Tx};
use model::{AccountId, MessageId};

use super::Entry;
use crate::Result;

pub(super) fn index(entries: impl IntoIterator<Item = Entry>) -> db::Query {
    let mut query = Builder::new(
        "insert into message_search (message_id, document)
         select r.id, to_tsvector('simple', r.document) from (values ",
    );
    let row = |entry: Entry| vec![entry.id.into(), format!("{} {}", mark(entry.account), entry.document).into()];
    query.rows(entries.into_iter().map(row));
    query.push(") as r (id, document) on conflict (message_id) do update set document = excluded.document");
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

pub(super) fn conversations(account: AccountId, words: &[String], query: &mut Builder) {
    query.push(
        "select m.conversation_id from messages m join message_search s on s.message_id = m.id where m.account_id = ",
    );
    query.value(account).push(" and ");
    matches(account, words, false, query);
    query.push(AT_ONCE);
}

/// Behind a select of what has some words. The planner can't know how many that are; it must not look at each row of a list whether it
/// has them, which for rare words would be at all rows.
pub(super) const AT_ONCE: &str = " offset 0";

/// That a row `s` has all these words. The last may be the beginning of a word; the others too, unless they are to be `whole`.
///
/// Where there is only one account, every row has its word: to look that up as well would take most of the time.
pub(super) fn matches(account: AccountId, words: &[String], whole: bool, query: &mut Builder) {
    let pattern = pattern(words, whole);
    query.push("s.document @@ (select to_tsquery('simple', case when exists (select 1 from accounts offset 1) then ");
    query.value(format!("{} & {pattern}", mark(account))).push(" else ").value(pattern).push(" end))");
}

fn pattern(words: &[String], whole: bool) -> String {
    let last = words.len().saturating_sub(1);
    // Words hold letters and digits only, so that nothing in them is syntax.
    let parts = words.iter().enumerate().map(|(index, word)| {
        let star = if whole && index < last { "" } else { ":*" };
        format!("{word}{star}")
    });
    parts.collect::<Vec<_>>().join(" & ")
}

/// A word that stands for the account and that no message contains by accident.
pub(super) fn mark(account: AccountId) -> String {
    format!("account{account}mark")
}
