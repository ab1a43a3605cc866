//! Finding texts: words and their beginnings, accents and case ignored, the whole history. The index is written with the message.

pub(crate) mod contact;
pub(crate) mod conversation;
mod edition;
pub mod find;
mod mark;
pub(crate) mod parts;
mod postgres;
mod sought;
mod sqlite;

use std::collections::HashSet;

use db::{Builder, Db, Tx, sql};
pub use edition::Parts;
pub(crate) use edition::{is_made, is_not_made, keep};
use model::{AccountId, ConversationId, MessageId};
pub(crate) use sought::{Sought, holds, in_messages};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::Result;
use crate::message::store::release::Of;

/// Words of one query that count.
const MAX_WORDS: usize = 8;
/// Characters of a message that are indexed.
pub(crate) const MAX_INDEXED: usize = 20_000;
/// Messages that one statement adds.
const AT_ONCE: usize = 300;

/// A text without case and accents: `João` becomes `joao`.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        // Most letters have nothing to take apart.
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase));
        }
    }
    folded
}

/// The words of a text, folded.
fn words(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The words of a text, folded, each once and with blanks between them: what the indexes are given. How often a word is said and where
/// is nothing they are asked for.
pub(crate) fn document(text: &str) -> String {
    let text = text.char_indices().nth(MAX_INDEXED).map_or(text, |(end, _)| &text[..end]);
    let folded = fold(text);
    let mut known = HashSet::new();
    let mut document = String::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()) {
        if word.is_empty() || !known.insert(word) {
            continue;
        }
        if !document.is_empty() {
            document.push(' ');
        }
        document.push_str(word);
    }
    document
}

/// A message as the index has it.
pub(crate) struct Entry {
    account: AccountId,
    conversation: ConversationId,
    id: MessageId,
    document: String,
}

impl Entry {
    /// Of a [`document`]; nothing for a message without words.
    pub fn new(account: AccountId, conversation: ConversationId, id: MessageId, document: String) -> Option<Self> {
        (!document.is_empty()).then_some(Self { account, conversation, id, document })
    }
}

/// Adds messages to the index with the transaction that writes them, all of them at its end: SQLite writes what it gathered of an index
/// to the disk whenever anything else happens in between.
pub(crate) fn index(tx: &mut Tx, entries: Vec<Entry>) {
    let mut entries = entries.into_iter().peekable();
    while entries.peek().is_some() {
        query(tx, entries.by_ref().take(AT_ONCE)).later(tx);
    }
}

fn query(tx: &Tx, entries: impl IntoIterator<Item = Entry>) -> db::Query {
    match tx {
        Tx::Sqlite(_) => sqlite::index(entries),
        Tx::Postgres(_) => postgres::index(entries),
    }
}

/// Behind a select of rows that nobody shall change until the end of the transaction. SQLite has one writer at a time.
fn no_longer_changed(tx: &Tx) -> &'static str {
    match tx {
        Tx::Sqlite(_) => "",
        Tx::Postgres(_) => " for no key update",
    }
}

/// Makes the whole index anew from the messages, after these came from elsewhere.
pub(crate) async fn rebuild(tx: &mut Tx) -> Result<()> {
    match tx {
        Tx::Sqlite(_) => sqlite::clear(tx).await?,
        Tx::Postgres(_) => postgres::clear(tx).await?,
    }
    contact::rebuild(tx).await?;
    conversation::rebuild(tx).await?;
    let mut after = MessageId(0);
    loop {
        let texts: Vec<(AccountId, ConversationId, MessageId, String)> = sql!(
            "select account_id, conversation_id, id, content from messages where id > $1 and kind <> 'activity'
             order by id limit 300"
        )
        .bind(after)
        .fetch_all(&mut *tx)
        .await?;
        let Some((_, _, last, _)) = texts.last() else { return Ok(()) };
        after = *last;
        let entry = |(account, talk, id, text): (_, _, _, String)| Entry::new(account, talk, id, document(&text));
        index(tx, texts.into_iter().filter_map(entry).collect());
    }
}

/// Makes the indexes that are missing although there is something to find: it is older than the schema that brought them.
pub async fn complete(app: &crate::App) -> Result<()> {
    let (messages,): (bool,) = sql!(
        "select exists (select 1 from messages where kind <> 'activity') and not exists (select 1 from message_search)"
    )
    .fetch_one(&app.db)
    .await?;
    if messages {
        tracing::info!("the index of all messages is made; large databases take some minutes");
        let mut tx = app.db.begin().await?;
        rebuild(&mut tx).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Lets all messages of a conversation be found in another one. Called before they go there.
pub(crate) async fn move_all(tx: &mut Tx, from: ConversationId, into: ConversationId) -> Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => postgres::move_all(tx, from, into).await,
    }
}

/// The same for some messages.
pub(crate) async fn move_some(
    tx: &mut Tx,
    from: ConversationId,
    into: ConversationId,
    ids: &[MessageId],
) -> Result<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(_) => postgres::move_some(tx, from, into, ids).await,
    }
}

/// Takes the messages of something that is about to be deleted out of the index.
pub(crate) async fn forget_of(tx: &mut Tx, account: AccountId, of: Of) -> Result<()> {
    match tx {
        Tx::Sqlite(_) => sqlite::forget_of(tx, account, of).await,
        Tx::Postgres(_) => Ok(()),
    }
}

/// Takes a message out of the index.
pub(crate) async fn forget(tx: &mut Tx, id: MessageId) -> Result<()> {
    match tx {
        Tx::Sqlite(_) => sqlite::forget(tx, id).await,
        Tx::Postgres(_) => postgres::forget(tx, id).await,
    }
}

/// Adds the condition that a conversation `c` has a message with all these words. Nothing matches an empty text.
pub(crate) fn conversations(db: &Db, account: AccountId, text: &str, query: &mut Builder) {
    let words = in_messages(text);
    if words.is_empty() {
        query.push(" and 1 = 0");
    } else if db.is_postgres() {
        postgres::conversations(account, &words, query);
    } else {
        sqlite::conversations(account, &words, query);
    }
}

/// Begins a statement that knows conversations by what was said in them last: `looked` are the messages that were looked at, `said`
/// those with all these words. `false`, and nothing added, for an empty text.
pub(crate) fn with_newest(db: &Db, account: AccountId, text: &str, query: &mut Builder) -> bool {
    let words = in_messages(text);
    if words.is_empty() {
        return false;
    }
    if db.is_postgres() {
        postgres::with_newest(account, &words, query);
    } else {
        sqlite::with_newest(account, &words, query);
    }
    true
}

/// That a conversation `c` has one of the messages that [`with_newest`] found.
pub(crate) const AMONG_NEWEST: &str = " and c.id in (select conversation_id from said)";

/// What [`with_newest`] has looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Looked {
    /// All there is: the numbers are exact.
    AtAll,
    /// So much that the rest matters little: the numbers are the least.
    Enough,
    /// Too little was found: the words are rare, and the index has all places soon.
    TooLittle,
}

/// The same by its numbers.
pub(crate) fn looked(db: &Db, looked: i64, said: i64) -> Looked {
    match db.is_postgres() {
        true if looked < postgres::COUNTED => Looked::AtAll,
        true if said < postgres::COMMON => Looked::TooLittle,
        false if said < sqlite::NEWEST => Looked::AtAll,
        _ => Looked::Enough,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_words_with_blanks() {
        assert_eq!(document("  O pedido, *não*\nchegou! Nao, o PEDIDO não."), "o pedido nao chegou");
        assert_eq!(document("…"), "");
        assert_eq!(document(&"é".repeat(MAX_INDEXED + 1)).len(), MAX_INDEXED);
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        assert_eq!(fold("São João É ÜBER"), "sao joao e uber");
        assert_eq!(
            words("O pedido nº 12-34, por favor!"),
            ["o", "pedido", "n", "12", "34", "por", "favor"].map(|w| if w == "n" {
                "nº".to_owned()
            } else {
                w.to_owned()
            })
        );
    }
}
