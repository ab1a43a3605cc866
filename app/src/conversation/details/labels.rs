//! The labels of the conversation.

use leptos::prelude::*;
use model::Permission;
use text::contact as t;
use text::conversation as c;
use ui::{Choice, Glyph, Icon, IconSize, Label, Mark, PickList, Popover};

use crate::conversation::desk::{Act, use_desk};

/// The labels, and the choice of others.
#[component]
pub fn Labels() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let labels = desk.conversation_memo(|conversation| conversation.row.labels.clone());
    let may_work = desk.workplace.may(Permission::WorkConversations);
    let toggle = move |title: String| {
        let mut next = labels.get_untracked();
        match next.iter().position(|label| *label == title) {
            Some(index) => {
                next.remove(index);
            }
            None => next.push(title),
        }
        desk.act(Act::Labels(next));
    };
    let colour = move |title: &str| {
        desk.workplace.lists.with(|lists| {
            let label = lists.labels.iter().find(|label| label.title == title);
            label.map(|label| label.color.clone()).unwrap_or_default()
        })
    };
    let label = move |title: String| {
        let (colour, own) = (colour(&title), title.clone());
        view! {
            <li class="label-chip">
                <Label name=title.clone() colour/>
                {may_work
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
        desk.workplace.lists.with(|lists| lists.labels.iter().map(choice).collect::<Vec<_>>())
    });
    view! {
        <div class="label-list">
            <ul class="label-chips" aria-label=t::labels(lang)>
                {move || labels.get().into_iter().map(label).collect_view()}
            </ul>
            {may_work
                .then(|| {
                    view! {
                        <button type="button" class="label-add" popovertarget="conversation-labels" aria-haspopup="dialog">
                            <Glyph icon=Icon::Plus size=IconSize::Tiny/>
                            <span>{t::add_label(lang)}</span>
                        </button>
                        <Popover id="conversation-labels" label=t::labels(lang) class="is-list">
                            <PickList
                                id="conversation-labels-list"
                                options
                                picked=labels
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
