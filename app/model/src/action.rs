//! What macros do with a conversation, step by step; automations are made of the same steps.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{ConversationStatus, FileKind, Millis, Priority, StoredFileId, TeamId, UserId};

/// Who gets a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    User(UserId),
    /// Whoever runs it.
    Myself,
    Nobody,
}

crate::text_enum! {
    /// Until when a step snoozes.
    SnoozeUntil {
        Reply = "reply",
        Hour = "hour",
        /// Nine in the morning, by the account's clock.
        Tomorrow = "tomorrow",
        /// Monday at nine.
        NextWeek = "next_week",
    }
}

crate::text_enum! {
    /// The steps by their names on the wire.
    ActionKind {
        AssignAgent = "assign_agent",
        AssignTeam = "assign_team",
        RemoveAssignedTeam = "remove_assigned_team",
        AddLabel = "add_label",
        RemoveLabel = "remove_label",
        SendMessage = "send_message",
        AddPrivateNote = "add_private_note",
        SendAttachment = "send_attachment",
        ResolveConversation = "resolve_conversation",
        SnoozeConversation = "snooze_conversation",
        ChangeStatus = "change_status",
        ChangePriority = "change_priority",
        MuteConversation = "mute_conversation",
        SendEmailTranscript = "send_email_transcript",
        SendWebhookEvent = "send_webhook_event",
    }
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub enum Action {
    AssignAgent(Assignee),
    /// `None` takes the team away.
    AssignTeam(Option<TeamId>),
    AddLabels(Vec<String>),
    RemoveLabels(Vec<String>),
    /// Markdown with variables.
    SendMessage(String),
    AddPrivateNote(String),
    SendAttachments(Vec<StoredFileId>),
    Resolve,
    Snooze(SnoozeUntil),
    ChangeStatus(ConversationStatus),
    ChangePriority(Option<Priority>),
    /// Resolves and blocks the contact.
    Mute,
    /// Mails what was said; addresses with commas between them, or variables that stand for some.
    SendTranscript(String),
    /// Tells another system, at this address, how the conversation stands.
    CallWebhook(String),
}

/// A step as it travels and is kept: a name and a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wire {
    action_name: ActionKind,
    #[serde(default)]
    action_params: Value,
}

impl Action {
    /// Which step it is.
    pub fn kind(&self) -> ActionKind {
        match self {
            Self::AssignAgent(_) => ActionKind::AssignAgent,
            Self::AssignTeam(_) => ActionKind::AssignTeam,
            Self::AddLabels(_) => ActionKind::AddLabel,
            Self::RemoveLabels(_) => ActionKind::RemoveLabel,
            Self::SendMessage(_) => ActionKind::SendMessage,
            Self::AddPrivateNote(_) => ActionKind::AddPrivateNote,
            Self::SendAttachments(_) => ActionKind::SendAttachment,
            Self::Resolve => ActionKind::ResolveConversation,
            Self::Snooze(_) => ActionKind::SnoozeConversation,
            Self::ChangeStatus(_) => ActionKind::ChangeStatus,
            Self::ChangePriority(_) => ActionKind::ChangePriority,
            Self::Mute => ActionKind::MuteConversation,
            Self::SendTranscript(_) => ActionKind::SendEmailTranscript,
            Self::CallWebhook(_) => ActionKind::SendWebhookEvent,
        }
    }
}

impl From<Action> for Wire {
    fn from(action: Action) -> Self {
        let action_name = action.kind();
        let action_params = match action {
            Action::AssignAgent(Assignee::User(id)) => json!([id]),
            Action::AssignAgent(Assignee::Myself) => json!(["self"]),
            Action::AssignAgent(Assignee::Nobody) | Action::AssignTeam(None) | Action::ChangePriority(None) => {
                json!(["nil"])
            }
            Action::AssignTeam(Some(id)) => json!([id]),
            Action::AddLabels(titles) | Action::RemoveLabels(titles) => json!(titles),
            Action::SendMessage(text)
            | Action::AddPrivateNote(text)
            | Action::SendTranscript(text)
            | Action::CallWebhook(text) => json!([text]),
            Action::SendAttachments(files) => json!(files),
            Action::Resolve | Action::Mute | Action::Snooze(SnoozeUntil::Reply) => json!([]),
            Action::Snooze(until) => json!([until]),
            Action::ChangeStatus(status) => json!([status]),
            Action::ChangePriority(Some(priority)) => json!([priority]),
        };
        Self { action_name, action_params }
    }
}

impl TryFrom<Wire> for Action {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let params = match wire.action_params {
            Value::Array(items) => items,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        // Clients write numbers as texts too.
        let word = || params.first().map(|first| first.as_str().map_or_else(|| first.to_string(), str::to_owned));
        let is_nil = || word().is_none_or(|word| matches!(word.as_str(), "nil" | "null" | "" | "0" | "none"));
        let number = || word().and_then(|word| word.parse::<i64>().ok());
        let text = || word().filter(|text| !text.trim().is_empty());
        let words = || params.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<_>>();
        Ok(match wire.action_name {
            ActionKind::AssignAgent if word().as_deref() == Some("self") => Self::AssignAgent(Assignee::Myself),
            ActionKind::AssignAgent if is_nil() => Self::AssignAgent(Assignee::Nobody),
            ActionKind::AssignAgent => {
                Self::AssignAgent(Assignee::User(UserId(number().ok_or("an agent is missing")?)))
            }
            ActionKind::AssignTeam if is_nil() => Self::AssignTeam(None),
            ActionKind::AssignTeam => Self::AssignTeam(Some(TeamId(number().ok_or("a team is missing")?))),
            ActionKind::RemoveAssignedTeam => Self::AssignTeam(None),
            ActionKind::AddLabel => Self::AddLabels(words()),
            ActionKind::RemoveLabel => Self::RemoveLabels(words()),
            ActionKind::SendMessage => Self::SendMessage(text().ok_or("a text is missing")?),
            ActionKind::AddPrivateNote => Self::AddPrivateNote(text().ok_or("a text is missing")?),
            ActionKind::SendAttachment => {
                let ids = params.iter().filter_map(Value::as_i64).map(StoredFileId).collect::<Vec<_>>();
                if ids.is_empty() {
                    return Err("a file is missing");
                }
                Self::SendAttachments(ids)
            }
            ActionKind::ResolveConversation => Self::Resolve,
            ActionKind::MuteConversation => Self::Mute,
            ActionKind::SendEmailTranscript => Self::SendTranscript(text().ok_or("an address is missing")?),
            ActionKind::SendWebhookEvent => Self::CallWebhook(text().ok_or("an address is missing")?),
            ActionKind::SnoozeConversation if is_nil() => Self::Snooze(SnoozeUntil::Reply),
            ActionKind::SnoozeConversation => {
                let until = word().and_then(|word| word.parse().ok());
                Self::Snooze(until.ok_or("no time for a snooze")?)
            }
            ActionKind::ChangeStatus => {
                let status = word().and_then(|word| word.parse().ok());
                Self::ChangeStatus(status.ok_or("no status")?)
            }
            ActionKind::ChangePriority if is_nil() => Self::ChangePriority(None),
            ActionKind::ChangePriority => {
                let priority = word().and_then(|word| word.parse().ok());
                Self::ChangePriority(Some(priority.ok_or("no priority")?))
            }
        })
    }
}

/// A file that is kept for messages to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    pub id: StoredFileId,
    pub name: String,
    pub content_type: String,
    /// Bytes.
    pub size: i64,
    pub kind: FileKind,
}

crate::text_enum! {
    /// Who may use a macro.
    MacroVisibility {
        /// Whoever made it.
        Personal = "personal",
        /// Everybody in the account.
        Global = "global",
    }
}

/// Steps under a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Macro {
    pub id: crate::MacroId,
    pub name: String,
    pub visibility: MacroVisibility,
    pub created_by: Option<UserId>,
    pub updated_by: Option<UserId>,
    pub actions: Vec<Action>,
    /// The files that its steps send.
    pub files: Vec<StoredFile>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

crate::text_enum! {
    /// How far a run of a macro has come.
    RunState {
        Running = "running",
        /// Every step worked.
        Done = "done",
        /// Some steps did not work.
        Partly = "partly",
    }
}

/// What became of one step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepResult {
    pub kind: ActionKind,
    /// Why it did not work; `None` when it did.
    pub error: Option<crate::ErrorCode>,
}

/// A macro at work in a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MacroRun {
    pub id: crate::MacroRunId,
    pub macro_id: Option<crate::MacroId>,
    pub macro_name: String,
    pub user_id: UserId,
    pub state: RunState,
    /// So many steps there are.
    pub total: usize,
    /// Of the steps that were taken, in order.
    pub results: Vec<StepResult>,
    pub created_at: Millis,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, params: Value) -> Result<Action, serde_json::Error> {
        serde_json::from_value(json!({"action_name": name, "action_params": params}))
    }

    #[test]
    fn steps_are_read_as_clients_write_them() {
        assert_eq!(read("assign_agent", json!(["self"])).unwrap(), Action::AssignAgent(Assignee::Myself));
        assert_eq!(read("assign_agent", json!(["7"])).unwrap(), Action::AssignAgent(Assignee::User(UserId(7))));
        assert_eq!(read("assign_agent", json!(["nil"])).unwrap(), Action::AssignAgent(Assignee::Nobody));
        assert_eq!(read("assign_team", json!([3])).unwrap(), Action::AssignTeam(Some(TeamId(3))));
        assert_eq!(read("assign_team", json!([0])).unwrap(), Action::AssignTeam(None));
        assert_eq!(read("remove_assigned_team", Value::Null).unwrap(), Action::AssignTeam(None));
        assert_eq!(read("resolve_conversation", json!([])).unwrap(), Action::Resolve);
        assert_eq!(read("snooze_conversation", json!([])).unwrap(), Action::Snooze(SnoozeUntil::Reply));
        assert_eq!(read("change_priority", json!(["nil"])).unwrap(), Action::ChangePriority(None));
        assert_eq!(
            read("change_status", json!(["pending"])).unwrap(),
            Action::ChangeStatus(ConversationStatus::Pending)
        );
        for wrong in [
            ("send_message", json!([" "])),
            ("change_status", json!(["x"])),
            ("fly", json!([])),
            ("assign_agent", json!(["x"])),
        ] {
            assert!(read(wrong.0, wrong.1.clone()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn steps_come_back_as_they_were_kept() {
        for action in [
            Action::AssignAgent(Assignee::Nobody),
            Action::AssignTeam(Some(TeamId(2))),
            Action::AssignTeam(None),
            Action::AddLabels(vec!["vip".into(), "pós-venda".into()]),
            Action::RemoveLabels(vec!["vip".into()]),
            Action::SendMessage("Olá {{contact.name}}".into()),
            Action::AddPrivateNote("nota".into()),
            Action::SendAttachments(vec![StoredFileId(4)]),
            Action::Snooze(SnoozeUntil::Tomorrow),
            Action::Snooze(SnoozeUntil::Reply),
            Action::ChangePriority(Some(Priority::High)),
            Action::Mute,
            Action::SendTranscript("{{contact.email}}".into()),
            Action::CallWebhook("https://loja.example/hook".into()),
        ] {
            let text = serde_json::to_string(&action).unwrap();
            assert_eq!(serde_json::from_str::<Action>(&text).unwrap(), action, "{text}");
        }
    }
}
