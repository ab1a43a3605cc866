//! Counting open conversations by what they lie in.

use db::{Builder, Db};
use model::{InboxId, TeamId};

use crate::Result;
use crate::ctx::AgentActor;

/// Open conversations by inbox.
pub async fn by_inbox(db: &Db, agent: &AgentActor) -> Result<Vec<(InboxId, i64)>> {
    let mut query = Builder::new(
        "select c.inbox_id, CAST(sum(c.number) AS BIGINT) from conversation_tallies c
         where c.label_id = 0 and c.status = 'open' and c.account_id = ",
    );
    query.value(agent.account_id);
    agent.scope_conversations(&mut query);
    query.push(" group by c.inbox_id having sum(c.number) > 0");
    Ok(query.build().fetch_all(db).await?)
}

/// Open conversations by team.
pub async fn by_team(db: &Db, agent: &AgentActor) -> Result<Vec<(TeamId, i64)>> {
    let mut query = Builder::new(
        "select c.team_id, CAST(sum(c.number) AS BIGINT) from conversation_tallies c
         where c.label_id = 0 and c.status = 'open' and c.team_id is not null and c.account_id = ",
    );
    query.value(agent.account_id);
    agent.scope_conversations(&mut query);
    query.push(" group by c.team_id having sum(c.number) > 0");
    Ok(query.build().fetch_all(db).await?)
}

/// Open conversations by the title of a label.
pub async fn by_label(db: &Db, agent: &AgentActor) -> Result<Vec<(String, i64)>> {
    let mut query = Builder::new(
        "select l.title, CAST(sum(c.number) AS BIGINT) from labels l
         join conversation_tallies c on c.account_id = l.account_id and c.label_id = l.id
         where c.status = 'open' and l.show_on_sidebar = true and l.account_id = ",
    );
    query.value(agent.account_id);
    agent.scope_conversations(&mut query);
    query.push(" group by l.title having sum(c.number) > 0");
    Ok(query.build().fetch_all(db).await?)
}
