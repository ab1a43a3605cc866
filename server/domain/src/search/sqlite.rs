//! The index in SQLite: an FTS5 table without content of its own. Its second column holds the account, so that a word that is common in
//! one account costs another nothing.

use db::{Builder, Tx};
use model::{AccountId, MessageId};

use crate::Result;

pub(super) async fn index(tx: &mut Tx, account: AccountId, id: MessageId, words: &[String]) -> Result<()> {
    db::Query::fixed("insert into message_search (rowid, document, account) values ($1, $2, $3)")
        .bind(id)
        .bind(words.join(" "))
        .bind(format!("a{account}"))
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn index_all(tx: &mut Tx, rows: &[(AccountId, MessageId, Vec<String>)]) -> Result<()> {
    let mut query = Builder::new("insert into message_search (rowid, document, account) values ");
    query.rows(
        rows.iter()
            .map(|(account, id, words)| vec![(*id).into(), words.join(" ").into(), format!("a{account}").into()]),
    );
    query.build().execute(tx).await?;
    Ok(())
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
    // Words hold letters and digits only, so that nothing in them is syntax.
    let document: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    let pattern = format!("account:a{account} AND document:({})", document.join(" AND "));
    query.push("select m.conversation_id from messages m where m.account_id = ").value(account);
    query.push(" and m.id in (select rowid from message_search where message_search match ").value(pattern).push(")");
}
