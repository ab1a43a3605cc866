//! Reading inboxes without asking who reads; callers have asked.

use model::inbox::Inbox;
use model::{AccountId, InboxId};

use super::store::{self, Row};
use crate::{Ctx, Result, channel, hours};

impl From<Row> for Inbox {
    fn from(row: Row) -> Self {
        let has_copies = channel::by_key(&row.channel).is_ok_and(|channel| channel.abilities().has_copies);
        Self {
            has_copies,
            id: row.id,
            name: row.name,
            channel: row.channel,
            identifier: row.identifier,
            avatar_url: row.avatar_key.as_deref().map(crate::message::attachment::avatar_url),
            greeting_enabled: row.greeting_enabled,
            greeting_message: row.greeting_message,
            enable_auto_assignment: row.enable_auto_assignment,
            enable_email_collect: row.enable_email_collect,
            csat_survey_enabled: row.csat_survey_enabled,
            working_hours_enabled: row.working_hours_enabled,
            working_hours: hours::stored(row.working_hours.0),
            out_of_office_message: row.out_of_office_message,
            timezone: row.timezone,
            allow_messages_after_resolved: row.allow_messages_after_resolved,
            lock_to_single_conversation: row.lock_to_single_conversation,
            trouble: row.trouble,
            config: row.config.0,
            created_at: row.created_at,
        }
    }
}

pub(crate) async fn one(ctx: &Ctx, account: AccountId, id: InboxId) -> Result<Option<Inbox>> {
    Ok(store::find(ctx.db(), account, id).await?.map(Inbox::from))
}

pub(crate) async fn all(ctx: &Ctx, account: AccountId) -> Result<Vec<Inbox>> {
    Ok(store::all(ctx.db(), account).await?.into_iter().map(Inbox::from).collect())
}

/// An inbox as those find it who know its public name.
pub(crate) struct Public {
    pub account_id: AccountId,
    pub inbox: Inbox,
    /// Whether nobody may work in the account.
    pub suspended: bool,
    /// The account's language.
    pub locale: String,
}

/// The inbox with this public name.
pub(crate) async fn by_identifier(ctx: &Ctx, channel: &str, identifier: &str) -> Result<Option<Public>> {
    let row = store::find_by_identifier(ctx.db(), channel, identifier).await?;
    Ok(row.map(|row| Public {
        account_id: row.inbox.account_id,
        inbox: Inbox::from(row.inbox),
        suspended: row.suspended,
        locale: row.locale,
    }))
}
