//! The labels of something, and the choice of others.

use leptos::prelude::*;
use text::contact as t;
use text::conversation as c;
use ui::{Choice, Glyph, Icon, IconSize, Label, Mark, PickList, Popover};

use crate::boot::{WorkplaceContext, use_lang};

/// Chips with a cross each, and a list behind a button.
#[component]
pub fn LabelPicker(
    /// Where the labels are from.
    workplace: WorkplaceContext,
    /// Id of the list, unique on the page.
    id: &'static str,
    /// Titles of those that it has.
    #[prop(into)]
    picked: Signal<Vec<String>>,
    /// Whether the reader may change them.
    may_edit: bool,
    /// Called with all titles that it is to have.
    #[prop(into)]
    on_change: Callback<Vec<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let toggle = move |title: String| {
        let mut next = picked.get_untracked();
        match next.iter().position(|label| *label == title) {
            Some(index) => {
                next.remove(index);
            }
            None => next.push(title),
        }
        on_change.run(next);
    };
    let colour = move |title: &str| {
        workplace.lists.with(|lists| {
            let label = lists.labels.iter().find(|label| label.title == title);
            label.map(|label| label.color.clone()).unwrap_or_default()
        })
    };
    let label = move |title: String| {
        let (colour, own) = (colour(&title), title.clone());
        view! {
            <li class="label-chip">
                <Label name=title.clone() colour/>
                {may_edit
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="label-remove"
                                aria-label=t::remove_label(lang, &title)
                                on:click=move |_| toggle(own.clone())
                            >
                                <Glyph icon=Icon::Close size=IconSize::Tiny/>
                            </button>
                        }
                    })}
            </li>
        }
    };
    let options = Signal::derive(move || {
        let choice = |label: &model::label::Label| {
            Choice::new(label.title.clone(), label.title.clone()).mark(Mark::Dot(label.color.clone()))
        };
        workplace.lists.with(|lists| lists.labels.iter().map(choice).collect::<Vec<_>>())
    });
    view! {
        <div class="label-list">
            <ul class="label-chips" aria-label=t::labels(lang)>
                {move || picked.get().into_iter().map(label).collect_view()}
            </ul>
            {may_edit
                .then(|| {
                    view! {
                        <button type="button" class="label-add" popovertarget=id aria-haspopup="dialog">
                            <Glyph icon=Icon::Plus size=IconSize::Tiny/>
                            <span>{t::add_label(lang)}</span>
                        </button>
                        <Popover id label=t::labels(lang) class="is-list">
                            <PickList
                                id=[id, "-list"].concat()
                                options
                                picked
                                label=t::labels(lang)
                                search_label=c::search_labels(lang)
                                empty=c::no_label(lang)
                                on_pick=toggle
                            />
                        </Popover>
                    }
                })}
        </div>
    }
    .into_any()
}
