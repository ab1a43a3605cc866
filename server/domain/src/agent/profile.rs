//! What a person says about themselves, and their own settings.

use model::account::Membership;
use model::agent::Profile;
use model::{AccountId, AuditSubject, Availability, ErrorCode, Millis, Role, UserId};

use super::store;
use crate::audit::{self, Entry};
use crate::event::Event;
use crate::message::attachment::avatar_url;
use crate::realtime::presence;
use crate::session::{self, password};
use crate::work::Work;
use crate::{Ctx, Error, Result, input, secret};

/// Most characters of a signature.
const MAX_SIGNATURE: usize = 2_000;
/// Most bytes of the interface's own settings, which the server keeps without reading them.
const MAX_UI_SETTINGS: usize = 32 * 1024;

/// What a person may change; `None` leaves a part as it is.
#[derive(Debug, Clone, Default)]
pub struct ProfileChange {
    pub name: Option<String>,
    pub display_name: Option<String>,
    pub message_signature: Option<String>,
    /// `Some(None)`: the account's language.
    pub locale: Option<Option<String>>,
    /// Keys of the interface's own settings that are to be set; others stay.
    pub ui_settings: Option<serde_json::Map<String, serde_json::Value>>,
}

/// The signed-in person.
pub async fn read(ctx: &Ctx) -> Result<Profile> {
    let user = ctx.user_id()?;
    let row = store::user(ctx.db().into(), user).await?.ok_or_else(Error::unauthenticated)?;
    let accounts = store::accounts_of(ctx.db(), user).await?;
    let memberships = accounts
        .into_iter()
        .map(|(account_id, account_name, role)| Membership { account_id, account_name, role })
        .collect();
    Ok(Profile {
        id: row.id,
        name: row.name,
        display_name: row.display_name,
        email: row.email,
        avatar_url: row.avatar_key.as_deref().map(avatar_url),
        message_signature: row.message_signature,
        locale: row.locale,
        ui_settings: row.ui_settings.0,
        memberships,
    })
}

/// A membership with what the person has set in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seat {
    pub account_id: AccountId,
    pub account_name: String,
    pub role: Role,
    /// What they chose.
    pub chosen: Availability,
    /// What others see.
    pub availability: Availability,
    pub auto_offline: bool,
    /// When they last turned to this account; 0 for never.
    pub active_at: Millis,
}

/// The accounts of the signed-in person, by name.
pub async fn seats(ctx: &Ctx) -> Result<Vec<Seat>> {
    let user = ctx.user_id()?;
    let rows = store::seats(ctx.db(), user).await?;
    let mut seats = Vec::with_capacity(rows.len());
    for row in rows {
        let availability =
            presence::availability(ctx, row.account_id, user, row.availability, row.auto_offline).await?;
        seats.push(Seat {
            account_id: row.account_id,
            account_name: row.name,
            role: row.role,
            chosen: row.availability,
            availability,
            auto_offline: row.auto_offline,
            active_at: row.active_at,
        });
    }
    Ok(seats)
}

/// The person turned to the account they work in.
pub async fn turn_to(ctx: &Ctx) -> Result<()> {
    let agent = ctx.agent()?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    store::set_active(&mut work.tx, agent.account_id, agent.user_id, now).await?;
    work.commit().await
}

/// Changes the person's own facts.
pub async fn update(ctx: &Ctx, change: ProfileChange) -> Result<Profile> {
    let user = ctx.user_id()?;
    let mut work = ctx.begin().await?;
    let mut row = store::user(work.tx.conn(), user).await?.ok_or_else(Error::unauthenticated)?;
    let seen_by_others = change.name.is_some() || change.display_name.is_some();
    if let Some(name) = change.name {
        row.name = input::line("name", &name, input::MAX_NAME)?;
    }
    if let Some(name) = change.display_name {
        row.display_name = input::optional_line("display_name", &name, input::MAX_NAME)?;
    }
    if let Some(signature) = change.message_signature {
        row.message_signature = input::optional_lines("message_signature", &signature, MAX_SIGNATURE)?;
    }
    if let Some(locale) = change.locale {
        row.locale = locale.map(|locale| input::locale("locale", &locale)).transpose()?;
    }
    if let Some(settings) = change.ui_settings {
        row.ui_settings.0 = merged(row.ui_settings.0, settings)?;
    }
    let now = work.now;
    store::update_user(&mut work.tx, &row, now).await?;
    if seen_by_others {
        record_everywhere(&mut work, ctx, user).await?;
    }
    work.commit().await?;
    read(ctx).await
}

fn merged(old: serde_json::Value, new: serde_json::Map<String, serde_json::Value>) -> Result<serde_json::Value> {
    let mut all = match old {
        serde_json::Value::Object(all) => all,
        _ => serde_json::Map::new(),
    };
    all.extend(new);
    let all = serde_json::Value::Object(all);
    if all.to_string().len() > MAX_UI_SETTINGS {
        return Err(Error::field("ui_settings", ErrorCode::TooLong));
    }
    Ok(all)
}

/// Everywhere the person works, others see them change.
pub(crate) async fn record_everywhere(work: &mut Work<'_>, ctx: &Ctx, user: UserId) -> Result<()> {
    for (account, ..) in store::accounts_of(ctx.db(), user).await? {
        work.record(account, Event::AgentUpdated { user_id: user });
    }
    Ok(())
}

/// Replaces the password. All sessions end but the one with the token `keep`.
pub async fn change_password(ctx: &Ctx, current: String, new: String, keep: Option<&str>) -> Result<()> {
    let user = ctx.user_id()?;
    let row = store::user(ctx.db().into(), user).await?.ok_or_else(Error::unauthenticated)?;
    if !password::verify(current, row.password_hash).await? {
        return Err(Error::field("current_password", ErrorCode::WrongCredentials));
    }
    password::check("password", &new, &row.email)?;
    let kept = password::hash(new).await?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    session::store::set_password(&mut work.tx, user, &kept, now).await?;
    session::store::delete_resets(&mut work.tx, user).await?;
    session::store::delete_all(&mut work.tx, user, keep.map(secret::hash)).await?;
    session::tell_ended(&mut work, user).await?;
    let entry = Entry::updated(AuditSubject::Person, user, &row.name).change("password", false, true);
    audit::record_for_person(&mut work, user, &entry).await?;
    work.commit().await
}

/// What the agent has chosen in the account they work in, whether a page of theirs is open or not.
pub async fn availability(ctx: &Ctx) -> Result<Availability> {
    let agent = ctx.agent()?;
    let row = store::agent(ctx.db(), agent.account_id, agent.user_id).await?.ok_or_else(Error::forbidden)?;
    Ok(row.availability)
}

/// Says whether the agent wants to receive conversations in the account they work in.
pub async fn set_availability(ctx: &Ctx, availability: Availability) -> Result<()> {
    let change = store::MemberChange { availability: Some(availability), ..Default::default() };
    change_membership(ctx, change).await
}

/// Says whether the agent counts as offline while no page is open.
pub async fn set_auto_offline(ctx: &Ctx, auto_offline: bool) -> Result<()> {
    let change = store::MemberChange { auto_offline: Some(auto_offline), ..Default::default() };
    change_membership(ctx, change).await
}

async fn change_membership(ctx: &Ctx, change: store::MemberChange) -> Result<()> {
    let agent = ctx.agent()?;
    let mut work = ctx.begin().await?;
    store::update_member(&mut work.tx, agent.account_id, agent.user_id, change).await?;
    work.record(agent.account_id, Event::AgentUpdated { user_id: agent.user_id });
    work.commit().await
}
