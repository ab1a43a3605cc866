//! What is being typed that asks for a list: `/` for canned responses, `{{` for variables, `@` for people in notes.

use super::format::{byte_at, units};

/// Which list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Canned,
    Variable,
    Mention,
}

/// A mark with what is typed after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    pub kind: Kind,
    /// Where its mark begins, in UTF-16 units.
    pub from: u32,
    pub query: String,
}

/// Longest query, in bytes.
const LONGEST: usize = 60;

/// What is being typed before the cursor.
#[must_use]
pub fn find(text: &str, cursor: u32, is_note: bool) -> Option<Trigger> {
    let before = &text[..byte_at(text, cursor)];
    let trigger = |kind, at: usize, mark: usize| {
        let query = &before[at + mark..];
        (query.len() <= LONGEST).then(|| Trigger { kind, from: units(&before[..at]), query: query.to_owned() })
    };
    if let Some(at) = before.rfind("{{") {
        let inner = &before[at + 2..];
        if !inner.contains(['}', '{', '\n', '|']) {
            return trigger(Kind::Variable, at, 2);
        }
    }
    let at = before
        .rfind(|c: char| c.is_whitespace())
        .map_or(0, |space| space + before[space..].chars().next().map_or(1, char::len_utf8));
    let word = &before[at..];
    match word.chars().next() {
        Some('/') if !word[1..].contains('/') => trigger(Kind::Canned, at, 1),
        Some('@') if is_note => trigger(Kind::Mention, at, 1),
        _ => None,
    }
}

/// The expression that ends at the cursor, just completed: where it begins and what it is.
#[must_use]
pub fn completed(text: &str, cursor: u32) -> Option<(u32, String)> {
    let before = &text[..byte_at(text, cursor)];
    let at = before.strip_suffix("}}")?.rfind("{{")?;
    let expression = &before[at..];
    model::variable::is_template(expression).then(|| (units(&before[..at]), expression.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, is_note: bool) -> Option<(Kind, u32, String)> {
        find(text, units(text), is_note).map(|trigger| (trigger.kind, trigger.from, trigger.query))
    }

    #[test]
    fn marks_at_the_beginning_of_a_word_ask_for_a_list() {
        assert_eq!(found("/", false), Some((Kind::Canned, 0, String::new())));
        assert_eq!(found("Olá 🎉\n/pra", false), Some((Kind::Canned, 7, "pra".into())));
        assert_eq!(found("Oi {{contact.n", false), Some((Kind::Variable, 3, "contact.n".into())));
        assert_eq!(found("veja @bi", true), Some((Kind::Mention, 5, "bi".into())));
        for none in ["1/2", "https://a", "/home/x", "a / b", "veja @bi", "{{x}} ", "{{x|", "", "{ {"] {
            assert_eq!(found(none, false), None, "{none}");
        }
        assert_eq!(find("/abc def", 4, false).map(|trigger| trigger.query), Some("abc".into()));
    }

    #[test]
    fn an_expression_is_complete_with_its_last_brace() {
        assert_eq!(completed("Oi {{contact.name}}", 19), Some((3, "{{contact.name}}".into())));
        for none in ["Oi {{contact.name}", "Oi }}", "{{ a b }}", "`{{a}} x"] {
            assert_eq!(completed(none, units(none)), None, "{none}");
        }
    }
}
