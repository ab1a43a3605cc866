//! What keys do while somebody writes.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::format::{self, Mark};
use super::state::Writing;
use crate::device;

/// Under this name the browser remembers which key sends.
const KEPT: &str = "cloudchat.send_with";

/// Which key sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SendWith {
    /// Enter; with Shift it starts a new line.
    #[default]
    Enter,
    /// Ctrl or ⌘ with Enter.
    CtrlEnter,
}

impl SendWith {
    /// What the agent chose in this browser.
    #[must_use]
    pub fn kept() -> Self {
        if device::kept(KEPT).as_deref() == Some("ctrl_enter") { Self::CtrlEnter } else { Self::Enter }
    }

    /// Remembers the choice.
    pub fn keep(self) {
        device::keep(KEPT, if self == Self::CtrlEnter { "ctrl_enter" } else { "enter" });
    }
}

/// What pressing Enter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Enter {
    Send,
    NewLine,
}

fn enter(with: SendWith, has_ctrl: bool, has_shift: bool, is_touch: bool) -> Enter {
    match with {
        _ if has_ctrl => Enter::Send,
        // A keyboard on the screen has no Shift-Enter: there the button sends.
        SendWith::Enter if !has_shift && !is_touch => Enter::Send,
        _ => Enter::NewLine,
    }
}

/// A key that moves in a list which was asked for by typing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickKey {
    Up,
    Down,
    Take,
    Close,
}

impl PickKey {
    fn of(event: &KeyboardEvent) -> Option<Self> {
        Some(match event.key().as_str() {
            "ArrowUp" => Self::Up,
            "ArrowDown" => Self::Down,
            "Enter" | "Tab" if !event.shift_key() && !event.ctrl_key() && !event.meta_key() => Self::Take,
            "Escape" => Self::Close,
            _ => return None,
        })
    }
}

/// A key was pressed in the text.
pub fn press(writing: Writing, with: SendWith, event: &KeyboardEvent) {
    if event.is_composing() {
        return;
    }
    if PickKey::of(event).is_some_and(|key| writing.press_pick(key)) {
        event.prevent_default();
        event.stop_propagation();
        return;
    }
    let has_ctrl = event.ctrl_key() || event.meta_key();
    let done = match event.key().as_str() {
        "Enter" => {
            let is_touch = device::matches("(hover: none) and (pointer: coarse)");
            match enter(with, has_ctrl, event.shift_key(), is_touch) {
                Enter::Send => {
                    writing.send(None);
                    true
                }
                Enter::NewLine => writing.edit(format::next_line),
            }
        }
        "b" | "B" if has_ctrl => writing.edit(|text, start, end| Some(format::toggle(text, start, end, Mark::Bold))),
        "i" | "I" if has_ctrl => writing.edit(|text, start, end| Some(format::toggle(text, start, end, Mark::Italic))),
        "Escape" if writing.desk.reply_to.get_untracked().is_some() => {
            writing.desk.reply_to.set(None);
            true
        }
        "Escape" => {
            if let Some(area) = writing.area.get_untracked() {
                let _ = area.blur();
            }
            true
        }
        _ => false,
    };
    if done {
        event.prevent_default();
        event.stop_propagation();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enter_sends_as_the_agent_wants_it() {
        assert_eq!(enter(SendWith::Enter, false, false, false), Enter::Send);
        assert_eq!(enter(SendWith::Enter, false, true, false), Enter::NewLine);
        assert_eq!(enter(SendWith::Enter, true, false, false), Enter::Send);
        assert_eq!(enter(SendWith::CtrlEnter, false, false, false), Enter::NewLine);
        assert_eq!(enter(SendWith::CtrlEnter, true, false, false), Enter::Send);
        assert_eq!(enter(SendWith::Enter, false, false, true), Enter::NewLine);
    }
}
