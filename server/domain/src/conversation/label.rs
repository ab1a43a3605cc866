//! Labels of a conversation.

use model::{DisplayId, Permission};

use super::activity::{self, Activity};
use super::{access, store};
use crate::event::{Event, Part};
use crate::{Ctx, Error, Result};

/// The labels, by title.
pub async fn list(ctx: &Ctx, id: DisplayId) -> Result<Vec<String>> {
    let facts = access(ctx, id).await?;
    let rows = store::labels(ctx.db(), facts.account_id, &[facts.id]).await?;
    Ok(rows.into_iter().map(|(_, title)| title).collect())
}

/// Makes exactly these the labels. Titles that the account does not have are left out.
pub async fn set(ctx: &Ctx, id: DisplayId, titles: &[String]) -> Result<Vec<String>> {
    ctx.agent()?.require(Permission::WorkConversations)?;
    let known = access(ctx, id).await?;
    let titles: Vec<String> = titles.iter().map(|title| title.trim().to_lowercase()).collect();
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    let before = titles_of(store::labels(&mut work.tx, facts.account_id, &[facts.id]).await?);
    store::set_labels(&mut work.tx, facts.account_id, facts.id, &titles).await?;
    let after = titles_of(store::labels(&mut work.tx, facts.account_id, &[facts.id]).await?);
    if before == after {
        work.commit().await?;
        return Ok(after);
    }
    let added = missing_in(&after, &before);
    let removed = missing_in(&before, &after);
    for (titles, activity) in [(&added, Activity::LabelsAdded(&added)), (&removed, Activity::LabelsRemoved(&removed))] {
        if !titles.is_empty() {
            activity::note(ctx, &mut work, &facts, activity).await?;
        }
    }
    let changed = vec![Part::Labels];
    work.record(facts.account_id, Event::ConversationUpdated { conversation_id: facts.id, changed, before: None });
    work.commit().await?;
    Ok(after)
}

fn titles_of(rows: Vec<(model::ConversationId, String)>) -> Vec<String> {
    rows.into_iter().map(|(_, title)| title).collect()
}

fn missing_in(these: &[String], those: &[String]) -> String {
    these.iter().filter(|title| !those.contains(title)).map(String::as_str).collect::<Vec<_>>().join(", ")
}
