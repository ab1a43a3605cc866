//! The head of the open conversation: who it is with, whose it is, how it stands.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::conversation::ConversationRow;
use model::{ConversationStatus, Permission, Priority};
use text::conversation as t;
use ui::{
    Avatar, AvatarSize, AvatarStack, ChannelGlyph, Glyph, Icon, IconButton, Menu, MenuItem, MenuLabel, MenuSeparator,
    Presence, Side,
};

use super::assign::{AssigneeButton, TeamButton};
use super::desk::{Act, Asked, Desk, Open, contact_name, priority_name, use_desk};
use super::frame::DetailsToggle;
use super::place::Place;
use super::status::{SnoozeButton, StatusButton};
use crate::browser;
use crate::layout::use_frame;

/// The head. While the conversation is on its way it shows what the list knows of it.
#[component]
pub fn Header() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let row = Memo::new(move |_| head_row(desk));
    let back = move || desk.place.read().opening(None).href();
    let is_here = Memo::new(move |_| desk.open.with(|open| open.thread().is_some()));
    let has_details = Memo::new(move |_| desk.open.with(|open| !matches!(open, Open::Nothing | Open::Failed(..))));
    view! {
        <header class="pane-header conversation-header">
            <a class="icon-button is-ghost conversation-back" href=back aria-label=t::back(lang)>
                <Glyph icon=Icon::ArrowLeft/>
            </a>
            {move || row.get().map(|row| view! { <Who row/> })}
            <div class="conversation-tools">
                <Lookers/>
                <Show when=move || is_here.get()>
                    <div class="conversation-owner">
                        <AssigneeButton id="header-assignee"/>
                    </div>
                    <SnoozeButton/>
                    <MoreButton/>
                    <StatusButton/>
                </Show>
                <Show when=move || has_details.get()>
                    <DetailsToggle/>
                </Show>
            </div>
        </header>
    }
    .into_any()
}

fn head_row(desk: Desk) -> Option<ConversationRow> {
    let here = desk.with_conversation(|conversation| conversation.row.clone());
    here.or_else(|| desk.open_id().and_then(|id| desk.row_of(id)))
}

/// The colleagues who have the conversation on their screen too.
#[component]
fn Lookers() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let there = Memo::new(move |_| desk.lookers());
    let words = move |people: &[(String, Option<String>)]| {
        let names: Vec<&str> = people.iter().map(|(name, _)| name.as_str()).collect();
        t::also_here(lang, &names.join(", "))
    };
    view! {
        <div class="conversation-lookers" role="status">
            {move || {
                let people = there.get();
                if people.is_empty() {
                    return None;
                }
                let said = words(&people);
                Some(
                    view! {
                        <span class="visually-hidden">{said.clone()}</span>
                        <span class="conversation-looking" data-hint=said data-hint-side="bottom">
                            <Glyph icon=Icon::Eye/>
                            <AvatarStack people/>
                        </span>
                    },
                )
            }}
        </div>
    }
    .into_any()
}

#[component]
fn Who(row: ConversationRow) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let name = contact_name(lang, &row.contact.name, row.contact.id);
    let inbox = desk.inbox(row.inbox_id);
    let presence = Signal::derive(move || {
        desk.with_conversation(
            |conversation| if conversation.contact.online { Presence::Online } else { Presence::Offline },
        )
    });
    let frame = use_frame();
    view! {
        <div class="conversation-who">
            <Avatar name=name.clone() picture=row.contact.avatar_url size=AvatarSize::Medium presence/>
            <div class="conversation-names">
                <h2 class="conversation-name">
                    <button type="button" class="conversation-open-details" on:click=move |_| frame.toggle_details()>
                        {name}
                    </button>
                </h2>
                <p class="conversation-where">
                    {inbox
                        .map(|(name, channel)| {
                            view! {
                                <ChannelGlyph channel/>
                                <span class="truncate">{name}</span>
                                <span aria-hidden="true">"·"</span>
                            }
                        })}
                    <span class="tabular">{["#", &row.display_id.to_string()].concat()}</span>
                </p>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn MoreButton() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let priority = desk.conversation_memo(|conversation| conversation.row.priority);
    let priority_item = move |value: Option<Priority>| {
        let label = value.map_or_else(|| t::no_priority(lang), |value| priority_name(lang, value));
        let checked = Signal::derive(move || priority.get() == value);
        view! { <MenuItem label checked on_select=move |()| desk.act(Act::Priority(value))/> }
    };
    let may_work = desk.workplace.may(Permission::WorkConversations);
    let may_mute = desk.workplace.may(Permission::EditContacts);
    let mark_unseen = move |()| {
        if let Some(id) = untrack(|| desk.open_id()) {
            desk.mark_unseen(id);
        }
    };
    let copy_link = move |()| {
        let toasts = ui::use_toasts();
        let here = Place { open: desk.place.read_untracked().open, ..Place::home(desk.account()) }.href();
        spawn_local(async move {
            if ui::browser::copy(&[&browser::origin(), here.as_str()].concat()).await {
                toasts.done(t::did::link_copied(lang));
            }
        });
    };
    view! {
        <IconButton
            icon=Icon::Ellipsis
            label=t::act::more(lang)
            side=Side::Bottom
            class="is-kept"
            opens="conversation-more"
        />
        <Menu id="conversation-more" label=t::act::more(lang)>
            {may_work
                .then(|| {
                    let priorities = [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low];
                    view! {
                        <MenuLabel label=t::priority(lang)/>
                        {priorities.map(|value| priority_item(Some(value))).collect_view()}
                        {priority_item(None)}
                        <MenuSeparator/>
                    }
                })}
            <MenuItem icon=Icon::Mail label=t::act::mark_unread(lang) shortcut="U" on_select=mark_unseen/>
            {may_mute.then(|| view! { <MuteItem/> })}
            {may_work
                .then(|| {
                    view! {
                        <MenuItem
                            icon=Icon::Send
                            label=t::act::transcript(lang)
                            on_select=move |()| desk.asked_for.set(Some(Asked::Transcript))
                        />
                    }
                })}
            <MenuItem icon=Icon::Link label=t::act::copy_link(lang) on_select=copy_link/>
        </Menu>
    }
    .into_any()
}

#[component]
fn MuteItem() -> impl IntoView {
    let desk = use_desk();
    let is_muted = desk.conversation_memo(|conversation| conversation.contact.blocked);
    let label = move || if is_muted.get() { t::act::unmute(desk.lang) } else { t::act::mute(desk.lang) };
    view! { <MenuItem icon=Icon::Mute label on_select=move |()| desk.act(Act::Mute(!is_muted.get_untracked()))/> }
}

/// The status in words.
#[must_use]
pub fn status_name(lang: text::Lang, status: ConversationStatus) -> &'static str {
    match status {
        ConversationStatus::Open => t::status::open(lang),
        ConversationStatus::Pending => t::status::pending(lang),
        ConversationStatus::Snoozed => t::status::snoozed(lang),
        ConversationStatus::Resolved => t::status::resolved(lang),
    }
}

/// The same button for a team, where there is room for it.
#[component]
pub fn OwnerFacts() -> impl IntoView {
    view! {
        <AssigneeButton id="details-assignee" wide=true/>
        <TeamButton id="details-team"/>
    }
}
