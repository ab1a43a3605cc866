//! A mail of our own about a conversation of another inbox, from an inbox that can send.

use letter::{Address, Content, Draft, MessageId as MailId, Threading};
use model::mailbox::AfterReading;
use model::{AccountId, InboxId, MessageId};
use post::{Outcome, Parcel};
use uuid::Uuid;

use super::{MailInbox, connect};
use crate::{Ctx, Error, Result, inbox};

/// What it says, and what an answer to it belongs to.
pub(crate) struct Onward<'a> {
    /// Name and address.
    pub to: (&'a str, &'a str),
    /// The name beside the inbox's address.
    pub name: &'a str,
    pub subject: &'a str,
    pub text: &'a str,
    pub html: &'a str,
    /// The secret name of the conversation.
    pub conversation: &'a str,
    /// The newest message in it.
    pub message: MessageId,
}

/// Sends it.
///
/// # Errors
/// `Unavailable` when nothing was sent and it may work later. What is refused for good, and what may have arrived or not, is written to
/// the log only: it is not to be sent again.
pub(crate) async fn send(ctx: &Ctx, account_id: AccountId, inbox_id: InboxId, mail: Onward<'_>) -> Result<()> {
    let later = |said: String| Error::Unavailable(format!("mail not sent: {said}"));
    let by = connect::sending(ctx, account_id, inbox_id).await?.ok_or_else(|| later("no server".to_owned()))?;
    let inbox = inbox::read::one(ctx, account_id, inbox_id).await?.ok_or_else(Error::not_found)?;
    let domain = inbox.identifier.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let uuid = Uuid::parse_str(mail.conversation).map_err(|error| Error::Internal(error.into()))?;
    let unnamed = || Error::Internal(anyhow::anyhow!("a mail has no name"));
    let own = MailInbox { account_id, inbox_id, addresses: Vec::new(), after: AfterReading::Leave };
    let loop_mark = own.loop_mark();
    let Some(to) = Address::new(mail.to.0, mail.to.1) else { return Ok(()) };
    let draft = Draft {
        from: Address { name: mail.name.to_owned(), email: inbox.identifier.clone() },
        reply_to: None,
        to: vec![to],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject: mail.subject,
        written_at: ctx.now(),
        id: MailId::of_message(uuid, mail.message.0, domain).ok_or_else(unnamed)?,
        threading: Threading::beginning(MailId::of_conversation(account_id.0, uuid, domain).ok_or_else(unnamed)?),
        content: Content { text: mail.text, html: Some(mail.html), links_title: "" },
        inline: Vec::new(),
        files: Vec::new(),
        automatic: None,
        loop_mark: Some(&loop_mark),
    };
    let letter = draft.compose().map_err(|error| Error::Internal(anyhow::anyhow!("{error}")))?;
    let parcel = Parcel { from: &letter.envelope.from, to: &letter.envelope.to, bytes: &letter.bytes };
    match by.send(ctx, parcel).await {
        Outcome::Sent { .. } => Ok(()),
        Outcome::Later(said) => Err(later(format!("{said:?}"))),
        Outcome::NoWay(trouble) if trouble.is_passing() => Err(later(trouble.to_string())),
        Outcome::NoWay(trouble) | Outcome::Unknown(trouble) => {
            tracing::warn!(inbox = inbox_id.0, %trouble, "answers were not mailed to somebody who left");
            Ok(())
        }
        Outcome::Refused(refusals) => {
            tracing::warn!(inbox = inbox_id.0, ?refusals, "answers were not mailed to somebody who left");
            Ok(())
        }
    }
}
