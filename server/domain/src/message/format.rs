//! Texts of messages: what is kept, and one line of it.

use model::{ErrorCode, content::MAX_CONTENT_CHARS};

use crate::{Error, Result};

/// Characters of a preview.
const PREVIEW_CHARS: usize = 160;

/// A text as it is kept: line breaks as `\n`, no other control characters, not too long.
pub fn cleaned(text: &str) -> Result<String> {
    let text: String =
        text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    if text.chars().count() > MAX_CONTENT_CHARS {
        return Err(Error::field("content", ErrorCode::TooLong));
    }
    Ok(text.trim().to_owned())
}

/// One line without Markdown's marks.
pub fn preview(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > PREVIEW_CHARS * 4 {
            break;
        }
    }
    let plain = strip_marks(&line);
    match plain.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => format!("{}…", &plain[..end]),
        None => plain,
    }
}

/// A text without Markdown's marks.
pub fn plain(text: &str) -> String {
    strip_marks(text)
}

/// Leaves out `**`, `~~`, backticks and the address of `[text](address)`.
fn strip_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['*', '~', '`', '[', '!']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some((label, after)) = link(rest) {
            out.push_str(label);
            rest = after;
            continue;
        }
        let mark = ["**", "~~", "```", "`", "*"].into_iter().find(|mark| rest.starts_with(mark));
        let keep = mark.is_none_or(|mark| mark == "*" && rest[1..].starts_with(' '));
        let width = mark.map_or_else(|| rest.chars().next().map_or(1, char::len_utf8), str::len);
        if keep {
            out.push_str(&rest[..width]);
        }
        rest = &rest[width..];
    }
    out.push_str(rest);
    out
}

/// `[label](address)` or `![label](address)` at the beginning: the label and what comes after.
fn link(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix("![").or_else(|| text.strip_prefix('['))?;
    let (label, after) = inner.split_once("](")?;
    if label.contains(['[', ']']) {
        return None;
    }
    let (_, rest) = after.split_once(')')?;
    Some((label, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_left_out() {
        assert_eq!(cleaned(" a\u{0}b\r\nc\u{7}\t ").unwrap(), "ab\nc");
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        assert!(cleaned(&"a".repeat(MAX_CONTENT_CHARS)).is_ok());
        assert!(cleaned(&"a".repeat(MAX_CONTENT_CHARS + 1)).is_err());
    }

    #[test]
    fn a_preview_is_one_plain_line() {
        assert_eq!(
            preview("**Olá**,\n\n veja [o site](https://x.y) `agora` ~~não~~ 2 * 3!"),
            "Olá, veja o site agora não 2 * 3!"
        );
        assert_eq!(preview(&"é".repeat(200)).chars().count(), PREVIEW_CHARS + 1);
    }
}
