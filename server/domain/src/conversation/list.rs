//! The list of conversations: filter, order, pages.

mod count;
#[cfg(test)]
mod tests;
mod words;

use db::{Builder, Db, Value};
use model::conversation::{
    Conversation, ConversationFilter, ConversationRow, Involvement, Page, SortBy, Tab, TabCounts,
};
use model::filter::Subject;
use model::{AccountId, ConversationId, ConversationStatus, ErrorCode};

pub(crate) use count::count_up_to;
pub use count::settle;

use super::read;
use crate::ctx::AgentActor;
use crate::filter::{self, Aim, Filter, Scope};
use crate::{Ctx, Error, Result, saved_view, search};

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

    /// How many were seen at least, with the rows of this page.
    pub fn seen(&self, rows: usize) -> i64 {
        let rows = i64::try_from(rows).unwrap_or(i64::MAX);
        match self {
            Self::Number { page, size } if rows > 0 => (page.max(&1) - 1).saturating_mul(*size).saturating_add(rows),
            _ => rows,
        }
    }
}

/// Largest page.
const MAX_SIZE: i64 = 100;

/// The key of the order that the indexes of inboxes and teams go on with.
const BY_ACTIVITY: &str = "c.last_activity_at";

/// How an order is written: the column and its direction. Nulls are kept at the end by a stand-in value, so that pages by key work.
struct Order {
    key: &'static str,
    descending: bool,
}

impl Order {
    fn of(sort: SortBy) -> Self {
        let (key, descending) = match sort {
            SortBy::LastActivityDesc => (BY_ACTIVITY, true),
            SortBy::LastActivityAsc => (BY_ACTIVITY, false),
            SortBy::CreatedDesc => ("c.created_at", true),
            SortBy::CreatedAsc => ("c.created_at", false),
            SortBy::PriorityDesc => ("c.priority_rank", true),
            SortBy::PriorityAsc => ("c.priority_rank", false),
            SortBy::WaitingSinceAsc => ("coalesce(c.waiting_since, 9223372036854775807)", false),
            SortBy::WaitingSinceDesc => ("coalesce(c.waiting_since, 0)", true),
        };
        Self { key, descending }
    }

    /// Whether an index has the conversations of that status in an order.
    fn is_indexed(sort: SortBy, status: Option<ConversationStatus>) -> bool {
        use SortBy::{LastActivityAsc, LastActivityDesc, PriorityAsc, PriorityDesc};
        status.is_some() || matches!(sort, LastActivityDesc | LastActivityAsc | PriorityDesc | PriorityAsc)
    }

    fn push(&self, query: &mut Builder) {
        query.push(" order by ").push(self.key).push(if self.descending { " desc, c.id desc" } else { ", c.id" });
    }
}

/// The conversations of a filter that the agent may know of.
pub async fn list(ctx: &Ctx, filter: &ConversationFilter, paging: Paging) -> Result<Page<ConversationRow>> {
    Asked::of(ctx, filter).await?.page(paging).await
}

/// The same with everything, for the API.
pub async fn list_whole(ctx: &Ctx, filter: &ConversationFilter, paging: Paging) -> Result<Page<Conversation>> {
    Asked::of(ctx, filter).await?.page_whole(paging).await
}

/// How many conversations each tab holds under the filter.
pub async fn counts(ctx: &Ctx, filter: &ConversationFilter) -> Result<TabCounts> {
    Asked::of(ctx, filter).await?.counts().await
}

/// The ids of all conversations of a filter that the agent may know of, up to `most` of them, in the filter's order.
pub(crate) async fn every(ctx: &Ctx, filter: &ConversationFilter, most: usize) -> Result<Vec<ConversationId>> {
    let asked = Asked::with_aim(ctx, filter, Aim::All).await?;
    let rows = asked.rows(Words::Indexed, None, i64::try_from(most).unwrap_or(i64::MAX), 0).await?;
    Ok(rows.into_iter().map(|(id, _)| id).collect())
}

/// A row of a list as it is looked for: the conversation and its place in the order.
type Placed = (ConversationId, i64);

/// What a list is asked for: its conditions are checked, and indexes have said how many meet each.
pub struct Asked<'a> {
    ctx: &'a Ctx,
    agent: &'a AgentActor,
    filter: &'a ConversationFilter,
    written: Vec<Filter>,
    order: Order,
    /// The connections it is read by.
    db: &'a Db,
}

impl<'a> Asked<'a> {
    /// Checks the conditions.
    pub async fn of(ctx: &'a Ctx, filter: &'a ConversationFilter) -> Result<Self> {
        Self::with_aim(ctx, filter, Aim::First).await
    }

    async fn with_aim(ctx: &'a Ctx, filter: &'a ConversationFilter, aim: Aim) -> Result<Self> {
        let agent = ctx.agent()?;
        let is_indexed = Order::is_indexed(filter.sort, filter.status);
        let db = if aim == Aim::First { connections(ctx, filter) } else { ctx.db() };
        let aim = if is_indexed { aim } else { Aim::All };
        let written = weighed(ctx.db(), agent.account_id, written(ctx, filter).await?, aim).await?;
        Ok(Self { ctx, agent, filter, written, order: Order::of(filter.sort), db })
    }

    /// A page of those that the agent may know of.
    pub async fn page(&self, paging: Paging) -> Result<Page<ConversationRow>> {
        let (ids, next) = self.ids(paging).await?;
        Ok(Page { items: read::rows(self.ctx, self.agent.account_id, &ids).await?, next })
    }

    /// The same with everything, for the API.
    pub async fn page_whole(&self, paging: Paging) -> Result<Page<Conversation>> {
        let (ids, next) = self.ids(paging).await?;
        Ok(Page { items: read::many(self.ctx, self.agent.account_id, &ids).await?, next })
    }

    async fn ids(&self, paging: Paging) -> Result<(Vec<ConversationId>, Option<String>)> {
        let (after, size, offset) = match &paging {
            Paging::After { cursor, size } => {
                (cursor.as_deref().map(place).transpose()?, (*size).clamp(1, MAX_SIZE), 0)
            }
            Paging::Number { page, size } => {
                let size = (*size).clamp(1, MAX_SIZE);
                (None, size, (page.max(&1) - 1).saturating_mul(size))
            }
        };
        let rows = match words::first(self, after, size, offset).await? {
            Some(rows) => rows,
            None => self.rows(Words::Indexed, after, size, offset).await?,
        };
        let is_full = i64::try_from(rows.len()).unwrap_or(size) == size;
        let next = rows.last().filter(|_| is_full).map(|(id, key)| format!("{key}.{id}"));
        Ok((rows.into_iter().map(|(id, _)| id).collect(), next))
    }

    /// Whether the database passes over few conversations until it has the first: no condition but those on indexes.
    fn is_soon_found(&self) -> bool {
        let filter = self.filter;
        Order::is_indexed(filter.sort, filter.status)
            && filter.involved.is_none()
            && !filter.unattended
            && filter.contact_id.is_none()
            && self.written.iter().all(|filter| filter.places().is_some())
    }

    /// So many of them from a place on, or behind others.
    async fn rows(&self, words: Words, after: Option<Placed>, size: i64, offset: i64) -> Result<Vec<Placed>> {
        if self.is_looked_for(offset.saturating_add(size)) {
            let rows = self.rows_of_first(after, size, offset).await?;
            if i64::try_from(rows.len()).is_ok_and(|found| found == size) {
                return Ok(rows);
            }
            // What the planner takes for common is not: now it is worth a look at the indexes.
            let written = weighed(self.db, self.agent.account_id, self.written.clone(), Aim::All).await?;
            return self.rows_of_all(&written, words, after, size, offset).await;
        }
        self.rows_of_all(&self.written, words, after, size, offset).await
    }

    async fn rows_of_all(
        &self,
        written: &[Filter],
        words: Words,
        after: Option<Placed>,
        size: i64,
        offset: i64,
    ) -> Result<Vec<Placed>> {
        let (agent, filter, db) = (self.agent, self.filter, self.db);
        let is_narrow = is_narrow(filter, written);
        let walked = |filter: &Filter| filter.clone().ordered_by(self.order.key);
        let written: Vec<Filter> = if is_narrow { written.to_vec() } else { written.iter().map(walked).collect() };
        let mut query = Builder::new("select c.id, ");
        query.push(self.order.key).push(" from conversations c where ");
        let indexed = filter.query.as_deref().filter(|_| words == Words::Indexed);
        begin_with(agent, indexed.is_some() || is_narrow, &mut query);
        agent.scope_conversations(&mut query);
        conditions(db, agent, filter, &written, &mut query);
        if let Some(text) = indexed {
            search::conversations(db, agent.account_id, text, &mut query);
        }
        tab(agent, filter.tab, &mut query);
        self.behind(after, &mut query);
        self.order.push(&mut query);
        query.push(" limit ").value(size);
        if offset > 0 {
            query.push(" offset ").value(offset);
        }
        Ok(query.build().fetch_all(db).await?)
    }

    /// Whether the first of the list, of which so many are wanted, are looked at without a plan for all: PostgreSQL takes what many
    /// meet for rare.
    fn is_looked_for(&self, wanted: i64) -> bool {
        let (filter, written) = (self.filter, &self.written);
        self.db.is_postgres()
            && filter.query.is_none()
            && Order::is_indexed(filter.sort, filter.status)
            && (filter.inbox_id.is_none() && filter.team_id.is_none() || self.order.key == BY_ACTIVITY)
            && has_order(filter, written)
            && !is_narrow(filter, written)
            && written.iter().any(|filter| filter.places().is_none())
            && written.iter().all(Filter::is_met_by_first)
            && wanted <= looks(written)
    }

    /// The same as [`Self::rows`] of the first of the list alone.
    async fn rows_of_first(&self, after: Option<Placed>, size: i64, offset: i64) -> Result<Vec<Placed>> {
        let mut query = Builder::new("select c.id, ");
        query.push(self.order.key).push(" from (select c.* from conversations c where c.account_id = ");
        query.value(self.agent.account_id);
        if let Some(status) = self.written.iter().find_map(Filter::status) {
            query.push(" and c.status = ").value(status.clone());
        }
        self.agent.scope_conversations(&mut query);
        places(self.agent, self.filter, &mut query);
        tab(self.agent, self.filter.tab, &mut query);
        self.behind(after, &mut query);
        self.order.push(&mut query);
        query
            .push(" limit ")
            .value(looks(&self.written))
            .push(") c where c.account_id = ")
            .value(self.agent.account_id);
        for filter in &self.written {
            filter.push(self.db, self.agent.account_id, &mut query);
        }
        self.order.push(&mut query);
        query.push(" limit ").value(size).push(" offset ").value(offset);
        Ok(query.build().fetch_all(self.db).await?)
    }

    /// Only what comes after a place.
    fn behind(&self, after: Option<Placed>, query: &mut Builder) {
        if let Some((id, key)) = after {
            query.push(" and (").push(self.order.key).push(", c.id) ");
            query.push(if self.order.descending { "<" } else { ">" });
            query.push(" (").value(key).push(", ").value(id).push(")");
        }
    }
}

/// How the words of a filter are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    /// In the index.
    Indexed,
    /// Not here: whoever asks looks at what was said themselves.
    Ignored,
}

/// The connections a list is read by: those of searches where it is one.
fn connections<'a>(ctx: &'a Ctx, filter: &ConversationFilter) -> &'a Db {
    if filter.query.is_some() { ctx.app.search_db() } else { ctx.db() }
}

/// The place that a cursor names.
fn place(cursor: &str) -> Result<Placed> {
    let place = cursor.split_once('.').and_then(|(key, id)| Some((key.parse::<i64>().ok()?, id.parse::<i64>().ok()?)));
    let (key, id) = place.ok_or_else(|| Error::field("cursor", ErrorCode::Invalid))?;
    Ok((ConversationId(id), key))
}

/// The conditions that somebody wrote.
async fn written(ctx: &Ctx, filter: &ConversationFilter) -> Result<Vec<Filter>> {
    if filter.conditions.is_empty() && filter.view.is_none() && filter.labels.is_empty() {
        return Ok(Vec::new());
    }
    let scope = Scope::of(ctx).await?;
    let mut written = Vec::new();
    if !filter.labels.is_empty() {
        written.push(filter::labelled(&scope, Subject::Conversation, &filter.labels));
    }
    written.push(filter::check(&scope, Subject::Conversation, &filter.conditions)?);
    if let Some(view) = filter.view {
        let view = saved_view::get(ctx, view).await?;
        if view.kind != Subject::Conversation {
            return Err(Error::not_found());
        }
        written.push(filter::check(&scope, Subject::Conversation, &view.conditions)?);
    }
    Ok(written)
}

async fn weighed(db: &Db, account: AccountId, written: Vec<Filter>, aim: Aim) -> Result<Vec<Filter>> {
    let mut weighed = Vec::with_capacity(written.len());
    for filter in written {
        weighed.push(filter.weighed(db, account, aim).await?);
    }
    Ok(weighed)
}

/// Whether conditions leave few.
fn is_narrow(filter: &ConversationFilter, written: &[Filter]) -> bool {
    filter.contact_id.is_some() || written.iter().any(Filter::is_narrow)
}

/// The account. What is narrow the database begins with, and not with the account's conversations.
fn begin_with(agent: &AgentActor, is_narrow: bool, query: &mut Builder) {
    query.push(if is_narrow { "+c.account_id = " } else { "c.account_id = " }).value(agent.account_id);
}

/// Whether an index has those who lie there in the order of time: then the first can be looked at alone.
fn has_order(filter: &ConversationFilter, written: &[Filter]) -> bool {
    let has_status = filter.status.is_some() || written.iter().any(|filter| filter.status().is_some());
    let lies_anywhere = filter.inbox_id.is_none() && filter.team_id.is_none() && !filter.unattended;
    filter.query.is_none() && filter.involved.is_none() && filter.contact_id.is_none() && (has_status || lies_anywhere)
}

/// So many of a list are looked at before an index is asked.
fn looks(written: &[Filter]) -> i64 {
    written.iter().map(Filter::looks).min().unwrap_or(filter::MOST_COUNTED)
}

/// Everything but the tab and the words.
fn conditions(db: &Db, agent: &AgentActor, filter: &ConversationFilter, written: &[Filter], query: &mut Builder) {
    places(agent, filter, query);
    for filter in written {
        filter.push(db, agent.account_id, query);
    }
}

/// Where the conversations lie: all conditions but those that somebody wrote, the tab and the words.
fn places(agent: &AgentActor, filter: &ConversationFilter, query: &mut Builder) {
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
