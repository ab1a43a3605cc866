//! Says over the composer that the open conversation went into another one, and leads there or takes it back.

use leptos::prelude::*;
use model::conversation::Merged as Gone;
use text::conversation::merge as t;
use ui::{Button, Glyph, Icon, Size};

use crate::conversation::desk::use_desk;
use crate::conversation::place::{Place, View};

/// One line, if it did.
#[component]
pub fn Merged() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let gone = Memo::new(move |_| desk.merged());
    let line = move |Gone { into, can_undo }: Gone| {
        let name = ["#", &into.to_string()].concat();
        let address = Place { open: Some(into), ..Place::of(desk.account(), View::All) }.href();
        let undo = move |_| {
            if let Some(from) = untrack(|| desk.open_id()) {
                desk.undo_merge(from);
            }
        };
        view! {
            <div class="waiting" role="note">
                <p class="waiting-line">
                    <Glyph icon=Icon::Merge/>
                    <span class="waiting-words">{t::gone(lang, &name)}</span>
                    <a class="link" href=address>
                        {t::open(lang, &name)}
                    </a>
                    {can_undo
                        .then(|| {
                            view! {
                                <Button size=Size::Small on_click=undo>
                                    {text::common::undo(lang)}
                                </Button>
                            }
                        })}
                </p>
            </div>
        }
    };
    view! { {move || gone.get().map(line)} }.into_any()
}
