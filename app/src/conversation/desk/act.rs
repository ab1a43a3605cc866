//! What can be done with a conversation: shown at once, taken back when the server refuses, and undone by the agent.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::agent::AgentRef;
use model::conversation::{Conversation, Standing, TeamRef};
use model::{ConversationStatus, DisplayId, ErrorCode, Millis, Priority, TeamId, UserId};
use text::Lang;
use text::conversation as t;

use super::Desk;
use crate::boot::Lists;
use crate::call::CallError;
use crate::conversation::calls;

/// A change of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// `until` is for snoozing; without it until the next reply.
    Status(ConversationStatus, Option<Millis>),
    Agent(Option<UserId>),
    Team(Option<TeamId>),
    Priority(Option<Priority>),
    Labels(Vec<String>),
    /// The contact is not to be heard, or is again.
    Mute(bool),
}

impl Act {
    /// Does it to the agent's own copy.
    fn apply(&self, conversation: &mut Conversation, lists: &Lists) {
        let row = &mut conversation.row;
        match self {
            Self::Status(status, until) => {
                row.status = *status;
                row.snoozed_until = until.filter(|_| *status == ConversationStatus::Snoozed);
            }
            Self::Agent(id) => {
                let agent = id.and_then(|id| lists.agents.iter().find(|agent| agent.id == id));
                row.assignee = agent.map(|agent| AgentRef {
                    id: agent.id,
                    name: agent.name.clone(),
                    avatar_url: agent.avatar_url.clone(),
                });
            }
            Self::Team(id) => {
                let team = id.and_then(|id| lists.teams.iter().find(|team| team.id == id));
                row.team = team.map(|team| TeamRef { id: team.id, name: team.name.clone() });
            }
            Self::Priority(priority) => row.priority = *priority,
            Self::Labels(labels) => row.labels.clone_from(labels),
            Self::Mute(muted) => {
                conversation.contact.blocked = *muted;
                if *muted {
                    (row.status, row.snoozed_until) = (ConversationStatus::Resolved, None);
                }
            }
        }
    }

    /// What takes it back.
    fn undo(&self, before: &Conversation) -> Self {
        let row = &before.row;
        match self {
            Self::Status(..) => Self::Status(row.status, row.snoozed_until),
            Self::Agent(_) => Self::Agent(row.assignee.as_ref().map(|agent| agent.id)),
            Self::Team(_) => Self::Team(row.team.as_ref().map(|team| team.id)),
            Self::Priority(_) => Self::Priority(row.priority),
            Self::Labels(_) => Self::Labels(row.labels.clone()),
            Self::Mute(_) => Self::Mute(before.contact.blocked),
        }
    }

    /// What was done, in words; `None` for what speaks for itself.
    fn words(&self, lang: Lang, after: &Conversation, me: UserId, offset: i32) -> Option<String> {
        let row = &after.row;
        Some(match self {
            Self::Status(ConversationStatus::Resolved, _) => t::did::resolved(lang).to_owned(),
            Self::Status(ConversationStatus::Open, _) => t::did::reopened(lang).to_owned(),
            Self::Status(ConversationStatus::Pending, _) => t::did::pending(lang).to_owned(),
            Self::Status(ConversationStatus::Snoozed, None) => t::did::snoozed_until_reply(lang).to_owned(),
            Self::Status(ConversationStatus::Snoozed, Some(until)) => {
                t::did::snoozed(lang, &text::time::date_time(lang, *until, offset))
            }
            Self::Agent(None) => t::did::unassigned(lang).to_owned(),
            Self::Agent(Some(id)) if *id == me => t::did::assigned_to_me(lang).to_owned(),
            Self::Agent(Some(_)) => t::did::assigned(lang, row.assignee.as_ref().map_or("", |agent| &agent.name)),
            Self::Team(None) => t::did::no_team(lang).to_owned(),
            Self::Team(Some(_)) => t::did::team(lang, row.team.as_ref().map_or("", |team| &team.name)),
            Self::Priority(None) => t::did::no_priority(lang).to_owned(),
            Self::Priority(Some(priority)) => t::did::priority(lang, priority_name(lang, *priority)),
            Self::Mute(true) => t::did::muted(lang).to_owned(),
            Self::Mute(false) => t::did::unmuted(lang).to_owned(),
            Self::Labels(_) => return None,
        })
    }

    async fn call(self, desk: Desk, id: DisplayId) -> Result<Conversation, CallError> {
        let account = desk.account();
        match self {
            Self::Status(status, until) => calls::set_status(account, id, status, until).await,
            Self::Agent(agent) => calls::assign_agent(account, id, agent).await,
            Self::Team(team) => calls::assign_team(account, id, team).await,
            Self::Priority(priority) => calls::set_priority(account, id, priority).await,
            Self::Labels(labels) => calls::set_labels(account, id, labels).await,
            Self::Mute(muted) => calls::set_muted(account, id, muted).await,
        }
    }
}

/// A priority's name.
#[must_use]
pub fn priority_name(lang: Lang, priority: Priority) -> &'static str {
    match priority {
        Priority::Low => t::priorities::low(lang),
        Priority::Medium => t::priorities::medium(lang),
        Priority::High => t::priorities::high(lang),
        Priority::Urgent => t::priorities::urgent(lang),
    }
}

impl Desk {
    /// Does something with the open conversation, and offers to undo it.
    pub fn act(self, act: Act) {
        let Some(before) = untrack(|| self.with_conversation(Clone::clone)) else { return };
        let id = before.row.display_id;
        let undo = act.undo(&before);
        if undo == act {
            return;
        }
        let mut after = before.clone();
        self.workplace.lists.with_untracked(|lists| act.apply(&mut after, lists));
        self.put_conversation(&after);
        if matches!(act, Act::Agent(Some(agent)) if agent == self.me()) {
            self.notify.own_doing.set(Some(id));
        }
        let words = act.words(self.lang, &after, self.me(), ui::browser::utc_offset());
        let toasts = self.toasts;
        spawn_local(async move {
            match act.call(self, id).await {
                Ok(conversation) => {
                    self.put_conversation(&conversation);
                    if let Some(words) = words {
                        let (before, after) = (Standing::from(&before.row), Standing::from(&conversation.row));
                        let take_back = move |()| match &undo {
                            Act::Mute(_) => self.act_in(id, undo.clone()),
                            _ => self.restore(id, after.clone(), before.clone()),
                        };
                        toasts.offer(words, text::common::undo(self.lang), Callback::new(take_back));
                    }
                }
                Err(error) => {
                    // What others changed meanwhile arrives by itself.
                    self.put_conversation(&before);
                    toasts.fail(t::failed(self.lang, &error.words(self.lang)));
                }
            }
        });
    }

    /// Does something in a conversation that may not be the open one any more.
    pub(super) fn act_in(self, id: DisplayId, act: Act) {
        if untrack(|| self.open_id()) == Some(id) { self.act(act) } else { self.act_unseen(id, act) }
    }

    /// Brings back how a conversation stood, unless somebody else has changed it since.
    fn restore(self, id: DisplayId, after: Standing, before: Standing) {
        spawn_local(async move {
            match calls::restore(self.account(), id, after, before).await {
                Ok(conversation) => self.put_conversation(&conversation),
                Err(error) if error.0.code == ErrorCode::Conflict => self.toasts.fail(t::changed_since(self.lang)),
                Err(error) => self.tell_failure(&error),
            }
        });
    }

    fn act_unseen(self, id: DisplayId, act: Act) {
        let toasts = ui::use_toasts();
        spawn_local(async move {
            match act.call(self, id).await {
                Ok(conversation) => self.put_conversation(&conversation),
                Err(error) => toasts.fail(t::failed(self.lang, &error.words(self.lang))),
            }
        });
    }

    /// Says that something did not work.
    pub fn tell_failure(self, error: &CallError) {
        self.toasts.fail(t::failed(self.lang, &error.words(self.lang)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::samples::{assigned, conversation, with};

    #[test]
    fn every_act_can_be_taken_back() {
        let before = with(assigned(conversation(1), UserId(4)), |c| {
            c.row.status = ConversationStatus::Snoozed;
            c.row.snoozed_until = Some(99);
            c.row.priority = Some(Priority::High);
            c.row.labels = vec!["vip".into()];
        });
        let agent = model::agent::Agent {
            id: UserId(4),
            account_id: model::AccountId(1),
            name: "Ana".into(),
            display_name: "Ana".into(),
            email: String::new(),
            role: model::Role::Agent,
            availability: model::Availability::Online,
            auto_offline: false,
            assignment_limit: None,
            confirmed: true,
            avatar_url: None,
        };
        let lists = Lists { agents: vec![agent], ..Lists::default() };
        let acts = [
            Act::Status(ConversationStatus::Resolved, None),
            Act::Agent(None),
            Act::Team(None),
            Act::Priority(None),
            Act::Labels(Vec::new()),
            Act::Mute(false),
        ];
        for act in acts {
            let undo = act.undo(&before);
            let mut copy = before.clone();
            act.apply(&mut copy, &lists);
            undo.apply(&mut copy, &lists);
            assert_eq!(copy, before, "{act:?}");
        }
    }
}
