//! Another address to sign in with: asked for with the password, in force once the link that went to the new address is opened.

use model::agent::EmailChange;
use model::{AuditSubject, ErrorCode, UserId};

use super::{profile, store};
use crate::audit::{self, Entry};
use crate::job::{self, Job};
use crate::mail::{self, Recipient};
use crate::session::{self, password};
use crate::{Ctx, Error, Result, input, secret};

/// How long a link is good for, in milliseconds.
pub const LASTS: i64 = 24 * 60 * 60_000;
/// Where tokens are kept encrypted until their mail is written.
const PLACE: &str = "email_changes.token_encrypted";

/// Asks for another address. A link goes there; until it is opened the old one stays in force.
pub async fn request(ctx: &Ctx, email: &str, current_password: String) -> Result<EmailChange> {
    let user = ctx.user_id()?;
    let row = store::user(ctx.db().into(), user).await?.ok_or_else(Error::unauthenticated)?;
    let email = input::email("email", email)?;
    if email == row.email {
        return Err(Error::field("email", ErrorCode::Taken));
    }
    if !password::verify(current_password, row.password_hash).await? {
        return Err(Error::field("current_password", ErrorCode::WrongCredentials));
    }
    let token = secret::token();
    let sealed = ctx.app.keys.encrypt(PLACE, token.as_bytes())?;
    let mut work = ctx.begin().await?;
    if store::by_email(work.tx.conn(), &email).await?.is_some() {
        return Err(Error::field("email", ErrorCode::Taken));
    }
    let now = work.now;
    let wish = store::email::Row { user_id: user, email, token_encrypted: sealed, expires_at: now + LASTS };
    store::email::save(&mut work.tx, &wish, &secret::hash(&token), now).await?;
    // Not unique: while the mail to one address is written, another may be asked for.
    work.enqueue(job::New::now(None, Job::MailEmailChange { user_id: user }));
    work.commit().await?;
    Ok(EmailChange { email: wish.email, expires_at: wish.expires_at })
}

/// The address that the person has asked for, if its link still works.
pub async fn pending(ctx: &Ctx) -> Result<Option<EmailChange>> {
    let row = store::email::of(ctx.db(), ctx.user_id()?, ctx.now()).await?;
    Ok(row.map(|row| EmailChange { email: row.email, expires_at: row.expires_at }))
}

/// Keeps the old address after all. The link no longer works.
pub async fn cancel(ctx: &Ctx) -> Result<()> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    if store::email::forget(&mut work.tx, user).await? == 0 {
        return Err(Error::not_found());
    }
    work.commit().await
}

/// Writes the mail to the new address. Done twice, it sends the same link twice.
pub(crate) async fn mail(ctx: &Ctx, user: UserId) -> Result<()> {
    let Some(wish) = store::email::of(ctx.db(), user, ctx.now()).await? else { return Ok(()) };
    let token = ctx.app.keys.decrypt(PLACE, &wish.token_encrypted)?;
    let token = String::from_utf8_lossy(&token);
    let person = store::recipient(ctx.db(), user).await?.ok_or_else(Error::not_found)?;
    let link = format!("{}/app/confirm-email?token={token}", ctx.app.settings.base_url);
    let to = Recipient { email: wish.email, ..person };
    mail::send(ctx, mail::email_change(&to, &link)).await
}

/// Writes the mail to the old address, which says that it is no longer in force.
pub(crate) async fn mail_old(ctx: &Ctx, user: UserId, old: String) -> Result<()> {
    let Some(person) = store::recipient(ctx.db(), user).await? else { return Ok(()) };
    let new = person.email.clone();
    let link = format!("{}/app/login", ctx.app.settings.base_url);
    let to = Recipient { email: old, ..person };
    mail::send(ctx, mail::email_changed(&to, &new, &link)).await
}

/// The address that a link is for; `None` when it no longer works. Opening the page changes nothing: mail programs open links too.
pub async fn read(ctx: &Ctx, token: &str) -> Result<Option<String>> {
    Ok(store::email::by_token(ctx.db(), &secret::hash(token), ctx.now()).await?.map(|row| row.email))
}

/// Puts the new address in force. The link works once; links to a new password that went to the old address no longer do.
pub async fn confirm(ctx: &Ctx, token: &str) -> Result<String> {
    let mut work = ctx.begin().await?;
    let now = work.now;
    let taken = store::email::take(&mut work.tx, &secret::hash(token), now).await?;
    let (user, email) = taken.ok_or_else(|| Error::code(ErrorCode::LinkExpired))?;
    let before = store::user(work.tx.conn(), user).await?.ok_or_else(Error::not_found)?;
    store::email::set(&mut work.tx, user, &email, now).await?;
    session::store::delete_resets(&mut work.tx, user).await?;
    profile::record_everywhere(&mut work, ctx, user).await?;
    let entry =
        Entry::updated(AuditSubject::Person, user, &before.name).change("email", &before.email, &email).by(user);
    audit::record_for_person(&mut work, user, &entry).await?;
    work.enqueue(job::New::now(None, Job::MailEmailChanged { user_id: user, old: before.email }));
    work.commit().await?;
    Ok(email)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use model::audit::AuditFilter;

    use super::*;
    use crate::clock::Clock;
    use crate::{agent, testing};

    const NEW: &str = "ana.souza@example.com";

    async fn links(admin: &Ctx) -> Vec<(String, String)> {
        job::runner::run_due(&admin.app.system()).await.unwrap();
        let read = |mail: model::session::KeptMail| {
            let link = mail.body.split("token=").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default();
            (mail.to, link.to_owned())
        };
        mail::kept(admin).await.unwrap().into_iter().map(read).collect()
    }

    db::db_test! {
        async fn an_address_is_in_force_once_its_link_is_opened(test: TestDb) {
            let app = testing::app(&test);
            let ana = testing::installed(&app).await;
            let anonymous = app.anonymous();
            let password = || "correct horse".to_owned();
            let wrong = request(&ana, NEW, "wrong horse".to_owned()).await.unwrap_err();
            assert_eq!(wrong.known(), Some(ErrorCode::WrongCredentials));
            let same = request(&ana, " ANA@example.com ", password()).await.unwrap_err();
            assert_eq!(same.known(), Some(ErrorCode::Taken));
            testing::another_account(&app, "leo@example.com").await;
            let taken = request(&ana, "leo@example.com", password()).await.unwrap_err();
            assert_eq!(taken.known(), Some(ErrorCode::Taken));

            session::reset::request(&anonymous, "ana@example.com").await.unwrap();
            request(&ana, "typo@example.com", password()).await.unwrap();
            let old = links(&ana).await;
            assert_eq!(request(&ana, " Ana.Souza@example.com", password()).await.unwrap().email, NEW);
            assert_eq!(pending(&ana).await.unwrap().unwrap().email, NEW);
            let (to, token) = links(&ana).await.remove(0);
            assert_eq!(to, NEW);
            let typo = &old.iter().find(|(to, _)| to == "typo@example.com").unwrap().1;
            assert_eq!(read(&anonymous, typo).await.unwrap(), None);
            assert_eq!(read(&anonymous, &token).await.unwrap().as_deref(), Some(NEW));
            // Looking at the link changes nothing.
            assert_eq!(profile::read(&ana).await.unwrap().email, "ana@example.com");

            assert_eq!(confirm(&anonymous, &token).await.unwrap(), NEW);
            assert_eq!(profile::read(&ana).await.unwrap().email, NEW);
            assert_eq!(pending(&ana).await.unwrap(), None);
            assert_eq!(confirm(&anonymous, &token).await.unwrap_err().known(), Some(ErrorCode::LinkExpired));
            let reset = &old.iter().find(|(to, _)| to == "ana@example.com").unwrap().1;
            assert!(!session::reset::is_valid(&anonymous, reset).await.unwrap());
            let (to, _) = links(&ana).await.remove(0);
            assert_eq!(to, "ana@example.com");
            let log = audit::list(&ana, &AuditFilter::default(), 1, 1).await.unwrap().entries.remove(0);
            assert_eq!((log.changes[0].field.as_str(), &log.changes[0].after), ("email", &NEW.into()));
        }

        async fn a_link_runs_out_and_can_be_called_back(test: TestDb) {
            let (clock, hand) = Clock::fixed(testing::NOW);
            let app = testing::app_at(&test, clock);
            let ana = testing::installed(&app).await;
            let ask = async || {
                request(&ana, NEW, "correct horse".to_owned()).await.unwrap();
                links(&ana).await.remove(0).1
            };
            let token = ask().await;
            cancel(&ana).await.unwrap();
            assert_eq!(cancel(&ana).await.unwrap_err().known(), Some(ErrorCode::NotFound));
            assert!(confirm(&app.anonymous(), &token).await.is_err());

            let token = ask().await;
            // Somebody else was quicker.
            let other = agent::NewAgent {
                name: "Outra".to_owned(), email: NEW.to_owned(), role: model::Role::Agent, availability: None, auto_offline: None, assignment_limit: None,
            };
            agent::add(&ana, other).await.unwrap();
            assert_eq!(confirm(&app.anonymous(), &token).await.unwrap_err().known(), Some(ErrorCode::Taken));
            hand.fetch_add(LASTS, Ordering::SeqCst);
            assert_eq!(read(&app.anonymous(), &token).await.unwrap(), None);
            assert_eq!(confirm(&app.anonymous(), &token).await.unwrap_err().known(), Some(ErrorCode::LinkExpired));
            assert_eq!(pending(&ana).await.unwrap(), None);
        }
    }
}
