//! What somebody looks for, as words.

use super::{MAX_INDEXED, MAX_WORDS, fold, words};

/// Fewest digits by which a part of a number is found.
pub(super) const MIN_DIGITS: usize = 4;

/// A word that is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sought {
    /// Folded, letters and digits only: nothing in it is syntax anywhere.
    pub text: String,
    /// Whether words that begin like this are meant as well.
    pub is_beginning: bool,
}

impl Sought {
    /// Whether PostgreSQL takes it for one word whatever stands around it: it reads `12e4abc` as a number and a word.
    pub fn is_plain(&self) -> bool {
        self.text.chars().all(char::is_alphabetic) || self.text.chars().all(|c| c.is_ascii_digit())
    }
}

/// In messages: the last may be the beginning of a word, as somebody may still be typing it.
pub(crate) fn in_messages(text: &str) -> Vec<Sought> {
    some(with_last_begun(text))
}

/// In what is known of contacts: a number is one word however it is written, and every word may be the beginning of one, but for those
/// that go on behind a mark. In `ana@loja.com` that leaves `com`, which nearly everybody has. Digits are beginnings wherever they stand:
/// of `98888-7777` the index has what begins with `98888`.
pub(super) fn in_contacts(text: &str) -> Vec<Sought> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_number = text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-().#/".contains(c));
    if is_number && digits.len() >= MIN_DIGITS {
        return vec![Sought { text: digits, is_beginning: true }];
    }
    let mut all: Vec<Sought> = text.split_whitespace().flat_map(with_last_begun).collect();
    for one in &mut all {
        one.is_beginning |= one.text.chars().all(|c| c.is_ascii_digit());
    }
    some(all)
}

fn with_last_begun(text: &str) -> Vec<Sought> {
    let words = words(text);
    let last = words.len().saturating_sub(1);
    let sought = |(index, text)| Sought { text, is_beginning: index == last };
    words.into_iter().enumerate().map(sought).collect()
}

fn some(mut all: Vec<Sought>) -> Vec<Sought> {
    all.truncate(MAX_WORDS);
    all
}

/// Whether a message says all of that, as the indexes would have it.
pub(crate) fn holds(text: &str, all: &[Sought]) -> bool {
    let text = text.char_indices().nth(MAX_INDEXED).map_or(text, |(end, _)| &text[..end]);
    let folded = fold(text);
    let said: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_said = |one: &Sought| match one.is_beginning {
        true => said.iter().any(|word| word.starts_with(&one.text)),
        false => said.iter().any(|word| *word == one.text),
    };
    all.iter().all(is_said)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(all: &[Sought]) -> Vec<String> {
        all.iter().map(|one| format!("{}{}", one.text, if one.is_beginning { "*" } else { "" })).collect()
    }

    #[test]
    fn a_number_is_one_word() {
        let shown = |text| shown(&in_contacts(text));
        assert_eq!(shown("(11) 98888-7777"), ["11988887777*"]);
        assert_eq!(shown("7777"), ["7777*"]);
        assert_eq!(shown("ana 12"), ["ana*", "12*"]);
        assert_eq!(shown("12"), ["12*"]);
        assert_eq!(shown("(11) 98888-7777, Ana"), ["11*", "98888*", "7777*", "ana*"]);
    }

    #[test]
    fn a_message_holds_whole_words_and_the_beginning_of_the_last() {
        let said = |wanted| holds("O *pedido* Não-chegou", &in_messages(wanted));
        assert!(said("nao pedido") && said("pedido cheg") && said("o"));
        assert!(!said("pedid chegou") && !said("pedido atrasado") && !said("edido"));
    }

    #[test]
    fn what_goes_on_behind_a_mark_is_a_whole_word() {
        assert_eq!(shown(&in_contacts("Jo Ana.Sil@loja.com")), ["jo*", "ana", "sil", "loja", "com*"]);
        assert_eq!(shown(&in_contacts("ana@ d'ávila")), ["ana*", "d", "avila*"]);
        assert_eq!(shown(&in_messages("O pedido não che")), ["o", "pedido", "nao", "che*"]);
        assert!(in_messages("…").is_empty() && in_contacts(" @ ").is_empty());
    }
}
