//! How many conversations a list has.
//!
//! Of those that lie somewhere, with a label or without, the number is kept (`conversation_tallies`). Others are counted as far
//! as that is quick: up to a thousand, and where words are said everywhere among the newest messages only.

use db::{Builder, Query, Value};
use model::ConversationStatus;
use model::conversation::{ConversationFilter, Counted, Tab, TabCounts};

use super::{begin_with, conditions, connections, is_narrow, tab, weighed, written};
use crate::ctx::AgentActor;
use crate::filter::{Aim, Filter, MOST_COUNTED};
use crate::search::{self, Looked};
use crate::{Ctx, Result};

/// So many at least of the newest are told as "so many, or more".
const ENOUGH: i64 = 100;

/// How many conversations match, counted no further than `most`.
pub(crate) async fn count_up_to(ctx: &Ctx, filter: &ConversationFilter, most: i64) -> Result<i64> {
    let agent = ctx.agent()?;
    let db = connections(ctx, filter);
    let written = weighed(ctx.db(), agent.account_id, written(ctx, filter).await?, Aim::First).await?;
    let mut query = Builder::new("select count(*) from (select 1 from conversations c where ");
    begin_with(agent, filter.query.is_some() || is_narrow(filter, &written), &mut query);
    agent.scope_conversations(&mut query);
    conditions(db, agent, filter, &written, &mut query);
    with_words(ctx, agent, filter, &mut query);
    query.push(" limit ").value(most).push(") found");
    let (count,): (i64,) = query.build().fetch_one(db).await?;
    Ok(count)
}

/// How many conversations each tab holds under the filter.
pub async fn counts(ctx: &Ctx, filter: &ConversationFilter) -> Result<TabCounts> {
    let agent = ctx.agent()?;
    let written = written(ctx, filter).await?;
    if let Some(kept) = Kept::of(filter, &written) {
        return kept.counts(ctx, agent, filter).await;
    }
    if let Some(text) = &filter.query
        && let Some(counts) = among_newest(ctx, agent, filter, &written, text).await?
    {
        return Ok(counts);
    }
    let written = weighed(ctx.db(), agent.account_id, written, Aim::All).await?;
    let (all, mine, unassigned) = counted(ctx, filter, &written, Tab::All).await?;
    if all <= MOST_COUNTED {
        return Ok(TabCounts { mine, unassigned, assigned: all - unassigned, all, counted: Counted::Whole });
    }
    let (assigned, all) = ((all - unassigned).min(MOST_COUNTED), MOST_COUNTED);
    if has_finished(filter, &written) {
        let (mine, unassigned) = (mine.min(all), unassigned.min(all));
        return Ok(TabCounts { mine, unassigned, assigned, all, counted: Counted::Nothing });
    }
    // Of what is not finished people watch how much is theirs and how much is nobody's.
    let ((mine, ..), (unassigned, ..)) =
        tokio::try_join!(counted(ctx, filter, &written, Tab::Mine), counted(ctx, filter, &written, Tab::Unassigned))?;
    let are_whole = mine <= MOST_COUNTED && unassigned <= MOST_COUNTED;
    Ok(TabCounts {
        mine: mine.min(all),
        unassigned: unassigned.min(all),
        assigned: assigned.max(mine.min(all)),
        all,
        counted: if are_whole { Counted::Watched } else { Counted::Nothing },
    })
}

/// How many there are in a tab, of them the agent's and nobody's: counted until there are more than [`MOST_COUNTED`].
async fn counted(ctx: &Ctx, filter: &ConversationFilter, written: &[Filter], of: Tab) -> Result<(i64, i64, i64)> {
    let agent = ctx.agent()?;
    let db = connections(ctx, filter);
    let begins = filter.query.is_some() || is_narrow(filter, written);
    // What is not finished is little.
    let aim = if begins || has_finished(filter, written) { Aim::All } else { Aim::Among };
    let written: Vec<Filter> = written.iter().map(|filter| filter.clone().aimed(aim)).collect();
    let begins = begins || (aim == Aim::All && written.iter().any(|filter| filter.is_narrow_to_count(db)));
    let mut query = Builder::new("select count(*), ");
    tabs(agent, "1", &mut query);
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

/// How many are the agent's and how many nobody's, each row as often as `number` says.
fn tabs(agent: &AgentActor, number: &'static str, query: &mut Builder) {
    query.push("CAST(coalesce(sum(case when c.assignee_id = ").value(agent.user_id);
    query.push(" then ").push(number).push(" else 0 end), 0) AS BIGINT), ");
    query
        .push("CAST(coalesce(sum(case when c.assignee_id is null then ")
        .push(number)
        .push(" else 0 end), 0) AS BIGINT)");
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
