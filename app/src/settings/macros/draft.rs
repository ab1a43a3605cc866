//! A macro's steps while they are being written.

use leptos::prelude::*;
use model::action::{Action, ActionKind, Assignee, SnoozeUntil, StoredFile};
use model::{ConversationStatus, Priority, TeamId, UserId};

/// Stands for nobody and nothing in choices.
pub const NONE: &str = "nil";
/// Stands for whoever runs it.
pub const MYSELF: &str = "self";

/// One step. Cheap to copy; what another kind of step held is kept while one chooses.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Stays with the step while others move.
    pub key: u32,
    pub kind: RwSignal<String>,
    /// The choice of steps that have one.
    pub choice: RwSignal<String>,
    pub text: RwSignal<String>,
    pub labels: RwSignal<Vec<String>>,
    pub files: RwSignal<Vec<StoredFile>>,
}

impl Step {
    /// An empty step of a kind.
    pub fn new(key: u32, kind: ActionKind) -> Self {
        let step = Self {
            key,
            kind: RwSignal::new(kind.as_str().to_owned()),
            choice: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            labels: RwSignal::new(Vec::new()),
            files: RwSignal::new(Vec::new()),
        };
        step.choice.set(first_choice(kind).to_owned());
        step
    }

    /// A step as it is kept, with the files of its macro.
    pub fn of(key: u32, action: &Action, files: &[StoredFile]) -> Self {
        let step = Self::new(key, action.kind());
        match action {
            Action::AssignAgent(Assignee::User(id)) => step.choice.set(id.to_string()),
            Action::AssignAgent(Assignee::Myself) => step.choice.set(MYSELF.to_owned()),
            Action::AssignAgent(Assignee::Nobody) | Action::AssignTeam(None) | Action::ChangePriority(None) => {
                step.choice.set(NONE.to_owned());
            }
            Action::AssignTeam(Some(id)) => step.choice.set(id.to_string()),
            Action::AddLabels(titles) | Action::RemoveLabels(titles) => step.labels.set(titles.clone()),
            Action::SendMessage(text)
            | Action::AddPrivateNote(text)
            | Action::SendTranscript(text)
            | Action::CallWebhook(text) => step.text.set(text.clone()),
            Action::SendAttachments(ids) => {
                step.files.set(files.iter().filter(|file| ids.contains(&file.id)).cloned().collect());
            }
            Action::Snooze(until) => step.choice.set(until.as_str().to_owned()),
            Action::ChangeStatus(status) => step.choice.set(status.as_str().to_owned()),
            Action::ChangePriority(Some(priority)) => step.choice.set(priority.as_str().to_owned()),
            Action::Resolve | Action::Mute => {}
        }
        step
    }

    /// Which step it is.
    pub fn kind(&self) -> ActionKind {
        self.kind.get().parse().unwrap_or(ActionKind::SendMessage)
    }

    /// Another kind begins with its first choice.
    pub fn begin_anew(&self) {
        let kind = untrack(|| self.kind());
        self.choice.set(first_choice(kind).to_owned());
    }

    /// The step; `None` while something is missing.
    pub fn action(&self) -> Option<Action> {
        let choice = self.choice.get();
        let text = self.text.get();
        let has_text = !text.trim().is_empty();
        Some(match self.kind() {
            ActionKind::AssignAgent => Action::AssignAgent(match choice.as_str() {
                MYSELF => Assignee::Myself,
                NONE => Assignee::Nobody,
                id => Assignee::User(UserId(id.parse().ok()?)),
            }),
            ActionKind::AssignTeam | ActionKind::RemoveAssignedTeam => match choice.as_str() {
                NONE => Action::AssignTeam(None),
                id => Action::AssignTeam(Some(TeamId(id.parse().ok()?))),
            },
            ActionKind::AddLabel => Action::AddLabels(self.some_labels()?),
            ActionKind::RemoveLabel => Action::RemoveLabels(self.some_labels()?),
            ActionKind::SendMessage => Action::SendMessage(has_text.then_some(text)?),
            ActionKind::AddPrivateNote => Action::AddPrivateNote(has_text.then_some(text)?),
            ActionKind::SendAttachment => {
                let ids: Vec<_> = self.files.with(|files| files.iter().map(|file| file.id).collect());
                (!ids.is_empty()).then_some(Action::SendAttachments(ids))?
            }
            ActionKind::ResolveConversation => Action::Resolve,
            ActionKind::MuteConversation => Action::Mute,
            ActionKind::SendEmailTranscript => Action::SendTranscript(has_text.then_some(text)?),
            ActionKind::SendWebhookEvent => Action::CallWebhook(has_text.then_some(text)?),
            ActionKind::SnoozeConversation => Action::Snooze(choice.parse().ok()?),
            ActionKind::ChangeStatus => Action::ChangeStatus(choice.parse().ok()?),
            ActionKind::ChangePriority if choice == NONE => Action::ChangePriority(None),
            ActionKind::ChangePriority => Action::ChangePriority(Some(choice.parse().ok()?)),
        })
    }

    fn some_labels(&self) -> Option<Vec<String>> {
        Some(self.labels.get()).filter(|labels| !labels.is_empty())
    }
}

fn first_choice(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::AssignAgent => MYSELF,
        ActionKind::AssignTeam | ActionKind::RemoveAssignedTeam => NONE,
        ActionKind::SnoozeConversation => SnoozeUntil::Tomorrow.as_str(),
        ActionKind::ChangeStatus => ConversationStatus::Open.as_str(),
        ActionKind::ChangePriority => Priority::High.as_str(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use model::StoredFileId;

    use super::*;

    #[test]
    fn steps_are_written_back_as_they_were() {
        let owner = Owner::new();
        owner.set();
        let file = StoredFile {
            id: StoredFileId(4),
            name: "a.pdf".into(),
            content_type: "application/pdf".into(),
            size: 1,
            kind: model::FileKind::File,
        };
        for action in [
            Action::AssignAgent(Assignee::User(UserId(3))),
            Action::AssignAgent(Assignee::Myself),
            Action::AssignTeam(None),
            Action::AddLabels(vec!["vip".into()]),
            Action::SendMessage("Olá".into()),
            Action::SendAttachments(vec![StoredFileId(4)]),
            Action::Snooze(SnoozeUntil::NextWeek),
            Action::ChangePriority(None),
            Action::Mute,
            Action::SendTranscript("{{contact.email}}".into()),
            Action::CallWebhook("https://loja.example".into()),
        ] {
            assert_eq!(Step::of(1, &action, std::slice::from_ref(&file)).action(), Some(action));
        }
        assert_eq!(Step::new(1, ActionKind::SendMessage).action(), None);
        assert_eq!(Step::new(1, ActionKind::AddLabel).action(), None);
    }
}
