//! How many conversations a list has.
//!
//! Of those that lie somewhere, with a label or without, the number is kept (`conversation_tallies`). Others are counted up to a
//! thousand where an index says that they are few. Of many the newest are looked at, and they tell how many there are at least; of
//! words that are said everywhere the newest messages.

use db::{Builder, Query, Value};
use model::ConversationStatus;
use model::conversation::{ConversationFilter, Counted, Tab, TabCounts};

use super::{Asked, begin_with, conditions, connections, has_order, is_narrow, looks, places, tab, weighed, written};
use crate::ctx::AgentActor;
use crate::filter::{self, Aim, Filter, MOST_COUNTED};
use crate::search::{self, Looked};
use crate::{Ctx, Result};

/// So many at least of the newest are told as "so many, or more".
const ENOUGH: i64 = 100;

/// How many conversations match, counted no further than `most`.
pub(crate) async fn count_up_to(ctx: &Ctx, filter: &ConversationFilter, most: i64) -> Result<i64> {
    let agent = ctx.agent()?;
    let db = connections(ctx, filter);
    // There is no second look, should what seems common not be soon found.
    let aim = if db.is_postgres() { Aim::All } else { Aim::First };
    let written = weighed(ctx.db(), agent.account_id, written(ctx, filter).await?, aim).await?;
    let mut query = Builder::new("select count(*) from (select 1 from conversations c where ");
    begin_with(agent, filter.query.is_some() || is_narrow(filter, &written), &mut query);
    agent.scope_conversations(&mut query);
    conditions(db, agent, filter, &written, &mut query);
    with_words(ctx, agent, filter, &mut query);
    query.push(" limit ").value(most).push(") found");
    let (count,): (i64,) = query.build().fetch_one(db).await?;
    Ok(count)
}

impl Asked<'_> {
    /// How many conversations each tab holds.
    pub async fn counts(&self) -> Result<TabCounts> {
        let Self { ctx, agent, filter, written, .. } = self;
        if let Some(kept) = Kept::of(filter, written) {
            return kept.counts(ctx, agent, filter).await;
        }
        if let Some(text) = &filter.query
            && let Some(counts) = among_newest(ctx, agent, filter, written, text).await?
        {
            return Ok(counts);
        }
        let is_met_by_first = written.iter().all(Filter::is_met_by_first);
        if is_met_by_first && has_order(filter, written) && !is_narrow(filter, written) {
            let found = looked_at(ctx, filter, written, Tab::All).await?;
            if found.is_whole || found.all >= filter::ENOUGH {
                return tell(filter, written, found, |tab| looked_at(ctx, filter, written, tab)).await;
            }
        }
        // What is of the past an index has in a row, however much it is.
        let aim = if is_met_by_first { Aim::All } else { Aim::First };
        let written = weighed(ctx.db(), agent.account_id, written.clone(), aim).await?;
        let find = |tab| counted(ctx, filter, &written, aim, tab);
        tell(filter, &written, find(Tab::All).await?, find).await
    }
}

/// What was found of a tab.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Found {
    /// Whether there is no more of it.
    is_whole: bool,
    #[sqlx(rename = "every")]
    all: i64,
    /// Of them those of the agent, and nobody's.
    mine: i64,
    unassigned: i64,
}

/// The numbers of the tabs by what was found of all, and with what `find` finds of some.
async fn tell<F: Future<Output = Result<Found>>>(
    filter: &ConversationFilter,
    written: &[Filter],
    found: Found,
    find: impl Fn(Tab) -> F,
) -> Result<TabCounts> {
    let Found { is_whole, all, mine, unassigned } = found;
    let told = |mine: i64, unassigned: i64, assigned: i64, counted| {
        let all = all.max(mine).max(unassigned).min(MOST_COUNTED);
        TabCounts { mine: mine.min(all), unassigned: unassigned.min(all), assigned: assigned.min(all), all, counted }
    };
    let assigned = all - unassigned;
    if is_whole {
        return Ok(told(mine, unassigned, assigned, Counted::Whole));
    }
    if has_finished(filter, written) {
        return Ok(told(mine, unassigned, assigned, Counted::Nothing));
    }
    // Of what is not finished people watch how much is theirs and how much is nobody's.
    let (mine, unassigned) = tokio::try_join!(find(Tab::Mine), find(Tab::Unassigned))?;
    let counted = if mine.is_whole && unassigned.is_whole { Counted::Watched } else { Counted::Nothing };
    Ok(told(mine.all, unassigned.all, assigned.max(mine.all), counted))
}

/// What the first of a list tell: of those alone a look says whether they meet the conditions.
async fn looked_at(ctx: &Ctx, filter: &ConversationFilter, written: &[Filter], of: Tab) -> Result<Found> {
    let (agent, db) = (ctx.agent()?, ctx.db());
    let looks = looks(written);
    let status = written.iter().find_map(Filter::status);
    let lie = |query: &mut Builder| {
        query.push(" from conversations c where c.account_id = ").value(agent.account_id);
        if let Some(status) = status {
            query.push(" and c.status = ").value(status.clone());
        }
        agent.scope_conversations(query);
        places(agent, filter, query);
        tab(agent, of, query);
    };
    let mut query = Builder::new("with behind as materialized (select c.id");
    lie(&mut query);
    query.push(NEWEST).push(" limit 1 offset ").value(looks);
    query
        .push(") select not exists (select 1 from behind) and count(*) <= ")
        .value(MOST_COUNTED)
        .push(" as is_whole, ");
    numbers(agent, &mut query);
    // As a table of their own: PostgreSQL would not plan for a few otherwise.
    query.push(" from (select c.assignee_id from (select c.*");
    lie(&mut query);
    query.push(NEWEST).push(" limit ").value(looks).push(") c where c.account_id = ").value(agent.account_id);
    for filter in written {
        filter.push(db, agent.account_id, &mut query);
    }
    query.push(" limit case when exists (select 1 from behind) then ").value(filter::MOST_TOLD);
    query.push(" else ").value(MOST_COUNTED + 1).push(" end) c");
    Ok(query.build().fetch_one(db).await?)
}

/// The order in which a list is looked at.
const NEWEST: &str = " order by c.last_activity_at desc, c.id desc";

/// How many there are in a tab, of them the agent's and nobody's: counted until there are more than [`MOST_COUNTED`].
async fn counted(ctx: &Ctx, filter: &ConversationFilter, written: &[Filter], aim: Aim, of: Tab) -> Result<Found> {
    let agent = ctx.agent()?;
    let db = connections(ctx, filter);
    let begins = filter.query.is_some() || is_narrow(filter, written);
    // What is not finished is little.
    let aim = if begins || aim == Aim::First || has_finished(filter, written) { aim } else { Aim::Among };
    let written: Vec<Filter> = written.iter().map(|filter| filter.clone().aimed(aim)).collect();
    let begins = begins || (aim == Aim::All && written.iter().any(|filter| filter.is_narrow_to_count(db)));
    let mut query = Builder::new("select count(*) <= ");
    query.value(MOST_COUNTED).push(" as is_whole, ");
    numbers(agent, &mut query);
    query.push(" from (select c.assignee_id from conversations c where ");
    begin_with(agent, begins, &mut query);
    agent.scope_conversations(&mut query);
    conditions(db, agent, filter, &written, &mut query);
    with_words(ctx, agent, filter, &mut query);
    tab(agent, of, &mut query);
    query.push(" limit ").value(MOST_COUNTED + 1).push(") c");
    Ok(query.build().fetch_one(db).await?)
}

fn has_finished(filter: &ConversationFilter, written: &[Filter]) -> bool {
    matches!(filter.status, None | Some(ConversationStatus::Resolved)) && !written.iter().any(Filter::is_of_unfinished)
}

fn with_words(ctx: &Ctx, agent: &AgentActor, filter: &ConversationFilter, query: &mut Builder) {
    if let Some(text) = &filter.query {
        search::conversations(connections(ctx, filter), agent.account_id, text, query);
    }
}

/// The numbers of [`Found`].
fn numbers(agent: &AgentActor, query: &mut Builder) {
    query.push("count(*) as every, ");
    tabs(agent, "1", query);
}

/// How many are the agent's and how many nobody's, each row as often as `number` says.
fn tabs(agent: &AgentActor, number: &'static str, query: &mut Builder) {
    query.push("CAST(coalesce(sum(case when c.assignee_id = ").value(agent.user_id);
    query.push(" then ").push(number).push(" else 0 end), 0) AS BIGINT) as mine, ");
    query
        .push("CAST(coalesce(sum(case when c.assignee_id is null then ")
        .push(number)
        .push(" else 0 end), 0) AS BIGINT) as unassigned");
}

/// Numbers that are kept: of conversations by where they lie.
struct Kept {
    /// What was written, without the label.
    places: Vec<Filter>,
    /// 0 for all, whatever their labels.
    label: Value,
}

impl Kept {
    /// `None` where something else is asked for.
    fn of(filter: &ConversationFilter, written: &[Filter]) -> Option<Self> {
        let ConversationFilter { contact_id: None, unattended: false, query: None, involved: None, .. } = filter else {
            return None;
        };
        let mut kept = Self { places: Vec::new(), label: Value::from(0) };
        let mut is_labelled = false;
        for filter in written {
            let (places, label) = filter.places()?;
            kept.places.push(places);
            if let Some(label) = label {
                if is_labelled {
                    return None;
                }
                (kept.label, is_labelled) = (label, true);
            }
        }
        Some(kept)
    }

    async fn counts(&self, ctx: &Ctx, agent: &AgentActor, filter: &ConversationFilter) -> Result<TabCounts> {
        let mut query = Builder::new("select CAST(coalesce(sum(c.number), 0) AS BIGINT), ");
        tabs(agent, "c.number", &mut query);
        query.push(" from conversation_tallies c where c.account_id = ").value(agent.account_id);
        query.push(" and c.label_id = ").value(self.label.clone());
        agent.scope_conversations(&mut query);
        conditions(ctx.db(), agent, filter, &self.places, &mut query);
        let (all, mine, unassigned): (i64, i64, i64) = query.build().fetch_one(ctx.db()).await?;
        Ok(TabCounts { mine, unassigned, assigned: all - unassigned, all, counted: Counted::Whole })
    }
}

/// Counts of words by what was said last; `None` where the index counts everything as quickly.
async fn among_newest(
    ctx: &Ctx,
    agent: &AgentActor,
    filter: &ConversationFilter,
    written: &[Filter],
    text: &str,
) -> Result<Option<TabCounts>> {
    let db = connections(ctx, filter);
    let mut query = Builder::new("");
    if !search::with_newest(db, agent.account_id, text, &mut query) {
        return Ok(None);
    }
    query.push("select (select count(*) from looked), (select count(*) from said), count(*), ");
    tabs(agent, "1", &mut query);
    query.push(" from conversations c where +c.account_id = ").value(agent.account_id);
    query.push(search::AMONG_NEWEST);
    agent.scope_conversations(&mut query);
    conditions(db, agent, filter, written, &mut query);
    let (looked, said, all, mine, unassigned): (i64, i64, i64, i64, i64) = query.build().fetch_one(db).await?;
    let counted = match search::looked(db, looked, said) {
        Looked::AtAll => Counted::Whole,
        // Where conditions or rights leave few of the newest, the number would say nothing.
        Looked::Enough if all >= ENOUGH => Counted::Nothing,
        Looked::Enough | Looked::TooLittle => return Ok(None),
    };
    Ok(Some(TabCounts { mine, unassigned, assigned: all - unassigned, all, counted }))
}

/// Sums up what changes have added to the numbers that are kept. SQLite does so with each.
pub async fn settle(ctx: &Ctx) -> Result<()> {
    if !ctx.db().is_postgres() {
        return Ok(());
    }
    // Labels that are gone may leave something behind: nobody is kept from moving a conversation while its label is deleted.
    Query::fixed(
        "delete from conversation_tallies t
         where t.label_id <> 0 and not exists (select 1 from labels l where l.id = t.label_id)",
    )
    .execute(ctx.db())
    .await?;
    Query::fixed(
        "delete from conversation_tallies t where not exists (select 1 from accounts a where a.id = t.account_id)",
    )
    .execute(ctx.db())
    .await?;
    Query::fixed(
        "with gone as (
             delete from conversation_tallies t using (
                 select account_id, label_id from conversation_tallies where (account_id, label_id) in (
                     select account_id, label_id from conversation_tallies group by account_id, label_id having count(*) > 100
                 ) group by account_id, label_id
                 having count(*) > 100 + 2 * count(distinct (status, inbox_id, team_id, assignee_id))
             ) many where t.account_id = many.account_id and t.label_id = many.label_id returning t.*
         )
         insert into conversation_tallies (account_id, label_id, status, inbox_id, team_id, assignee_id, number)
         select account_id, label_id, status, inbox_id, team_id, assignee_id, sum(number) from gone
         group by account_id, label_id, status, inbox_id, team_id, assignee_id having sum(number) <> 0",
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
