//! What the index of parts is asked.

use db::{Builder, Db, Json};
use model::attribute::AttributeModel;

use super::{CLOSING, LETTERS, Part, UNSAID, folded, opening, quoted, table};
use crate::Result;

/// Pieces of a value that are looked for; more would not find fewer.
const MOST_PIECES: usize = 12;
/// Most values that are looked for at once.
const MOST_VALUES: usize = 20;
/// Values, and pieces of each, of which the planner is asked how many have them.
const MOST_EXPECTED: usize = 4;
/// A piece that nobody has.
const UNKNOWN: &str = "\u{3}\u{3}\u{3}";
/// Behind a part of a statement that is only planned: workers beside each other would be planned in an order of their own.
const NOT_AT_ONCE: &str = " limit 1000000000)";

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
            let mut letters: Vec<char> = folded(value).chars().collect();
            if letters.is_empty() {
                return None;
            }
            if at == At::Whole {
                letters.push(CLOSING);
            }
            let mut pieces = cover(&letters, (at != At::Anywhere).then(|| opening(key)));
            pieces.truncate(MOST_PIECES);
            (!pieces.is_empty()).then_some(pieces)
        });
        Some(Self { of, part, any: any.collect::<Option<_>>()? }.or_unsaid())
    }

    /// Also those of whom the index can't tell.
    fn or_unsaid(mut self) -> Self {
        self.any.push(unsaid());
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

    /// How many they are, as far as PostgreSQL knows without a look: at least, and at most. `None` where that says nothing, and it takes
    /// little to look.
    pub async fn expected(&self, db: &Db) -> Result<Option<(i64, i64)>> {
        let any = self.any.strip_suffix(&[unsaid()]).unwrap_or(&self.any);
        if any.len() > MOST_EXPECTED {
            return Ok(None);
        }
        // What it says of a piece that it knows nothing of.
        let mut query = Builder::new("(");
        self.matching(&self.word(UNKNOWN), &mut query);
        query.push(NOT_AT_ONCE);
        for pieces in any {
            query.push(" union all (");
            self.matching(&self.words(pieces), &mut query);
            query.push(NOT_AT_ONCE);
            for piece in pieces.iter().take(MOST_EXPECTED) {
                query.push(" union all (");
                self.matching(&self.word(piece), &mut query);
                query.push(NOT_AT_ONCE);
            }
        }
        let (Json(plan),): (Json<serde_json::Value>,) = query.expected().fetch_one(db).await?;
        let Some(steps) = plan.pointer("/0/Plan/Plans").and_then(serde_json::Value::as_array) else { return Ok(None) };
        let mut rows = steps.iter().map(|step| step.get("Plan Rows").and_then(serde_json::Value::as_i64));
        let Some(Some(unknown)) = rows.next() else { return Ok(None) };
        let (mut least, mut most) = (0, 0);
        for pieces in any {
            let Some(Some(together)) = rows.next() else { return Ok(None) };
            let rarest = rows.by_ref().take(pieces.len().min(MOST_EXPECTED)).flatten().min();
            let Some(rarest) = rarest.filter(|rarest| *rarest > unknown) else { return Ok(None) };
            // It takes pieces for independent of each other, which those of a word are not.
            least += together;
            most += rarest.max(together);
        }
        Ok(Some((least, most)))
    }

    /// A piece as PostgreSQL asks for it.
    fn word(&self, piece: &str) -> String {
        quoted([self.part.mark().to_string().as_str(), piece].concat())
    }

    /// All of some pieces.
    fn words(&self, pieces: &[String]) -> String {
        let words = pieces.iter().map(|piece| self.word(piece));
        ["(", &words.collect::<Vec<_>>().join(" & "), ")"].concat()
    }

    /// Adds a select of PostgreSQL's.
    fn matching(&self, words: &str, query: &mut Builder) {
        query.push(match self.of {
            AttributeModel::Contact => "select contact_id from contact_parts where pieces @@ CAST(",
            AttributeModel::Conversation => "select conversation_id from conversation_parts where pieces @@ CAST(",
        });
        query.value(words).push(" AS TSQUERY)");
    }

    /// Adds a select of their ids.
    pub fn push(&self, is_postgres: bool, query: &mut Builder) {
        if is_postgres {
            let any: Vec<_> = self.any.iter().map(|pieces| self.words(pieces)).collect();
            self.matching(&any.join(" | "), query);
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

/// The piece of those of whom the index can't tell.
fn unsaid() -> Vec<String> {
    vec![String::from_iter([UNSAID; LETTERS])]
}

/// As few pieces as have all letters of a text between them: more would take longer and find hardly fewer. With `opening` the text is
/// at the beginning of a frame.
fn cover(letters: &[char], opening: Option<char>) -> Vec<String> {
    let whole = letters.rchunks_exact(LETTERS);
    let rest = whole.remainder();
    let first = match opening {
        Some(letter) => {
            // Begins in the frame, whether there are letters left or not.
            let begin: Vec<char> = letters.iter().take(rest.len().max(1)).copied().collect();
            let frame = std::iter::repeat_n(letter, LETTERS.saturating_sub(begin.len()));
            Some(frame.chain(begin).collect())
        }
        None if rest.is_empty() => None,
        None => letters.get(..LETTERS).map(String::from_iter),
    };
    first.into_iter().chain(whole.map(String::from_iter)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_pieces_have_all_letters() {
        let of = |text: &str, opening| cover(&text.chars().collect::<Vec<_>>(), opening);
        assert_eq!(of("carrinho", None), ["car", "nho", "rri"]);
        assert_eq!(of("silva!", None), ["va!", "sil"]);
        assert!(of("jo", None).is_empty());
        assert_eq!(of("b", Some('<')), ["<<b"]);
        assert_eq!(of("b>", Some('<')), ["<b>"]);
        assert_eq!(of("rio>", Some('<')), ["<<r", "io>"]);
        assert_eq!(of("natal>", Some('<')), ["<<n", "al>", "nat"]);
    }

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
