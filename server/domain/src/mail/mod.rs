//! Mail of the system itself: passwords and invitations. Sent by SMTP when the operator has set it up; otherwise written to the
//! log and kept for the administrators.

mod letter;
pub mod store;
pub(crate) mod transcript;
mod way;

use model::contact_import::{ContactImport, ContactImportState};
use model::session::KeptMail;
use model::{MessageId, Permission, UserId};
use text::Lang;

use crate::{Ctx, Error, Result, Settings};

pub use self::letter::Letter;
use way::Said;

/// Where unsent mail is kept encrypted: it holds links that open doors.
const PLACE: &str = "system_mails.body_encrypted";
/// How long unsent mail is kept, in milliseconds; no link in it lasts longer.
const KEPT_FOR: i64 = 7 * 24 * 60 * 60_000;

/// Whom a letter is for.
#[derive(Debug, Clone)]
pub struct Recipient {
    pub user_id: UserId,
    pub name: String,
    pub email: String,
    pub lang: Lang,
}

/// A mail that is ready to go.
#[derive(Debug, Clone)]
pub struct Mail {
    pub to: Recipient,
    pub letter: Letter,
}

/// The way to a new password.
pub fn password_reset(to: &Recipient, link: &str) -> Mail {
    use text::mail::password_reset as t;
    let letter = Letter {
        subject: t::subject(to.lang).to_owned(),
        greeting: text::mail::greeting(to.lang, &to.name),
        body: t::body(to.lang).to_owned(),
        quote: String::new(),
        button: t::button(to.lang).to_owned(),
        link: link.to_owned(),
        note: t::note(to.lang).to_owned(),
    };
    Mail { to: to.clone(), letter }
}

/// The way into an account for somebody who has no password yet.
pub fn invitation(to: &Recipient, account: &str, link: &str) -> Mail {
    use text::mail::invitation as t;
    let letter = Letter {
        subject: t::subject(to.lang, account),
        greeting: text::mail::greeting(to.lang, &to.name),
        body: t::body(to.lang, account),
        quote: String::new(),
        button: t::button(to.lang).to_owned(),
        link: link.to_owned(),
        note: t::note(to.lang).to_owned(),
    };
    Mail { to: to.clone(), letter }
}

/// Word for somebody who can sign in already.
pub fn added_to_account(to: &Recipient, account: &str, link: &str) -> Mail {
    use text::mail::added as t;
    let letter = Letter {
        subject: t::subject(to.lang, account),
        greeting: text::mail::greeting(to.lang, &to.name),
        body: t::body(to.lang, account),
        quote: String::new(),
        button: t::button(to.lang, account),
        link: link.to_owned(),
        note: t::note(to.lang).to_owned(),
    };
    Mail { to: to.clone(), letter }
}

/// The proof that a new address is theirs.
pub fn email_change(to: &Recipient, link: &str) -> Mail {
    use text::mail::email_change as t;
    let letter = Letter {
        subject: t::subject(to.lang).to_owned(),
        greeting: text::mail::greeting(to.lang, &to.name),
        body: t::body(to.lang, &to.email),
        quote: String::new(),
        button: t::button(to.lang).to_owned(),
        link: link.to_owned(),
        note: t::note(to.lang).to_owned(),
    };
    Mail { to: to.clone(), letter }
}

/// Word to the address that somebody signed in with until now.
pub fn email_changed(to: &Recipient, new: &str, link: &str) -> Mail {
    use text::mail::email_changed as t;
    let letter = Letter {
        subject: t::subject(to.lang).to_owned(),
        greeting: text::mail::greeting(to.lang, &to.name),
        body: t::body(to.lang, new),
        quote: String::new(),
        button: t::button(to.lang).to_owned(),
        link: link.to_owned(),
        note: t::note(to.lang).to_owned(),
    };
    Mail { to: to.clone(), letter }
}

/// What became of a table with contacts.
pub fn contacts_imported(to: &Recipient, import: &ContactImport, link: &str) -> Mail {
    use text::mail::contacts_imported as t;
    let lang = to.lang;
    let counts = [
        t::created(lang, import.created),
        t::updated(lang, import.updated),
        if import.failed > 0 { t::failed(lang, import.failed) } else { t::none_failed(lang).to_owned() },
    ];
    let (subject, body) = match import.state {
        ContactImportState::Stopped => (t::stopped_subject(lang, &import.file_name), t::stopped(lang)),
        _ => (t::subject(lang, &import.file_name), t::body(lang)),
    };
    let letter = Letter {
        subject,
        greeting: text::mail::greeting(lang, &to.name),
        body: format!("{body} {}", counts.join(", ")),
        quote: String::new(),
        button: t::button(lang).to_owned(),
        link: link.to_owned(),
        note: if import.failed > 0 { t::failures(lang).to_owned() } else { t::note(lang).to_owned() },
    };
    Mail { to: to.clone(), letter }
}

/// Sends a mail, or keeps it where there is no way to send. Called from jobs, never inside a transaction.
pub async fn send(ctx: &Ctx, mail: Mail) -> Result<()> {
    match &ctx.app.settings.smtp_url {
        Some(url) => send_by_smtp(ctx, url, &mail).await,
        None => keep(ctx, &mail).await,
    }
}

/// Whether the mail server takes us in and the sender is an address. Sends nothing.
pub async fn check(settings: &Settings) -> Result<()> {
    way::check(settings).await
}

async fn send_by_smtp(ctx: &Ctx, url: &str, mail: &Mail) -> Result<()> {
    let to = (mail.to.email.as_str(), Some(mail.to.name.clone()));
    let (text, html) = (mail.letter.text(), mail.letter.html(mail.to.lang));
    let said = Said { to: address(to)?, about: None, subject: &mail.letter.subject, text: &text, html: &html };
    way::send(ctx, url, said).await
}

/// Sends what is no letter to a person of ours: to an address, with a name where there is one. What may have to be sent twice has a name of
/// its own: that of a conversation and of a message in it.
pub(crate) async fn deliver(
    ctx: &Ctx,
    to: (&str, Option<String>),
    about: Option<(&str, MessageId)>,
    subject: &str,
    text: String,
    html: String,
) -> Result<()> {
    // It was there when the step was taken; whoever takes it away takes what waits with it.
    let Some(url) = &ctx.app.settings.smtp_url else { return Ok(()) };
    way::send(ctx, url, Said { to: address(to)?, about, subject, text: &text, html: &html }).await
}

fn address((address, name): (&str, Option<String>)) -> Result<::letter::Address> {
    let found = ::letter::Address::new(name.as_deref().unwrap_or_default(), address);
    found.ok_or_else(|| Error::Internal(anyhow::anyhow!("{address} is no address")))
}

async fn keep(ctx: &Ctx, mail: &Mail) -> Result<()> {
    let sealed = ctx.app.keys.encrypt(PLACE, mail.letter.text().as_bytes())?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::insert(&mut work.tx, &mail.to, &mail.letter.subject, &sealed, now).await?;
    work.commit().await?;
    tracing::info!(
        to = %mail.to.email, subject = %mail.letter.subject, link = %mail.letter.link,
        "mail not sent: SMTP_URL is not set"
    );
    Ok(())
}

/// Mail that could not be sent, the newest first. An administrator sees that of people who work for no other account: a link in it
/// opens everything the person may do.
pub async fn kept(ctx: &Ctx) -> Result<Vec<KeptMail>> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let mut mails = Vec::new();
    for row in store::of_account(ctx.db(), agent.account_id).await? {
        let body = ctx.app.keys.decrypt(PLACE, &row.body_encrypted)?;
        mails.push(KeptMail {
            to: row.to_address,
            subject: row.subject,
            body: String::from_utf8_lossy(&body).into_owned(),
            created_at: row.created_at,
        });
    }
    Ok(mails)
}

/// Forgets mail whose links have run out.
pub(crate) async fn prune(ctx: &Ctx) -> Result<()> {
    store::prune(ctx.db(), ctx.now() - KEPT_FOR).await
}

#[cfg(test)]
mod tests;
