//! A visitor wants what was said by mail.

use model::ErrorCode;
use model::inbox::Inbox;
use text::VisitorLang;

use super::chat;
use crate::job::{Job, New};
use crate::mail::transcript;
use crate::{Ctx, Error, Result};

/// The switch of the inbox.
const FLAG: &str = "email_transcript";

/// Whether visitors of this inbox can ask for it.
pub fn is_offered(ctx: &Ctx, inbox: &Inbox) -> bool {
    inbox.has_flag(FLAG) && transcript::can_be_sent(ctx).is_ok()
}

/// Sends the current conversation to the address that is known of the visitor, and to no other: in the language they read.
pub async fn send(ctx: &Ctx, lang: VisitorLang) -> Result<()> {
    if !super::inbox(ctx).await?.has_flag(FLAG) {
        return Err(Error::forbidden());
    }
    transcript::can_be_sent(ctx)?;
    let facts = chat::current(ctx).await?.ok_or_else(Error::not_found)?;
    let email = super::contact(ctx).await?.and_then(|contact| contact.email);
    let to = email.ok_or_else(|| Error::field("email", ErrorCode::Required))?;
    let (account_id, conversation_id) = (facts.account_id, facts.id);
    let locale = Some(lang.code().to_owned());
    let job = Job::MailTranscript { account_id, conversation_id, to, locale };
    let mut work = ctx.begin().await?;
    // Asked twice before it has gone, it goes once.
    work.enqueue(New::now(Some(account_id), job).unique(format!("transcript {conversation_id}")));
    work.commit().await
}
