//! What agents look for: conversations by their number or by who they are with, messages by their words, contacts by their facts.
//! Rights are part of the query. It runs on connections of its own, so that nobody who writes waits for somebody who searches.

use std::collections::HashMap;

use db::{Builder, Db};
use model::contact::Contact;
use model::conversation::{Conversation, ConversationRow};
use model::message::Message;
use model::search::{ContactHit, ConversationHit, MOST_COUNTED, MessageHit, SearchCounts, SearchResults, Segment};
use model::{AccountId, ContactId, ConversationId, DisplayId, MessageId, Permission};

use super::{contact as contacts, mark, postgres, sought, sqlite};
use crate::ctx::AgentActor;
use crate::{Ctx, Result, contact, conversation, message};

/// Results of a page of the API.
pub const PAGE: i64 = 15;
/// Results of each kind in the overview.
const OVERVIEW: i64 = 5;
/// Results of a page of the dashboard.
const SHOWN: i64 = 25;
/// The same as a count.
pub const SHOWN_AT_ONCE: usize = 25;
/// Contacts whose conversations are looked for.
const MOST_CONTACTS: i64 = 2_000;
/// Furthest page.
const MOST_PAGES: i64 = 200;

/// Which part of the results.
#[derive(Debug, Clone, Copy)]
struct Part {
    limit: i64,
    offset: i64,
}

impl Part {
    fn page(page: i64, size: i64) -> Self {
        Self { limit: size, offset: (page.clamp(1, MOST_PAGES) - 1) * size }
    }
}

/// The first results of each kind, and how many there are.
pub async fn overview(ctx: &Ctx, text: &str) -> Result<SearchResults> {
    let part = Part { limit: OVERVIEW, offset: 0 };
    let (conversations, messages, contacts, counts) = tokio::try_join!(
        conversation_hits(ctx, text, part),
        message_hits(ctx, text, part),
        contact_hits(ctx, text, part),
        counts(ctx, text),
    )?;
    Ok(SearchResults { conversations, messages, contacts, counts })
}

/// A page of conversations for the dashboard.
pub async fn conversations(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<ConversationHit>> {
    conversation_hits(ctx, text, Part::page(page, SHOWN)).await
}

/// A page of messages for the dashboard.
pub async fn messages(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<MessageHit>> {
    message_hits(ctx, text, Part::page(page, SHOWN)).await
}

/// A page of contacts for the dashboard.
pub async fn contacts(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<ContactHit>> {
    contact_hits(ctx, text, Part::page(page, SHOWN)).await
}

/// The same with everything, for the API.
pub async fn whole_conversations(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<Conversation>> {
    let agent = ctx.agent()?;
    let ids = conversation_ids(ctx, agent, text, Part::page(page, PAGE)).await?;
    conversation::read::many(ctx, agent.account_id, &ids).await
}

/// Messages for the API, newest first.
pub async fn whole_messages(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<Message>> {
    let agent = ctx.agent()?;
    let ids = message_ids(ctx, agent, text, Part::page(page, PAGE)).await?;
    let mut found = message::read::by_ids(ctx, agent.account_id, &ids).await?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

/// Contacts for the API.
pub async fn whole_contacts(ctx: &Ctx, text: &str, page: i64) -> Result<Vec<Contact>> {
    let agent = ctx.agent()?;
    let ids = contact_ids(ctx, agent, text, Part::page(page, PAGE)).await?;
    in_order(ctx, agent.account_id, &ids).await
}

async fn in_order(ctx: &Ctx, account: AccountId, ids: &[ContactId]) -> Result<Vec<Contact>> {
    let found = contact::read::many(ctx, account, ids).await?;
    let mut found: HashMap<_, _> = found.into_iter().map(|contact| (contact.id, contact)).collect();
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

async fn conversation_hits(ctx: &Ctx, text: &str, part: Part) -> Result<Vec<ConversationHit>> {
    let agent = ctx.agent()?;
    let ids = conversation_ids(ctx, agent, text, part).await?;
    let wanted = sought::in_contacts(text);
    let rows = conversation::read::rows(ctx, agent.account_id, &ids).await?;
    let hit = |row: ConversationRow| ConversationHit { name: mark::whole(&row.contact.name, &wanted), row };
    Ok(rows.into_iter().map(hit).collect())
}

async fn message_hits(ctx: &Ctx, text: &str, part: Part) -> Result<Vec<MessageHit>> {
    let agent = ctx.agent()?;
    let ids = message_ids(ctx, agent, text, part).await?;
    let mut found = message::read::by_ids(ctx, agent.account_id, &ids).await?;
    let mut talks: Vec<ConversationId> = found.values().map(|message| message.conversation_id).collect();
    talks.sort_unstable();
    talks.dedup();
    let rows = conversation::read::rows(ctx, agent.account_id, &talks).await?;
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row)).collect();
    let wanted = sought::in_messages(text);
    let hit = |message: Message| {
        let row = rows.get(&message.conversation_id)?;
        Some(MessageHit {
            id: message.id,
            conversation_id: message.conversation_id,
            display_id: row.display_id,
            inbox_id: row.inbox_id,
            kind: message.kind,
            private: message.private,
            contact: row.contact.clone(),
            author: message.sender.map(|sender| sender.name).unwrap_or_default(),
            created_at: message.created_at,
            excerpt: mark::excerpt(&message::format::plain(&message.content), &wanted),
        })
    };
    Ok(ids.iter().filter_map(|id| found.remove(id)).filter_map(hit).collect())
}

async fn contact_hits(ctx: &Ctx, text: &str, part: Part) -> Result<Vec<ContactHit>> {
    let agent = ctx.agent()?;
    let ids = contact_ids(ctx, agent, text, part).await?;
    let wanted = sought::in_contacts(text);
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let hit = |contact: Contact| {
        let company = contact.additional_attributes.get("company_name").and_then(|name| name.as_str());
        let mut facts: Vec<Vec<Segment>> = Vec::new();
        facts.extend(contact.email.as_deref().map(|email| mark::whole(email, &wanted)));
        facts.extend(contact.phone_number.as_deref().map(|phone| mark::number(phone, &digits)));
        facts.extend(contact.identifier.as_deref().map(|identifier| mark::whole(identifier, &wanted)));
        facts.extend(company.map(|company| mark::whole(company, &wanted)));
        ContactHit {
            id: contact.id,
            name_segments: mark::whole(&contact.name, &wanted),
            name: contact.name,
            avatar_url: contact.avatar_url,
            facts,
        }
    };
    Ok(in_order(ctx, agent.account_id, &ids).await?.into_iter().map(hit).collect())
}

/// How many there are of each kind, up to [`MOST_COUNTED`].
pub async fn counts(ctx: &Ctx, text: &str) -> Result<SearchCounts> {
    let agent = ctx.agent()?;
    let db = ctx.app.search_db();
    let count = async |select: fn(&Db, &AgentActor, &str, &mut Builder) -> bool| {
        let mut query = Builder::new("select count(*) from (select 1 ");
        if !select(db, agent, text, &mut query) {
            return Ok::<i64, crate::Error>(0);
        }
        query.push(" limit ").value(MOST_COUNTED).push(") as found");
        let (count,): (i64,) = query.build().fetch_one(db).await?;
        Ok(count)
    };
    let messages = async {
        // What is in every tenth of the newest messages need not be looked for in all of them.
        let newest = if db.is_postgres() { count(from_newest_messages).await? } else { 0 };
        if newest < MOST_COUNTED { count(from_messages).await } else { Ok(newest) }
    };
    let (conversations, messages, contacts) =
        tokio::try_join!(count(from_conversations), messages, count(from_contacts))?;
    Ok(SearchCounts { conversations, messages, contacts })
}

async fn conversation_ids(ctx: &Ctx, agent: &AgentActor, text: &str, part: Part) -> Result<Vec<ConversationId>> {
    let mut query = Builder::new("select c.id ");
    if !from_conversations(ctx.app.search_db(), agent, text, &mut query) {
        return Ok(Vec::new());
    }
    query.push(" order by c.last_activity_at desc, c.id desc");
    ids(ctx, query, part).await
}

async fn message_ids(ctx: &Ctx, agent: &AgentActor, text: &str, part: Part) -> Result<Vec<MessageId>> {
    let db = ctx.app.search_db();
    if db.is_postgres() {
        // Whatever is common has filled the page before all that was ever said is looked at, and what is rare costs little then.
        let mut query = Builder::new("select m.id ");
        if !from_newest_messages(db, agent, text, &mut query) {
            return Ok(Vec::new());
        }
        query.push(" order by m.id desc");
        let newest = ids(ctx, query, part).await?;
        if i64::try_from(newest.len()).is_ok_and(|found| found == part.limit) {
            return Ok(newest);
        }
    }
    let mut query = Builder::new("select m.id ");
    if !from_messages(db, agent, text, &mut query) {
        return Ok(Vec::new());
    }
    // The index of SQLite is in this order by itself. PostgreSQL must not try to go by it: for a rare word it would pass over everything.
    query.push(if db.is_postgres() { " order by m.id + 0 desc" } else { " order by s.rowid desc" });
    ids(ctx, query, part).await
}

async fn contact_ids(ctx: &Ctx, agent: &AgentActor, text: &str, part: Part) -> Result<Vec<ContactId>> {
    let mut query = Builder::new("select k.id ");
    if !from_contacts(ctx.app.search_db(), agent, text, &mut query) {
        return Ok(Vec::new());
    }
    query.push(" order by coalesce(k.last_activity_at, 0) desc, k.id desc");
    ids(ctx, query, part).await
}

async fn ids<T>(ctx: &Ctx, mut query: Builder, part: Part) -> Result<Vec<T>>
where
    (T,): db::Row,
{
    query.push(" limit ").value(part.limit).push(" offset ").value(part.offset);
    let rows: Vec<(T,)> = query.build().fetch_all(ctx.app.search_db()).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Conversations whose number it is, or whose contact has these words. `false` when nothing can match.
fn from_conversations(db: &Db, agent: &AgentActor, text: &str, query: &mut Builder) -> bool {
    let account = agent.account_id;
    let number = text.trim().trim_start_matches('#').parse::<i64>().ok().filter(|number| *number > 0).map(DisplayId);
    if sought::in_contacts(text).is_empty() {
        return false;
    }
    query.push("from conversations c where +c.account_id = ").value(account).push(" and c.id in (");
    if let Some(number) = number {
        query.push("select n.id from conversations n where n.account_id = ").value(account);
        query.push(" and n.display_id = ").value(number).push(" union all ");
    }
    query.push("select o.id from conversations o where o.contact_id in (select k.id from contacts k where k.id in (");
    contacts::matching(db, account, text, query);
    query.push(") order by k.id desc limit ").value(MOST_CONTACTS).push("))");
    agent.scope_conversations(query);
    true
}

/// Messages with all these words in conversations that the agent may know of.
fn from_messages(db: &Db, agent: &AgentActor, text: &str, query: &mut Builder) -> bool {
    let words = sought::in_messages(text);
    if words.is_empty() {
        return false;
    }
    if db.is_postgres() {
        query.push("from (select s.message_id from message_search s where ");
        postgres::matches(agent.account_id, &words, query);
        query.push(postgres::AT_ONCE);
        query.push(
            ") s join messages m on m.id = s.message_id join conversations c on c.id = m.conversation_id where 1 = 1",
        );
    } else {
        // In this order, so that it can end once there are enough.
        query.push(
            "from message_search s cross join messages m on m.id = s.rowid
             cross join conversations c on c.id = m.conversation_id where message_search match ",
        );
        sqlite::pattern(agent.account_id, &words, query);
    }
    query.push(" and +c.account_id = ").value(agent.account_id);
    agent.scope_conversations(query);
    true
}

/// The same among the newest of the installation alone. In PostgreSQL, whose index of words is in no order.
fn from_newest_messages(_: &Db, agent: &AgentActor, text: &str, query: &mut Builder) -> bool {
    let words = sought::in_messages(text);
    if words.is_empty() {
        return false;
    }
    query
        .push("from (select message_id, document from message_search order by message_id desc limit ")
        .value(postgres::NEWEST);
    query.push(") s join messages m on m.id = s.message_id join conversations c on c.id = m.conversation_id where ");
    postgres::matches(agent.account_id, &words, query);
    query.push(" and +c.account_id = ").value(agent.account_id);
    agent.scope_conversations(query);
    true
}

/// Contacts with all these words, for those who may see contacts.
fn from_contacts(db: &Db, agent: &AgentActor, text: &str, query: &mut Builder) -> bool {
    if !agent.role.has(Permission::SeeContacts) || sought::in_contacts(text).is_empty() {
        return false;
    }
    query.push("from contacts k where +k.account_id = ").value(agent.account_id).push(" and k.id in (");
    contacts::matching(db, agent.account_id, text, query);
    query.push(")");
    true
}
