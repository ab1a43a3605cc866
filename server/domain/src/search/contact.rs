//! The index of contacts: the words of their facts, and every tail of their phone number, so that any part of it finds them.

use db::{Builder, Db, Tx, sql};
use model::attribute::AttributeModel;
use model::{AccountId, ContactId, Millis};
use serde_json::Value;

use super::parts::{self, Entry, Stays};
use super::sought::{self, MIN_DIGITS};
use super::words;
use crate::Result;
use crate::contact::phone;
use crate::contact::store::Row;

/// Words of one contact.
const MAX_WORDS: usize = 200;

/// What of a contact is indexed.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(crate) struct Facts {
    pub account_id: AccountId,
    pub id: ContactId,
    pub name: String,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub identifier: Option<String>,
    pub additional_attributes: db::Json<Value>,
    pub custom_attributes: db::Json<Value>,
}

impl Facts {
    /// The same of a contact's row.
    pub fn of(account_id: AccountId, row: &Row) -> Self {
        Self {
            account_id,
            id: row.id,
            name: row.name.clone(),
            email: row.email.clone(),
            phone_number: row.phone_number.clone(),
            identifier: row.identifier.clone(),
            additional_attributes: db::Json(row.additional_attributes.0.clone()),
            custom_attributes: db::Json(row.custom_attributes.0.clone()),
        }
    }

    fn words(&self) -> Vec<String> {
        let company = self.additional_attributes.0.get("company_name").and_then(Value::as_str);
        let texts = [Some(self.name.as_str()), self.email.as_deref(), self.identifier.as_deref(), company];
        let mut all: Vec<String> = texts.into_iter().flatten().flat_map(words).collect();
        for spelling in self.phone_number.as_deref().map(phone::spellings).unwrap_or_default() {
            let tails = (0..spelling.len().saturating_sub(MIN_DIGITS - 1)).filter_map(|at| spelling.get(at..));
            all.extend(tails.map(str::to_owned));
        }
        // However the number of a document is written ("123.456.789-00"), it is asked for as one.
        let digits: String =
            self.identifier.iter().flat_map(|text| text.chars()).filter(char::is_ascii_digit).collect();
        if digits.len() >= MIN_DIGITS {
            all.push(digits);
        }
        all.sort_unstable();
        all.dedup();
        all.truncate(MAX_WORDS);
        all
    }
}

/// Puts a contact into the index anew, in the transaction that writes them.
pub(crate) fn index(tx: &mut Tx, facts: &Facts) {
    forget(tx, facts.id);
    index_all(tx, std::slice::from_ref(facts), Stays::New);
}

/// Adds contacts that are not in the index.
fn index_all(tx: &mut Tx, all: &[Facts], stays: Stays) {
    parts::index_all(tx, AttributeModel::Contact, all.iter().map(Entry::of_contact), stays);
    let is_sqlite = matches!(tx, Tx::Sqlite(_));
    let mut rows = Vec::with_capacity(all.len());
    for facts in all {
        let words = facts.words();
        if words.is_empty() {
            continue;
        }
        let text = words.join(" ");
        rows.push(if is_sqlite {
            vec![facts.id.into(), text.into(), format!("a{}", facts.account_id).into()]
        } else {
            vec![facts.id.into(), format!("{} {text}", super::postgres::mark(facts.account_id)).into()]
        });
    }
    if rows.is_empty() {
        return;
    }
    let mut query = if is_sqlite {
        Builder::new("insert into contact_search (rowid, document, account) values ")
    } else {
        Builder::new(
            "insert into contact_search (contact_id, document) select r.id, to_tsvector('simple', r.document) from (values ",
        )
    };
    query.rows(rows);
    if !is_sqlite {
        query.push(") as r (id, document) ").push(match stays {
            Stays::Old => "on conflict do nothing",
            Stays::New => "on conflict (contact_id) do update set document = excluded.document",
        });
    }
    query.build().later(tx);
}

/// Takes a contact out of the index.
pub(crate) fn forget(tx: &mut Tx, id: ContactId) {
    let text = match tx {
        Tx::Sqlite(_) => "delete from contact_search where rowid = $1",
        Tx::Postgres(_) => "delete from contact_search where contact_id = $1",
    };
    db::Query::fixed(text).bind(id).later(tx);
    parts::forget(tx, id);
}

/// Contacts that are indexed at a time while others work.
const AT_A_TIME: i64 = if cfg!(test) { 1 } else { 100 };

/// Makes the index of the next contacts behind one anew who were changed since a moment, and the names by which the list is ordered; the
/// last of them. Whoever changes one meanwhile waits, and is in the index after it.
pub(super) async fn index_behind(tx: &mut Tx, after: ContactId, since: Millis) -> Result<Option<ContactId>> {
    let ids: Vec<(ContactId,)> =
        sql!("select id from contacts where id > $1 and updated_at >= $2 order by id limit $3")
            .bind(after)
            .bind(since)
            .bind(AT_A_TIME)
            .fetch_all(&mut *tx)
            .await?;
    let ids: Vec<ContactId> = ids.into_iter().map(|(id,)| id).collect();
    let Some(last) = ids.last() else { return Ok(None) };
    let mut query = Builder::new(
        "select account_id, id, name, email, phone_number, identifier, additional_attributes, custom_attributes, sort_name
         from contacts where id in ",
    );
    query.list(ids.iter().copied()).push(" order by id").push(super::no_longer_changed(tx));
    let some: Vec<Named> = query.build().fetch_all(&mut *tx).await?;
    let mut query = Builder::new(match tx {
        Tx::Sqlite(_) => "delete from contact_search where rowid in ",
        Tx::Postgres(_) => "delete from contact_search where contact_id in ",
    });
    query.list(ids.iter().copied());
    query.build().execute(&mut *tx).await?;
    parts::forget_some(tx, AttributeModel::Contact, ids.iter().map(|id| id.0)).await?;
    add(tx, some).await?;
    Ok(Some(*last))
}

/// Makes the whole index anew, and the names by which the list is ordered.
pub(crate) async fn rebuild(tx: &mut Tx) -> Result<()> {
    let clear = match tx {
        Tx::Sqlite(_) => "insert into contact_search (contact_search) values ('delete-all')",
        Tx::Postgres(_) => "delete from contact_search",
    };
    db::Query::fixed(clear).execute(&mut *tx).await?;
    parts::clear(tx, AttributeModel::Contact).await?;
    let mut after = ContactId(0);
    loop {
        let some: Vec<Named> = sql!(
            "select account_id, id, name, email, phone_number, identifier, additional_attributes, custom_attributes, sort_name
             from contacts where id > $1 order by id limit 300"
        )
        .bind(after)
        .fetch_all(&mut *tx)
        .await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = last.facts.id;
        add(tx, some).await?;
    }
}

/// Adds contacts that are not in the index, and puts their names right.
async fn add(tx: &mut Tx, some: Vec<Named>) -> Result<()> {
    for Named { facts, sort_name } in &some {
        let right = crate::contact::store::sort_name(&facts.name);
        if *sort_name == right {
            continue;
        }
        // Not over a name that was changed meanwhile.
        sql!("update contacts set sort_name = $2 where id = $1 and name = $3")
            .bind(facts.id)
            .bind(right)
            .bind(&facts.name)
            .execute(&mut *tx)
            .await?;
    }
    index_all(tx, &some.into_iter().map(|named| named.facts).collect::<Vec<_>>(), Stays::Old);
    Ok(())
}

/// A contact with the name by which the list is ordered.
#[derive(sqlx::FromRow)]
struct Named {
    #[sqlx(flatten)]
    facts: Facts,
    sort_name: String,
}

/// Adds a select of the ids of contacts that have all these words, the newest of them. Nothing matches an empty text.
pub(crate) fn matching(db: &Db, account: AccountId, text: &str, query: &mut Builder) {
    let words = sought::in_contacts(text);
    if words.is_empty() {
        query.push("select k0.id from contacts k0 where 1 = 0");
    } else if db.is_postgres() {
        query.push("select s.contact_id from contact_search s where ");
        super::postgres::matches(account, &words, query);
        query.push(super::postgres::AT_ONCE);
    } else {
        query.push("select rowid from contact_search where contact_search match ");
        super::sqlite::pattern(account, &words, query);
    }
}

/// So many are looked up one by one sooner than all of the account are gone through.
const FEW: i64 = 5_000;

/// Whether few contacts have these words, so that SQLite should begin with them. PostgreSQL knows by itself.
pub(crate) async fn are_few(db: &Db, account: AccountId, text: &str) -> Result<bool> {
    if db.is_postgres() {
        return Ok(false);
    }
    let mut query = Builder::new("select count(*) from (");
    matching(db, account, text, &mut query);
    query.push(" limit ").value(FEW + 1).push(") as found");
    let (found,): (i64,) = query.build().fetch_one(db).await?;
    Ok(found <= FEW)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_number_finds_it() {
        let facts = Facts {
            account_id: AccountId(1),
            id: ContactId(1),
            name: "João D'Ávila".to_owned(),
            email: Some("joao@loja.com.br".to_owned()),
            phone_number: Some("+5511988887777".to_owned()),
            identifier: Some("123.456.789-00".to_owned()),
            additional_attributes: db::Json(serde_json::json!({"company_name": "Lume Casa"})),
            custom_attributes: db::Json(serde_json::json!({})),
        };
        let words = facts.words();
        for wanted in [
            "joao",
            "avila",
            "loja",
            "lume",
            "5511988887777",
            "11988887777",
            "88887777",
            "7777",
            "1188887777",
            "12345678900",
        ] {
            assert!(words.iter().any(|word| word == wanted), "{wanted}");
        }
        assert!(!words.iter().any(|word| word == "777"));
    }
}
