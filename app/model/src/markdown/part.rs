//! Parts of a text. What the standard library does here carries messages and tables that would weigh more in the website
//! chat than all of this reader.

/// The text from a byte on. Places are always between characters, and if one were not there would be nothing there.
pub(super) fn from(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The text before a byte.
pub(super) fn upto(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or_default()
}

/// How often an ASCII mark stands at the beginning.
pub(super) fn leading(text: &str, mark: char) -> usize {
    text.len() - text.trim_start_matches(mark).len()
}

/// Whether it is part of a word: letters and digits, not signs and emoji. By blocks rather than exactly.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{aa}'..='\u{1fff}' | '\u{2c00}'..='\u{2dff}' | '\u{3040}'..='\u{fdff}')
}
