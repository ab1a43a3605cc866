//! Inboxes: a channel, its settings, and the agents who answer in it.

pub mod identity;
pub mod member;
pub mod read;
pub mod store;

use model::channel::Installation;
use model::hours::{Hours, Week};
use model::inbox::Inbox;
use model::{AuditSubject, ErrorCode, InboxId, Permission, UserId};
use serde_json::Value;

use crate::audit::{self, Entry};
use crate::channel::Link;
use crate::event::Event;
use crate::message::store::release::{Of, release};
use crate::{Ctx, Error, OnUnique, Result, channel, hours, input};

/// Where an inbox's secrets are kept, for their encryption.
const SECRETS: &str = "inboxes.secrets";
const MAX_NAME: usize = 255;
/// Most characters of what an inbox says by itself.
pub(crate) const MAX_AUTOMATIC_TEXT: usize = 10_000;

/// A new inbox.
#[derive(Debug, Clone, Default)]
pub struct NewInbox {
    /// Key of the channel.
    pub channel: String,
    pub settings: Settings,
    pub members: Vec<UserId>,
}

/// Settings of an inbox; `None` leaves what is there.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    pub name: Option<String>,
    pub greeting_enabled: Option<bool>,
    pub greeting_message: Option<String>,
    pub enable_auto_assignment: Option<bool>,
    pub enable_email_collect: Option<bool>,
    pub csat_survey_enabled: Option<bool>,
    pub working_hours_enabled: Option<bool>,
    pub working_hours: Option<Week>,
    pub out_of_office_message: Option<String>,
    pub timezone: Option<String>,
    pub allow_messages_after_resolved: Option<bool>,
    pub lock_to_single_conversation: Option<bool>,
    /// Settings of the channel, only those to be changed.
    pub config: Option<Value>,
}

/// Makes an inbox. For administrators.
pub async fn create(ctx: &Ctx, new: NewInbox) -> Result<Inbox> {
    create_linked(ctx, new, None).await
}

/// The same with a way to its provider that was tried already.
pub(crate) async fn create_linked(ctx: &Ctx, new: NewInbox, link: Option<Box<dyn Link>>) -> Result<Inbox> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let channel = channel::by_key(&new.channel)?;
    let name = checked_name(new.settings.name.as_deref().unwrap_or_default())?;
    check_texts(&new.settings)?;
    let config = channel.settings(&new.settings.config.clone().unwrap_or_else(|| serde_json::json!({})), None)?;
    let identifier = channel.identifier(&config)?;
    let link = match link {
        Some(link) => Some(link),
        None => channel.connect(ctx, None, new.settings.config.as_ref().unwrap_or(&Value::Null)).await?,
    };
    let secrets = ctx.app.keys.encrypt(SECRETS, channel.secrets().to_string().as_bytes())?;
    let mut work = ctx.begin().await?;
    let id =
        store::insert(&mut work.tx, agent.account_id, channel.key(), &identifier, &name, &config, secrets, work.now)
            .await
            .on_unique("identifier")?;
    let settings = Settings { name: None, config: None, ..new.settings };
    store::update(&mut work.tx, agent.account_id, id, &settings, None, work.now).await?;
    if let Some(link) = link {
        link.keep(&mut work, agent.account_id, id).await?;
    }
    audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::Inbox, id, &name));
    member::insert_all(&mut work, agent.account_id, id, &new.members).await?;
    work.record(agent.account_id, Event::InboxChanged { inbox_id: id });
    work.commit().await?;
    get(ctx, id).await
}

/// Changes an inbox. For administrators.
pub async fn update(ctx: &Ctx, id: InboxId, settings: Settings) -> Result<Inbox> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let before = get(ctx, id).await?;
    let mut settings = settings;
    if let Some(name) = &settings.name {
        settings.name = Some(checked_name(name)?);
    }
    check_texts(&settings)?;
    let (config, link) = match &settings.config {
        Some(given) => {
            let channel = channel::by_key(&before.channel)?;
            (Some(channel.settings(given, Some(&before.config))?), channel.connect(ctx, Some(id), given).await?)
        }
        None => (None, None),
    };
    let mut work = ctx.begin().await?;
    if let Some(link) = link {
        link.keep(&mut work, agent.account_id, id).await?;
    }
    store::update(&mut work.tx, agent.account_id, id, &settings, config.as_ref(), work.now).await?;
    let row = store::find(work.tx.conn(), agent.account_id, id).await?.ok_or_else(Error::not_found)?;
    let after = Inbox::from(row);
    let entry = Entry::updated(AuditSubject::Inbox, id, &after.name).between(&before, &after);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::InboxChanged { inbox_id: id });
    work.commit().await?;
    get(ctx, id).await
}

/// When an inbox answers. For administrators.
pub async fn hours(ctx: &Ctx, id: InboxId) -> Result<Hours> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    Ok(get(ctx, id).await?.hours())
}

/// Says when an inbox answers. For administrators.
pub async fn set_hours(ctx: &Ctx, id: InboxId, hours: Hours) -> Result<Hours> {
    let settings = Settings {
        working_hours_enabled: Some(hours.enabled),
        working_hours: Some(hours.week),
        out_of_office_message: Some(hours.message),
        timezone: Some(hours.timezone),
        ..Settings::default()
    };
    Ok(update(ctx, id, settings).await?.hours())
}

/// The same as [`delete`] for somebody who names what they are about to lose.
pub async fn delete_named(ctx: &Ctx, id: InboxId, name: &str) -> Result<()> {
    input::same_name(&get(ctx, id).await?.name, name)?;
    delete(ctx, id).await
}

/// Removes an inbox with its conversations. For administrators.
pub async fn delete(ctx: &Ctx, id: InboxId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let before = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    release(&mut work.tx, agent.account_id, Of::Inbox(id)).await?;
    if !store::delete(&mut work.tx, agent.account_id, id).await? {
        return Err(Error::not_found());
    }
    audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::Inbox, id, &before.name));
    work.record(agent.account_id, Event::InboxChanged { inbox_id: id });
    work.commit().await
}

/// One inbox that the agent reaches.
pub async fn get(ctx: &Ctx, id: InboxId) -> Result<Inbox> {
    let agent = ctx.agent()?;
    if !agent.reaches(id) {
        return Err(Error::not_found());
    }
    read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// The inboxes that the agent reaches, by name.
pub async fn list(ctx: &Ctx) -> Result<Vec<Inbox>> {
    let agent = ctx.agent()?;
    let all = read::all(ctx, agent.account_id).await?;
    Ok(all.into_iter().filter(|inbox| agent.reaches(inbox.id)).collect())
}

/// A secret of the inbox by its key, such as the token for identity validation. For administrators.
pub async fn secret(ctx: &Ctx, id: InboxId, key: &str) -> Result<String> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let secrets = secrets(ctx, agent.account_id, id).await?;
    secrets.get(key).and_then(Value::as_str).map(str::to_owned).ok_or_else(Error::not_found)
}

/// How the inbox is put to use. For administrators.
pub async fn installation(ctx: &Ctx, id: InboxId) -> Result<Installation> {
    ctx.agent()?.require(Permission::ManageAccount)?;
    let inbox = get(ctx, id).await?;
    let channel = channel::by_key(&inbox.channel)?;
    let proof = identity::proof(ctx, &inbox, ctx.agent()?.account_id).await?;
    let base_url = &ctx.app.settings.base_url;
    Ok(Installation {
        script: channel.embed(&inbox, base_url),
        person_script: channel.embed_for_person(&inbox, base_url),
        telling_secret: match channel.telling_secret() {
            Some(key) => Some(secret(ctx, id, key).await?),
            None => None,
        },
        old_identity_until: proof.as_ref().and_then(|proof| proof.old_until),
        identity_token: proof.map(|proof| proof.token),
    })
}

/// All secrets of the inbox, and what is known of the way to its provider. For administrators.
pub async fn all_secrets(ctx: &Ctx, id: InboxId) -> Result<Value> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let inbox = get(ctx, id).await?;
    let mut all = identity::without_the_old(secrets(ctx, agent.account_id, id).await?);
    if let Some(all) = all.as_object_mut() {
        all.extend(channel::by_key(&inbox.channel)?.link(ctx, &inbox).await?);
    }
    Ok(all)
}

/// The secrets of an inbox, for the rules themselves.
pub(crate) async fn secrets(ctx: &Ctx, account: model::AccountId, id: InboxId) -> Result<Value> {
    let sealed = store::secrets(ctx.db(), account, id).await?.ok_or_else(Error::not_found)?;
    Ok(serde_json::from_slice(&ctx.app.keys.decrypt(SECRETS, &sealed)?)?)
}

fn checked_name(name: &str) -> Result<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        return Err(Error::field("name", ErrorCode::Required));
    }
    if name.chars().count() > MAX_NAME {
        return Err(Error::field("name", ErrorCode::TooLong));
    }
    Ok(name)
}

fn check_texts(settings: &Settings) -> Result<()> {
    for (field, text) in
        [("greeting_message", &settings.greeting_message), ("out_of_office_message", &settings.out_of_office_message)]
    {
        if text.as_ref().is_some_and(|text| text.chars().count() > MAX_AUTOMATIC_TEXT) {
            return Err(Error::field(field, ErrorCode::TooLong));
        }
    }
    hours::check(settings.working_hours.as_ref(), settings.timezone.as_deref())
}
