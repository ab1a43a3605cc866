//! A colleague who writes in the same conversation, before two answers are sent.

use leptos::prelude::*;
use model::live::Typist;
use text::composer as t;
use ui::{Glyph, Icon};

use crate::conversation::desk::use_desk;

/// Says who writes a reply (a warning) or a note, beside the choice between the two.
#[component]
pub fn Colleagues() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    // Whoever writes a reply matters more than whoever writes a note.
    let writer = Memo::new(move |_| {
        let id = desk.with_conversation(|conversation| conversation.row.id)?;
        desk.typing.with(|typing| {
            let agents = typing.writers(id).iter().filter_map(|writer| match &writer.who {
                Typist::Agent { name, .. } => Some((writer.private, name.clone())),
                Typist::Contact { .. } => None,
            });
            agents.min_by_key(|(private, _)| *private)
        })
    });
    view! {
        <div class="composer-colleague" role="status">
            {move || {
                let (private, name) = writer.get()?;
                let words = if private { t::colleague_notes(lang, &name) } else { t::colleague_replies(lang, &name) };
                let icon = if private { Icon::Lock } else { Icon::Warning };
                Some(
                    view! {
                        <span class:is-warning=!private>
                            <Glyph icon/>
                            {words}
                        </span>
                    },
                )
            }}
        </div>
    }
    .into_any()
}
