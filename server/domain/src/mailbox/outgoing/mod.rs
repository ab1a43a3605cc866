//! A message of ours becomes a mail.

mod html;
mod quote;

use futures::future::BoxFuture;
use letter::{Address, Attachment, Automatic, Content, Draft, Letter, MessageId as MailId, Threading};
use model::conversation::Conversation;
use model::inbox::Inbox;
use model::mailbox::AfterReading;
use model::{AccountId, InboxId, MessageKind, SenderKind};
use post::{Parcel as Mail, Refusal, Trouble};
use serde_json::Value;
use text::VisitorLang;
use uuid::Uuid;

use super::connect::{self, Sending};
use super::{MailInbox, sign_in, store, trouble};
use crate::channel::Ready;
use crate::delivery::{Outcome, Parcel};
use crate::message::attachment;
use crate::message::store::{self as messages, FileRow, Row};
use crate::visitor::language;
use crate::{Ctx, Error, Result, account, agent, conversation, inbox};

/// A mail, composed, and the server that takes it.
pub struct Packed {
    account_id: AccountId,
    inbox_id: InboxId,
    by: Sending,
    letter: Letter,
    to: Vec<String>,
    mail_id: String,
}

impl Ready for Packed {
    fn hand_in<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            let mail = Mail { from: &self.letter.envelope.from, to: &self.to, bytes: &self.letter.bytes };
            let outcome = self.by.send(ctx, mail).await;
            if let post::Outcome::NoWay(trouble) = &outcome
                && self.gets_another_token(ctx, trouble).await
            {
                return Outcome::Later(trouble.to_string());
            }
            self.note(ctx, &outcome).await;
            self.outcome(outcome)
        })
    }
}

impl Packed {
    fn outcome(&self, outcome: post::Outcome) -> Outcome {
        match outcome {
            post::Outcome::Sent { but, .. } => {
                let source_id = Some(self.mail_id.clone());
                let again = but.iter().filter(|no| no.is_passing()).filter_map(|no| no.recipient.clone()).collect();
                let refused = (!but.is_empty()).then(|| told(&but));
                Outcome::Sent { source_id, refused, again }
            }
            post::Outcome::Refused(refusals) => Outcome::Refused(told(&refusals)),
            post::Outcome::Later(refusals) => Outcome::Later(told(&refusals)),
            // It waits until somebody has signed in again.
            post::Outcome::NoWay(trouble @ Trouble::SignInLost { .. }) => Outcome::Later(trouble.to_string()),
            post::Outcome::NoWay(trouble) if trouble.is_passing() => Outcome::Later(trouble.to_string()),
            post::Outcome::NoWay(trouble) => Outcome::Refused(trouble.to_string()),
            post::Outcome::Unknown(trouble) => Outcome::Unknown(trouble.to_string()),
        }
    }

    /// A token may end before its time; the next attempt fetches another, and only then is it known whether that helps.
    async fn gets_another_token(&self, ctx: &Ctx, trouble: &Trouble) -> bool {
        let Some(version) = self.by.version.filter(|_| trouble.is_login()) else { return false };
        let distrusted = sign_in::distrust(ctx, self.account_id, self.inbox_id, version).await;
        distrusted.unwrap_or_else(|error| {
            tracing::warn!(inbox = self.inbox_id.0, %error, "a token was not given up");
            false
        })
    }

    /// Shows on the inbox what is wrong with its server, and that nothing is any more. Never in the way of the mail.
    async fn note(&self, ctx: &Ctx, outcome: &post::Outcome) {
        let found = match outcome {
            post::Outcome::NoWay(trouble) => Some((trouble::kind(trouble), trouble.to_string())),
            post::Outcome::Unknown(_) => return,
            _ => None,
        };
        if let Err(error) = self.write_down(ctx, found).await {
            tracing::warn!(inbox = self.inbox_id.0, %error, "the state of a mail server was not noted");
        }
    }

    async fn write_down(&self, ctx: &Ctx, found: Option<(model::mailbox::TroubleKind, String)>) -> Result<()> {
        let row = store::sender::find(ctx.db(), self.account_id, self.inbox_id).await?;
        if found.is_none() && row.is_none_or(|row| row.trouble.is_none()) {
            return Ok(());
        }
        let mut work = ctx.begin().await?;
        let now = work.now;
        let found = found.as_ref().map(|(kind, said)| (kind.as_str(), said.as_str()));
        if store::sender::note(&mut work.tx, self.account_id, self.inbox_id, found, now).await? {
            trouble::show(&mut work, self.account_id, self.inbox_id).await?;
        }
        work.commit().await
    }
}

/// The server's words, with whom they are about.
fn told(refusals: &[Refusal]) -> String {
    let one = |no: &Refusal| match &no.recipient {
        Some(recipient) => format!("{recipient}: {} {}", no.code, no.said),
        None => format!("{} {}", no.code, no.said),
    };
    refusals.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Composes the mail of a message. The inner error says why there can be none.
pub(crate) async fn pack(ctx: &Ctx, parcel: &Parcel) -> Result<std::result::Result<Packed, String>> {
    let (account_id, message, lang) = (parcel.account_id, &parcel.message, parcel.lang);
    let Some(by) = connect::sending(ctx, account_id, message.inbox_id).await? else {
        return Ok(Err(text::delivery::no_sender(lang).to_owned()));
    };
    let inbox = inbox::read::one(ctx, account_id, message.inbox_id).await?.ok_or_else(Error::not_found)?;
    let about =
        conversation::read::one(ctx, account_id, message.conversation_id).await?.ok_or_else(Error::not_found)?;
    let to = recipients(message, &about);
    if to.is_empty() {
        return Ok(Err(text::delivery::no_address(lang).to_owned()));
    }
    let before = quote::before(ctx, account_id, message).await?;
    let company = account::store::get(ctx.db(), account_id).await?.ok_or_else(Error::not_found)?;
    // From here on the contact is spoken to.
    let lang = language::known(&about.additional_attributes, &company.locale);
    let quoted = quote::newest(&before, lang, &company.timezone);
    let (pictures, files) = pictures(files(ctx, account_id, message).await?, domain(&inbox));
    let shown: Vec<html::Picture<'_>> =
        pictures.iter().map(|(file, content_id)| html::Picture { content_id, name: &file.row.file_name }).collect();
    let signature = below(ctx, &inbox, message).await?;
    let said = Said {
        from: Address { name: from(ctx, account_id, &inbox, message, lang).await?, email: inbox.identifier.clone() },
        to,
        subject: subject(&about, &before, lang),
        id: own_id(message, &about, &inbox)?,
        threading: threading(account_id, &about, &inbox, &before)?,
        text: html::text(&message.content, &signature, quoted.as_ref()),
        html: html::html(&message.content, &shown, &signature, quoted.as_ref()),
        pictures,
        files,
    };
    let automatic = (message.kind == MessageKind::Template).then_some(Automatic::Replied);
    let own = MailInbox { account_id, inbox_id: inbox.id, addresses: Vec::new(), after: AfterReading::Leave };
    let (attributes, written_at) = (message.content_attributes.0.clone(), ctx.now());
    let composing = tokio::task::spawn_blocking(move || said.compose(&attributes, written_at, automatic, &own, lang));
    let composed = composing.await.map_err(|error| Error::Internal(error.into()))?;
    let (letter, mail_id) = match composed {
        Ok(composed) => composed,
        Err(error) => return Ok(Err(error)),
    };
    let to = parcel.recipients.clone().unwrap_or_else(|| letter.envelope.to.clone());
    Ok(Ok(Packed { account_id, inbox_id: inbox.id, by, letter, to, mail_id }))
}

/// Everything a mail says, with its bytes.
struct Said {
    from: Address,
    to: Vec<Address>,
    subject: String,
    id: MailId,
    threading: Threading,
    text: String,
    html: String,
    /// With the names by which the HTML shows them.
    pictures: Vec<(File, String)>,
    files: Vec<File>,
}

/// A file of a message, and where it can be fetched by whoever has the address.
struct File {
    row: FileRow,
    bytes: bytes::Bytes,
    link: String,
}

impl File {
    fn as_part<'a>(&'a self, content_id: Option<&'a str>) -> Attachment<'a> {
        Attachment {
            name: &self.row.file_name,
            mime: &self.row.content_type,
            data: &self.bytes,
            content_id,
            link: Some(&self.link),
        }
    }
}

impl Said {
    fn compose(
        self,
        attributes: &Value,
        written_at: i64,
        automatic: Option<Automatic>,
        own: &MailInbox,
        lang: VisitorLang,
    ) -> std::result::Result<(Letter, String), String> {
        let loop_mark = own.loop_mark();
        let mail_id = self.id.to_string();
        let draft = Draft {
            from: self.from,
            reply_to: None,
            to: self.to,
            cc: addresses(attributes, CC),
            bcc: addresses(attributes, BCC),
            subject: &self.subject,
            written_at,
            id: self.id,
            threading: self.threading,
            content: Content {
                text: &self.text,
                html: Some(&self.html),
                links_title: text::visitor_mail::links_title(lang),
            },
            inline: self.pictures.iter().map(|(file, id)| file.as_part(Some(id))).collect(),
            files: self.files.iter().map(|file| file.as_part(None)).collect(),
            automatic,
            loop_mark: Some(&loop_mark),
        };
        let letter = draft.compose().map_err(|error| error.to_string())?;
        Ok((letter, mail_id))
    }
}

/// Where in a message's attributes it is said who gets it besides the contact, or instead of them.
pub(crate) const TO: &str = "to_emails";
pub(crate) const CC: &str = "cc_emails";
pub(crate) const BCC: &str = "bcc_emails";

fn addresses(attributes: &Value, key: &str) -> Vec<Address> {
    let list = attributes.get(key).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).filter_map(|email| Address::new("", email)).collect()
}

fn recipients(message: &Row, about: &Conversation) -> Vec<Address> {
    let named = addresses(&message.content_attributes.0, TO);
    if !named.is_empty() {
        return named;
    }
    let email = about.contact.email.as_deref().unwrap_or(&about.source_id);
    Address::new(&about.contact.name, email).into_iter().collect()
}

/// What the first mail of the conversation said it is about.
fn subject(about: &Conversation, before: &[Row], lang: VisitorLang) -> String {
    let own = about.additional_attributes.get("mail_subject").and_then(Value::as_str).unwrap_or_default().trim();
    match (own.is_empty(), before.is_empty()) {
        (true, _) => {
            let words = text::visitor_mail::without_subject(lang, &about.row.display_id.to_string());
            if before.is_empty() { words } else { letter::reply_subject(&words) }
        }
        (false, true) => own.to_owned(),
        (false, false) => letter::reply_subject(own),
    }
}

fn own_id(message: &Row, about: &Conversation, inbox: &Inbox) -> Result<MailId> {
    MailId::of_message(uuid(about)?, message.id.0, domain(inbox)).ok_or_else(unnamed)
}

fn uuid(about: &Conversation) -> Result<Uuid> {
    Uuid::parse_str(&about.uuid).map_err(|error| Error::Internal(error.into()))
}

fn domain(inbox: &Inbox) -> &str {
    inbox.identifier.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
}

fn unnamed() -> Error {
    Error::Internal(anyhow::anyhow!("a mail has no name"))
}

/// To which mails it belongs: it answers the contact's newest, and names those before it.
fn threading(account: AccountId, about: &Conversation, inbox: &Inbox, before: &[Row]) -> Result<Threading> {
    let named = |row: &Row| row.source_id.as_deref().and_then(MailId::new);
    let parent = before.iter().rev().filter(|row| row.kind == MessageKind::Incoming).find_map(named);
    let parent = parent.or_else(|| before.iter().rev().find_map(named));
    match parent {
        Some(parent) => {
            let chain: Vec<MailId> = before.iter().filter_map(named).collect();
            Ok(Threading::answer(parent, &chain))
        }
        None => {
            let id = MailId::of_conversation(account.0, uuid(about)?, domain(inbox)).ok_or_else(unnamed)?;
            Ok(Threading::beginning(id))
        }
    }
}

/// The name beside the inbox's address.
async fn from(ctx: &Ctx, account: AccountId, inbox: &Inbox, message: &Row, lang: VisitorLang) -> Result<String> {
    let business = Some(inbox.config_str("business_name")).filter(|name| !name.is_empty()).unwrap_or(&inbox.name);
    let writer = match (message.sender_kind, message.sender_id) {
        (Some(SenderKind::User), Some(id)) => agent::store::agent(ctx.db(), account, model::UserId(id)).await?,
        _ => None,
    };
    Ok(match writer {
        Some(row) if inbox.config_str("sender_name_type") != "professional" => {
            let name = if row.display_name.is_empty() { row.name } else { row.display_name };
            text::visitor_mail::from(lang, &name, business)
        }
        _ => business.to_owned(),
    })
}

/// What stands below what was written: the agent's own signature, else the inbox's.
async fn below(ctx: &Ctx, inbox: &Inbox, message: &Row) -> Result<String> {
    let own = match (message.sender_kind, message.sender_id) {
        (Some(SenderKind::User), Some(id)) => agent::store::user(ctx.db().into(), model::UserId(id)).await?,
        _ => None,
    };
    let own = own.map(|row| row.message_signature).filter(|own| !own.trim().is_empty());
    Ok(own.unwrap_or_else(|| inbox.config_str("signature").to_owned()))
}

async fn files(ctx: &Ctx, account: AccountId, message: &Row) -> Result<Vec<File>> {
    let mut files = Vec::new();
    if !message.has_files {
        return Ok(files);
    }
    for row in messages::files(ctx.db(), account, &[message.id]).await? {
        let bytes = ctx.app.blobs.get(&row.storage_key, None).await?;
        let path = attachment::lasting_url(ctx, row.id, &row.file_name);
        files.push(File { row, bytes, link: format!("{}{path}", ctx.app.settings.base_url) });
    }
    Ok(files)
}

/// Pictures that every program can show stand in the mail itself, as long as they are small enough; everything else is a file beside it.
fn pictures(files: Vec<File>, domain: &str) -> (Vec<(File, String)>, Vec<File>) {
    const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
    const LARGEST: usize = 5 << 20;
    let mut left = LARGEST;
    let (mut pictures, mut others) = (Vec::new(), Vec::new());
    for file in files {
        match left.checked_sub(file.bytes.len()).filter(|_| SHOWN.contains(&file.row.content_type.as_str())) {
            Some(rest) => {
                left = rest;
                let name = format!("picture-{}@{domain}", file.row.id);
                pictures.push((file, name));
            }
            None => others.push(file),
        }
    }
    (pictures, others)
}

/// Who else is in the conversation: those to whom its newest mail went besides us and the contact.
pub(crate) async fn copies(ctx: &Ctx, account: AccountId, id: model::ConversationId) -> Result<Vec<String>> {
    let Some(about) = conversation::read::one(ctx, account, id).await? else { return Ok(Vec::new()) };
    let newest = quote::newest_public(ctx, account, id).await?;
    let Some(inbox) = inbox::store::find(ctx.db(), account, about.row.inbox_id).await? else { return Ok(Vec::new()) };
    let Some(row) = newest else { return Ok(Vec::new()) };
    let email = about.contact.email.clone().unwrap_or_default();
    let except = [inbox.identifier.as_str(), &email, &about.source_id];
    let mut others = model::mailbox::copies(row.kind, &row.content_attributes.0, &except);
    others.retain(|email| Address::new("", email).is_some());
    others.truncate(50);
    Ok(others)
}
