//! Changing the text of a field as a person would, so that undo keeps working.

use leptos::prelude::document;
use wasm_bindgen::prelude::*;
use web_sys::HtmlTextAreaElement;

#[wasm_bindgen]
extern "C" {
    type Commands;
    #[wasm_bindgen(method, catch, js_name = execCommand)]
    fn exec_command(this: &Commands, command: &str, show_ui: bool, value: &str) -> Result<bool, JsValue>;
}

/// Where the selection begins and ends, in UTF-16 units.
#[must_use]
pub fn selection(area: &HtmlTextAreaElement) -> (u32, u32) {
    let start = area.selection_start().ok().flatten().unwrap_or_default();
    (start, area.selection_end().ok().flatten().unwrap_or(start))
}

/// Replaces a part of the text and selects; the field hears of it as of typing.
pub fn replace(area: &HtmlTextAreaElement, from: u32, to: u32, words: &str, select: (u32, u32)) {
    let _ = area.focus();
    let _ = area.set_selection_range(from, to);
    let document = document();
    let commands: &Commands = document.unchecked_ref();
    let command = if words.is_empty() { "delete" } else { "insertText" };
    let is_done = (from == to && words.is_empty()) || commands.exec_command(command, false, words).unwrap_or_default();
    if !is_done {
        // Browsers without the command lose their undo here, nothing else.
        let _ = area.set_range_text_with_start_and_end(words, from, to);
        if let Ok(event) = web_sys::Event::new("input") {
            let _ = area.dispatch_event(&event);
        }
    }
    let _ = area.set_selection_range(select.0, select.1);
}
