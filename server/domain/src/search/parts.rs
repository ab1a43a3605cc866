//! The index of parts: every three letters in a row of what contacts are filtered by. So a part of a name or an address that few have
//! is found without a look at everybody. What is found only may hold the part: whoever asks looks again.

use db::{Builder, Tx};
use model::ContactId;

use super::contact::Facts;

/// Letters of one piece.
const LETTERS: usize = 3;
/// Pieces of a value that are looked for; more would not find fewer.
const MOST_PIECES: usize = 12;
/// Most values that are looked for at once.
const MOST_VALUES: usize = 20;

/// What of a contact is in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Email,
    Phone,
    Identifier,
    Company,
    City,
}

impl Part {
    const ALL: [Self; 6] = [Self::Name, Self::Email, Self::Phone, Self::Identifier, Self::Company, Self::City];

    /// Its column in SQLite.
    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone_number",
            Self::Identifier => "identifier",
            Self::Company => "company",
            Self::City => "city",
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
        }
    }

    fn of(self, facts: &Facts) -> String {
        let more = |key: &str| facts.additional_attributes.0.get(key).and_then(serde_json::Value::as_str);
        let text = match self {
            Self::Name => Some(facts.name.as_str()),
            Self::Email => facts.email.as_deref(),
            Self::Phone => facts.phone_number.as_deref(),
            Self::Identifier => facts.identifier.as_deref(),
            Self::Company => more("company_name"),
            Self::City => more("city"),
        };
        folded(text.unwrap_or_default())
    }
}

fn folded(text: &str) -> String {
    super::fold(text).chars().filter(|c| !c.is_control()).collect()
}

/// Every three letters in a row.
fn pieces(folded: &str) -> Vec<String> {
    let letters: Vec<char> = folded.chars().collect();
    let mut pieces: Vec<String> = letters.windows(LETTERS).map(|piece| piece.iter().collect()).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// Adds contacts that are not in the index.
pub(super) fn index_all(tx: &mut Tx, all: &[Facts]) {
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let row = |facts: &Facts| {
        if Part::ALL.iter().all(|part| part.of(facts).is_empty()) {
            return None;
        }
        let mut row: Vec<db::Value> = vec![facts.id.into()];
        if is_sqlite {
            row.extend(Part::ALL.map(|part| part.of(facts).into()));
        } else {
            let words = Part::ALL.iter().flat_map(|part| {
                pieces(&part.of(facts)).into_iter().map(|piece| quoted([part.mark().to_string(), piece].concat()))
            });
            row.push(words.collect::<Vec<_>>().join(" ").into());
        }
        Some(row)
    };
    let rows: Vec<_> = all.iter().filter_map(row).collect();
    if rows.is_empty() {
        return;
    }
    let mut query = if is_sqlite {
        Builder::new("insert into contact_parts (rowid, name, email, phone_number, identifier, company, city) values ")
    } else {
        Builder::new(
            "insert into contact_parts (contact_id, pieces) select r.id, CAST(r.pieces AS TSVECTOR) from (values ",
        )
    };
    query.rows(rows);
    if !is_sqlite {
        query.push(") as r (id, pieces)");
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

/// Empties the index.
pub(super) async fn clear(tx: &mut Tx) -> db::Result<()> {
    let clear = match tx {
        Tx::Sqlite(_) => "insert into contact_parts (contact_parts) values ('delete-all')",
        Tx::Postgres(_) => "delete from contact_parts",
    };
    db::Query::fixed(clear).execute(tx).await?;
    Ok(())
}

/// Whether the index can say anything of these values: each must be long enough to have a piece.
pub(crate) fn can_find(values: &[String]) -> bool {
    values.len() <= MOST_VALUES && values.iter().all(|value| folded(value).chars().count() >= LETTERS)
}

/// Adds a select of the ids of contacts of which a part may hold one of these values; they are fewer than all and none is missing.
pub(crate) fn push(is_postgres: bool, part: Part, values: &[String], query: &mut Builder) {
    let found = values.iter().map(|value| {
        let mut pieces = pieces(&folded(value));
        pieces.truncate(MOST_PIECES);
        pieces
    });
    if is_postgres {
        let words = |pieces: Vec<String>| {
            let words = pieces.into_iter().map(|piece| quoted([part.mark().to_string(), piece].concat()));
            ["(", &words.collect::<Vec<_>>().join(" & "), ")"].concat()
        };
        query.push("select contact_id from contact_parts where pieces @@ CAST(");
        query.value(found.map(words).collect::<Vec<_>>().join(" | ")).push(" AS TSQUERY)");
    } else {
        let words = |pieces: Vec<String>| {
            let words = pieces.into_iter().map(|piece| ["\"", &piece.replace('"', "\"\""), "\""].concat());
            ["(", &words.collect::<Vec<_>>().join(" AND "), ")"].concat()
        };
        let pattern = [part.column(), " : (", &found.map(words).collect::<Vec<_>>().join(" OR "), ")"].concat();
        query.push("select rowid from contact_parts where contact_parts match ").value(pattern);
    }
}

/// A word as PostgreSQL reads it in lists of words and in questions for them.
fn quoted(word: String) -> String {
    ["'", &word.replace('\\', "\\\\").replace('\'', "''"), "'"].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_falls_into_pieces() {
        assert_eq!(pieces(&folded("JOÃO")), ["joa", "oao"]);
        assert!(pieces("jo").is_empty());
        assert!(can_find(&["João".to_owned()]) && !can_find(&["João".to_owned(), "jo".to_owned()]));
        assert_eq!(quoted("a'\\".to_owned()), "'a''\\\\'");
    }
}
