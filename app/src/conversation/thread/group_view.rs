//! Messages of one author, with their face.

use leptos::prelude::*;
use model::SenderKind;
use text::message as t;
use ui::{Avatar, AvatarSize, Glyph, Icon};

use super::bubble::{KeptBubble, OutgoingBubble};
use super::group::{self, Author, Bubble, Group, Item, Side};
use crate::conversation::desk::{contact_name, use_desk};

/// A group of the thread.
#[component]
pub fn GroupView(item: Memo<Item>) -> impl IntoView {
    let desk = use_desk();
    let group = Memo::new(move |_| if let Item::Group(group) = item.get() { Some(group) } else { None });
    let Some(first) = group.get_untracked() else { return ().into_any() };
    let class = match first.side {
        Side::Other => "message-group is-other",
        Side::Own => "message-group is-own",
        Side::Note => "message-group is-note",
        Side::Auto => "message-group is-auto",
    };
    let bubbles =
        Memo::new(move |_| group.with(|group| group.as_ref().map(|group| group.bubbles.clone()).unwrap_or_default()));
    let places = Memo::new(move |_| bubbles.with(|bubbles| group::places(bubbles.iter().map(Bubble::key))));
    let last = Memo::new(move |_| bubbles.with(|bubbles| bubbles.last().map(Bubble::key)));
    // The same bubble may be on its way and then kept: its key stays, what it draws changes.
    let draw = move |bubble: Bubble| {
        let key = bubble.key();
        let own = key.clone();
        let is_last = Memo::new(move |_| last.with(|last| last.as_ref() == Some(&own)));
        let now = Memo::new(move |before: Option<&Bubble>| {
            let place = places.with(|places| places.get(&key).copied());
            let now = bubbles.with(|bubbles| place.and_then(|place| bubbles.get(place).cloned()));
            now.or_else(|| before.cloned()).unwrap_or_else(|| bubble.clone())
        });
        let content = move || match now.get() {
            Bubble::Kept(id, _) => view! { <KeptBubble id is_last/> }.into_any(),
            Bubble::Outgoing(echo_id) => view! { <OutgoingBubble echo_id/> }.into_any(),
        };
        view! { {content} }.into_any()
    };
    view! {
        <div class=class>
            <Face group=first.clone()/>
            <div class="message-stack">
                <Heading group=first me=desk.me().0/>
                <For each=move || bubbles.get() key=Bubble::key children=draw/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Face(group: Group) -> impl IntoView {
    let desk = use_desk();
    match group.author {
        Some(author) if group.side == Side::Other => {
            let (fallback, id) = (author.name, author.id);
            let name = Signal::derive(move || {
                let current = desk.with_conversation(|conversation| conversation.contact.name.clone());
                contact_name(desk.lang, &current.unwrap_or_else(|| fallback.clone()), model::ContactId(id))
            });
            let picture = author.avatar_url;
            view! { <Avatar name picture size=AvatarSize::Small/> }.into_any()
        }
        Some(author) => {
            view! { <Avatar name=author.name picture=author.avatar_url size=AvatarSize::Small/> }.into_any()
        }
        None => view! {
            <span class="avatar is-small is-system" aria-hidden="true">
                <Glyph icon=Icon::Zap/>
            </span>
        }
        .into_any(),
    }
}

/// Who speaks, where it is not plain; for those who cannot see the sides it is always said.
#[component]
fn Heading(group: Group, me: i64) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let name = |author: &Option<Author>| match author {
        Some(author) if author.kind == SenderKind::User && author.id == me => t::you(lang).to_owned(),
        Some(author) if author.kind == SenderKind::Contact => {
            contact_name(lang, &author.name, model::ContactId(author.id))
        }
        Some(author) if author.kind == SenderKind::AgentBot && author.name.is_empty() => t::bot(lang).to_owned(),
        Some(author) => author.name.clone(),
        None => t::automatic(lang).to_owned(),
    };
    let is_me = group.author.as_ref().is_some_and(|author| author.kind == SenderKind::User && author.id == me);
    let words = name(&group.author);
    match group.side {
        Side::Note => view! {
            <div class="message-author">
                <Glyph icon=Icon::Lock/>
                <b>{words}</b>
                <span>{t::note_only(lang)}</span>
            </div>
        }
        .into_any(),
        Side::Auto => view! {
            <div class="message-author">
                <b>{words}</b>
                {group.author.is_some().then(|| view! { <span>{t::automatic(lang)}</span> })}
            </div>
        }
        .into_any(),
        Side::Own if !is_me => view! {
            <div class="message-author">
                <b>{words}</b>
            </div>
        }
        .into_any(),
        Side::Own | Side::Other => view! { <div class="message-author visually-hidden">{words}</div> }.into_any(),
    }
}
