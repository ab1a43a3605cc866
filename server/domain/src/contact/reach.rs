//! Where a contact can be written to first.

use model::ContactId;
use model::inbox::Inbox;

use super::{get, place};
use crate::{Ctx, Result, channel, inbox};

/// The agent's inboxes in which this contact can be written to; each channel says for itself.
pub async fn inboxes(ctx: &Ctx, id: ContactId) -> Result<Vec<Inbox>> {
    let contact = get(ctx, id).await?;
    let places = place::list(ctx, id).await?;
    let mut reachable = Vec::new();
    for inbox in inbox::list(ctx).await? {
        let is_known = places.iter().any(|place| place.inbox_id == inbox.id);
        if channel::by_key(&inbox.channel)?.reaches(&contact, is_known) {
            reachable.push(inbox);
        }
    }
    Ok(reachable)
}
