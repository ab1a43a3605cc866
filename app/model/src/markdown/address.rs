//! Addresses of links and pictures: where they end, and whether following them is harmless.

use super::OWN_PICTURE;
use super::part::{is_word, upto};

/// Longer addresses stay text.
pub(super) const LONGEST: usize = 2048;

/// Brackets inside an address, as `https://en.wikipedia.org/wiki/Rust_(river)` has them.
const BRACKETS: usize = 8;

/// The address in `(address "title")`, and the length of the whole.
pub(super) fn target(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix('(')?;
    let mut depth = 0usize;
    let mut in_title = false;
    let mut chars = inside.char_indices().take(LONGEST).peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' if depth == BRACKETS => return None,
            '(' => depth += 1,
            ')' if depth == 0 => {
                let raw = upto(inside, at).split_whitespace().next()?;
                return Some((raw.trim_start_matches('<').trim_end_matches('>'), at + 2));
            }
            ')' => depth -= 1,
            '\n' => return None,
            // After the address only a title may come.
            ' ' | '\t' if at > 0 && !in_title => {
                let next = chars.peek().map(|(_, next)| *next);
                in_title = next.is_some_and(|next| matches!(next, '"' | '\''));
                if !in_title && !next.is_some_and(|next| matches!(next, ')' | ' ' | '\t')) {
                    return None;
                }
            }
            _ => {}
        }
    }
    None
}

/// Punctuation at the end belongs to the sentence, and so does a bracket that the address did not open.
pub(super) fn trimmed(mut raw: &str) -> &str {
    while let Some(last) = raw.chars().next_back() {
        let unopened =
            |open: char, close: char| last == close && raw.matches(open).count() < raw.matches(close).count();
        let ends = matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~')
            || unopened('(', ')')
            || unopened('[', ']')
            || unopened('{', '}');
        if !ends {
            return raw;
        }
        raw = upto(raw, raw.len() - last.len_utf8());
    }
    raw
}

/// The address if following it can't run anything; a bare `www.` or domain gets a scheme.
pub(super) fn harmless(raw: &str, image: bool) -> Option<String> {
    if raw.is_empty() || raw.len() > LONGEST || raw.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return None;
    }
    let scheme = |start: &str| raw.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    if scheme("https://")
        || scheme("http://")
        || (!image && (scheme("mailto:") || scheme("tel:") || scheme("mention://")))
    {
        return Some(raw.to_owned());
    }
    if image && raw.starts_with(OWN_PICTURE) {
        return (raw.len() > OWN_PICTURE.len()).then(|| raw.to_owned());
    }
    let host = raw.split(['/', '?', '#']).next().unwrap_or_default();
    let is_host =
        host.contains('.') && !host.starts_with('.') && host.chars().all(|c| is_word(c) || c == '.' || c == '-');
    is_host.then(|| format!("https://{raw}"))
}
