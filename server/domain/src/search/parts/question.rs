//! What the index of parts is asked.

use db::Builder;
use model::attribute::AttributeModel;

use super::{CLOSING, LETTERS, Part, UNSAID, folded, opening, pieces, quoted, table};

/// Pieces of a value that are looked for; more would not find fewer.
const MOST_PIECES: usize = 12;
/// Most values that are looked for at once.
const MOST_VALUES: usize = 20;

/// Where in a value a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Whole,
    Start,
    Anywhere,
}

/// Those of whom a part may hold one of some values. They are fewer than all and none is missing.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    of: AttributeModel,
    part: Part,
    /// All pieces of at least one of these.
    any: Vec<Vec<String>>,
}

impl Question {
    /// `None` where the index can't say: a text that is anywhere in a value must have a piece of its own. `key` is that of a custom attribute.
    pub fn new(of: AttributeModel, part: Part, key: Option<&str>, at: At, values: &[String]) -> Option<Self> {
        if values.is_empty() || values.len() > MOST_VALUES {
            return None;
        }
        let key = key.unwrap_or(part.key());
        let any = values.iter().map(|value| {
            let mut text = folded(value);
            if text.is_empty() {
                return None;
            }
            if at != At::Anywhere {
                text = String::from_iter([opening(key); LETTERS]) + &text;
            }
            if at == At::Whole {
                text.push(CLOSING);
            }
            let mut pieces = pieces(&text);
            // The letters of frames come last, and tell more.
            pieces.reverse();
            pieces.truncate(MOST_PIECES);
            (!pieces.is_empty()).then_some(pieces)
        });
        Some(Self { of, part, any: any.collect::<Option<_>>()? }.or_unsaid())
    }

    /// Also those of whom the index can't tell.
    fn or_unsaid(mut self) -> Self {
        self.any.push(vec![String::from_iter([UNSAID; LETTERS])]);
        self
    }

    /// Who has any value at all.
    pub fn present(of: AttributeModel, part: Part, key: Option<&str>) -> Self {
        Self { of, part, any: vec![vec![String::from_iter([opening(key.unwrap_or(part.key())); LETTERS])]] }
    }

    /// The same asked about others.
    pub fn about(self, of: AttributeModel) -> Self {
        Self { of, ..self }
    }

    /// Adds a select of their ids.
    pub fn push(&self, is_postgres: bool, query: &mut Builder) {
        if is_postgres {
            let words = |pieces: &Vec<String>| {
                let words = pieces.iter().map(|piece| quoted([self.part.mark().to_string(), piece.clone()].concat()));
                ["(", &words.collect::<Vec<_>>().join(" & "), ")"].concat()
            };
            query.push(match self.of {
                AttributeModel::Contact => "select contact_id from contact_parts where pieces @@ CAST(",
                AttributeModel::Conversation => "select conversation_id from conversation_parts where pieces @@ CAST(",
            });
            query.value(self.any.iter().map(words).collect::<Vec<_>>().join(" | ")).push(" AS TSQUERY)");
        } else {
            let words = |pieces: &Vec<String>| {
                let words = pieces.iter().map(|piece| ["\"", &piece.replace('"', "\"\""), "\""].concat());
                ["(", &words.collect::<Vec<_>>().join(" AND "), ")"].concat()
            };
            let any = self.any.iter().map(words).collect::<Vec<_>>().join(" OR ");
            let table = table(self.of);
            query.push("select rowid from ").push(table).push(" where ").push(table).push(" match ");
            query.value([self.part.column(), " : (", &any, ")"].concat());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn can_ask(part: Part, at: At, values: &[&str]) -> bool {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        Question::new(AttributeModel::Contact, part, None, at, &values).is_some()
    }

    #[test]
    fn short_values_are_found_by_their_frames() {
        assert!(can_ask(Part::Name, At::Anywhere, &["João"]));
        assert!(!can_ask(Part::Name, At::Anywhere, &["João", "jo"]));
        assert!(can_ask(Part::Country, At::Whole, &["br"]) && can_ask(Part::Country, At::Start, &["b"]));
        assert!(!can_ask(Part::Country, At::Whole, &[""]) && !can_ask(Part::Country, At::Whole, &[]));
    }
}
