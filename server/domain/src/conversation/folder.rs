//! How many open conversations are behind each inbox, team, label and saved view.

use model::conversation::{ConversationFilter, FolderCounts, Involvement};
use model::filter::Subject;

use super::{list, store};
use crate::{Ctx, Result, saved_view};

/// Beyond this a view's count is "and more": counting on would cost more than the number tells.
pub const MOST_COUNTED: i64 = 100;
/// So many views are counted.
const MOST_VIEWS: usize = 30;

/// The counts, of what the agent may know of.
pub async fn counts(ctx: &Ctx) -> Result<FolderCounts> {
    let agent = ctx.agent()?;
    let (inboxes, teams, labels) = tokio::try_join!(
        store::folder::by_inbox(ctx.db(), agent),
        store::folder::by_team(ctx.db(), agent),
        store::folder::by_label(ctx.db(), agent),
    )?;
    let mut views = Vec::new();
    for view in saved_view::list(ctx, Some(Subject::Conversation)).await?.into_iter().take(MOST_VIEWS) {
        let filter = ConversationFilter { status: None, conditions: view.conditions, ..ConversationFilter::default() };
        // A view whose field is gone says so when it is opened.
        if let Ok(count) = list::count_up_to(ctx, &filter, MOST_COUNTED).await {
            views.push((view.id, count));
        }
    }
    let involved = |involved| ConversationFilter { involved: Some(involved), ..ConversationFilter::default() };
    let unattended = ConversationFilter { unattended: true, ..ConversationFilter::default() };
    let (mentioned, participating) = (involved(Involvement::Mentioned), involved(Involvement::Participating));
    let (mentioned, participating, unattended) = tokio::try_join!(
        list::count_up_to(ctx, &mentioned, MOST_COUNTED),
        list::count_up_to(ctx, &participating, MOST_COUNTED),
        list::count_up_to(ctx, &unattended, MOST_COUNTED),
    )?;
    Ok(FolderCounts { inboxes, teams, labels, views, mentioned, participating, unattended })
}
