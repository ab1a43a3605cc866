//! What was chosen in the palette last, in this browser: it comes first the next time.

use crate::device;

/// So many are remembered.
const MOST: usize = 8;

/// A place that was gone to, or a command by its word.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Recent {
    pub value: String,
    pub label: String,
}

fn key(account: i64) -> String {
    ["cloudchat.recent.", &account.to_string()].concat()
}

/// The newest first.
pub fn read(account: i64) -> Vec<Recent> {
    device::kept(&key(account)).and_then(|text| crate::json::read(&text).ok()).unwrap_or_default()
}

/// Remembers a choice.
pub fn remember(account: i64, value: &str, label: &str) {
    let next = pushed(read(account), Recent { value: value.to_owned(), label: label.to_owned() });
    if let Ok(text) = serde_json::to_string(&next) {
        device::keep(&key(account), &text);
    }
}

fn pushed(mut known: Vec<Recent>, newest: Recent) -> Vec<Recent> {
    known.retain(|other| other.value != newest.value);
    known.insert(0, newest);
    known.truncate(MOST);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_comes_first_and_once() {
        let recent = |value: &str| Recent { value: value.into(), label: String::new() };
        let known = (0..9).fold(Vec::new(), |known, number| pushed(known, recent(&number.to_string())));
        assert_eq!(known.len(), MOST);
        let known = pushed(known, recent("4"));
        assert_eq!((known[0].value.as_str(), known.len()), ("4", MOST));
    }
}
