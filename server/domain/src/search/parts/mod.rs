//! The index of parts: every three letters in a row of what contacts and conversations are filtered by. So a part of a name or a
//! value that few have is found without a look at everybody. What is found only may hold the part: whoever asks looks again.
//!
//! Values are in frames ([`framed`]), so that short ones are found as well, and that there is one at all.

mod question;

use db::{Builder, Tx};
use model::attribute::AttributeModel;
use model::{ContactId, ConversationId};
use serde_json::{Map, Value};

use super::contact::Facts;
pub(crate) use question::{At, Question};

/// Letters of one piece.
const LETTERS: usize = 3;

/// What is in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Email,
    Phone,
    Identifier,
    Company,
    City,
    Country,
    BrowserLanguage,
    Language,
    Referer,
    Subject,
    Campaign,
    /// Custom attributes, all of them.
    Custom,
}

/// What contacts are found by.
const OF_CONTACT: [Part; 8] =
    [Part::Name, Part::Email, Part::Phone, Part::Identifier, Part::Company, Part::City, Part::Country, Part::Custom];
/// What conversations are found by.
const OF_CONVERSATION: [Part; 7] =
    [Part::BrowserLanguage, Part::Language, Part::Referer, Part::Subject, Part::Campaign, Part::Country, Part::Custom];

impl Part {
    /// Its column in SQLite.
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone_number",
            Self::Identifier => "identifier",
            Self::Company => "company",
            Self::City => "city",
            Self::Country => "country",
            Self::BrowserLanguage => "browser_language",
            Self::Language => "language",
            Self::Referer => "referer",
            Self::Subject => "subject",
            Self::Campaign => "campaign",
            Self::Custom => "custom",
        }
    }

    /// The letter before its pieces in PostgreSQL.
    const fn mark(self) -> char {
        match self {
            Self::Name => 'n',
            Self::Email => 'e',
            Self::Phone => 'p',
            Self::Identifier => 'i',
            Self::Company => 'c',
            Self::City => 't',
            Self::Country => 'o',
            Self::BrowserLanguage => 'b',
            Self::Language => 'l',
            Self::Referer => 'r',
            Self::Subject => 's',
            Self::Campaign => 'g',
            Self::Custom => 'x',
        }
    }

    /// The key of the attribute that it is.
    const fn key(self) -> &'static str {
        match self {
            Self::Company => "company_name",
            Self::Country => "country_code",
            Self::BrowserLanguage => "browser_language",
            Self::Language => "conversation_language",
            Self::Campaign => "campaign_id",
            Self::Subject => "mail_subject",
            other => other.column(),
        }
    }
}

/// Where parts are kept.
const fn table(of: AttributeModel) -> &'static str {
    match of {
        AttributeModel::Contact => "contact_parts",
        AttributeModel::Conversation => "conversation_parts",
    }
}

/// As texts are compared: without accents and capitals, and without what stands for something else in a frame. All forms that a letter
/// has as a capital are one here ("ς" is "σ"), as they are to whoever looks again.
fn folded(text: &str) -> String {
    let folded = super::fold(text);
    let folded = if folded.is_ascii() { folded } else { super::fold(&folded.to_uppercase()) };
    folded.chars().filter(|c| !c.is_control()).collect()
}

/// Begins the frame of an attribute: a letter that nobody writes, mostly another one for each key.
fn opening(key: &str) -> char {
    const FIRST: u32 = 0xE000;
    const CHOICE: u32 = 0x18FF;
    let sum = key.bytes().fold(0x811c_9dc5_u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    char::from_u32(FIRST + sum % CHOICE).unwrap_or('\u{1}')
}

const CLOSING: char = '\u{2}';

/// In place of a value that is no single one: it may hold anything.
const UNSAID: char = '\u{F8FF}';

/// A value in its frame: its first and last letters are pieces of their own, and one piece is in every value of the key.
fn framed(key: &str, folded: &str) -> String {
    let mut framed = String::from_iter([opening(key); LETTERS]);
    framed.push_str(folded);
    framed.push(CLOSING);
    framed
}

/// A value in all spellings that either database gives it as a text, each in its frame.
fn framed_value(key: &str, value: &Value) -> String {
    let texts = match value {
        Value::Null => Vec::new(),
        Value::String(text) if text.is_empty() => Vec::new(),
        Value::String(text) => vec![folded(text)],
        Value::Number(number) => {
            let plain = number.as_f64().filter(|_| number.is_f64()).map(|number| (number + 0.0).to_string());
            [Some(number.to_string()), plain].into_iter().flatten().collect()
        }
        Value::Bool(is) => vec![is.to_string(), i64::from(*is).to_string()],
        Value::Array(_) | Value::Object(_) => {
            return framed(key, "") + &String::from_iter([UNSAID; LETTERS]);
        }
    };
    texts.iter().map(|text| framed(key, text)).collect()
}

/// What is kept of a contact or a conversation.
pub(crate) struct Entry {
    id: i64,
    texts: Vec<(Part, String)>,
}

impl Entry {
    pub fn of_contact(facts: &Facts) -> Self {
        let own = |part: Part| match part {
            Part::Name => Some(facts.name.as_str()),
            Part::Email => facts.email.as_deref(),
            Part::Phone => facts.phone_number.as_deref(),
            Part::Identifier => facts.identifier.as_deref(),
            _ => None,
        };
        let of = |part: Part| match own(part).filter(|text| !text.is_empty()) {
            Some(text) => framed(part.key(), &folded(text)),
            None => attribute(part, &facts.additional_attributes.0, &facts.custom_attributes.0),
        };
        Self { id: facts.id.0, texts: OF_CONTACT.map(|part| (part, of(part))).into() }
    }

    pub fn of_conversation(id: ConversationId, additional: &Value, custom: &Value) -> Self {
        let texts = OF_CONVERSATION.map(|part| (part, attribute(part, additional, custom))).into();
        Self { id: id.0, texts }
    }

    fn is_empty(&self) -> bool {
        self.texts.iter().all(|(_, text)| text.is_empty())
    }
}

fn attribute(part: Part, additional: &Value, custom: &Value) -> String {
    match part {
        // These are no attributes, whatever somebody may have called theirs.
        Part::Name | Part::Email | Part::Phone | Part::Identifier => String::new(),
        Part::Custom => {
            let none = Map::new();
            let values = custom.as_object().unwrap_or(&none).iter();
            values.map(|(key, value)| framed_value(key, value)).collect()
        }
        part => additional.get(part.key()).map(|value| framed_value(part.key(), value)).unwrap_or_default(),
    }
}

/// Every three letters in a row.
fn pieces(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let mut pieces: Vec<String> = letters.windows(LETTERS).map(|piece| piece.iter().collect()).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// Which of two rows of the same contact or conversation stays, where nodes write at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stays {
    /// The one that is written now: it was just changed.
    New,
    /// The one that is there: whoever makes the whole index anew knows an older state.
    Old,
}

/// Adds what is not in the index.
pub(super) fn index_all(tx: &mut Tx, of: AttributeModel, entries: impl IntoIterator<Item = Entry>, stays: Stays) {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let row = |entry: Entry| {
        let mut row: Vec<db::Value> = vec![entry.id.into()];
        if is_sqlite {
            row.extend(entry.texts.into_iter().map(|(_, text)| db::Value::from(text)));
        } else {
            let words = entry.texts.iter().flat_map(|(part, text)| {
                pieces(text).into_iter().map(|piece| quoted([part.mark().to_string(), piece].concat()))
            });
            row.push(words.collect::<Vec<_>>().join(" ").into());
        }
        row
    };
    let rows: Vec<_> = entries.into_iter().filter(|entry| !entry.is_empty()).map(row).collect();
    if rows.is_empty() {
        return;
    }
    let mut query = match (of, is_sqlite) {
        (AttributeModel::Contact, true) => Builder::new(
            "insert into contact_parts (rowid, name, email, phone_number, identifier, company, city, country, custom) values ",
        ),
        (AttributeModel::Conversation, true) => Builder::new(
            "insert into conversation_parts (rowid, browser_language, language, referer, subject, campaign, country, custom)
             values ",
        ),
        (AttributeModel::Contact, false) => Builder::new(
            "insert into contact_parts (contact_id, pieces) select r.id, CAST(r.pieces AS TSVECTOR) from (values ",
        ),
        (AttributeModel::Conversation, false) => Builder::new(
            "insert into conversation_parts (conversation_id, pieces) select r.id, CAST(r.pieces AS TSVECTOR) from (values ",
        ),
    };
    query.rows(rows);
    if !is_sqlite {
        query.push(") as r (id, pieces) ").push(match (stays, of) {
            (Stays::Old, _) => "on conflict do nothing",
            (Stays::New, AttributeModel::Contact) => "on conflict (contact_id) do update set pieces = excluded.pieces",
            (Stays::New, AttributeModel::Conversation) => {
                "on conflict (conversation_id) do update set pieces = excluded.pieces"
            }
        });
    }
    query.build().later(tx);
}

/// Takes a contact out of the index.
pub(super) fn forget(tx: &mut Tx, id: ContactId) {
    let text = match tx {
        Tx::Sqlite(_) => "delete from contact_parts where rowid = $1",
        Tx::Postgres(_) => "delete from contact_parts where contact_id = $1",
    };
    db::Query::fixed(text).bind(id).later(tx);
}

/// Takes a conversation out of the index, which its deletion does as well.
pub(super) fn forget_conversation(tx: &mut Tx, id: ConversationId) {
    let text = match tx {
        Tx::Sqlite(_) => "delete from conversation_parts where rowid = $1",
        Tx::Postgres(_) => "delete from conversation_parts where conversation_id = $1",
    };
    db::Query::fixed(text).bind(id).later(tx);
}

/// Takes some out of the index.
pub(super) async fn forget_some(tx: &mut Tx, of: AttributeModel, ids: impl IntoIterator<Item = i64>) -> db::Result<()> {
    let mut query = Builder::new(match (of, &*tx) {
        (AttributeModel::Contact, Tx::Sqlite(_)) => "delete from contact_parts where rowid in ",
        (AttributeModel::Conversation, Tx::Sqlite(_)) => "delete from conversation_parts where rowid in ",
        (AttributeModel::Contact, Tx::Postgres(_)) => "delete from contact_parts where contact_id in ",
        (AttributeModel::Conversation, Tx::Postgres(_)) => "delete from conversation_parts where conversation_id in ",
    });
    query.list(ids);
    query.build().execute(tx).await?;
    Ok(())
}

/// Empties the index.
pub(super) async fn clear(tx: &mut Tx, of: AttributeModel) -> db::Result<()> {
    let clear = match (of, &*tx) {
        (AttributeModel::Contact, Tx::Sqlite(_)) => "insert into contact_parts (contact_parts) values ('delete-all')",
        (AttributeModel::Conversation, Tx::Sqlite(_)) => {
            "insert into conversation_parts (conversation_parts) values ('delete-all')"
        }
        (AttributeModel::Contact, Tx::Postgres(_)) => "delete from contact_parts",
        (AttributeModel::Conversation, Tx::Postgres(_)) => "delete from conversation_parts",
    };
    db::Query::fixed(clear).execute(tx).await?;
    Ok(())
}

/// A word as PostgreSQL reads it in lists of words and in questions for them.
fn quoted(word: String) -> String {
    ["'", &word.replace('\\', "\\\\").replace('\'', "''"), "'"].concat()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_text_falls_into_pieces() {
        assert_eq!(pieces(&folded("JOÃO")), ["joa", "oao"]);
        assert!(pieces("jo").is_empty());
        assert_eq!(quoted("a'\\".to_owned()), "'a''\\\\'");
    }

    #[test]
    fn values_are_told_apart_by_their_frames() {
        let text = attribute(Part::Custom, &json!({}), &json!({"plano": "Á", "vezes": 5.0, "vip": true, "nada": ""}));
        for (key, value) in [("plano", "a"), ("vezes", "5"), ("vezes", "5.0"), ("vip", "true"), ("vip", "1")] {
            assert!(text.contains(&framed(key, value)), "{key}");
        }
        assert!(!text.contains(opening("nada")));
        assert_ne!(opening("plano"), opening("vezes"));
        // What somebody wrote closes no frame.
        assert_eq!(folded("a\u{2}b"), "ab");
        for (one, other) in [("ΑΘΗΝΑΣ", "αθήνας"), ("IŞIK", "ışık"), ("STRASSE", "straße"), ("ſ", "S")]
        {
            assert_eq!(folded(one), folded(other));
        }
    }
}
