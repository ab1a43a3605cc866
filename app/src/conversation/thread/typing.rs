//! Who is typing.

use leptos::prelude::*;
use model::live::Typist;
use text::Lang;
use text::message as t;

use crate::conversation::desk::{contact_name, use_desk};

/// Three dots and the names, at the end of the thread.
#[component]
pub fn TypingLine() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let names = Memo::new(move |_| {
        let Some(id) = desk.with_conversation(|conversation| conversation.row.id) else { return Vec::new() };
        let name = |typist: &Typist| match typist {
            Typist::Contact { id, name } => contact_name(lang, name, *id),
            Typist::Agent { name, .. } => name.clone(),
        };
        desk.typing.with(|typing| typing.of(id).map(name).collect())
    });
    let line = move || {
        let names = names.get();
        (!names.is_empty()).then(|| {
            view! {
                <div class="typing">
                    <span class="typing-dots" aria-hidden="true">
                        <i></i>
                        <i></i>
                        <i></i>
                    </span>
                    <span>{words(lang, &names)}</span>
                </div>
            }
        })
    };
    // The room is always there: nothing jumps when somebody begins.
    view! {
        <div class="typing-place" aria-live="polite">
            {line}
        </div>
    }
    .into_any()
}

fn words(lang: Lang, names: &[String]) -> String {
    match names {
        [one] => t::typing_one(lang, one),
        [a, b] => t::typing_two(lang, a, b),
        _ => t::typing_many(lang).to_owned(),
    }
}
