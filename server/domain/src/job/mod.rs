//! Work that follows a change: durable, retried, done once as seen from outside.
//!
//! A job is a row that was written in the change's own transaction. Workers take it on a lease; a worker that dies loses the lease
//! and another takes over, so everything a job does must be safe to do twice.

pub mod runner;
pub mod schedule;
pub mod store;

use std::sync::Arc;

use model::{
    AccountId, AttachmentId, BulkId, ContactId, ContactImportId, ConversationId, InboxId, MacroRunId, MessageId,
    Millis, NotificationId, ScheduledId, UserId,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::{Ctx, Result};

/// Every kind of work. One variant, one line in [`run`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// A small picture for a large one.
    MakeThumbnail { account_id: AccountId, attachment_id: AttachmentId },
    /// A snooze that may have ended.
    WakeConversation { account_id: AccountId, conversation_id: ConversationId },
    /// A change of many conversations.
    RunBulk { account_id: AccountId, bulk_id: BulkId },
    /// Conversations of an account that may wait for an agent.
    AssignWaiting { account_id: AccountId },
    /// Conversations of an account in which nothing has happened for long.
    ResolveQuiet { account_id: AccountId },
    /// A message whose time may have come.
    SendScheduled { account_id: AccountId, scheduled_id: ScheduledId },
    /// The steps of a macro that are left.
    RunMacro { account_id: AccountId, run_id: MacroRunId },
    /// Mail with a link to choose a new password.
    MailPasswordReset { user_id: UserId },
    /// Mail with what was said in a conversation.
    MailTranscript {
        account_id: AccountId,
        conversation_id: ConversationId,
        to: String,
        /// `None`: the account's language.
        #[serde(default)]
        locale: Option<String>,
    },
    /// Mail with what somebody has not seen of their conversation.
    MailUnseen { account_id: AccountId, conversation_id: ConversationId },
    /// Mail to somebody of the team about what concerns them.
    MailNotification { account_id: AccountId, notification_id: NotificationId },
    /// Word to another system about a conversation.
    CallWebhook { account_id: AccountId, conversation_id: ConversationId, url: String, event: String },
    /// Word to the program that is an inbox's channel.
    TellInbox(crate::webhook::told::Told),
    /// The same about somebody who types.
    TellTyping(crate::webhook::typing::Typing),
    /// Mail with a link that proves a new address.
    MailEmailChange { user_id: UserId },
    /// Word to an address that is no longer somebody's.
    MailEmailChanged { user_id: UserId, old: String },
    /// Mail with a link to join an account.
    MailInvitation { account_id: AccountId, user_id: UserId },
    /// The rest of somebody who is being erased.
    EraseContact { account_id: AccountId, contact_id: ContactId },
    /// The next rows of a table with contacts.
    ImportContacts { account_id: AccountId, import_id: ContactImportId },
    /// Mail with what became of such a table.
    MailContactsImported { account_id: AccountId, import_id: ContactImportId },
    /// A message for a channel's provider.
    DeliverMessage {
        account_id: AccountId,
        message_id: MessageId,
        #[serde(default)]
        turn: i64,
    },
    /// New mail of an inbox.
    ReadMailbox { account_id: AccountId, inbox_id: InboxId },
    /// Conversations of somebody who left that are still theirs.
    HandBackConversations { account_id: AccountId, user_id: UserId },
    /// One of the tasks of [`schedule::TASKS`].
    Recurring { task: String },
}

impl Job {
    /// The word for this job in the table and in metrics.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::MakeThumbnail { .. } => "make_thumbnail",
            Self::WakeConversation { .. } => "wake_conversation",
            Self::RunBulk { .. } => "run_bulk",
            Self::AssignWaiting { .. } => "assign_waiting",
            Self::ResolveQuiet { .. } => "resolve_quiet",
            Self::RunMacro { .. } => "run_macro",
            Self::SendScheduled { .. } => "send_scheduled",
            Self::MailPasswordReset { .. } => "mail_password_reset",
            Self::MailTranscript { .. } => "mail_transcript",
            Self::MailUnseen { .. } => "mail_unseen",
            Self::MailNotification { .. } => "mail_notification",
            Self::CallWebhook { .. } => "call_webhook",
            Self::TellInbox(..) => "tell_inbox",
            Self::TellTyping(..) => "tell_typing",
            Self::MailEmailChange { .. } => "mail_email_change",
            Self::MailEmailChanged { .. } => "mail_email_changed",
            Self::MailInvitation { .. } => "mail_invitation",
            Self::EraseContact { .. } => "erase_contact",
            Self::ImportContacts { .. } => "import_contacts",
            Self::MailContactsImported { .. } => "mail_contacts_imported",
            Self::DeliverMessage { .. } => "deliver_message",
            Self::ReadMailbox { .. } => "read_mailbox",
            Self::HandBackConversations { .. } => "hand_back_conversations",
            Self::Recurring { .. } => "recurring",
        }
    }
}

/// Does a job. Called at least once for each.
pub(crate) async fn run(ctx: &Ctx, job: Job) -> Result<()> {
    match job {
        Job::MakeThumbnail { account_id, attachment_id } => {
            crate::message::attachment::make_thumbnail(ctx, account_id, attachment_id).await
        }
        Job::WakeConversation { account_id, conversation_id } => {
            crate::conversation::snooze::wake(ctx, account_id, conversation_id).await
        }
        Job::RunBulk { account_id, bulk_id } => crate::bulk::run(ctx, account_id, bulk_id).await,
        Job::AssignWaiting { account_id } => crate::assignment::serve(ctx, account_id).await,
        Job::ResolveQuiet { account_id } => crate::conversation::auto_resolve::run(ctx, account_id).await,
        Job::RunMacro { account_id, run_id } => crate::macros::run::go_on(ctx, account_id, run_id).await,
        Job::SendScheduled { account_id, scheduled_id } => {
            crate::message::scheduled::send_due(ctx, account_id, scheduled_id).await
        }
        Job::MailPasswordReset { user_id } => crate::session::reset::mail(ctx, user_id).await,
        Job::MailTranscript { account_id, conversation_id, to, locale } => {
            crate::mail::transcript::send(ctx, account_id, conversation_id, &to, locale.as_deref()).await
        }
        Job::MailUnseen { account_id, conversation_id } => {
            crate::continuity::run(ctx, account_id, conversation_id).await
        }
        Job::MailNotification { account_id, notification_id } => {
            crate::notification::tell(ctx, account_id, notification_id).await
        }
        Job::CallWebhook { account_id, conversation_id, url, event } => {
            crate::webhook::tell(ctx, account_id, conversation_id, &url, &event).await
        }
        Job::TellInbox(told) => crate::webhook::told::tell(ctx, &told).await,
        Job::TellTyping(typing) => crate::webhook::typing::tell(ctx, &typing).await,
        Job::MailEmailChange { user_id } => crate::agent::email::mail(ctx, user_id).await,
        Job::MailEmailChanged { user_id, old } => crate::agent::email::mail_old(ctx, user_id, old).await,
        Job::MailInvitation { account_id, user_id } => crate::agent::invitation::mail(ctx, account_id, user_id).await,
        Job::EraseContact { account_id, contact_id } => {
            crate::contact::erase::finish(ctx, account_id, contact_id).await
        }
        Job::ImportContacts { account_id, import_id } => crate::contact::import::run(ctx, account_id, import_id).await,
        Job::MailContactsImported { account_id, import_id } => {
            crate::contact::import::mail_result(ctx, account_id, import_id).await
        }
        Job::DeliverMessage { account_id, message_id, turn } => {
            crate::delivery::run(ctx, account_id, message_id, turn).await
        }
        Job::ReadMailbox { account_id, inbox_id } => crate::mailbox::read_one(ctx, account_id, inbox_id).await,
        Job::HandBackConversations { account_id, user_id } => {
            crate::agent::leave::hand_back_rest(ctx, account_id, user_id).await
        }
        Job::Recurring { task } => schedule::run(ctx, &task).await,
    }
}

/// A job to be written.
#[derive(Debug, Clone)]
pub struct New {
    pub account_id: Option<AccountId>,
    pub job: Job,
    /// `None`: at once.
    pub run_at: Option<Millis>,
    /// While a job with this key exists, another is not added.
    pub unique_key: Option<String>,
}

impl New {
    /// For at once.
    pub fn now(account_id: Option<AccountId>, job: Job) -> Self {
        Self { account_id, job, run_at: None, unique_key: None }
    }

    /// For a time.
    pub fn at(account_id: Option<AccountId>, job: Job, run_at: Millis) -> Self {
        Self { account_id, job, run_at: Some(run_at), unique_key: None }
    }

    /// With a key.
    #[must_use]
    pub fn unique(mut self, key: String) -> Self {
        self.unique_key = Some(key);
        self
    }
}

/// Wakes sleeping workers of this process.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// There is something to do.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.0.notified().await;
    }
}
