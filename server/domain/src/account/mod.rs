//! Accounts: the companies that use the product.

pub mod change;
pub mod store;

use model::account::Account;
use model::{AccountId, Role, UserId};

use crate::work::Work;
use crate::{Ctx, Error, Result, agent, input, session};

pub use change::{AccountChange, update};

/// What the first run asks for, and `admin create` for each further account.
#[derive(Debug, Clone)]
pub struct NewInstallation {
    pub account_name: String,
    pub user_name: String,
    pub email: String,
    pub password: String,
    pub locale: String,
    /// IANA name; UTC when this machine does not know it.
    pub timezone: String,
}

/// What was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    pub account_id: AccountId,
    pub user_id: UserId,
    /// The administrator's API token.
    pub access_token: String,
}

/// Whether there is an account already. From then on nobody can install from the browser.
pub async fn is_installed(ctx: &Ctx) -> Result<bool> {
    store::is_installed(ctx.db()).await
}

/// Makes the first account and its administrator, for whoever opens a fresh server first. Refused ever after.
pub async fn install(ctx: &Ctx, new: NewInstallation) -> Result<Installed> {
    if is_installed(ctx).await? {
        return Err(Error::code(model::ErrorCode::AlreadyInstalled));
    }
    let checked = Checked::from(new).await?;
    let mut work = ctx.begin().await?;
    // The key is unique: of two who install at the same time, one waits here and is refused.
    store::claim_installation(&mut work.tx, work.now).await.map_err(|error| match error {
        db::Error::Unique(_) => Error::code(model::ErrorCode::AlreadyInstalled),
        other => other.into(),
    })?;
    let installed = write(ctx, &mut work, &checked).await?;
    work.commit().await?;
    Ok(installed)
}

/// Makes a further account with an administrator of its own. Only for the operator.
pub async fn create(ctx: &Ctx, new: NewInstallation) -> Result<Installed> {
    ctx.require_system()?;
    let checked = Checked::from(new).await?;
    let mut work = ctx.begin().await?;
    store::note_installation(&mut work.tx, work.now).await?;
    let installed = write(ctx, &mut work, &checked).await?;
    work.commit().await?;
    Ok(installed)
}

struct Checked {
    account_name: String,
    user_name: String,
    email: String,
    password_hash: String,
    locale: String,
    timezone: String,
}

impl Checked {
    async fn from(new: NewInstallation) -> Result<Self> {
        let account_name = input::line("account_name", &new.account_name, input::MAX_NAME)?;
        let user_name = input::line("user_name", &new.user_name, input::MAX_NAME)?;
        let email = input::email("email", &new.email)?;
        session::password::check("password", &new.password, &email)?;
        let locale = input::locale("locale", &new.locale)?;
        // The browser reports it; a name that is unknown here must not stand in the way of the first run.
        let timezone = input::timezone("timezone", &new.timezone).unwrap_or_else(|_| "UTC".to_owned());
        let password_hash = session::password::hash(new.password).await?;
        Ok(Self { account_name, user_name, email, password_hash, locale, timezone })
    }
}

async fn write(ctx: &Ctx, work: &mut Work<'_>, new: &Checked) -> Result<Installed> {
    let account_id = store::insert(&mut work.tx, &new.account_name, &new.locale, &new.timezone, work.now).await?;
    let person = agent::store::NewUser {
        email: &new.email,
        name: &new.user_name,
        password_hash: Some(&new.password_hash),
        // The account's language, until they choose their own.
        locale: None,
    };
    let user_id = agent::store::insert_user(&mut work.tx, &person, work.now).await?;
    let member = agent::store::NewMember::new(account_id, user_id, Role::Administrator);
    agent::store::insert_member(&mut work.tx, &member, work.now).await?;
    let access_token = agent::token::issue(ctx, work, user_id).await?;
    Ok(Installed { account_id, user_id, access_token })
}

/// The account that the agent works in.
pub async fn get(ctx: &Ctx) -> Result<Account> {
    let agent = ctx.agent()?;
    store::get(ctx.db(), agent.account_id).await?.ok_or_else(Error::not_found)
}

/// Values that change whenever a list of the account changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheKeys {
    pub label: String,
    pub inbox: String,
    pub team: String,
}

/// The values for the account that the agent works in.
pub async fn cache_keys(ctx: &Ctx) -> Result<CacheKeys> {
    cache_keys_of(ctx, ctx.agent()?.account_id).await
}

/// The same for payloads that many read.
pub async fn cache_keys_of(ctx: &Ctx, id: AccountId) -> Result<CacheKeys> {
    let [label, inbox, team] = store::list_versions(ctx.db(), id).await?;
    // The newest change and the number of rows: a row that goes changes the one, every other change the other.
    let key = |(at, rows): (i64, i64)| format!("{at}{:03}", rows % 1_000);
    Ok(CacheKeys { label: key(label), inbox: key(inbox), team: key(team) })
}

/// Names of the time zones that this machine knows, those of places before those of the sea.
pub fn timezones() -> Vec<String> {
    let is_place = |name: &String| name == "UTC" || (name.contains('/') && !name.starts_with("Etc/"));
    jiff::tz::db().available().map(|name| name.to_string()).filter(is_place).collect()
}

#[cfg(test)]
mod tests;
