//! The SQL of teams.

use std::collections::HashMap;

use db::{Builder, Conn, Db, Json, Tx, Value, sql};
use model::hours::Hours;
use model::team::Team;
use model::{AccountId, InboxId, Millis, TeamId, UserId};

use super::TeamInput;
use crate::error::OnUnique;
use crate::{Result, hours};

#[derive(sqlx::FromRow)]
struct Row {
    id: TeamId,
    name: String,
    description: String,
    allow_auto_assign: bool,
    #[sqlx(flatten)]
    hours: HoursRow,
}

#[derive(sqlx::FromRow)]
struct HoursRow {
    working_hours_enabled: bool,
    working_hours: Json<serde_json::Value>,
    out_of_office_message: String,
    timezone: String,
}

impl From<HoursRow> for Hours {
    fn from(row: HoursRow) -> Self {
        Self {
            enabled: row.working_hours_enabled,
            week: hours::stored(row.working_hours.0),
            timezone: row.timezone,
            message: row.out_of_office_message,
        }
    }
}

macro_rules! columns {
    () => {
        "id, name, description, allow_auto_assign, working_hours_enabled, working_hours, out_of_office_message, timezone"
    };
}

fn with_members(row: Row, member_ids: Vec<UserId>) -> Team {
    Team {
        id: row.id,
        name: row.name,
        description: row.description,
        allow_auto_assign: row.allow_auto_assign,
        hours: row.hours.into(),
        member_ids,
    }
}

/// All teams of an account.
pub async fn list(db: &Db, account: AccountId) -> Result<Vec<Team>> {
    let rows: Vec<Row> = sql!(concat!("select ", columns!(), " from teams where account_id = $1 order by name, id"))
        .bind(account)
        .fetch_all(db)
        .await?;
    let pairs: Vec<(TeamId, UserId)> =
        sql!("select team_id, user_id from team_members where account_id = $1 order by team_id, user_id")
            .bind(account)
            .fetch_all(db)
            .await?;
    let mut members: HashMap<TeamId, Vec<UserId>> = HashMap::new();
    for (team, user) in pairs {
        members.entry(team).or_default().push(user);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let member_ids = members.remove(&row.id).unwrap_or_default();
            with_members(row, member_ids)
        })
        .collect())
}

/// One team.
pub async fn get(db: &Db, account: AccountId, id: TeamId) -> Result<Option<Team>> {
    let row: Option<Row> = sql!(concat!("select ", columns!(), " from teams where account_id = $1 and id = $2"))
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(with_members(row, members(db.into(), account, id).await?)))
}

/// When a team answers; `None`: there is no such team.
pub async fn hours(tx: &mut Tx, account: AccountId, id: TeamId) -> Result<Option<Hours>> {
    let row: Option<HoursRow> = sql!(
        "select working_hours_enabled, working_hours, out_of_office_message, timezone from teams
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(Hours::from))
}

/// Says when a team answers; how many there were.
pub async fn set_hours(tx: &mut Tx, account: AccountId, id: TeamId, hours: &Hours, now: Millis) -> Result<u64> {
    Ok(sql!(
        "update teams set working_hours_enabled = $3, working_hours = $4, out_of_office_message = $5, timezone = $6,
         updated_at = $7 where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(hours.enabled)
    .bind(serde_json::to_value(&hours.week)?)
    .bind(&hours.message)
    .bind(&hours.timezone)
    .bind(now)
    .execute(tx)
    .await?)
}

/// Who belongs to a team.
pub async fn members(conn: Conn<'_>, account: AccountId, id: TeamId) -> Result<Vec<UserId>> {
    let members: Vec<(UserId,)> =
        sql!("select user_id from team_members where account_id = $1 and team_id = $2 order by user_id")
            .bind(account)
            .bind(id)
            .fetch_all(conn)
            .await?;
    Ok(members.into_iter().map(|(id,)| id).collect())
}

/// The inboxes that each member of a team belongs to; administrators, who see all, are left out.
pub async fn inboxes_of_members(db: &Db, account: AccountId, id: TeamId) -> Result<Vec<(UserId, Option<InboxId>)>> {
    Ok(sql!(
        "select tm.user_id, im.inbox_id from team_members tm
         join account_users au on au.account_id = tm.account_id and au.user_id = tm.user_id
         left join inbox_members im on im.account_id = tm.account_id and im.user_id = tm.user_id
         where tm.account_id = $1 and tm.team_id = $2 and au.role <> 'administrator' order by im.inbox_id, tm.user_id"
    )
    .bind(account)
    .bind(id)
    .fetch_all(db)
    .await?)
}

/// Whether the account has this team.
pub async fn exists(conn: Conn<'_>, account: AccountId, id: TeamId) -> Result<bool> {
    let (exists,): (bool,) = sql!("select exists (select 1 from teams where account_id = $1 and id = $2)")
        .bind(account)
        .bind(id)
        .fetch_one(conn)
        .await?;
    Ok(exists)
}

/// A new team.
pub async fn insert(tx: &mut Tx, account: AccountId, new: &TeamInput, now: Millis) -> Result<TeamId> {
    let (id,): (TeamId,) = sql!(
        "insert into teams (account_id, name, description, allow_auto_assign, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5) returning id"
    )
    .bind(account)
    .bind(&new.name)
    .bind(&new.description)
    .bind(new.allow_auto_assign)
    .bind(now)
    .fetch_one(tx)
    .await
    .on_unique("name")?;
    Ok(id)
}

/// Writes a team anew; how many there were.
pub async fn update(tx: &mut Tx, account: AccountId, id: TeamId, change: &TeamInput, now: Millis) -> Result<u64> {
    sql!(
        "update teams set name = $3, description = $4, allow_auto_assign = $5, updated_at = $6
         where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .bind(&change.name)
    .bind(&change.description)
    .bind(change.allow_auto_assign)
    .bind(now)
    .execute(tx)
    .await
    .on_unique("name")
}

/// Deletes a team; how many there were.
pub async fn delete(tx: &mut Tx, account: AccountId, id: TeamId) -> Result<u64> {
    Ok(sql!("delete from teams where account_id = $1 and id = $2").bind(account).bind(id).execute(tx).await?)
}

/// Replaces the members of a team.
pub async fn set_members(tx: &mut Tx, account: AccountId, id: TeamId, users: &[UserId]) -> Result<()> {
    sql!("delete from team_members where account_id = $1 and team_id = $2")
        .bind(account)
        .bind(id)
        .execute(&mut *tx)
        .await?;
    if users.is_empty() {
        return Ok(());
    }
    let mut query = Builder::new("insert into team_members (team_id, user_id, account_id) values ");
    query.rows(users.iter().map(|user| vec![Value::from(id), (*user).into(), account.into()]));
    query.build().execute(tx).await?;
    Ok(())
}
