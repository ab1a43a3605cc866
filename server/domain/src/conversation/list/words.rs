//! Lists of conversations in which something was said.
//!
//! Words that many have are found by a look at the first conversations of the list: to gather all of them from the index would take
//! long, however few are shown. A word that few have costs little in the index.

use std::collections::HashSet;

use db::Builder;
use model::ConversationId;

use super::{Asked, Placed, Words};
use crate::Result;
use crate::search::{self, Sought};

/// Conversations that are looked at first.
const FIRST: usize = 20;
/// The same at each further step, and in all.
const STEP: usize = 100;
const MOST: usize = 400;
/// Messages and bytes of a conversation that are looked through, taken together with the others of a step. The index is asked where
/// conversations are longer.
const MOST_MESSAGES: usize = 20;
const MOST_BYTES: usize = 20_000;
/// Messages that are looked through at a time: others must have their turn.
const AT_A_TIME: usize = 50;
/// A page that begins further from the beginning is asked of the index.
const FURTHEST: i64 = 100;

/// A page of those with the filter's words; `None` where the index finds them sooner.
pub(super) async fn first(
    asked: &Asked<'_>,
    mut after: Option<Placed>,
    size: i64,
    offset: i64,
) -> Result<Option<Vec<Placed>>> {
    let Some(sought) = asked.filter.query.as_deref().map(search::in_messages).filter(|sought| !sought.is_empty())
    else {
        return Ok(None);
    };
    if offset > FURTHEST || !asked.is_soon_found() || !sought.iter().all(Sought::is_plain) {
        return Ok(None);
    }
    let page = |found: Vec<Placed>| {
        let behind = found.into_iter().skip(usize::try_from(offset).unwrap_or_default());
        behind.take(usize::try_from(size).unwrap_or_default()).collect()
    };
    let wanted = usize::try_from(offset + size).unwrap_or_default();
    let mut found = Vec::new();
    let (mut looked, mut step) = (0, FIRST);
    while looked < MOST {
        let rows = asked.rows(Words::Ignored, after, i64::try_from(step).unwrap_or(i64::MAX), 0).await?;
        let Some(with) = having(asked, &rows, &sought).await? else { return Ok(None) };
        found.extend(rows.iter().filter(|(id, _)| with.contains(id)));
        if found.len() >= wanted || rows.len() < step {
            return Ok(Some(page(found)));
        }
        looked += step;
        // They would not fill the page.
        if found.len() * MOST < wanted * looked {
            return Ok(None);
        }
        (after, step) = (rows.last().copied(), STEP);
    }
    Ok(None)
}

/// Which of them have a message with all these words; `None` where that is too much to look at.
async fn having(asked: &Asked<'_>, rows: &[Placed], sought: &[Sought]) -> Result<Option<HashSet<ConversationId>>> {
    let mut with = HashSet::new();
    if rows.is_empty() {
        return Ok(Some(with));
    }
    let mut query = Builder::new("select m.conversation_id, substr(m.content, 1, CAST(");
    query.value(i64::try_from(search::MAX_INDEXED).unwrap_or(i64::MAX));
    query.push(" AS INTEGER)) from messages m where m.conversation_id in ");
    query.list(rows.iter().map(|(id, _)| *id)).push(" and +m.account_id = ").value(asked.agent.account_id);
    query
        .push(" and m.kind <> 'activity' limit ")
        .value(i64::try_from(rows.len() * MOST_MESSAGES + 1).unwrap_or(i64::MAX));
    let messages: Vec<(ConversationId, String)> = query.build().fetch_all(asked.db).await?;
    let bytes: usize = messages.iter().map(|(_, text)| text.len()).sum();
    if messages.len() > rows.len() * MOST_MESSAGES || bytes > rows.len() * MOST_BYTES {
        return Ok(None);
    }
    for (number, (conversation, text)) in messages.into_iter().enumerate() {
        if number % AT_A_TIME == AT_A_TIME - 1 {
            tokio::task::yield_now().await;
        }
        if !with.contains(&conversation) && search::holds(&text, sought) {
            with.insert(conversation);
        }
    }
    Ok(Some(with))
}
