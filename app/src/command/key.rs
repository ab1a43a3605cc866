//! Keys as they are written in the table, pressed and shown: `E`, `Shift+E`, `Alt+E`, `Mod+K` (Ctrl, on Apple's keyboards ⌘), `?`.

use leptos::ev::KeyboardEvent;
use wasm_bindgen::JsCast;

/// Keys that are held down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pressed {
    key: String,
    /// The place on the keyboard: with Alt a letter may come out as another sign.
    code: String,
    is_mod: bool,
    is_alt: bool,
    is_shift: bool,
}

impl Pressed {
    /// What an event says.
    pub fn of(event: &KeyboardEvent) -> Self {
        Self {
            key: event.key(),
            code: event.code(),
            is_mod: event.ctrl_key() || event.meta_key(),
            is_alt: event.alt_key(),
            is_shift: event.shift_key(),
        }
    }

    /// Whether it can't be part of a text.
    pub fn has_modifier(&self) -> bool {
        self.is_mod || self.is_alt
    }

    /// Whether these are the keys.
    pub fn is(&self, keys: &str) -> bool {
        let mut parts: Vec<&str> = keys.split('+').collect();
        let Some(key) = parts.pop() else { return false };
        let wants = |part: &str| parts.contains(&part);
        if self.is_mod != wants("Mod") || self.is_alt != wants("Alt") {
            return false;
        }
        let is_letter = key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_letter {
            // Where a sign needs Shift depends on the keyboard.
            return self.key == key;
        }
        let is_key = if self.is_alt { self.code == ["Key", key].concat() } else { self.key.eq_ignore_ascii_case(key) };
        is_key && self.is_shift == wants("Shift")
    }
}

/// Keys for reading, one word each: `Ctrl K`.
#[must_use]
pub fn shown(keys: &str, is_apple: bool) -> Vec<String> {
    let name = |part: &str| match (part, is_apple) {
        ("Mod", true) => "⌘".to_owned(),
        ("Mod", false) => "Ctrl".to_owned(),
        ("Alt", true) => "⌥".to_owned(),
        ("Shift", _) => "⇧".to_owned(),
        ("Escape", _) => "Esc".to_owned(),
        (other, _) => other.to_owned(),
    };
    keys.split('+').map(name).collect()
}

/// Whether a key belongs to what has the keyboard: a field, a menu, a dialog.
#[must_use]
pub fn is_typed_into(event: &KeyboardEvent) -> bool {
    const TAKES_KEYS: &str =
        "input:not([type=checkbox]), textarea, select, [contenteditable], dialog, [popover]:popover-open";
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest(TAKES_KEYS).is_ok_and(|found| found.is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(key: &str, code: &str, modifiers: &str) -> Pressed {
        Pressed {
            key: key.into(),
            code: code.into(),
            is_mod: modifiers.contains('m'),
            is_alt: modifiers.contains('a'),
            is_shift: modifiers.contains('s'),
        }
    }

    #[test]
    fn keys_are_told_apart() {
        assert!(pressed("e", "KeyE", "").is("E"));
        assert!(!pressed("E", "KeyE", "s").is("E"));
        assert!(pressed("E", "KeyE", "s").is("Shift+E"));
        assert!(pressed("´", "KeyE", "a").is("Alt+E"));
        assert!(pressed("k", "KeyK", "m").is("Mod+K"));
        assert!(!pressed("k", "KeyK", "").is("Mod+K"));
        assert!(pressed("?", "KeyW", "s").is("?"));
        assert!(pressed("e", "KeyE", "ma").is("Mod+Alt+E"));
        assert_eq!(shown("Mod+Alt+E", false), ["Ctrl", "Alt", "E"]);
        assert_eq!(shown("Mod+K", true), ["⌘", "K"]);
    }
}
