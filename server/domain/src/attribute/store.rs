//! The SQL of custom attributes' definitions.

use db::{Conn, Json, Tx, sql};
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::{AccountId, AttributeId, Millis};

use super::AttributeInput;
use crate::Result;
use crate::error::OnUnique;

#[derive(sqlx::FromRow)]
struct Row {
    id: AttributeId,
    model: AttributeModel,
    attribute_key: String,
    name: String,
    description: String,
    kind: AttributeKind,
    list_values: Json<Vec<String>>,
    regex_pattern: Option<String>,
    regex_cue: Option<String>,
    created_at: Millis,
    updated_at: Millis,
}

impl From<Row> for AttributeDefinition {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            model: row.model,
            key: row.attribute_key,
            name: row.name,
            description: row.description,
            kind: row.kind,
            values: row.list_values.0,
            regex_pattern: row.regex_pattern,
            regex_cue: row.regex_cue,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

macro_rules! columns {
    () => {
        "id, model, attribute_key, name, description, kind, list_values, regex_pattern, regex_cue, created_at, updated_at"
    };
}

/// The definitions of an account by name; of one kind of thing, or of all.
pub(crate) async fn list<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    model: Option<AttributeModel>,
) -> Result<Vec<AttributeDefinition>> {
    let query = sql!(concat!(
        "select ",
        columns!(),
        " from custom_attribute_definitions where account_id = $1 and (model = $2 or $3) order by lower(name), id"
    ));
    let rows: Vec<Row> =
        query.bind(account).bind(model.unwrap_or(AttributeModel::Contact)).bind(model.is_none()).fetch_all(on).await?;
    Ok(rows.into_iter().map(AttributeDefinition::from).collect())
}

pub(super) async fn get<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    id: AttributeId,
) -> Result<Option<AttributeDefinition>> {
    let row: Option<Row> =
        sql!(concat!("select ", columns!(), " from custom_attribute_definitions where account_id = $1 and id = $2"))
            .bind(account)
            .bind(id)
            .fetch_optional(on)
            .await?;
    Ok(row.map(AttributeDefinition::from))
}

pub(super) async fn count(tx: &mut Tx, account: AccountId, model: AttributeModel) -> Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from custom_attribute_definitions where account_id = $1 and model = $2")
            .bind(account)
            .bind(model)
            .fetch_one(tx)
            .await?;
    Ok(count)
}

pub(super) async fn insert(tx: &mut Tx, account: AccountId, new: &AttributeInput, now: Millis) -> Result<AttributeId> {
    let (id,): (AttributeId,) = sql!(
        "insert into custom_attribute_definitions (account_id, model, attribute_key, name, description, kind, list_values,
           regex_pattern, regex_cue, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning id"
    )
    .bind(account)
    .bind(new.model)
    .bind(&new.key)
    .bind(&new.name)
    .bind(&new.description)
    .bind(new.kind)
    .bind(serde_json::to_value(&new.values)?)
    .bind(new.regex_pattern.clone())
    .bind(new.regex_cue.clone())
    .bind(now)
    .fetch_one(tx)
    .await
    .on_unique("attribute_key")?;
    Ok(id)
}

/// Writes what can change of a definition; how many there were.
pub(super) async fn update(
    tx: &mut Tx,
    account: AccountId,
    id: AttributeId,
    change: &AttributeInput,
    now: Millis,
) -> Result<u64> {
    Ok(sql!(
        "update custom_attribute_definitions set name = $3, description = $4, list_values = $5, regex_pattern = $6,
           regex_cue = $7, updated_at = $8 where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(&change.name)
    .bind(&change.description)
    .bind(serde_json::to_value(&change.values)?)
    .bind(change.regex_pattern.clone())
    .bind(change.regex_cue.clone())
    .bind(now)
    .execute(tx)
    .await?)
}

pub(super) async fn delete(tx: &mut Tx, account: AccountId, id: AttributeId) -> Result<u64> {
    Ok(sql!("delete from custom_attribute_definitions where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .execute(tx)
        .await?)
}
