//! Mails become messages.

use bytes::Bytes;
use futures::{StreamExt as _, TryStreamExt as _};
use letter::{Address, Incoming, Kind, ThreadKey};
use model::{ContactId, ContactInboxId, ConversationId, ConversationStatus, ErrorCode, SenderKind};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{MailInbox, Place, Received, bounce, store, written};
use crate::contact;
use crate::conversation::store::{self as conversations, Facts, NewRow};
use crate::event::Event;
use crate::message::attachment::{self, Stored};
use crate::message::{store as messages, write};
use crate::work::Work;
use crate::{Ctx, Error, OnUnique as _, Result, conversation, secret};

/// Two mails of one new contact may come at the same time: the second finds the contact on the next attempt.
const ATTEMPTS: usize = 3;
const DAY: i64 = 24 * 60 * 60 * 1_000;

/// A mail as it was read, and where in the mailbox it stood: the mark moves past it with the change that stores it.
#[derive(Debug, Clone)]
pub struct Raw {
    pub bytes: Bytes,
    pub place: Option<Place>,
}

/// Stores a mail.
pub async fn receive(ctx: &Ctx, inbox: &MailInbox, bytes: Bytes, place: Option<Place>) -> Result<Received> {
    let received = receive_all(ctx, inbox, vec![Raw { bytes, place }]).await?;
    received.into_iter().next().ok_or_else(Error::not_found)
}

/// Stores mails in their order. All of them in one change where nothing is in the way: a durable change is what takes time.
pub async fn receive_all(ctx: &Ctx, inbox: &MailInbox, mails: Vec<Raw>) -> Result<Vec<Received>> {
    let noted = note(ctx, inbox, Parsing::begin(inbox, mails)).await?;
    let kept = keep(ctx, inbox, noted).await?;
    store_all(ctx, inbox, kept).await
}

/// Mails whose files are stored become messages.
pub(super) async fn store_all(ctx: &Ctx, inbox: &MailInbox, kept: Kept) -> Result<Vec<Received>> {
    let Kept(prepared) = kept;
    match put_all(ctx, inbox, &prepared).await {
        Err(Error::Known(error)) if error.code == ErrorCode::Taken => {}
        done => return done,
    }
    let mut received = Vec::with_capacity(prepared.len());
    for mail in &prepared {
        received.push(put_one(ctx, inbox, mail).await?);
    }
    Ok(received)
}

/// A mail, parsed.
pub(super) struct Understood {
    raw: Raw,
    mail: Incoming,
    mail_id: String,
    message: write::New,
}

impl Understood {
    /// Whether anybody needs to see it.
    fn is_shown(&self) -> bool {
        !matches!(self.mail.kind, Kind::Own | Kind::Receipt)
    }
}

/// A mail whose files are stored.
pub(super) struct Prepared {
    place: Option<Place>,
    mail: Incoming,
    mail_id: String,
    /// Where the original is; none for mails that are passed over.
    key: Option<String>,
    message: write::New,
    files: Vec<Stored>,
}

/// Mails that are being parsed, on a thread of its own: it takes time that belongs to others on an async one.
pub(super) struct Parsing(tokio::task::JoinHandle<Vec<Understood>>);

impl Parsing {
    /// Goes on whether anybody waits for it or not.
    pub fn begin(inbox: &MailInbox, mails: Vec<Raw>) -> Self {
        let inbox = inbox.clone();
        let read = move |raw: Raw| {
            let mail = inbox.with_own(|own| Incoming::read(&raw.bytes, own));
            let mail_id = mail_id(&mail, &raw.bytes);
            let message = written::message(&mail);
            Understood { raw, mail, mail_id, message }
        };
        Self(tokio::task::spawn_blocking(move || mails.into_iter().map(read).collect()))
    }

    async fn end(self) -> Result<Vec<Understood>> {
        self.0.await.map_err(|error| Error::Internal(error.into()))
    }
}

/// What the mail is known by: its Message-ID, or what it says, where it has none.
fn mail_id(mail: &Incoming, raw: &[u8]) -> String {
    match &mail.id {
        Some(id) => id.to_string(),
        None => format!("sha256:{}", hex::encode(Sha256::digest(raw))),
    }
}

/// Mails of which it is noted where their originals will be; none for those that are known or passed over.
pub(super) struct Noted(Vec<(Understood, Option<String>)>);

/// Mails whose originals and files are stored.
pub(super) struct Kept(Vec<Prepared>);

/// Waits until the mails are parsed and notes their originals as uploads until they have an owner. It writes: not beside what writes
/// other mails.
pub(super) async fn note(ctx: &Ctx, inbox: &MailInbox, parsing: Parsing) -> Result<Noted> {
    let mails = parsing.end().await?;
    let (account, now) = (inbox.account_id, ctx.now());
    let ids: Vec<&str> = mails.iter().map(|mail| mail.mail_id.as_str()).collect();
    let known = store::known(ctx.db(), account, inbox.inbox_id, &ids).await?;
    let with_key = |mail: Understood| {
        let wanted = mail.is_shown() && !known.contains(&mail.mail_id);
        let key = wanted.then(|| format!("{account}/{}/{}.eml", now / DAY, secret::uuid()));
        (mail, key)
    };
    let noted: Vec<_> = mails.into_iter().map(with_key).collect();
    if noted.iter().any(|(_, key)| key.is_some()) {
        let mut work = ctx.begin().await?;
        for key in noted.iter().filter_map(|(_, key)| key.as_deref()) {
            messages::insert_upload(&mut work.tx, account, key, now);
        }
        work.commit().await?;
    }
    Ok(Noted(noted))
}

/// Stores the originals and what came with the mails.
pub(super) async fn keep(ctx: &Ctx, inbox: &MailInbox, Noted(mails): Noted) -> Result<Kept> {
    let blobs = &ctx.app.blobs;
    let puts = mails.iter().filter_map(|(mail, key)| {
        let key = key.as_deref()?;
        Some(blobs.put(key, mail.raw.bytes.clone()))
    });
    let puts: Vec<_> = puts.collect();
    futures::stream::iter(puts).buffer_unordered(blobs.side_by_side()).try_collect::<Vec<()>>().await?;
    let mut prepared = Vec::with_capacity(mails.len());
    for (mail, key) in mails {
        prepared.push(prepare(ctx, inbox, mail, key).await?);
    }
    Ok(Kept(prepared))
}

async fn prepare(ctx: &Ctx, inbox: &MailInbox, understood: Understood, key: Option<String>) -> Result<Prepared> {
    let Understood { raw, mut mail, mail_id, message } = understood;
    let files = std::mem::take(&mut mail.files);
    let files = match key {
        Some(_) => attachment::store_all(ctx, inbox.account_id, written::uploads(files), false).await?,
        None => Vec::new(),
    };
    Ok(Prepared { place: raw.place, mail, mail_id, key, message, files })
}

/// Everything at once, or nothing.
async fn put_all(ctx: &Ctx, inbox: &MailInbox, prepared: &[Prepared]) -> Result<Vec<Received>> {
    let mut work = ctx.begin().await?;
    let mut received = Vec::with_capacity(prepared.len());
    for mail in prepared {
        received.push(put(&mut work, inbox, mail).await?);
    }
    work.commit().await?;
    Ok(received)
}

async fn put_one(ctx: &Ctx, inbox: &MailInbox, mail: &Prepared) -> Result<Received> {
    let mut attempt = 1;
    loop {
        let done = put_all(ctx, inbox, std::slice::from_ref(mail)).await;
        match done {
            Err(Error::Known(error)) if error.code == ErrorCode::Taken && attempt < ATTEMPTS => attempt += 1,
            done => return done?.into_iter().next().ok_or_else(Error::not_found),
        }
    }
}

/// One mail in an open change.
async fn put(work: &mut Work<'_>, inbox: &MailInbox, prepared: &Prepared) -> Result<Received> {
    let (account, inbox_id, now) = (inbox.account_id, inbox.inbox_id, work.now);
    if let Some(place) = prepared.place {
        store::pass(&mut work.tx, account, inbox_id, place, now);
    }
    let Some(key) = &prepared.key else {
        let shown = !matches!(prepared.mail.kind, Kind::Own | Kind::Receipt);
        return Ok(if shown { Received::Known } else { Received::Passed });
    };
    if !store::insert(&mut work.tx, account, inbox_id, &prepared.mail_id, key, now).await? {
        // Another node was faster; what we stored is swept away.
        return Ok(Received::Known);
    }
    messages::delete_upload(&mut work.tx, key);
    if let Kind::Bounce(bounce) = &prepared.mail.kind
        && let Some((conversation, message)) = bounce::note(work, inbox, bounce).await?
    {
        store::settle(&mut work.tx, account, inbox_id, &prepared.mail_id, (conversation, message));
        return Ok(Received::Bounced(message));
    }
    let sender = sender(work, inbox, &prepared.mail).await?;
    let found = find(work, inbox, &prepared.mail).await?;
    let is_new = found.is_none();
    let facts = match found {
        Some(facts) => facts,
        None => open(work, inbox, &prepared.mail, sender).await?,
    };
    let message = write::New {
        sender: Some((SenderKind::Contact, sender.0.0)),
        files: prepared.files.clone(),
        ..prepared.message.clone()
    };
    let id = write::write(work, &facts, message).await?.id();
    contact::store::touch(&mut work.tx, account, sender.0, now);
    store::settle(&mut work.tx, account, inbox_id, &prepared.mail_id, (facts.id, id));
    Ok(if is_new { Received::Began(facts.id, id) } else { Received::Joined(facts.id, id) })
}

/// The contact who wrote, and their place in the inbox; made where there is none. An address is all that is believed: whoever writes as
/// an agent is a contact with that address and has no rights.
async fn sender(work: &mut Work<'_>, inbox: &MailInbox, mail: &Incoming) -> Result<(ContactId, ContactInboxId)> {
    let (account, now) = (inbox.account_id, work.now);
    let nobody = Address { name: String::new(), email: "unknown".to_owned() };
    let address = mail.people.sender.as_ref().unwrap_or(&nobody);
    if let Some(place) = contact::store::find_in_inbox(&mut work.tx, account, inbox.inbox_id, &address.email).await? {
        return Ok((place.contact_id, place.id));
    }
    // Machines write from addresses that nobody could answer to: they are known in this inbox only.
    let email = contact::checked_email(&address.email).ok();
    let known = match &email {
        Some(email) => contact::store::find_by_email(&mut work.tx, account, email).await?,
        None => None,
    };
    let contact = match known {
        Some(row) => row.id,
        None => {
            let name = if address.display().is_empty() { &address.email } else { address.display() };
            let name = Some(name.chars().take(255).collect());
            let facts = contact::Facts { name, email, ..contact::Facts::default() };
            let id = contact::store::insert(&mut work.tx, account, &facts.check()?, now).await.on_unique("email")?;
            work.record(account, Event::ContactCreated { contact_id: id });
            id
        }
    };
    let place =
        contact::store::insert_in_inbox(&mut work.tx, account, inbox.inbox_id, contact, &address.email, now).await;
    Ok((contact, place.on_unique("source_id")?))
}

/// The conversation that the strongest reason names, kept from changing until the commit.
async fn find(work: &mut Work<'_>, inbox: &MailInbox, mail: &Incoming) -> Result<Option<Facts>> {
    for key in &mail.thread {
        if let Some(id) = conversation_of(work, inbox, key).await? {
            return conversations::hold(&mut work.tx, inbox.account_id, id).await;
        }
    }
    Ok(None)
}

async fn conversation_of(work: &mut Work<'_>, inbox: &MailInbox, key: &ThreadKey) -> Result<Option<ConversationId>> {
    let (account, inbox_id) = (inbox.account_id, inbox.inbox_id);
    match key {
        ThreadKey::Address(uuid) | ThreadKey::Own { conversation: uuid, .. } => {
            store::conversation_by_uuid(&mut work.tx, account, inbox_id, &uuid.to_string()).await
        }
        ThreadKey::InReplyTo(id) | ThreadKey::Reference(id) => {
            store::conversation_of(&mut work.tx, account, inbox_id, id.as_str()).await
        }
    }
}

async fn open(
    work: &mut Work<'_>,
    inbox: &MailInbox,
    mail: &Incoming,
    (contact_id, contact_inbox_id): (ContactId, ContactInboxId),
) -> Result<Facts> {
    let answered = mail.thread.iter().find_map(|key| match key {
        ThreadKey::InReplyTo(id) => Some(id.to_string()),
        _ => None,
    });
    let row = NewRow {
        inbox_id: inbox.inbox_id,
        contact_id,
        contact_inbox_id,
        uuid: secret::uuid(),
        status: ConversationStatus::Open,
        assignee_id: None,
        team_id: None,
        snoozed_until: None,
        additional_attributes: json!({
            "source": "email",
            "mail_subject": mail.subject,
            "in_reply_to": answered,
            "initiated_at": { "timestamp": mail.written_at },
        }),
        custom_attributes: json!({}),
    };
    conversation::create::open(work, inbox.account_id, row).await
}
