//! The details of the open conversation: its contact, its facts, where it came from, what was before.

mod attributes;
mod facts;
mod followers;
mod labels;
mod macros;
mod origin;
mod previous;

use leptos::prelude::*;
use model::{DisplayId, Permission};
use text::contact as t;
use ui::{Button, Glyph, Icon, IconButton, Side, Size, Skeleton, SkeletonKind};

use super::desk::{Asked, Open, contact_name, use_desk};
use super::page::Pane;
use crate::contact::ContactCard;
use crate::layout::use_frame;
use crate::part::Later;

/// What the pane is about; a change of it draws the pane anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    Loading,
    Here(DisplayId),
}

/// The pane with the details.
#[component]
pub fn DetailsPane() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let frame = use_frame();
    let later = expect_context::<Later>();
    // Everything below begins anew with another conversation; within one only what changed is drawn again.
    let shown = Memo::new(move |_| {
        desk.open.with(|open| match open {
            Open::Nothing | Open::Failed(..) => Shown::Nothing,
            Open::Loading(_) => Shown::Loading,
            Open::Here(thread) => Shown::Here(thread.conversation.row.display_id),
        })
    });
    let waiting = move || {
        view! { <Skeleton kind=SkeletonKind::Fields count=4 label=text::common::state::loading(lang)/> }.into_any()
    };
    let content = move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Loading => waiting(),
        Shown::Here(_) => later.show(Pane::Details, waiting),
    };
    let press = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" && frame.shows_details.get_untracked() {
            event.stop_propagation();
            frame.clear();
        }
    };
    // Without a conversation there is nothing to tell, and its room is the others'.
    view! {
        <Show when=move || shown.get() != Shown::Nothing>
            <aside class="pane details-pane" aria-label=t::details(lang) on:keydown=press>
                <header class="pane-header details-header">
                    <h2>{t::details(lang)}</h2>
                    <IconButton
                        icon=Icon::Close
                        label=t::close(lang)
                        side=Side::Bottom
                        on_click=move |_| frame.toggle_details()
                    />
                </header>
                <div class="pane-scroll" tabindex="0" role="region" aria-label=t::details(lang)>
                    {content}
                </div>
            </aside>
        </Show>
    }
    .into_any()
}

/// The details of a conversation that is here.
pub fn content() -> AnyView {
    let desk = use_desk();
    let lang = desk.lang;
    view! {
        <ContactCard/>
        <NewMessage/>
        <Section title=t::conversation(lang)>
            <facts::Facts/>
            <labels::Labels/>
        </Section>
        <Section title=t::followers::title(lang)>
            <followers::Followers/>
        </Section>
        {desk
            .workplace
            .may(Permission::EditCannedResponses)
            .then(|| {
                view! {
                    <Section title=text::macros::title(lang)>
                        <macros::Macros/>
                    </Section>
                }
            })}
        <Section title=t::page_and_browser(lang)>
            <origin::Origin/>
        </Section>
        <Section title=t::attributes(lang)>
            <attributes::Attributes/>
        </Section>
        <Section title=t::previous(lang)>
            <previous::Previous/>
        </Section>
    }
    .into_any()
}

/// Begins another conversation with the contact.
#[component]
fn NewMessage() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let ask = move |_| {
        let contact = untrack(|| {
            desk.with_conversation(|it| (it.contact.id, contact_name(lang, &it.contact.name, it.contact.id)))
        });
        desk.asked_for.set(contact.map(|(id, name)| Asked::NewMessage(id, name)));
    };
    let may = desk.workplace.may(Permission::WorkConversations);
    may.then(|| {
        view! {
            <div class="details-acts">
                <Button icon=Icon::MessagePlus size=Size::Small on_click=ask>
                    {t::new_message::action(lang)}
                </Button>
            </div>
        }
    })
}

/// A part of the details that can be folded away.
#[component]
fn Section(
    /// What it is about.
    title: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="details-section" open>
            <summary class="details-heading">
                <h3>{title}</h3>
                <Glyph icon=Icon::ChevronDown/>
            </summary>
            <div class="details-content">{children()}</div>
        </details>
    }
    .into_any()
}
