//! Lines in a conversation that say what happened, in the account's language.

use model::{AccountId, DisplayId, MessageKind, Priority};
use text::Lang;

use super::store::Facts;
use crate::message::write;
use crate::work::Work;
use crate::{Actor, Ctx, Result};

/// What happened.
#[derive(Debug, Clone)]
pub enum Activity<'a> {
    Resolved,
    /// After so many minutes in which nothing happened.
    ResolvedAfter(i64),
    Reopened,
    Pending,
    SnoozedUntilReply,
    Snoozed,
    Woken,
    AssignedToSelf,
    Assigned(&'a str),
    /// By automatic assignment, as next in the queue of an inbox.
    AssignedFromInbox {
        name: &'a str,
        inbox: &'a str,
    },
    /// The same of a team.
    AssignedFromTeam {
        name: &'a str,
        team: &'a str,
    },
    Unassigned,
    /// Its agent left the account.
    HandedBack(&'a str),
    TeamAssigned(&'a str),
    TeamRemoved,
    PriorityChanged(Option<Priority>),
    LabelsAdded(&'a str),
    LabelsRemoved(&'a str),
    Muted,
    Unmuted,
    /// Its messages went to another conversation.
    MergedInto(DisplayId),
    /// It took over the messages of another.
    MergedFrom(DisplayId),
    /// The merge with another was taken apart.
    Unmerged(DisplayId),
}

/// Writes the line in an open change; nothing when nobody in particular acted.
pub(crate) async fn note(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, activity: Activity<'_>) -> Result<()> {
    let lang = language(work, facts.account_id).await?;
    let Some(line) = line(ctx, lang, &activity) else { return Ok(()) };
    write::write(work, facts, write::New::text(MessageKind::Activity, line)).await?;
    Ok(())
}

async fn language(work: &mut Work<'_>, account: AccountId) -> Result<Lang> {
    let (locale,): (String,) = super::store::account_locale(&mut work.tx, account).await?;
    Ok(locale.parse().unwrap_or(Lang::En))
}

fn line(ctx: &Ctx, lang: Lang, activity: &Activity<'_>) -> Option<String> {
    use text::activity as t;
    let contact = t::the_contact(lang).to_owned();
    let who = match &ctx.actor {
        Actor::Agent(agent) => agent.name.clone(),
        Actor::Visitor(_) => contact,
        _ => t::the_system(lang).to_owned(),
    };
    Some(match activity {
        Activity::Resolved => t::resolved(lang, &who),
        Activity::ResolvedAfter(minutes) => resolved_after(lang, *minutes),
        Activity::Reopened => t::reopened(lang, &who),
        Activity::Pending => t::pending(lang, &who),
        Activity::Snoozed => t::snoozed(lang, &who),
        Activity::SnoozedUntilReply => t::snoozed_until_reply(lang, &who),
        Activity::Woken => t::woken(lang).to_owned(),
        Activity::AssignedToSelf => t::assigned_to_self(lang, &who),
        Activity::Assigned(name) => t::assigned(lang, &who, name),
        Activity::AssignedFromInbox { name, inbox } => t::assigned_from_inbox(lang, name, inbox),
        Activity::AssignedFromTeam { name, team } => t::assigned_from_team(lang, name, team),
        Activity::Unassigned => t::unassigned(lang, &who),
        Activity::HandedBack(name) => t::handed_back(lang, name),
        Activity::TeamAssigned(name) => t::team_assigned(lang, &who, name),
        Activity::TeamRemoved => t::team_removed(lang, &who),
        Activity::PriorityChanged(None) => t::priority_removed(lang, &who),
        Activity::PriorityChanged(Some(priority)) => t::priority_set(lang, &who, priority_name(lang, *priority)),
        Activity::LabelsAdded(titles) => t::labels_added(lang, &who, titles),
        Activity::Muted => t::muted(lang, &who),
        Activity::Unmuted => t::unmuted(lang, &who),
        Activity::LabelsRemoved(titles) => t::labels_removed(lang, &who, titles),
        Activity::MergedInto(id) => t::merged_into(lang, &who, &id.to_string()),
        Activity::MergedFrom(id) => t::merged_from(lang, &who, &id.to_string()),
        Activity::Unmerged(id) => t::unmerged(lang, &who, &id.to_string()),
    })
}

/// In the largest unit that says it exactly.
fn resolved_after(lang: Lang, minutes: i64) -> String {
    use text::activity as t;
    match minutes {
        days if days % (24 * 60) == 0 => t::resolved_after_days(lang, days / (24 * 60)),
        hours if hours % 60 == 0 => t::resolved_after_hours(lang, hours / 60),
        minutes => t::resolved_after_minutes(lang, minutes),
    }
}

fn priority_name(lang: Lang, priority: Priority) -> &'static str {
    use text::activity::priority as t;
    match priority {
        Priority::Low => t::low(lang),
        Priority::Medium => t::medium(lang),
        Priority::High => t::high(lang),
        Priority::Urgent => t::urgent(lang),
    }
}
