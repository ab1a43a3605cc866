//! The SQL of macros and their runs.

use db::{Db, Json, Tx, sql};
use model::action::{Action, Macro, MacroVisibility, RunState, StepResult};
use model::{AccountId, ConversationId, MacroId, MacroRunId, Millis, UserId};

use super::MacroInput;
use crate::Result;

/// A macro.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub id: MacroId,
    pub name: String,
    pub visibility: MacroVisibility,
    pub created_by: Option<UserId>,
    pub updated_by: Option<UserId>,
    pub actions: Json<Vec<Action>>,
    pub created_at: Millis,
    pub updated_at: Millis,
}

/// What somebody can use: their own and everybody's.
pub async fn list(db: &Db, account: AccountId, me: UserId, limit: i64) -> Result<Vec<Row>> {
    Ok(sql!(
        "select id, name, visibility, created_by, updated_by, actions, created_at, updated_at from macros
         where account_id = $1 and (visibility = 'global' or created_by = $2) order by name, id limit $3"
    )
    .bind(account)
    .bind(me)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// One of them.
pub async fn find(db: &Db, account: AccountId, me: UserId, id: MacroId) -> Result<Option<Row>> {
    Ok(sql!(
        "select id, name, visibility, created_by, updated_by, actions, created_at, updated_at from macros
         where account_id = $1 and id = $3 and (visibility = 'global' or created_by = $2)"
    )
    .bind(account)
    .bind(me)
    .bind(id)
    .fetch_optional(db)
    .await?)
}

pub async fn count(tx: &mut Tx, account: AccountId) -> Result<i64> {
    let (count,): (i64,) =
        sql!("select count(*) from macros where account_id = $1").bind(account).fetch_one(tx).await?;
    Ok(count)
}

pub async fn insert(tx: &mut Tx, account: AccountId, me: UserId, new: &MacroInput, now: Millis) -> Result<MacroId> {
    let (id,): (MacroId,) = sql!(
        "insert into macros (account_id, name, visibility, created_by, updated_by, actions, created_at, updated_at)
         values ($1, $2, $3, $4, $4, $5, $6, $6) returning id"
    )
    .bind(account)
    .bind(&new.name)
    .bind(new.visibility.as_str())
    .bind(me)
    .bind(serde_json::to_value(&new.actions)?)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// Writes a macro anew; how many there were.
pub async fn update(
    tx: &mut Tx,
    account: AccountId,
    me: UserId,
    id: MacroId,
    change: &MacroInput,
    now: Millis,
) -> Result<u64> {
    Ok(sql!(
        "update macros set name = $4, visibility = $5, actions = $6, updated_by = $2, updated_at = $7
         where account_id = $1 and id = $3 and (visibility = 'global' or created_by = $2)"
    )
    .bind(account)
    .bind(me)
    .bind(id)
    .bind(&change.name)
    .bind(change.visibility.as_str())
    .bind(serde_json::to_value(&change.actions)?)
    .bind(now)
    .execute(tx)
    .await?)
}

/// Deletes a macro; how many there were.
pub async fn delete(tx: &mut Tx, account: AccountId, me: UserId, id: MacroId) -> Result<u64> {
    Ok(sql!("delete from macros where account_id = $1 and id = $3 and (visibility = 'global' or created_by = $2)")
        .bind(account)
        .bind(me)
        .bind(id)
        .execute(tx)
        .await?)
}

/// A macro at work.
#[derive(sqlx::FromRow)]
pub struct RunRow {
    pub id: MacroRunId,
    pub macro_id: Option<MacroId>,
    pub macro_name: String,
    pub conversation_id: ConversationId,
    pub user_id: UserId,
    pub actions: Json<Vec<Action>>,
    pub next_step: i64,
    pub results: Json<Vec<StepResult>>,
    pub state: RunState,
    pub created_at: Millis,
}

pub async fn insert_run(
    tx: &mut Tx,
    account: AccountId,
    found: &Macro,
    conversation: ConversationId,
    user: UserId,
    now: Millis,
) -> Result<MacroRunId> {
    let (id,): (MacroRunId,) = sql!(
        "insert into macro_runs (account_id, macro_id, macro_name, conversation_id, user_id, actions, state, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, 'running', $7, $7) returning id"
    )
    .bind(account)
    .bind(found.id)
    .bind(&found.name)
    .bind(conversation)
    .bind(user)
    .bind(serde_json::to_value(&found.actions)?)
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

pub async fn run(db: &Db, account: AccountId, id: MacroRunId) -> Result<Option<RunRow>> {
    Ok(sql!(
        "select id, macro_id, macro_name, conversation_id, user_id, actions, next_step, results, state, created_at
         from macro_runs where account_id = $1 and id = $2"
    )
    .bind(account)
    .bind(id)
    .fetch_optional(db)
    .await?)
}

/// The newest runs in a conversation.
pub async fn runs(db: &Db, account: AccountId, conversation: ConversationId, limit: i64) -> Result<Vec<RunRow>> {
    Ok(sql!(
        "select id, macro_id, macro_name, conversation_id, user_id, actions, next_step, results, state, created_at
         from macro_runs where account_id = $1 and conversation_id = $2 order by id desc limit $3"
    )
    .bind(account)
    .bind(conversation)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// Notes what became of the step that is next; `false` when somebody else noted it.
pub async fn note_step(tx: &mut Tx, row: &RunRow, result: StepResult, now: Millis) -> Result<bool> {
    let mut results = row.results.0.clone();
    results.push(result);
    let count = sql!(
        "update macro_runs set next_step = next_step + 1, results = $3, updated_at = $4 where id = $1 and next_step = $2"
    )
    .bind(row.id)
    .bind(row.next_step)
    .bind(serde_json::to_value(&results)?)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(count > 0)
}

pub async fn finish_run(tx: &mut Tx, account: AccountId, id: MacroRunId, state: RunState, now: Millis) -> Result<()> {
    sql!("update macro_runs set state = $3, updated_at = $4 where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

pub async fn prune_runs(db: &Db, before: Millis) -> Result<()> {
    sql!("delete from macro_runs where created_at < $1").bind(before).execute(db.writer()).await?;
    Ok(())
}
