//! Steps: what macros and automations do with a conversation. One executor for both; each step is done in one change with whatever
//! says that it was done, so it is done once.

use model::action::{Action, Assignee, SnoozeUntil};
use model::{ConversationStatus, ErrorCode, MessageKind, Millis, Permission, SenderKind, UserId};

use crate::conversation::store::Facts;
use crate::conversation::{assign, label, mention, status};
use crate::ctx::AgentActor;
use crate::job::Job;
use crate::mail::transcript;
use crate::message::attachment::Stored;
use crate::message::format;
use crate::message::write::{self, New, Written};
use crate::work::Work;
use crate::{Actor, Ctx, Error, Result, account, contact, stored_file, variable, webhook};

mod time;

/// What other systems are told has happened.
const MACRO_EXECUTED: &str = "macro.executed";

/// A step with what it needs from outside of the database.
pub(crate) struct Ready<'a> {
    action: &'a Action,
    files: Vec<Stored>,
    /// Who gets the transcript.
    addresses: Vec<String>,
}

/// Gets ready for a step, before its change begins: files are copied here.
pub(crate) async fn prepare<'a>(ctx: &Ctx, facts: &Facts, action: &'a Action) -> Result<Ready<'a>> {
    let files = match action {
        Action::SendAttachments(ids) => stored_file::copies(ctx, facts.account_id, ids).await?,
        _ => Vec::new(),
    };
    let addresses = match action {
        Action::SendTranscript(to) => {
            transcript::can_be_sent(ctx)?;
            let agent = acting(ctx).map(|agent| agent.user_id);
            let to = variable::fill(ctx, variable::About::conversation(facts, agent), to.clone()).await?;
            transcript::addresses("email", &to)?
        }
        _ => Vec::new(),
    };
    Ok(Ready { action, files, addresses })
}

/// Takes a step in an open change, as whoever `ctx` acts for. `facts` are as of the lock.
pub(crate) async fn apply(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, ready: Ready<'_>) -> Result<()> {
    require(ctx, Permission::WorkConversations)?;
    match ready.action {
        Action::AssignAgent(assignee) => assign_agent(ctx, work, facts, *assignee).await,
        Action::AssignTeam(team) => {
            require(ctx, Permission::Assign)?;
            let name = match team {
                Some(team) => Some(assign::team_name(ctx, facts.account_id, *team).await?),
                None => None,
            };
            if facts.team_id != *team {
                assign::hand_over(ctx, work, facts, team.zip(name.as_deref())).await?;
            }
            Ok(())
        }
        Action::AddLabels(titles) => {
            let mut all = label::of(work, facts).await?;
            all.extend(label::normal(titles));
            label::change(ctx, work, facts, &all).await?;
            Ok(())
        }
        Action::RemoveLabels(titles) => {
            let gone = label::normal(titles);
            let mut left = label::of(work, facts).await?;
            left.retain(|title| !gone.contains(title));
            label::change(ctx, work, facts, &left).await?;
            Ok(())
        }
        Action::SendMessage(text) => say(ctx, work, facts, text, false, Vec::new()).await,
        Action::AddPrivateNote(text) => say(ctx, work, facts, text, true, Vec::new()).await,
        Action::SendAttachments(_) => say(ctx, work, facts, "", false, ready.files).await,
        Action::Resolve => turn(ctx, work, facts, ConversationStatus::Resolved, None).await,
        Action::ChangeStatus(to) => turn(ctx, work, facts, *to, None).await,
        Action::Snooze(until) => {
            let until = snooze_end(ctx, work, facts, *until).await?;
            turn(ctx, work, facts, ConversationStatus::Snoozed, until).await
        }
        Action::ChangePriority(priority) => {
            status::change_priority(ctx, work, facts, *priority).await?;
            Ok(())
        }
        Action::SendTranscript(_) => {
            for to in ready.addresses {
                let (account_id, conversation_id) = (facts.account_id, facts.id);
                work.enqueue_now(account_id, Job::MailTranscript { account_id, conversation_id, to, locale: None });
            }
            Ok(())
        }
        Action::CallWebhook(url) => {
            webhook::checked(ctx, "url", url)?;
            let (url, event) = (url.clone(), MACRO_EXECUTED.to_owned());
            let job = Job::CallWebhook { account_id: facts.account_id, conversation_id: facts.id, url, event };
            work.enqueue_now(facts.account_id, job);
            Ok(())
        }
        Action::Mute => {
            let blocked = contact::Checked { blocked: Some(true), ..Default::default() };
            // First: whoever is not heard is not asked for their opinion either.
            contact::change(work, facts.account_id, facts.contact_id, blocked).await?;
            turn(ctx, work, facts, ConversationStatus::Resolved, None).await
        }
    }
}

/// Whoever acts must have the permission; the system has all.
fn require(ctx: &Ctx, permission: Permission) -> Result<()> {
    match acting(ctx) {
        Some(agent) => agent.require(permission),
        None => ctx.require_system(),
    }
}

fn acting(ctx: &Ctx) -> Option<&AgentActor> {
    if let Actor::Agent(agent) = &ctx.actor { Some(agent) } else { None }
}

async fn assign_agent(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts, assignee: Assignee) -> Result<()> {
    use crate::conversation::activity::Activity;
    let me = acting(ctx).map(|agent| agent.user_id);
    let wanted: Option<UserId> = match assignee {
        Assignee::User(id) => Some(id),
        Assignee::Myself => Some(me.ok_or_else(|| Error::field("assignee_id", ErrorCode::Invalid))?),
        Assignee::Nobody => None,
    };
    if wanted.is_none() || wanted != me {
        require(ctx, Permission::Assign)?;
    }
    if wanted == facts.assignee_id {
        return Ok(());
    }
    let name = match wanted {
        Some(user) => Some(assign::assignable(ctx, facts.account_id, facts.inbox_id, user).await?),
        None => None,
    };
    let activity = match &name {
        None => Activity::Unassigned,
        Some(_) if wanted == me => Activity::AssignedToSelf,
        Some(name) => Activity::Assigned(name),
    };
    assign::give(ctx, work, facts, wanted, activity).await
}

/// Writes a message or a note, its variables filled in.
async fn say(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &Facts,
    template: &str,
    private: bool,
    files: Vec<Stored>,
) -> Result<()> {
    let agent = acting(ctx).map(|agent| agent.user_id);
    let text = variable::fill(ctx, variable::About::conversation(facts, agent), template.to_owned()).await?;
    let content = format::cleaned(&text)?;
    if content.is_empty() && files.is_empty() {
        return Err(Error::field("content", ErrorCode::Required));
    }
    let message = New {
        private,
        sender: agent.map(|id| (SenderKind::User, id.0)),
        files,
        ..New::text(MessageKind::Outgoing, content.clone())
    };
    let written = write::write(work, facts, message).await?;
    if let (Written::New(id), true, Some(agent)) = (written, private, agent) {
        mention::note(ctx, work, facts, agent, id, &content).await?;
    }
    Ok(())
}

async fn turn(
    ctx: &Ctx,
    work: &mut Work<'_>,
    facts: &Facts,
    to: ConversationStatus,
    until: Option<Millis>,
) -> Result<()> {
    status::change(ctx, work, facts, to, until).await?;
    Ok(())
}

async fn snooze_end(ctx: &Ctx, work: &Work<'_>, facts: &Facts, until: SnoozeUntil) -> Result<Option<Millis>> {
    let account = account::store::get(ctx.db(), facts.account_id).await?.ok_or_else(Error::not_found)?;
    Ok(time::snooze_end(work.now, &account.timezone, until))
}
