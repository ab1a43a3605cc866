//! The SQL of opinions.

use db::{Builder, Db, Json, Tx, sql};
use model::csat::{CsatFilter, CsatResponse};
use model::{AccountId, ContactId, ConversationId, CsatId, DisplayId, MessageId, Millis, UserId};
use serde_json::Value;

use super::PER_PAGE;
use crate::Result;
use crate::conversation::store::Facts;

/// Keeps an opinion. Of a changed one, whose conversation it was stays as it was noted first.
pub async fn put(tx: &mut Tx, facts: &Facts, message: MessageId, rating: i64, words: &str, now: Millis) -> Result<()> {
    sql!(
        "insert into csat_survey_responses
           (account_id, message_id, assigned_agent_id, rating, feedback_message, created_at, updated_at)
         values ($1, $2, (select coalesce(assignee_id, last_assignee_id) from conversations where id = $3), $4, $5, $6, $6)
         on conflict (message_id) do update set rating = excluded.rating, feedback_message = excluded.feedback_message,
           updated_at = excluded.updated_at"
    )
    .bind(facts.account_id)
    .bind(message)
    .bind(facts.id)
    .bind(rating)
    .bind(words)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The secret name of a conversation.
pub async fn uuid(tx: &mut Tx, account: AccountId, id: ConversationId) -> Result<String> {
    let (uuid,): (String,) = sql!("select uuid from conversations where account_id = $1 and id = $2")
        .bind(account)
        .bind(id)
        .fetch_one(tx)
        .await?;
    Ok(uuid)
}

/// A question with what its page shows.
#[derive(sqlx::FromRow)]
pub struct SurveyRow {
    pub id: MessageId,
    pub account_id: AccountId,
    pub conversation_id: ConversationId,
    pub content: String,
    pub content_attributes: Json<Value>,
    pub inbox_name: String,
    pub inbox_avatar_key: Option<String>,
    /// What the conversation began with.
    pub origin: Json<Value>,
    pub locale: String,
    pub created_at: Millis,
}

/// The newest question about a conversation, also when its messages went to another.
pub async fn by_uuid(db: &Db, uuid: &str) -> Result<Option<SurveyRow>> {
    Ok(sql!(
        "select m.id, m.account_id, m.conversation_id, m.content, m.content_attributes, i.name as inbox_name,
           i.avatar_key as inbox_avatar_key, c.additional_attributes as origin, a.locale, m.created_at
         from conversations c join messages m on m.conversation_id = coalesce(c.merged_into, c.id)
         join inboxes i on i.id = m.inbox_id join accounts a on a.id = m.account_id
         where c.uuid = $1 and m.content_kind = 'input_csat' and m.private = false order by m.id desc limit 1"
    )
    .bind(uuid)
    .fetch_optional(db)
    .await?)
}

fn narrow(query: &mut Builder, account: AccountId, filter: &CsatFilter) {
    query.push(
        " from csat_survey_responses r join messages m on m.id = r.message_id
          join conversations c on c.id = m.conversation_id where r.account_id = ",
    );
    query.value(account);
    if let Some(since) = filter.since {
        query.push(" and r.created_at >= ").value(since);
    }
    if let Some(until) = filter.until {
        query.push(" and r.created_at < ").value(until);
    }
    if !filter.agents.is_empty() {
        query.push(" and r.assigned_agent_id in ").list(filter.agents.iter().copied());
    }
    if let Some(inbox) = filter.inbox {
        query.push(" and c.inbox_id = ").value(inbox);
    }
    if let Some(team) = filter.team {
        query.push(" and c.team_id = ").value(team);
    }
    if let Some(rating) = filter.rating {
        query.push(" and r.rating = ").value(rating);
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: CsatId,
    rating: i64,
    feedback_message: String,
    message_id: MessageId,
    display_id: DisplayId,
    contact_id: ContactId,
    assigned_agent_id: Option<UserId>,
    created_at: Millis,
}

impl From<Row> for CsatResponse {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            rating: row.rating,
            feedback: row.feedback_message,
            message_id: row.message_id,
            conversation: row.display_id,
            contact_id: row.contact_id,
            assigned_agent: row.assigned_agent_id,
            created_at: row.created_at,
        }
    }
}

/// One page of opinions.
pub async fn page(
    db: &Db,
    account: AccountId,
    filter: &CsatFilter,
    page: i64,
    oldest_first: bool,
) -> Result<Vec<CsatResponse>> {
    let mut query = Builder::new(
        "select r.id, r.rating, r.feedback_message, r.message_id, c.display_id, c.contact_id, r.assigned_agent_id, r.created_at",
    );
    narrow(&mut query, account, filter);
    query.push(if oldest_first { " order by r.created_at, r.id" } else { " order by r.created_at desc, r.id desc" });
    query.push(" limit ").value(PER_PAGE).push(" offset ").value((page - 1).saturating_mul(PER_PAGE));
    let rows: Vec<Row> = query.build().fetch_all(db).await?;
    Ok(rows.into_iter().map(CsatResponse::from).collect())
}

/// How many gave which rating.
pub async fn spread(db: &Db, account: AccountId, filter: &CsatFilter) -> Result<Vec<(i64, i64)>> {
    let mut query = Builder::new("select r.rating, count(*)");
    narrow(&mut query, account, filter);
    query.push(" group by r.rating");
    Ok(query.build().fetch_all(db).await?)
}

/// How many were asked in the time.
pub async fn asked(db: &Db, account: AccountId, filter: &CsatFilter) -> Result<i64> {
    let mut query = Builder::new("select count(*) from messages where content_kind = 'input_csat' and account_id = ");
    query.value(account);
    if let Some(since) = filter.since {
        query.push(" and created_at >= ").value(since);
    }
    if let Some(until) = filter.until {
        query.push(" and created_at < ").value(until);
    }
    let (count,): (i64,) = query.build().fetch_one(db).await?;
    Ok(count)
}
