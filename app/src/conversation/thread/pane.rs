//! The scrolling part of the conversation: older messages at the top, who is typing at the end.

use leptos::{html, prelude::*};
use model::SenderKind;
use text::message as t;
use ui::{Button, Icon, RelativeTime, Skeleton, SkeletonKind, TimeStyle, Variant};

use super::activity::Activities;
use super::found;
use super::group::{self, Author, Item, Reader};
use super::group_view::GroupView;
use super::scroll::{self, JumpLatest};
use super::typing::TypingLine;
use crate::conversation::desk::use_desk;
use crate::store::Older;

/// The thread of the open conversation.
#[component]
pub fn ThreadPane() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let clock = ui::use_clock();
    let items = Memo::new(move |_| {
        let author = desk.workplace.me.with(|me| Author {
            kind: SenderKind::User,
            id: me.id.0,
            name: me.name.clone(),
            avatar_url: me.avatar_url.clone(),
        });
        let reader = Reader { author, offset: clock.offset.get() };
        let items = desk.with_thread(|thread| {
            let id = thread.conversation.row.display_id;
            desk.outbox.with(|outbox| group::items(thread.messages(), outbox.of(id), thread.first_new(), &reader))
        });
        items.unwrap_or_default()
    });
    let places = Memo::new(move |_| items.with(|items| group::places(items.iter().map(Item::key))));
    let pane = NodeRef::<html::Div>::new();
    let below = scroll::follow(desk, pane, items);
    found::lead(desk);
    let each = move || items.get().into_iter().map(|item| (item.key(), item)).collect::<Vec<_>>();
    let draw = move |(key, first): (String, Item)| {
        // A line keeps its element while what it holds changes.
        let item = Memo::new(move |before: Option<&Item>| {
            let place = places.with(|places| places.get(&key).copied());
            let now = items.with(|items| place.and_then(|place| items.get(place).cloned()));
            now.or_else(|| before.cloned()).unwrap_or_else(|| first.clone())
        });
        match item.get_untracked() {
            Item::Day(at) => view! {
                <div class="day-separator" role="separator">
                    <RelativeTime at lang style=TimeStyle::Day/>
                </div>
            }
            .into_any(),
            Item::New => view! { <div class="new-separator" role="separator">{t::new(lang)}</div> }.into_any(),
            Item::Activity { .. } => view! { <Activities item/> }.into_any(),
            Item::Group(_) => view! { <GroupView item/> }.into_any(),
        }
    };
    view! {
        <div class="thread-frame">
            <div
                class="thread"
                node_ref=pane
                role="log"
                tabindex="0"
                aria-label=t::thread(lang)
                on:scroll=move |_| scroll::heed(desk, pane)
            >
                <div class="thread-inner">
                    <Beginning/>
                    <For each key=|(key, _)| key.clone() children=draw/>
                    <TypingLine/>
                </div>
            </div>
            <JumpLatest pane below/>
        </div>
    }
    .into_any()
}

/// What stands over the oldest message.
#[component]
fn Beginning() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let older = Memo::new(move |_| desk.with_thread(|thread| thread.older).unwrap_or_default());
    let is_empty = Memo::new(move |_| desk.with_thread(|thread| thread.messages().is_empty()).unwrap_or_default());
    let words = move || match older.get() {
        Older::None if is_empty.get() => view! { <p class="thread-beginning">{t::empty(lang)}</p> }.into_any(),
        Older::None => ().into_any(),
        Older::Some => view! {
            <div class="thread-older">
                <Button variant=Variant::Ghost on_click=move |_| desk.load_older()>
                    {t::older(lang)}
                </Button>
            </div>
        }
        .into_any(),
        Older::Loading => view! {
            <Skeleton kind=SkeletonKind::Messages count=2 label=text::common::state::loading(lang)/>
        }
        .into_any(),
        Older::Failed => view! {
            <div class="thread-older" role="alert">
                <span>{t::older_error(lang)}</span>
                <Button icon=Icon::Refresh on_click=move |_| desk.load_older()>
                    {text::common::retry(lang)}
                </Button>
            </div>
        }
        .into_any(),
    };
    view! { {words} }.into_any()
}
