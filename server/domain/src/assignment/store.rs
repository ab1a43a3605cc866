//! The SQL of automatic assignment.

use db::{Builder, Conn, Db, Tx, sql};
use model::{AccountId, ConversationId, ConversationStatus, InboxId, Millis, TeamId, UserId};

use crate::Result;
use crate::conversation::store::Facts;

/// Where conversations wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Inbox(InboxId),
    Team(TeamId),
}

impl Queue {
    fn word(self) -> &'static str {
        match self {
            Self::Inbox(_) => "inbox",
            Self::Team(_) => "team",
        }
    }

    fn id(self) -> i64 {
        match self {
            Self::Inbox(id) => id.0,
            Self::Team(id) => id.0,
        }
    }
}

/// A conversation that waits.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
pub struct Waiting {
    pub id: ConversationId,
    pub inbox_id: InboxId,
    pub team_id: Option<TeamId>,
}

impl Waiting {
    /// Whether it waits in the same queue still.
    pub fn is_still(&self, facts: &Facts) -> bool {
        facts.status == ConversationStatus::Open
            && facts.assignee_id.is_none()
            && facts.inbox_id == self.inbox_id
            && facts.team_id == self.team_id
    }
}

/// Whether any conversation of the account is open and nobody's.
pub async fn is_any_waiting(on: Conn<'_>, account: AccountId) -> Result<bool> {
    let (waits,): (bool,) = sql!(
        "select exists (select 1 from conversations where account_id = $1 and status = 'open' and assignee_id is null)"
    )
    .bind(account)
    .fetch_one(on)
    .await?;
    Ok(waits)
}

/// The accounts in which any does.
pub async fn accounts_with_waiting(db: &Db) -> Result<Vec<AccountId>> {
    let rows: Vec<(AccountId,)> =
        sql!("select distinct account_id from conversations where status = 'open' and assignee_id is null limit 10000")
            .fetch_all(db)
            .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Moves the account's clock on and keeps others from doing so until the commit.
pub async fn take_turn(tx: &mut Tx, account: AccountId) -> Result<i64> {
    let (tick,): (i64,) = sql!(
        "insert into assignment_clocks (account_id, tick) values ($1, 1)
         on conflict (account_id) do update set tick = assignment_clocks.tick + 1 returning tick"
    )
    .bind(account)
    .fetch_one(tx)
    .await?;
    Ok(tick)
}

/// The agents who are online and below their limit.
pub async fn free_agents(on: Conn<'_>, account: AccountId, now: Millis) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = sql!(
        "select au.user_id from account_users au join accounts a on a.id = au.account_id
         where au.account_id = $1 and not a.suspended and au.availability = 'online'
           and (not au.auto_offline or exists (
             select 1 from agents_here h join nodes n on n.id = h.node_id
             where h.account_id = au.account_id and h.user_id = au.user_id and n.until > $2))
           and (coalesce(au.assignment_limit, a.assignment_limit) is null
             or coalesce(au.assignment_limit, a.assignment_limit) > (
               select count(*) from conversations c
               where c.account_id = au.account_id and c.assignee_id = au.user_id and c.status = 'open'))
         order by au.user_id"
    )
    .bind(account)
    .bind(now)
    .fetch_all(on)
    .await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The inboxes that these agents belong to, and whether each has a queue.
pub async fn in_inboxes(on: Conn<'_>, account: AccountId, users: &[UserId]) -> Result<Vec<(InboxId, UserId, bool)>> {
    let mut query = Builder::new(
        "select m.inbox_id, m.user_id, i.enable_auto_assignment from inbox_members m join inboxes i on i.id = m.inbox_id
         where m.account_id = ",
    );
    query.value(account).push(" and m.user_id in ").list(users.iter().copied());
    Ok(query.build().fetch_all(on).await?)
}

/// The teams with a queue that these agents belong to.
pub async fn in_teams(on: Conn<'_>, account: AccountId, users: &[UserId]) -> Result<Vec<(TeamId, UserId)>> {
    let mut query = Builder::new(
        "select m.team_id, m.user_id from team_members m join teams t on t.id = m.team_id
         where t.allow_auto_assign and m.account_id = ",
    );
    query.value(account).push(" and m.user_id in ").list(users.iter().copied());
    Ok(query.build().fetch_all(on).await?)
}

/// The conversation that has waited longest in one of these queues.
pub async fn next(
    on: Conn<'_>,
    account: AccountId,
    inboxes: &[InboxId],
    teams: &[(TeamId, Vec<InboxId>)],
) -> Result<Option<Waiting>> {
    if inboxes.is_empty() && teams.is_empty() {
        return Ok(None);
    }
    let mut query = Builder::default();
    ask_for_next(&mut query, account, inboxes, teams);
    Ok(query.build().fetch_optional(on).await?)
}

/// Its text, for a look at its plan as well.
pub(super) fn ask_for_next(
    query: &mut Builder,
    account: AccountId,
    inboxes: &[InboxId],
    teams: &[(TeamId, Vec<InboxId>)],
) {
    query.push("select id, inbox_id, team_id from conversations where account_id = ").value(account);
    query.push(" and status = 'open' and assignee_id is null and ((team_id is null and inbox_id in ");
    query.list(inboxes.iter().copied()).push(")");
    for (team, inboxes) in teams {
        query.push(" or (team_id = ").value(*team).push(" and inbox_id in ");
        query.list(inboxes.iter().copied()).push(")");
    }
    query.push(") order by coalesce(waiting_since, 9223372036854775807), id limit 1");
}

/// Who of these was given one of the queue's conversations the longest ago; who never was comes first.
pub async fn longest_ago(on: Conn<'_>, account: AccountId, queue: Queue, users: &[UserId]) -> Result<Option<UserId>> {
    let mut query = Builder::new(
        "select au.user_id from account_users au
         left join assignment_turns t on t.user_id = au.user_id and t.account_id = au.account_id and t.queue = ",
    );
    query.value(queue.word()).push(" and t.queue_id = ").value(queue.id());
    query.push(" where au.account_id = ").value(account).push(" and au.user_id in ").list(users.iter().copied());
    query.push(" order by coalesce(t.tick, 0), au.user_id limit 1");
    let row: Option<(UserId,)> = query.build().fetch_optional(on).await?;
    Ok(row.map(|(id,)| id))
}

/// It was their turn.
pub async fn note_turn(tx: &mut Tx, account: AccountId, queue: Queue, user: UserId, tick: i64) -> Result<()> {
    sql!(
        "insert into assignment_turns (account_id, queue, queue_id, user_id, tick) values ($1, $2, $3, $4, $5)
         on conflict (queue, queue_id, user_id) do update set tick = excluded.tick"
    )
    .bind(account)
    .bind(queue.word())
    .bind(queue.id())
    .bind(user)
    .bind(tick)
    .execute(tx)
    .await?;
    Ok(())
}

/// How colleagues call somebody.
pub async fn name(tx: &mut Tx, user: UserId) -> Result<String> {
    let (name,): (String,) = sql!("select name from users where id = $1").bind(user).fetch_one(tx).await?;
    Ok(name)
}

/// The name of the inbox or team whose queue it is.
pub async fn queue_name(tx: &mut Tx, account: AccountId, queue: Queue) -> Result<String> {
    let query = match queue {
        Queue::Inbox(_) => sql!("select name from inboxes where account_id = $1 and id = $2"),
        Queue::Team(_) => sql!("select name from teams where account_id = $1 and id = $2"),
    };
    let row: Option<(String,)> = query.bind(account).bind(queue.id()).fetch_optional(tx).await?;
    Ok(row.map(|(name,)| name).unwrap_or_default())
}
