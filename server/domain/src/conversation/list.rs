//! The list of conversations: filter, order, pages, counts.

use db::{Builder, Value};
use model::conversation::{
    Conversation, ConversationFilter, ConversationRow, Involvement, Page, SortBy, Tab, TabCounts,
};
use model::filter::Subject;
use model::{ConversationId, ConversationStatus, ErrorCode};

use super::read;
use crate::ctx::AgentActor;
use crate::filter::{self, Filter, Scope};
use crate::tally::Good;
use crate::{Ctx, Error, Result, saved_view};

/// Which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// What comes after a place that an earlier page named; `None` for the first page.
    After { cursor: Option<String>, size: i64 },
    /// A page by its number from 1, as the API asks for it. Slower the further it is.
    Number { page: i64, size: i64 },
}

impl Paging {
    /// The first page.
    pub fn start(size: i64) -> Self {
        Self::After { cursor: None, size }
    }
}

/// Largest page.
const MAX_SIZE: i64 = 100;

/// How an order is written: the column and its direction. Nulls are kept at the end by a stand-in value, so that pages by key work.
struct Order {
    key: &'static str,
    descending: bool,
}

impl Order {
    fn of(sort: SortBy) -> Self {
        let (key, descending) = match sort {
            SortBy::LastActivityDesc => ("c.last_activity_at", true),
            SortBy::LastActivityAsc => ("c.last_activity_at", false),
            SortBy::CreatedDesc => ("c.created_at", true),
            SortBy::CreatedAsc => ("c.created_at", false),
            SortBy::PriorityDesc => ("c.priority_rank", true),
            SortBy::PriorityAsc => ("c.priority_rank", false),
            SortBy::WaitingSinceAsc => ("coalesce(c.waiting_since, 9223372036854775807)", false),
            SortBy::WaitingSinceDesc => ("coalesce(c.waiting_since, 0)", true),
        };
        Self { key, descending }
    }
}

/// The conversations of a filter that the agent may know of.
pub async fn list(ctx: &Ctx, filter: &ConversationFilter, paging: Paging) -> Result<Page<ConversationRow>> {
    let agent = ctx.agent()?;
    let (ids, next) = ids(ctx, agent, filter, paging).await?;
    Ok(Page { items: read::rows(ctx, agent.account_id, &ids).await?, next })
}

/// The same with everything, for the API.
pub async fn list_whole(ctx: &Ctx, filter: &ConversationFilter, paging: Paging) -> Result<Page<Conversation>> {
    let agent = ctx.agent()?;
    let (ids, next) = ids(ctx, agent, filter, paging).await?;
    Ok(Page { items: read::many(ctx, agent.account_id, &ids).await?, next })
}

/// The ids of all conversations of a filter that the agent may know of, up to `most` of them, in the filter's order.
pub(crate) async fn every(ctx: &Ctx, filter: &ConversationFilter, most: usize) -> Result<Vec<ConversationId>> {
    let agent = ctx.agent()?;
    let written = written(ctx, filter).await?;
    let mut query = Builder::new("select c.id from conversations c where ");
    of_account(agent, filter, &written, &mut query);
    agent.scope_conversations(&mut query);
    conditions(ctx, agent, filter, &written, &mut query);
    tab(agent, filter.tab, &mut query);
    let order = Order::of(filter.sort);
    query.push(" order by ").push(order.key).push(if order.descending { " desc, c.id desc" } else { ", c.id" });
    query.push(" limit ").value(i64::try_from(most).unwrap_or(i64::MAX));
    let rows: Vec<(ConversationId,)> = query.build().fetch_all(ctx.db()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

async fn ids(
    ctx: &Ctx,
    agent: &AgentActor,
    filter: &ConversationFilter,
    paging: Paging,
) -> Result<(Vec<ConversationId>, Option<String>)> {
    let order = Order::of(filter.sort);
    let written = written(ctx, filter).await?;
    let mut query = Builder::new("select c.id, ");
    query.push(order.key).push(" from conversations c where ");
    of_account(agent, filter, &written, &mut query);
    agent.scope_conversations(&mut query);
    conditions(ctx, agent, filter, &written, &mut query);
    tab(agent, filter.tab, &mut query);
    let (size, offset) = match &paging {
        Paging::After { cursor, size } => {
            if let Some(cursor) = cursor {
                after(&order, cursor, &mut query)?;
            }
            ((*size).clamp(1, MAX_SIZE), 0)
        }
        Paging::Number { page, size } => {
            let size = (*size).clamp(1, MAX_SIZE);
            (size, (page.max(&1) - 1).saturating_mul(size))
        }
    };
    query.push(" order by ").push(order.key).push(if order.descending { " desc, c.id desc" } else { ", c.id" });
    query.push(" limit ").value(size);
    if offset > 0 {
        query.push(" offset ").value(offset);
    }
    let rows: Vec<(ConversationId, i64)> = query.build().fetch_all(ctx.db()).await?;
    let is_full = i64::try_from(rows.len()).unwrap_or(size) == size;
    let next = rows.last().filter(|_| is_full).map(|(id, key)| format!("{key}.{id}"));
    Ok((rows.into_iter().map(|(id, _)| id).collect(), next))
}

fn after(order: &Order, cursor: &str, query: &mut Builder) -> Result<()> {
    let place = cursor.split_once('.').and_then(|(key, id)| Some((key.parse::<i64>().ok()?, id.parse::<i64>().ok()?)));
    let (key, id) = place.ok_or_else(|| Error::field("cursor", ErrorCode::Invalid))?;
    query.push(" and (").push(order.key).push(", c.id) ").push(if order.descending { "<" } else { ">" });
    query.push(" (").value(key).push(", ").value(id).push(")");
    Ok(())
}

/// The conditions that somebody wrote.
async fn written(ctx: &Ctx, filter: &ConversationFilter) -> Result<Vec<Filter>> {
    if filter.conditions.is_empty() && filter.view.is_none() && filter.labels.is_empty() {
        return Ok(Vec::new());
    }
    let scope = Scope::of(ctx).await?;
    let mut written = Vec::new();
    if !filter.labels.is_empty() {
        written.push(filter::labelled(&scope, Subject::Conversation, &filter.labels).weighed(ctx.db()).await?);
    }
    written.push(filter::check(&scope, Subject::Conversation, &filter.conditions)?.weighed(ctx.db()).await?);
    if let Some(view) = filter.view {
        let view = saved_view::get(ctx, view).await?;
        if view.kind != Subject::Conversation {
            return Err(Error::not_found());
        }
        written.push(filter::check(&scope, Subject::Conversation, &view.conditions)?.weighed(ctx.db()).await?);
    }
    Ok(written)
}

/// The account. Where conditions leave few, the database begins with those and not with the account's conversations.
fn of_account(agent: &AgentActor, filter: &ConversationFilter, written: &[Filter], query: &mut Builder) {
    begin_with(agent, filter.contact_id.is_some() || written.iter().any(Filter::is_narrow), query);
}

/// The same for counting.
fn all_of_account(ctx: &Ctx, agent: &AgentActor, filter: &ConversationFilter, written: &[Filter], query: &mut Builder) {
    // Those that are not finished are few themselves.
    let is_narrow = match has_finished(filter) {
        true => written.iter().any(|filter| filter.is_narrow_to_count(ctx.db())),
        false => written.iter().any(Filter::is_narrow),
    };
    begin_with(agent, filter.contact_id.is_some() || is_narrow, query);
}

fn begin_with(agent: &AgentActor, is_narrow: bool, query: &mut Builder) {
    query.push(if is_narrow { "+c.account_id = " } else { "c.account_id = " }).value(agent.account_id);
}

/// Everything but the tab.
fn conditions(ctx: &Ctx, agent: &AgentActor, filter: &ConversationFilter, written: &[Filter], query: &mut Builder) {
    let mut equals = |column: &'static str, value: Option<Value>| {
        if let Some(value) = value {
            query.push(column).value(value);
        }
    };
    equals(" and c.status = ", filter.status.map(Value::from));
    equals(" and c.inbox_id = ", filter.inbox_id.map(Value::from));
    equals(" and c.team_id = ", filter.team_id.map(Value::from));
    equals(" and c.contact_id = ", filter.contact_id.map(Value::from));
    if filter.unattended {
        query.push(" and (c.first_reply_created_at is null or c.waiting_since is not null)");
    }
    if let Some(involved) = filter.involved {
        query.push(match involved {
            Involvement::Mentioned => " and c.id in (select i.conversation_id from mentions i where i.account_id = ",
            Involvement::Participating => {
                " and c.id in (select i.conversation_id from conversation_participants i where i.account_id = "
            }
        });
        query.value(agent.account_id).push(" and i.user_id = ").value(agent.user_id).push(")");
    }
    if let Some(text) = &filter.query {
        crate::search::conversations(ctx.db(), agent.account_id, text, query);
    }
    for filter in written {
        filter.push(ctx.db(), agent.account_id, query);
    }
}

fn tab(agent: &AgentActor, tab: Tab, query: &mut Builder) {
    match tab {
        Tab::All => {}
        Tab::Mine => {
            query.push(" and c.assignee_id = ").value(agent.user_id);
        }
        Tab::Unassigned => {
            query.push(" and c.assignee_id is null");
        }
        Tab::Assigned => {
            query.push(" and c.assignee_id is not null");
        }
    }
}

/// How many conversations match, counted no further than `most`.
pub(crate) async fn count_up_to(ctx: &Ctx, filter: &ConversationFilter, most: i64) -> Result<i64> {
    let agent = ctx.agent()?;
    let written = written(ctx, filter).await?;
    let mut query = Builder::new("select count(*) from (select 1 from conversations c where ");
    of_account(agent, filter, &written, &mut query);
    agent.scope_conversations(&mut query);
    conditions(ctx, agent, filter, &written, &mut query);
    query.push(" limit ").value(most).push(") found");
    let (count,): (i64,) = query.build().fetch_one(ctx.db()).await?;
    Ok(count)
}

/// Whether what is finished is among them.
fn has_finished(filter: &ConversationFilter) -> bool {
    matches!(filter.status, None | Some(ConversationStatus::Resolved))
}

/// How many conversations each tab holds under the filter.
pub async fn counts(ctx: &Ctx, filter: &ConversationFilter) -> Result<TabCounts> {
    let agent = ctx.agent()?;
    let written = written(ctx, filter).await?;
    let mut query = Builder::new("select count(*), CAST(coalesce(sum(case when c.assignee_id = ");
    query.value(agent.user_id);
    query.push(" then 1 else 0 end), 0) AS BIGINT), CAST(coalesce(sum(case when c.assignee_id is null then 1 else 0 end), 0) AS BIGINT)");
    query.push(" from conversations c where ");
    all_of_account(ctx, agent, filter, &written, &mut query);
    agent.scope_conversations(&mut query);
    conditions(ctx, agent, filter, &written, &mut query);
    let good = Good::UntilNews(agent.account_id);
    let (all, mine, unassigned) = ctx.app.tallies.counts(ctx.db(), query, good).await?;
    Ok(TabCounts { mine, unassigned, assigned: all - unassigned, all })
}
