//! Labels of a conversation.

use model::{DisplayId, Permission};

use super::activity::{self, Activity};
use super::{access, store};
use crate::event::Part;
use crate::work::Work;
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
    let mut work = ctx.begin().await?;
    let facts = store::lock(&mut work.tx, known.account_id, known.id, work.now).await?.ok_or_else(Error::not_found)?;
    let after = change(ctx, &mut work, &facts, &normal(titles)).await?;
    work.commit().await?;
    Ok(after)
}

/// Makes exactly these the labels in an open change; what they are then.
pub(crate) async fn change(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &store::Facts,
    titles: &[String],
) -> Result<Vec<String>> {
    let before = of(work, facts).await?;
    store::set_labels(&mut work.tx, facts.account_id, facts.id, titles).await?;
    let after = of(work, facts).await?;
    if before != after {
        note_change(ctx, work, facts, &before, &after).await?;
        work.note_labels(facts, &before);
        work.record_update(facts, vec![Part::Labels], None);
    }
    Ok(after)
}

/// The labels in an open change, by title.
pub(crate) async fn of(work: &mut Work<'_>, facts: &store::Facts) -> Result<Vec<String>> {
    let rows = store::labels(&mut work.tx, facts.account_id, &[facts.id]).await?;
    Ok(rows.into_iter().map(|(_, title)| title).collect())
}

/// Titles as they are kept.
pub(crate) fn normal(titles: &[String]) -> Vec<String> {
    titles.iter().map(|title| title.trim().to_lowercase()).collect()
}

/// Writes which labels came and went.
pub(super) async fn note_change(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &store::Facts,
    before: &[String],
    after: &[String],
) -> Result<()> {
    let added = missing_in(after, before);
    let removed = missing_in(before, after);
    for (titles, activity) in [(&added, Activity::LabelsAdded(&added)), (&removed, Activity::LabelsRemoved(&removed))] {
        if !titles.is_empty() {
            activity::note(ctx, work, facts, activity).await?;
        }
    }
    Ok(())
}

fn missing_in(these: &[String], those: &[String]) -> String {
    these.iter().filter(|title| !those.contains(title)).map(String::as_str).collect::<Vec<_>>().join(", ")
}
