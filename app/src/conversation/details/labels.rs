//! The labels of the conversation.

use leptos::prelude::*;
use model::Permission;

use crate::conversation::desk::{Act, use_desk};
use crate::label::LabelPicker;

/// The labels, and the choice of others.
#[component]
pub fn Labels() -> impl IntoView {
    let desk = use_desk();
    view! {
        <LabelPicker
            workplace=desk.workplace
            id="conversation-labels"
            picked=desk.conversation_memo(|conversation| conversation.row.labels.clone())
            may_edit=desk.workplace.may(Permission::WorkConversations)
            on_change=move |labels| desk.act(Act::Labels(labels))
        />
    }
}
