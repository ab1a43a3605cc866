//! The SQL of saved views.

use db::{Builder, Db, Json, Tx, sql};
use model::filter::{Condition, Subject};
use model::saved_view::SavedView;
use model::{AccountId, Millis, SavedViewId, UserId};

use super::ViewInput;
use crate::Result;

#[derive(sqlx::FromRow)]
struct Row {
    id: SavedViewId,
    kind: Subject,
    name: String,
    conditions: Json<serde_json::Value>,
    shared: bool,
    user_id: UserId,
    created_at: Millis,
    updated_at: Millis,
}

impl From<Row> for SavedView {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            name: row.name,
            // What a newer version wrote and this one can't read is no condition; the view can still be renamed and deleted.
            conditions: serde_json::from_value::<Vec<Condition>>(row.conditions.0).unwrap_or_default(),
            shared: row.shared,
            user_id: row.user_id,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

macro_rules! columns {
    () => {
        "select v.id, v.kind, v.name, v.conditions, v.shared, v.user_id, v.created_at, v.updated_at from saved_views v"
    };
}

/// A person's views and the shared ones, in this person's order.
pub async fn list(db: &Db, account: AccountId, user: UserId, kind: Option<Subject>) -> Result<Vec<SavedView>> {
    let mut query = Builder::new(columns!());
    query.push(" left join saved_view_places p on p.view_id = v.id and p.user_id = ").value(user);
    query.push(" where v.account_id = ").value(account);
    query.push(" and (v.shared = true or v.user_id = ").value(user).push(")");
    if let Some(kind) = kind {
        query.push(" and v.kind = ").value(kind.as_str());
    }
    query.push(" order by case when p.position is null then 1 else 0 end, p.position, v.position, v.id limit 1000");
    let rows: Vec<Row> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(SavedView::from).collect())
}

/// One view.
pub async fn get(db: &Db, account: AccountId, id: SavedViewId) -> Result<Option<SavedView>> {
    let row: Option<Row> = sql!(concat!(columns!(), " where v.account_id = $1 and v.id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?;
    Ok(row.map(SavedView::from))
}

/// How many views a person has.
pub async fn count_own(tx: &mut Tx, account: AccountId, user: UserId) -> Result<i64> {
    let (count,): (i64,) = sql!("select count(*) from saved_views where account_id = $1 and user_id = $2")
        .bind(account)
        .bind(user)
        .fetch_one(tx)
        .await?;
    Ok(count)
}

/// A new view, behind the others.
pub async fn insert(
    tx: &mut Tx,
    account: AccountId,
    user: UserId,
    kind: Subject,
    new: &ViewInput,
    now: Millis,
) -> Result<SavedViewId> {
    let (id,): (SavedViewId,) = sql!(
        "insert into saved_views (account_id, user_id, kind, name, conditions, shared, position, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6,
           (select coalesce(max(position), 0) + 1 from saved_views where account_id = $1 and kind = $3), $7, $7) returning id"
    )
    .bind(account)
    .bind(user)
    .bind(kind.as_str())
    .bind(&new.name)
    .bind(serde_json::to_value(&new.conditions)?)
    .bind(new.shared)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Writes a view anew; how many there were.
pub async fn update(tx: &mut Tx, account: AccountId, id: SavedViewId, next: &ViewInput, now: Millis) -> Result<u64> {
    Ok(sql!(
        "update saved_views set name = $3, conditions = $4, shared = $5, updated_at = $6 where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(&next.name)
    .bind(serde_json::to_value(&next.conditions)?)
    .bind(next.shared)
    .bind(now)
    .execute(tx)
    .await?)
}

/// Deletes a view; how many there were.
pub async fn delete(tx: &mut Tx, account: AccountId, id: SavedViewId) -> Result<u64> {
    Ok(sql!("delete from saved_views where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?)
}

/// Gives a view its place among those that a person sees.
pub async fn place(tx: &mut Tx, user: UserId, id: SavedViewId, position: i64) -> Result<()> {
    sql!(
        "insert into saved_view_places (user_id, view_id, position) values ($1, $2, $3)
         on conflict (user_id, view_id) do update set position = excluded.position"
    )
    .bind(user)
    .bind(id)
    .bind(position)
    .execute(tx)
    .await?;
    Ok(())
}
