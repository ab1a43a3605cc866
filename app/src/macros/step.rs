//! What the steps of a macro are called.

use model::action::{ActionKind, SnoozeUntil};
use text::Lang;
use text::macros::step as t;

/// A step's name.
#[must_use]
pub fn step_name(lang: Lang, kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::AssignAgent => t::assign_agent(lang),
        ActionKind::AssignTeam => t::assign_team(lang),
        ActionKind::RemoveAssignedTeam => t::remove_team(lang),
        ActionKind::AddLabel => t::add_label(lang),
        ActionKind::RemoveLabel => t::remove_label(lang),
        ActionKind::SendMessage => t::send_message(lang),
        ActionKind::AddPrivateNote => t::add_note(lang),
        ActionKind::SendAttachment => t::send_attachment(lang),
        ActionKind::ResolveConversation => t::resolve(lang),
        ActionKind::SnoozeConversation => t::snooze(lang),
        ActionKind::ChangeStatus => t::change_status(lang),
        ActionKind::ChangePriority => t::change_priority(lang),
        ActionKind::MuteConversation => t::mute(lang),
        ActionKind::SendEmailTranscript => t::send_transcript(lang),
        ActionKind::SendWebhookEvent => t::call_webhook(lang),
    }
}

/// Until when a step snoozes, in words.
#[must_use]
pub fn snooze_name(lang: Lang, until: SnoozeUntil) -> &'static str {
    use text::conversation::snooze as s;
    match until {
        SnoozeUntil::Reply => s::reply(lang),
        SnoozeUntil::Hour => s::hour(lang),
        SnoozeUntil::Tomorrow => s::tomorrow(lang),
        SnoozeUntil::NextWeek => s::next_week(lang),
    }
}
