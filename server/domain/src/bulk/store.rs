//! The SQL of runs over many conversations.

use db::{Builder, Db, Json, Tx, Value, sql};
use model::bulk::{BulkAct, BulkRun, BulkState};
use model::conversation::Standing;
use model::{AccountId, BulkId, ConversationId, DisplayId, Millis, UserId};

use crate::Result;
use crate::ctx::AgentActor;

/// Rows of one insert.
const ROWS: usize = 500;

#[derive(sqlx::FromRow)]
struct Row {
    id: BulkId,
    acts: Json<Vec<BulkAct>>,
    state: BulkState,
    undoes: Option<BulkId>,
    total: i64,
    done: i64,
    skipped: i64,
    created_at: Millis,
}

impl From<Row> for BulkRun {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            acts: row.acts.0,
            state: row.state,
            is_undo: row.undoes.is_some(),
            total: row.total,
            done: row.done,
            skipped: row.skipped,
            created_at: row.created_at,
        }
    }
}

/// A run at work.
#[derive(sqlx::FromRow)]
pub struct Running {
    pub id: BulkId,
    pub user_id: UserId,
    pub acts: Json<Vec<BulkAct>>,
    pub undoes: Option<BulkId>,
}

/// A conversation of a run that is still to be done.
#[derive(sqlx::FromRow)]
pub struct Item {
    pub conversation_id: ConversationId,
    pub stood: Option<Json<Standing>>,
    pub stands: Option<Json<Standing>>,
}

macro_rules! runs {
    () => {
        "select r.id, r.acts, r.state, r.undoes, r.total, r.created_at,
           (select count(*) from bulk_items i where i.bulk_id = r.id and i.state = 'done') as done,
           (select count(*) from bulk_items i where i.bulk_id = r.id and i.state = 'skipped') as skipped
         from bulk_runs r where r.account_id = $1 and r.user_id = $2"
    };
}

/// A person's run.
pub async fn get(db: &Db, account: AccountId, user: UserId, id: BulkId) -> Result<Option<BulkRun>> {
    let row: Option<Row> =
        sql!(concat!(runs!(), " and r.id = $3")).bind(account).bind(user).bind(id).fetch_optional(db).await?;
    Ok(row.map(BulkRun::from))
}

/// A person's runs at work.
pub async fn running(db: &Db, account: AccountId, user: UserId) -> Result<Vec<BulkRun>> {
    let rows: Vec<Row> = sql!(concat!(runs!(), " and r.state = 'running' order by r.id limit 20"))
        .bind(account)
        .bind(user)
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(BulkRun::from).collect())
}

/// The conversations with these numbers that the agent may know of.
pub async fn visible(db: &Db, agent: &AgentActor, numbers: &[DisplayId]) -> Result<Vec<ConversationId>> {
    let mut ids = Vec::with_capacity(numbers.len());
    for numbers in numbers.chunks(ROWS) {
        let mut query = Builder::new("select c.id from conversations c where c.account_id = ");
        query.value(agent.account_id).push(" and c.display_id in ").list(numbers.iter().copied());
        agent.scope_conversations(&mut query);
        let rows: Vec<(ConversationId,)> = query.build().fetch_all(db).await?;
        ids.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(ids)
}

/// A new run.
pub async fn insert(
    tx: &mut Tx,
    agent: &AgentActor,
    acts: &[BulkAct],
    undoes: Option<BulkId>,
    total: usize,
    now: Millis,
) -> Result<BulkId> {
    let (id,): (BulkId,) = sql!(
        "insert into bulk_runs (account_id, user_id, acts, state, undoes, total, created_at, updated_at)
         values ($1, $2, $3, 'running', $4, $5, $6, $6) returning id"
    )
    .bind(agent.account_id)
    .bind(agent.user_id)
    .bind(serde_json::to_value(acts)?)
    .bind(undoes)
    .bind(i64::try_from(total).unwrap_or(i64::MAX))
    .bind(now)
    .fetch_one(tx)
    .await?;
    Ok(id)
}

/// The conversations of a run.
pub async fn insert_items(tx: &mut Tx, id: BulkId, conversations: &[ConversationId]) -> Result<()> {
    for conversations in conversations.chunks(ROWS) {
        let mut query = Builder::new("insert into bulk_items (bulk_id, conversation_id) values ");
        query.rows(conversations.iter().map(|conversation| vec![Value::from(id), Value::from(*conversation)]));
        query.push(" on conflict do nothing");
        query.build().execute(&mut *tx).await?;
    }
    Ok(())
}

/// What a run has done becomes what another takes back.
pub async fn insert_done_of(tx: &mut Tx, id: BulkId, next: BulkId) -> Result<()> {
    sql!(
        "insert into bulk_items (bulk_id, conversation_id, stood, stands)
         select CAST($2 AS BIGINT), conversation_id, stood, stands from bulk_items where bulk_id = $1 and state = 'done'"
    )
    .bind(id)
    .bind(next)
    .execute(&mut *tx)
    .await?;
    sql!("update bulk_runs set total = (select count(*) from bulk_items where bulk_id = $1) where id = $1")
        .bind(next)
        .execute(tx)
        .await?;
    Ok(())
}

/// A run, while it is at work.
pub async fn find_running(db: &Db, account: AccountId, id: BulkId) -> Result<Option<Running>> {
    Ok(sql!("select id, user_id, acts, undoes from bulk_runs where account_id = $1 and id = $2 and state = 'running'")
        .bind(account)
        .bind(id)
        .fetch_optional(db)
        .await?)
}

/// Keeps others from stopping a run until the commit; `false` when it was stopped.
pub async fn hold(tx: &mut Tx, account: AccountId, id: BulkId) -> Result<bool> {
    let changed =
        sql!("update bulk_runs set state = 'running' where account_id = $1 and id = $2 and state = 'running'")
            .bind(account)
            .bind(id)
            .execute(tx)
            .await?;
    Ok(changed > 0)
}

/// Conversations that are still to be done.
pub async fn waiting(db: &Db, id: BulkId, limit: i64) -> Result<Vec<Item>> {
    Ok(sql!(
        "select conversation_id, stood, stands from bulk_items where bulk_id = $1 and state = 'waiting'
         order by conversation_id limit $2"
    )
    .bind(id)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// A conversation is done; how it stood and stands, when that can be taken back.
pub async fn set_done(
    tx: &mut Tx,
    id: BulkId,
    conversation: ConversationId,
    standing: Option<(&Standing, &Standing)>,
) -> Result<()> {
    let (stood, stands) = standing.unzip();
    let value = |standing: Option<&Standing>| standing.map(serde_json::to_value).transpose();
    sql!(
        "update bulk_items set state = 'done', stood = coalesce($3, stood), stands = coalesce($4, stands)
         where bulk_id = $1 and conversation_id = $2"
    )
    .bind(id)
    .bind(conversation)
    .bind(value(stood)?)
    .bind(value(stands)?)
    .execute(tx)
    .await?;
    Ok(())
}

/// A conversation is left as it is.
pub async fn set_skipped(tx: &mut Tx, id: BulkId, conversation: ConversationId) -> Result<()> {
    sql!("update bulk_items set state = 'skipped' where bulk_id = $1 and conversation_id = $2 and state = 'waiting'")
        .bind(id)
        .bind(conversation)
        .execute(tx)
        .await?;
    Ok(())
}

/// A run that comes to no more conversations.
pub async fn stop(tx: &mut Tx, account: AccountId, id: BulkId, now: Millis) -> Result<()> {
    set_state(tx, account, id, BulkState::Stopped, now).await
}

/// A run that is through.
pub async fn set_finished(tx: &mut Tx, account: AccountId, id: BulkId, now: Millis) -> Result<()> {
    set_state(tx, account, id, BulkState::Done, now).await
}

async fn set_state(tx: &mut Tx, account: AccountId, id: BulkId, state: BulkState, now: Millis) -> Result<()> {
    sql!("update bulk_runs set state = $3, updated_at = $4 where account_id = $1 and id = $2 and state = 'running'")
        .bind(account)
        .bind(id)
        .bind(state.as_str())
        .bind(now)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a run was taken back already.
pub async fn is_undone(tx: &mut Tx, account: AccountId, id: BulkId) -> Result<bool> {
    let (count,): (i64,) = sql!("select count(*) from bulk_runs where account_id = $1 and undoes = $2")
        .bind(account)
        .bind(id)
        .fetch_one(tx)
        .await?;
    Ok(count > 0)
}

/// Deletes up to a hundred runs that are older than `before`; how many.
pub async fn prune(db: &Db, before: Millis) -> Result<u64> {
    Ok(sql!(
        "delete from bulk_runs where id in
           (select id from bulk_runs where created_at < $1 and state <> 'running' order by created_at limit 100)"
    )
    .bind(before)
    .execute(db.writer())
    .await?)
}
