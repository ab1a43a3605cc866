//! Reading conversations without asking who reads; callers have asked.

use std::collections::HashMap;

use model::agent::AgentRef;
use model::contact::Contact;
use model::conversation::{ContactRef, Conversation, ConversationRow, Preview, TeamRef};
use model::{AccountId, ConversationId};

use super::store::{self, DetailRow, ListRow};
use crate::message::attachment::avatar_url;
use crate::message::format;
use crate::{Ctx, Result, contact};

/// The rows of these conversations, in the order of the ids.
pub(crate) async fn rows(ctx: &Ctx, account: AccountId, ids: &[ConversationId]) -> Result<Vec<ConversationRow>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (titles, found) =
        tokio::try_join!(store::labels(ctx.db(), account, ids), store::list_rows(ctx.db(), account, ids))?;
    let mut labels: HashMap<ConversationId, Vec<String>> = HashMap::new();
    for (id, title) in titles {
        labels.entry(id).or_default().push(title);
    }
    let mut rows: HashMap<ConversationId, ListRow> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(ids
        .iter()
        .filter_map(|id| rows.remove(id))
        .map(|row| {
            let own = labels.remove(&row.id).unwrap_or_default();
            shown(row, own)
        })
        .collect())
}

fn shown(row: ListRow, labels: Vec<String>) -> ConversationRow {
    let preview = preview(&row);
    ConversationRow {
        id: row.id,
        display_id: row.display_id,
        inbox_id: row.inbox_id,
        status: row.status,
        priority: row.priority,
        contact: ContactRef {
            id: row.contact_id,
            name: row.contact_name,
            avatar_url: row.contact_avatar_key.as_deref().map(avatar_url).or(row.contact_avatar_url),
        },
        assignee: row.assignee_id.map(|id| AgentRef {
            id,
            name: row.assignee_name.unwrap_or_default(),
            avatar_url: row.assignee_avatar_key.as_deref().map(avatar_url),
        }),
        team: row.team_id.map(|id| TeamRef { id, name: row.team_name.unwrap_or_default() }),
        labels,
        unread_count: row.unread_count,
        preview,
        last_activity_at: row.last_activity_at,
        created_at: row.created_at,
        waiting_since: row.waiting_since,
        snoozed_until: row.snoozed_until,
    }
}

fn preview(row: &ListRow) -> Option<Preview> {
    Some(Preview {
        message_id: row.preview_id?,
        kind: row.preview_kind?,
        private: row.preview_private.unwrap_or_default(),
        text: format::preview(row.preview_content.as_deref().unwrap_or_default()),
        file: row.preview_file,
        status: row.preview_status?,
        author_id: row.preview_author,
    })
}

/// One conversation with everything.
pub(crate) async fn one(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(many(ctx, account, &[id]).await?.into_iter().next())
}

/// Conversations with everything, in the order of the ids.
pub(crate) async fn many(ctx: &Ctx, account: AccountId, ids: &[ConversationId]) -> Result<Vec<Conversation>> {
    let (rows, details) = tokio::try_join!(rows(ctx, account, ids), store::details(ctx.db(), account, ids))?;
    let contacts: Vec<_> = rows.iter().map(|row| row.contact.id).collect();
    let contacts = contact::read::many(ctx, account, &contacts).await?;
    let contacts: HashMap<_, _> = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let mut details: HashMap<_, _> = details.into_iter().map(|detail| (detail.id, detail)).collect();
    // Whatever was removed between two reads is left out.
    let whole =
        |row: ConversationRow| Some(whole(contacts.get(&row.contact.id)?.clone(), details.remove(&row.id)?, row));
    Ok(rows.into_iter().filter_map(whole).collect())
}

fn whole(contact: Contact, detail: DetailRow, row: ConversationRow) -> Conversation {
    Conversation {
        row,
        uuid: detail.uuid,
        contact_inbox_id: detail.contact_inbox_id,
        source_id: detail.source_id,
        hmac_verified: detail.hmac_verified,
        contact,
        additional_attributes: detail.additional_attributes.0,
        custom_attributes: detail.custom_attributes.0,
        agent_last_seen_at: detail.agent_last_seen_at,
        assignee_last_seen_at: detail.assignee_last_seen_at,
        contact_last_seen_at: detail.contact_last_seen_at,
        first_reply_created_at: detail.first_reply_created_at,
        updated_at: detail.updated_at,
        can_reply: true,
    }
}
