//! Doing something with the ticked conversations, or with the open one when none is ticked.

use leptos::prelude::*;
use model::bulk::BulkAct;
use model::{DisplayId, MacroId};

use crate::conversation::desk::{Act, Desk};

/// Does it.
pub fn act(desk: Desk, act: BulkAct) {
    if desk.chosen.with_untracked(|chosen| !chosen.is_empty()) {
        desk.act_on_chosen(vec![act]);
        return;
    }
    let Some(row) = untrack(|| desk.with_conversation(|conversation| conversation.row.clone())) else { return };
    let single = match act {
        BulkAct::Status(status, until) => Act::Status(status, until),
        BulkAct::Agent(agent) => Act::Agent(agent),
        BulkAct::Team(team) => Act::Team(team),
        BulkAct::Priority(priority) => Act::Priority(priority),
        BulkAct::AddLabels(titles) => {
            let mut labels = row.labels.clone();
            labels.extend(titles.into_iter().filter(|title| !row.labels.contains(title)));
            labels.sort();
            Act::Labels(labels)
        }
        BulkAct::RemoveLabels(titles) => {
            Act::Labels(row.labels.iter().filter(|label| !titles.contains(label)).cloned().collect())
        }
        BulkAct::Seen(_) => {
            desk.mark_unseen(row.display_id);
            return;
        }
    };
    desk.act(single);
}

/// Runs a macro in the ticked conversations, or in the open one when none is ticked.
pub fn run_macro(desk: Desk, id: MacroId, name: String) {
    let ticked = desk.chosen.with_untracked(crate::store::Chosen::numbers);
    let places = if ticked.is_empty() { untrack(|| desk.open_id()).into_iter().collect() } else { ticked };
    if places.is_empty() {
        return;
    }
    let toasts = ui::use_toasts();
    leptos::task::spawn_local(async move {
        match crate::macros::calls::execute(desk.account(), id, places).await {
            Ok(()) => toasts.tell(text::macros::started(desk.lang, &name)),
            Err(error) => toasts.fail(error.words(desk.lang)),
        }
    });
}

/// The conversation behind the open one in the list, or before it at the list's end.
pub fn next_of(desk: Desk) -> Option<DisplayId> {
    let open = untrack(|| desk.open_id())?;
    desk.list.with_untracked(|list| {
        let numbers = list.numbers();
        let at = numbers.iter().position(|(_, number)| *number == open)?;
        let next = numbers.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| numbers.get(before)));
        next.map(|(_, number)| *number)
    })
}
