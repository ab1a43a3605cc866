//! How the thread scrolls. Its places are counted from the end (the styles turn the column around): the newest message is there
//! before any script runs, older messages in front move nothing, and whoever is at the end stays there.

use leptos::{html, prelude::*};
use model::MessageId;
use text::message as t;
use ui::{Button, Icon};

use super::group::Item;
use crate::conversation::desk::Desk;

/// So close to the end counts as the end, in pixels.
const END: i32 = 48;
/// So close to the beginning older messages are asked for, in pixels.
const BEGINNING: i32 = 700;

type Pane = NodeRef<html::Div>;

/// What is read, to be found again after something changed: an element and where it was.
#[derive(Clone, Debug, PartialEq)]
struct Anchor {
    id: String,
    top: f64,
}

thread_local! {
    static ANCHOR: std::cell::RefCell<Option<Anchor>> = const { std::cell::RefCell::new(None) };
}

/// The thread was scrolled.
pub fn heed(desk: Desk, pane: Pane) {
    let Some(pane) = pane.get_untracked() else { return };
    let from_end = -pane.scroll_top();
    let is_at_end = from_end <= END;
    if desk.is_at_end.get_untracked() != is_at_end {
        desk.is_at_end.set(is_at_end);
    }
    ANCHOR.set(if is_at_end { None } else { anchor(&pane) });
    let to_beginning = pane.scroll_height() - pane.client_height() - from_end;
    let is_waiting = desk.with_thread(|thread| thread.older == crate::store::Older::Some).unwrap_or_default();
    if is_waiting && to_beginning < BEGINNING {
        desk.load_older();
    }
}

/// Keeps what is read in its place while lines come and go; counts the messages that arrived below.
pub fn follow(desk: Desk, pane: Pane, items: Memo<Vec<Item>>) -> RwSignal<i64> {
    let below = RwSignal::new(0_i64);
    Effect::new(move |_| {
        items.track();
        request_animation_frame(move || {
            let Some(pane) = pane.try_get_untracked().flatten() else { return };
            restore(&pane);
            if let Some(anchor) = ANCHOR.take() {
                ANCHOR.set(self::anchor(&pane).or(Some(anchor)));
            }
        });
    });
    let newest = Memo::new(move |_| desk.with_thread(crate::store::Thread::newest).flatten());
    Effect::new(move |before: Option<Option<MessageId>>| {
        let newest = newest.get();
        if desk.is_at_end.get() {
            below.set(0);
        } else if let Some(before) = before.flatten() {
            let news = desk
                .with_thread(|thread| thread.messages().iter().rev().take_while(|message| message.id > before).count());
            below.update(|below| *below += i64::try_from(news.unwrap_or_default()).unwrap_or_default());
        }
        newest
    });
    // A short thread has no room to scroll: the first page may not fill the screen.
    Effect::new(move |_| {
        items.track();
        request_animation_frame(move || {
            if pane.try_get_untracked().flatten().is_some() {
                heed(desk, pane);
            }
        });
    });
    on_cleanup(|| ANCHOR.set(None));
    below
}

/// The first line that can be seen.
fn anchor(pane: &web_sys::HtmlDivElement) -> Option<Anchor> {
    let edge = ui::browser::edges(pane).top;
    let messages = pane.get_elements_by_class_name("message");
    (0..messages.length()).filter_map(|index| messages.item(index)).find_map(|message| {
        let place = ui::browser::edges(&message);
        (place.bottom > edge).then(|| Anchor { id: message.id(), top: place.top })
    })
}

fn restore(pane: &web_sys::HtmlDivElement) {
    let Some(anchor) = ANCHOR.with_borrow(Clone::clone) else { return };
    let Some(message) = document().get_element_by_id(&anchor.id) else { return };
    let moved = ui::browser::edges(&message).top - anchor.top;
    if moved.abs() >= 1.0 {
        #[expect(clippy::cast_possible_truncation, reason = "pixels")]
        pane.set_scroll_top(pane.scroll_top() + moved.round() as i32);
    }
}

/// Leads to the newest message, and says how many arrived meanwhile.
#[component]
pub fn JumpLatest(pane: NodeRef<html::Div>, below: RwSignal<i64>) -> impl IntoView {
    let desk = crate::conversation::desk::use_desk();
    let lang = desk.lang;
    let jump = move |_| {
        if let Some(pane) = pane.get_untracked() {
            pane.set_scroll_top(0);
        }
    };
    let words = move || match below.get() {
        0 => t::jump(lang).to_owned(),
        news => t::jump_new(lang, news),
    };
    view! {
        <Show when=move || !desk.is_at_end.get()>
            <div class="jump-latest">
                <Button icon=Icon::ArrowDown on_click=jump>
                    {words}
                </Button>
            </div>
        </Show>
    }
    .into_any()
}

/// Shows a message of the thread, and points it out.
pub fn show(id: MessageId) {
    let Some(message) = document().get_element_by_id(&["message-", &id.to_string()].concat()) else { return };
    message.scroll_into_view();
    let classes = message.class_list();
    let _ = classes.add_1("is-flash");
    set_timeout(
        move || {
            let _ = classes.remove_1("is-flash");
        },
        std::time::Duration::from_millis(1_700),
    );
}
