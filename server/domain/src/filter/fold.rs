//! Comparing texts that are kept as they were written: neither capitals nor accents count, on both databases alike.
//!
//! SQLite knows capitals of plain letters only, and what PostgreSQL knows depends on how it was set up. So a text with other
//! letters is compared by a pattern in which each letter stands for all its forms; plain texts, most of them, by the cheaper `like`.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::search;

/// Letters with accents and capitals, as Latin, Greek and Cyrillic languages use them.
const LETTERS: [std::ops::RangeInclusive<char>; 3] = ['A'..='z', '\u{c0}'..='\u{17f}', '\u{370}'..='\u{52f}'];

/// All forms of a folded letter.
static FORMS: LazyLock<HashMap<char, Vec<char>>> = LazyLock::new(|| {
    let mut forms: HashMap<char, Vec<char>> = HashMap::new();
    for letter in LETTERS.into_iter().flatten().filter(|letter| letter.is_alphabetic()) {
        let folded = search::fold(letter.encode_utf8(&mut [0; 4]));
        let mut folded = folded.chars();
        if let (Some(base), None) = (folded.next(), folded.next()) {
            forms.entry(base).or_default().push(letter);
        }
    }
    forms
});

/// Where in a text another one is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Where {
    Whole,
    Start,
    Anywhere,
}

/// The pattern for `like`, with `\` before what stands for something else.
pub(super) fn like(text: &str, at: Where) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if at == Where::Anywhere {
        out.push('%');
    }
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    if at != Where::Whole {
        out.push('%');
    }
    out
}

/// The pattern for SQLite's `glob`.
pub(super) fn glob(text: &str, at: Where) -> String {
    let mut out = String::new();
    if at == Where::Anywhere {
        out.push('*');
    }
    for forms in letters(text) {
        match forms.as_slice() {
            [one] if !matches!(one, '*' | '?' | '[') => out.push(*one),
            forms => class(&mut out, forms),
        }
    }
    if at != Where::Whole {
        out.push('*');
    }
    out
}

/// The regular expression for PostgreSQL's `~`.
pub(super) fn regex(text: &str, at: Where) -> String {
    let mut out = String::from(if at == Where::Anywhere { "" } else { "^" });
    for forms in letters(text) {
        match forms.as_slice() {
            [one] => {
                if one.is_ascii_punctuation() {
                    out.push('\\');
                }
                out.push(*one);
            }
            forms => class(&mut out, forms),
        }
    }
    if at == Where::Whole {
        out.push('$');
    }
    out
}

fn class(out: &mut String, forms: &[char]) {
    out.push('[');
    out.extend(forms);
    out.push(']');
}

/// What may stand at each place of a text.
fn letters(text: &str) -> Vec<Vec<char>> {
    let forms = |written: char| {
        let folded = search::fold(written.encode_utf8(&mut [0; 4]));
        let mut all: Vec<char> = folded.chars().filter_map(|base| FORMS.get(&base)).flatten().copied().collect();
        // A letter that the table does not have stands at least for its own forms.
        all.extend(written.to_lowercase().chain(written.to_uppercase()).chain([written]));
        all.sort_unstable();
        all.dedup();
        all
    };
    text.nfc().filter(|c| !c.is_control()).map(forms).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_stands_for_its_forms() {
        let forms = letters("Ã1");
        for form in ['a', 'A', 'ã', 'Ã', 'á', 'Ä'] {
            assert!(forms[0].contains(&form), "{form}");
        }
        assert_eq!(forms[1], ['1']);
        assert!(letters("ж")[0].contains(&'Ж'));
        assert!(letters("ß")[0].contains(&'ß'));
        assert!(letters("日")[0].contains(&'日'));
    }

    #[test]
    fn what_is_syntax_is_only_a_letter() {
        assert_eq!(glob("1*?[", Where::Anywhere), "*1[*][?][[]*");
        assert_eq!(regex("1.*", Where::Whole), "^1\\.\\*$");
        assert_eq!(like("10%_\\", Where::Start), "10\\%\\_\\\\%");
        assert_eq!(regex("\\", Where::Start), "^\\\\");
    }

    #[test]
    fn the_longest_value_is_short_enough_for_a_pattern() {
        let longest = "ã".repeat(model::filter::MAX_VALUE);
        assert!(glob(&longest, Where::Anywhere).len() < 50_000);
    }
}
