//! The SQL of jobs. One of the few modules that know which database it is: claiming differs.

use std::collections::HashSet;

use db::{Builder, Db, Json, Tx, Value, sql};
use model::{AccountId, JobId, Millis};

use super::{Job, New};
use crate::Result;

/// A job that this worker holds.
#[derive(Debug, sqlx::FromRow)]
pub struct Claimed {
    pub id: JobId,
    pub payload: Json<serde_json::Value>,
    pub attempts: i64,
}

/// A job as the operator sees it.
#[derive(Debug, sqlx::FromRow)]
pub struct Dead {
    pub id: JobId,
    pub account_id: Option<AccountId>,
    pub kind: String,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub created_at: Millis,
}

/// Writes jobs with the commit; those whose key is taken are left out. One that was given up gets another life: somebody asks for it again.
pub fn insert(tx: &mut Tx, jobs: &[New], now: Millis) -> Result<()> {
    if jobs.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(jobs.len());
    // PostgreSQL refuses a statement that meets its own row.
    let mut keys = HashSet::new();
    for new in jobs.iter().filter(|new| new.unique_key.as_ref().is_none_or(|key| keys.insert(key))) {
        rows.push(vec![
            Value::from(new.account_id),
            new.job.kind().into(),
            serde_json::to_value(&new.job)?.into(),
            new.unique_key.clone().into(),
            new.run_at.unwrap_or(now).into(),
            now.into(),
        ]);
    }
    let mut query =
        Builder::new("insert into jobs (account_id, kind, payload, unique_key, run_at, created_at) values ");
    query.rows(rows).push(
        " on conflict (unique_key) do update set state = 'ready', attempts = 0, run_at = excluded.run_at
          where jobs.state = 'dead'",
    );
    query.build().later(tx);
    Ok(())
}

/// Takes up to `limit` jobs that are due, the oldest first, for `lease` milliseconds.
pub async fn claim(db: &Db, worker: &str, now: Millis, lease: Millis, limit: i64) -> Result<Vec<Claimed>> {
    let query = if db.is_postgres() {
        db::Query::fixed(
            "update jobs set locked_until = $1, locked_by = $2, attempts = attempts + 1 where id in (
               select id from jobs where state = 'ready' and run_at <= $3 and (locked_until is null or locked_until < $3)
               order by run_at, id limit $4 for update skip locked
             ) returning id, payload, attempts",
        )
    } else {
        sql!(
            "update jobs set locked_until = $1, locked_by = $2, attempts = attempts + 1 where id in (
               select id from jobs where state = 'ready' and run_at <= $3 and (locked_until is null or locked_until < $3)
               order by run_at, id limit $4
             ) returning id, payload, attempts"
        )
    };
    Ok(query.bind(now + lease).bind(worker).bind(now).bind(limit).fetch_all(db.writer()).await?)
}

/// Whether something is due; a cheap look before the writer is taken for [`claim`].
pub async fn is_due(db: &Db, now: Millis) -> Result<bool> {
    let (due,): (bool,) = sql!(
        "select exists (select 1 from jobs where state = 'ready' and run_at <= $1
         and (locked_until is null or locked_until < $1))"
    )
    .bind(now)
    .fetch_one(db)
    .await?;
    Ok(due)
}

/// When the next job falls due that nobody holds.
pub async fn next_due(db: &Db, now: Millis) -> Result<Option<Millis>> {
    let row: Option<(Millis,)> = sql!(
        "select run_at from jobs where state = 'ready' and (locked_until is null or locked_until < $1)
         order by run_at limit 1"
    )
    .bind(now)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(at,)| at))
}

/// Keeps a job that takes longer than its lease.
pub async fn extend(db: &Db, id: JobId, worker: &str, until: Millis) -> Result<()> {
    sql!("update jobs set locked_until = $1 where id = $2 and locked_by = $3")
        .bind(until)
        .bind(id)
        .bind(worker)
        .execute(db.writer())
        .await?;
    Ok(())
}

/// The jobs are done.
pub async fn finish(db: &Db, ids: &[JobId], worker: &str) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let mut query = Builder::new("delete from jobs where locked_by = ");
    query.value(worker).push(" and id in ").list(ids.iter().copied());
    query.build().execute(db.writer()).await?;
    Ok(())
}

/// Failed: to be tried again at `run_at`, or given up when there is none.
pub async fn fail(db: &Db, id: JobId, worker: &str, error: &str, run_at: Option<Millis>) -> Result<()> {
    sql!(
        "update jobs set locked_until = null, locked_by = null, last_error = $1,
           state = case when CAST($2 AS BIGINT) is null then 'dead' else 'ready' end,
           run_at = coalesce(CAST($2 AS BIGINT), run_at)
         where id = $3 and locked_by = $4"
    )
    .bind(error)
    .bind(run_at)
    .bind(id)
    .bind(worker)
    .execute(db.writer())
    .await?;
    Ok(())
}

/// How many jobs wait and how many were given up.
pub async fn counts(db: &Db) -> Result<(i64, i64)> {
    let (ready, dead): (Option<i64>, Option<i64>) = sql!(
        "select CAST(sum(case when state = 'ready' then 1 else 0 end) AS BIGINT),
                CAST(sum(case when state = 'dead' then 1 else 0 end) AS BIGINT) from jobs"
    )
    .fetch_one(db)
    .await?;
    Ok((ready.unwrap_or_default(), dead.unwrap_or_default()))
}

/// Jobs that were given up, newest first.
pub async fn dead(db: &Db, account: Option<AccountId>, limit: i64) -> Result<Vec<Dead>> {
    Ok(sql!(
        "select id, account_id, kind, attempts, last_error, created_at from jobs
         where state = 'dead' and (CAST($1 AS BIGINT) is null or account_id = $1) order by id desc limit $2"
    )
    .bind(account)
    .bind(limit)
    .fetch_all(db)
    .await?)
}

/// Gives a dead job another life.
pub async fn revive(db: &Db, id: JobId, now: Millis) -> Result<bool> {
    let changed = sql!("update jobs set state = 'ready', attempts = 0, run_at = $1 where id = $2 and state = 'dead'")
        .bind(now)
        .bind(id)
        .execute(db.writer())
        .await?;
    Ok(changed > 0)
}

/// Reads the payload back.
pub fn parse(claimed: &Claimed) -> Result<Job> {
    Ok(serde_json::from_value(claimed.payload.0.clone())?)
}
