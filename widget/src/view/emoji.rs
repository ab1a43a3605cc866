//! The emoji picker: a grid that is walked with the arrow keys.

use crate::dom::{El, div, document};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement};

use super::icon::button;
use super::{after_layout, key};
use crate::chat::Chat;
use crate::emoji::{EMOJI, ROW};

/// Calls `pick` with what was chosen, or `close` when the visitor wants none.
pub fn picker(chat: Chat, pick: impl Fn(&str) + Copy + 'static, close: impl Fn() + 'static) -> El {
    let grid = div("emoji").attr("role", "group").attr("aria-label", text::widget::emoji(chat.lang.get()));
    let place = grid.element().clone();
    let first = place.clone();
    after_layout(move || focus(first.first_element_child()));
    // One listener for all of them.
    let chosen = move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        if let Some(emoji) =
            target.filter(|target| target.tag_name() == "BUTTON").and_then(|target| target.text_content())
        {
            pick(&emoji);
        }
    };
    grid.children(EMOJI.iter().map(|emoji| button("", || ()).attr("tabindex", "-1").text(emoji)))
        .on("click", chosen)
        .on("keydown", move |event| {
            if key(&event) == "Escape" {
                event.prevent_default();
                close();
            } else {
                walk(&place, &event);
            }
        })
}

fn walk(place: &Element, event: &Event) {
    let buttons = place.children();
    let focused = document().active_element();
    let at = (0..buttons.length()).find(|at| buttons.item(*at) == focused).unwrap_or_default();
    let last = buttons.length() - 1;
    let (onward, back) = match document().dir().as_str() {
        "rtl" => ("ArrowLeft", "ArrowRight"),
        _ => ("ArrowRight", "ArrowLeft"),
    };
    let next = match key(event).as_str() {
        key if key == onward => at + 1,
        key if key == back => at.saturating_sub(1),
        "ArrowDown" => at + ROW,
        "ArrowUp" => at.checked_sub(ROW).unwrap_or(at),
        "Home" => 0,
        "End" => last,
        _ => return,
    };
    event.prevent_default();
    focus(buttons.item(next.min(last)));
}

fn focus(element: Option<Element>) {
    if let Some(element) = element {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
