//! The company itself: people, inboxes, teams and labels, made by the rules that everybody uses.

use std::collections::HashMap;
use std::sync::Arc;

use model::{AccountId, InboxId, LabelId, Role, TeamId, UserId};
use serde_json::json;

use super::company::{self, AGENTS, ATTRIBUTES, Defined, INBOXES, LABELS, TEAMS};
use crate::account::{self, NewInstallation};
use crate::agent::store::{self as agents, NewMember, NewUser};
use crate::attribute::{self, AttributeInput};
use crate::inbox::{self, NewInbox};
use crate::label::LabelInput;
use crate::session::password;
use crate::team::TeamInput;
use crate::{Actor, App, Ctx, Result, access, label, team, visitor};

/// What the history happens in.
pub struct Ground {
    /// The administrator at work.
    pub ctx: Ctx,
    pub account_id: AccountId,
    pub administrator: UserId,
    pub access_token: String,
    /// In the order of [`AGENTS`].
    pub agents: Vec<UserId>,
    /// In the order of [`INBOXES`].
    pub inboxes: Vec<InboxId>,
    /// Token of the first inbox's website.
    pub website_token: String,
    pub teams: HashMap<&'static str, TeamId>,
    pub labels: HashMap<&'static str, LabelId>,
}

/// Makes the company in a fresh database; fails with `AlreadyInstalled` in any other.
pub async fn company(app: &Arc<App>) -> Result<Ground> {
    let boss = &AGENTS[0];
    let installed = account::install(
        &app.anonymous(),
        NewInstallation {
            account_name: company::NAME.to_owned(),
            user_name: boss.name.to_owned(),
            email: boss.email.to_owned(),
            password: company::PASSWORD.to_owned(),
            locale: "pt-BR".to_owned(),
            timezone: company::TIMEZONE.to_owned(),
        },
    )
    .await?;
    let account_id = installed.account_id;
    let mut people = vec![installed.user_id];
    people.extend(colleagues(app, account_id).await?);
    let ctx = access::enter(&app.anonymous().with(Actor::User(installed.user_id)), account_id).await?;
    let (inboxes, website_token) = inboxes(&ctx, &people).await?;
    attributes(&ctx).await?;
    Ok(Ground {
        account_id,
        administrator: installed.user_id,
        access_token: installed.access_token,
        inboxes,
        website_token,
        teams: teams(&ctx, &people).await?,
        labels: labels(&ctx).await?,
        agents: people,
        ctx,
    })
}

/// Everybody else, with a password from the start instead of an invitation.
async fn colleagues(app: &Arc<App>, account: AccountId) -> Result<Vec<UserId>> {
    let hash = password::hash(company::PASSWORD.to_owned()).await?;
    let system = app.system();
    let mut work = system.begin().await?;
    let now = work.now;
    let mut ids = Vec::new();
    for agent in &AGENTS[1..] {
        let person =
            NewUser { email: agent.email, name: agent.name, password_hash: Some(&hash), locale: Some("pt-BR") };
        let id = agents::insert_user(&mut work.tx, &person, now).await?;
        agents::insert_member(&mut work.tx, &NewMember::new(account, id, agent.role), now).await?;
        ids.push(id);
    }
    work.commit().await?;
    Ok(ids)
}

async fn inboxes(ctx: &Ctx, people: &[UserId]) -> Result<(Vec<InboxId>, String)> {
    let mut ids = Vec::new();
    let mut first = None;
    for (place, (name, site, colour, title, tagline, _)) in INBOXES.into_iter().enumerate() {
        let settings = inbox::Settings {
            name: Some(name.to_owned()),
            timezone: Some(company::TIMEZONE.to_owned()),
            // What waits stays for whoever tries things out, instead of going to the first who signs in.
            enable_auto_assignment: Some(false),
            greeting_enabled: Some(place == 0),
            greeting_message: Some(company::GREETING.to_owned()),
            config: Some(json!({
                "website_url": site, "widget_color": colour, "welcome_title": title, "welcome_tagline": tagline,
            })),
            ..inbox::Settings::default()
        };
        // The assistant helps in the shop only; professionals are looked after by few.
        let is_member = |number: &usize| match AGENTS[*number].role {
            Role::Assistant => place == 0,
            Role::Administrator | Role::Supervisor => true,
            Role::Agent => place != 2 || *number == 4,
        };
        let members = (0..people.len()).filter(is_member).map(|number| people[number]).collect();
        let new = NewInbox { channel: visitor::VISITOR_CHANNEL.to_owned(), settings, members };
        let made = inbox::create(ctx, new).await?;
        ids.push(made.id);
        first.get_or_insert(made.identifier);
    }
    Ok((ids, first.unwrap_or_default()))
}

async fn teams(ctx: &Ctx, people: &[UserId]) -> Result<HashMap<&'static str, TeamId>> {
    let mut ids = HashMap::new();
    for (name, description, members) in TEAMS {
        let new = TeamInput { name: name.to_owned(), description: description.to_owned(), allow_auto_assign: false };
        let made = team::create(ctx, new).await?;
        team::set_members(ctx, made.id, members.iter().map(|number| people[*number]).collect()).await?;
        ids.insert(name, made.id);
    }
    Ok(ids)
}

async fn attributes(ctx: &Ctx) -> Result<()> {
    for Defined { model, key, name, kind, values, pattern } in ATTRIBUTES {
        let new = AttributeInput {
            model: *model,
            key: (*key).to_owned(),
            name: (*name).to_owned(),
            description: String::new(),
            kind: *kind,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            regex_pattern: pattern.map(|(pattern, _)| pattern.to_owned()),
            regex_cue: pattern.map(|(_, cue)| cue.to_owned()),
        };
        attribute::create(ctx, new).await?;
    }
    Ok(())
}

async fn labels(ctx: &Ctx) -> Result<HashMap<&'static str, LabelId>> {
    let mut ids = HashMap::new();
    for (title, description, colour) in LABELS {
        let new = LabelInput {
            title: title.to_owned(),
            description: description.to_owned(),
            color: colour.to_owned(),
            show_on_sidebar: true,
        };
        ids.insert(title, label::create(ctx, new).await?.id);
    }
    Ok(ids)
}
