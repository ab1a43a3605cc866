//! Asking contacts what they think of a conversation that was resolved, and keeping what they say.
//!
//! Everybody is asked once for each conversation: by a message of the chat where contacts read their messages here, by a link to a page
//! elsewhere. They may change their mind for two weeks. An opinion belongs to whoever had the conversation last when it came.

pub mod store;

use std::collections::HashMap;

use model::contact::Contact;
use model::csat::{CsatFilter, CsatMetrics, CsatResponse};
use model::{AccountId, ContentKind, ErrorCode, MessageId, MessageKind, Millis, Permission};
use serde_json::{Value, json};
use text::VisitorLang;

use crate::conversation::store::{self as conversations, Facts};
use crate::event::Event;
use crate::message::attachment::avatar_url;
use crate::message::interactive::SUBMITTED;
use crate::message::store as messages;
use crate::message::write::{self, New};
use crate::visitor::language;
use crate::work::Work;
use crate::{Ctx, Error, Result, channel, contact, inbox, input};

/// How long an opinion is taken, in milliseconds.
const OPEN_FOR: Millis = 14 * 24 * 60 * 60_000;
/// Most characters of what is added to a rating.
const MAX_FEEDBACK: usize = 2_000;
/// Opinions in a page.
pub const PER_PAGE: i64 = 25;
/// The key of the rating in an answer.
const RESPONSE: &str = "csat_survey_response";

/// What somebody says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    rating: i64,
    /// `None` leaves what was said before.
    feedback: Option<String>,
}

impl Rating {
    /// Checks a rating from 1 to 5 and what is added to it.
    pub fn new(rating: i64, feedback: Option<&str>) -> Result<Self> {
        if !(1..=5).contains(&rating) {
            return Err(Error::field("rating", ErrorCode::Invalid));
        }
        let feedback = feedback.map(|words| input::optional_lines("feedback_message", words, MAX_FEEDBACK));
        Ok(Self { rating, feedback: feedback.transpose()? })
    }

    /// Reads `{"csat_survey_response": {"rating": …, "feedback_message": …}}`.
    pub fn read(given: &Value) -> Result<Self> {
        let given = &given[RESPONSE];
        let rating = given["rating"].as_i64().or_else(|| given["rating"].as_str()?.trim().parse().ok());
        let feedback = match &given["feedback_message"] {
            Value::Null => None,
            Value::String(words) => Some(words.as_str()),
            _ => return Err(Error::field("feedback_message", ErrorCode::Invalid)),
        };
        Self::new(rating.ok_or_else(|| Error::field("rating", ErrorCode::Required))?, feedback)
    }
}

/// What was said of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    pub rating: i64,
    pub feedback: String,
}

impl Given {
    /// What a message that asked holds of the answer.
    pub fn of(attributes: &Value) -> Option<Self> {
        let given = &attributes[SUBMITTED][RESPONSE];
        let feedback = given["feedback_message"].as_str().unwrap_or_default().to_owned();
        Some(Self { rating: given["rating"].as_i64()?, feedback })
    }
}

/// Asks the contact of a conversation that was just resolved, where its inbox wants that. `facts` are as of the lock in this change.
pub(crate) async fn ask(ctx: &Ctx, work: &mut Work<'_>, facts: &Facts) -> Result<()> {
    let inbox = inbox::store::find(&mut work.tx, facts.account_id, facts.inbox_id).await?;
    // Whoever is kept to one conversation would be asked in the middle of it.
    let Some(inbox) = inbox.filter(|inbox| inbox.csat_survey_enabled && !inbox.lock_to_single_conversation) else {
        return Ok(());
    };
    let now = work.now;
    let locked = conversations::lock(&mut work.tx, facts.account_id, facts.id, now).await?;
    let Some(facts) = locked.filter(|facts| !facts.contact_blocked && facts.merged_into.is_none()) else {
        return Ok(());
    };
    if messages::last_incoming_at(&mut work.tx, facts.account_id, facts.id).await?.is_none() {
        return Ok(());
    }
    let lang = language::of(work, &facts).await?;
    let words = if channel::by_key(&inbox.channel)?.abilities().is_read_here {
        text::survey::question(lang).to_owned()
    } else {
        let uuid = store::uuid(&mut work.tx, facts.account_id, facts.id).await?;
        text::survey::question_with_link(lang, &format!("{}/survey/responses/{uuid}", ctx.app.settings.base_url))
    };
    let question = New {
        content_kind: ContentKind::InputCsat,
        content_attributes: json!({ "display_type": "emoji" }),
        dedupe_key: Some(format!("csat:{}", facts.id)),
        ..New::text(MessageKind::Template, words)
    };
    write::write(work, &facts, question).await?;
    Ok(())
}

/// Takes an opinion in answer to a message. Whoever calls has seen that it is theirs to answer.
pub(crate) async fn rate_message(ctx: &Ctx, account: AccountId, id: MessageId, rating: Rating) -> Result<()> {
    let asked = messages::find(ctx.db(), account, id).await?.ok_or_else(Error::not_found)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    let locked = conversations::lock(&mut work.tx, account, asked.conversation_id, now).await?;
    let facts = locked.ok_or_else(Error::not_found)?;
    let asked = messages::find(&mut work.tx, account, id).await?;
    // It may have been taken back meanwhile.
    let asked = asked.filter(|row| row.content_kind == ContentKind::InputCsat).ok_or_else(Error::not_found)?;
    if now - asked.created_at > OPEN_FOR {
        return Err(Error::code(ErrorCode::LinkExpired));
    }
    let mut attributes = asked.content_attributes.0;
    let before = Given::of(&attributes).map(|given| given.feedback);
    let feedback = rating.feedback.or(before).unwrap_or_default();
    store::put(&mut work.tx, &facts, id, rating.rating, &feedback, now).await?;
    attributes[SUBMITTED] = json!({ RESPONSE: { "rating": rating.rating, "feedback_message": feedback } });
    messages::set_attributes(&mut work.tx, account, id, &attributes, now).await?;
    work.record(account, Event::MessageUpdated { message_id: id, conversation_id: facts.id });
    work.commit().await
}

/// A question as the page behind its link shows it.
#[derive(Debug, Clone)]
pub struct Survey {
    pub message_id: MessageId,
    pub conversation_id: model::ConversationId,
    pub content: String,
    pub given: Option<Given>,
    pub inbox_name: String,
    pub inbox_avatar_url: Option<String>,
    /// The contact's language.
    pub lang: VisitorLang,
    pub created_at: Millis,
    /// Whether an opinion is still taken.
    pub is_open: bool,
}

/// The question that was asked about a conversation, by the secret name of the conversation. For anybody who has it.
pub async fn survey(ctx: &Ctx, uuid: &str) -> Result<Survey> {
    let row = store::by_uuid(ctx.db(), uuid).await?.ok_or_else(Error::not_found)?;
    Ok(Survey {
        message_id: row.id,
        conversation_id: row.conversation_id,
        given: Given::of(&row.content_attributes.0),
        content: row.content,
        inbox_name: row.inbox_name,
        inbox_avatar_url: row.inbox_avatar_key.as_deref().map(avatar_url),
        lang: language::known(&row.origin.0, &row.locale),
        created_at: row.created_at,
        is_open: ctx.now() - row.created_at <= OPEN_FOR,
    })
}

/// Takes an opinion from the page behind the link.
pub async fn rate(ctx: &Ctx, uuid: &str, rating: Rating) -> Result<Survey> {
    let row = store::by_uuid(ctx.db(), uuid).await?.ok_or_else(Error::not_found)?;
    rate_message(ctx, row.account_id, row.id, rating).await?;
    survey(ctx, uuid).await
}

/// Opinions, the newest first unless turned round.
pub async fn list(
    ctx: &Ctx,
    filter: &CsatFilter,
    page: i64,
    oldest_first: bool,
) -> Result<Vec<(CsatResponse, Option<Contact>)>> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeReports)?;
    let found = store::page(ctx.db(), agent.account_id, filter, page.max(1), oldest_first).await?;
    let ids: Vec<_> = found.iter().map(|response| response.contact_id).collect();
    let contacts = contact::read::many(ctx, agent.account_id, &ids).await?;
    let contacts: HashMap<_, _> = contacts.into_iter().map(|contact| (contact.id, contact)).collect();
    let with_contact = |response: CsatResponse| {
        let contact = contacts.get(&response.contact_id).cloned();
        (response, contact)
    };
    Ok(found.into_iter().map(with_contact).collect())
}

/// How opinions are spread, and how many were asked for theirs in the same time.
pub async fn metrics(ctx: &Ctx, filter: &CsatFilter) -> Result<CsatMetrics> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeReports)?;
    let mut metrics =
        CsatMetrics { asked: store::asked(ctx.db(), agent.account_id, filter).await?, ..CsatMetrics::default() };
    for (rating, count) in store::spread(ctx.db(), agent.account_id, filter).await? {
        metrics.answered += count;
        let place = usize::try_from(rating - 1).ok().and_then(|at| metrics.ratings.get_mut(at));
        if let Some(place) = place {
            *place = count;
        }
    }
    Ok(metrics)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_is_one_to_five() {
        let read = |rating: Value, words: Value| {
            Rating::read(&json!({RESPONSE: {"rating": rating, "feedback_message": words}}))
        };
        assert_eq!(read(json!(5), json!(" Ótimo ")).unwrap(), Rating { rating: 5, feedback: Some("Ótimo".to_owned()) });
        assert_eq!(read(json!("3"), Value::Null).unwrap(), Rating { rating: 3, feedback: None });
        for wrong in [json!(0), json!(6), json!(-1), json!(4.5), json!("x"), Value::Null, json!([5]), json!({"a": 1})] {
            assert!(read(wrong.clone(), Value::Null).is_err(), "{wrong}");
        }
        assert!(read(json!(5), json!({"a": 1})).is_err());
        assert!(read(json!(5), json!("x".repeat(MAX_FEEDBACK + 1))).is_err());
    }
}
