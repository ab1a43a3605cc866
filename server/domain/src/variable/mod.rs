//! What variables in texts stand for: `{{contact.name}}` in answers, canned responses, macros and everywhere else that takes them.
//! How a template is read and filled in is in [`model::variable`], so that the composer does the very same.

use model::variable::{
    CONTACT_ATTRIBUTE, CONVERSATION_ATTRIBUTE, Values, Variable, first_and_last, is_template, render,
};
use model::{AccountId, ContactId, ConversationId, DisplayId, InboxId, MessageKind, UserId};
use serde_json::Value;

use crate::conversation::store::Facts;
use crate::message::{self, Window};
use crate::{Ctx, Result, account, agent, contact, conversation, inbox};

/// Longest text of an attribute's value.
const MAX_VALUE: usize = 2_000;
/// Messages of the variable that tells what was said lately.
const RECENT: usize = 5;
/// So many are looked through for them: activity lines stand between.
const LOOKED_THROUGH: i64 = 30;

/// What a text is about.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    pub account: AccountId,
    pub contact: ContactId,
    pub inbox: Option<InboxId>,
    pub conversation: Option<(DisplayId, &'a Value)>,
    /// The same conversation, to read what was said in it.
    pub said_in: Option<ConversationId>,
    /// Who writes; nobody for automatic texts.
    pub agent: Option<UserId>,
}

impl<'a> About<'a> {
    /// A text in a conversation.
    pub fn conversation(facts: &'a Facts, agent: Option<UserId>) -> Self {
        Self {
            account: facts.account_id,
            contact: facts.contact_id,
            inbox: Some(facts.inbox_id),
            conversation: Some((facts.display_id, &facts.custom_attributes.0)),
            said_in: Some(facts.id),
            agent,
        }
    }
}

/// What the variables stand for in a conversation that the agent may know of, with them as the writer.
pub async fn of_conversation(ctx: &Ctx, id: DisplayId) -> Result<Values> {
    let facts = conversation::access(ctx, id).await?;
    values(ctx, About::conversation(&facts, Some(ctx.agent()?.user_id))).await
}

/// Fills in a template; asks the database only when there is something to fill in.
pub(crate) async fn fill(ctx: &Ctx, about: About<'_>, template: String) -> Result<String> {
    if !is_template(&template) {
        return Ok(template);
    }
    Ok(render(&template, &values(ctx, about).await?))
}

/// What the variables stand for.
pub(crate) async fn values(ctx: &Ctx, about: About<'_>) -> Result<Values> {
    let mut values = Values::default();
    for variable in Variable::ALL {
        // Each is there, so that whoever lists them sees those without a value too.
        values.set(*variable, "");
    }
    if let Some(contact) = contact::read::one(ctx, about.account, about.contact).await? {
        let name = proper(&contact.name);
        let (first, last) = first_and_last(&name);
        values.set(Variable::ContactFirstName, first);
        values.set(Variable::ContactLastName, last);
        values.set(Variable::ContactName, name);
        values.set(Variable::ContactEmail, contact.email.unwrap_or_default());
        values.set(Variable::ContactPhone, contact.phone_number.unwrap_or_default());
        values.set(Variable::ContactIdentifier, contact.identifier.unwrap_or_default());
        values.set(Variable::ContactId, contact.id.to_string());
        attributes(&mut values, CONTACT_ATTRIBUTE, &contact.custom_attributes);
    }
    if let Some((id, custom)) = about.conversation {
        values.set(Variable::ConversationDisplayId, id.to_string());
        attributes(&mut values, CONVERSATION_ATTRIBUTE, custom);
    }
    if let Some(id) = about.said_in {
        values.set(Variable::ConversationRecentMessages, recent(ctx, about.account, id).await?);
    }
    if let Some(id) = about.inbox
        && let Some(inbox) = inbox::read::one(ctx, about.account, id).await?
    {
        values.set(Variable::InboxName, inbox.name);
        values.set(Variable::InboxId, id.to_string());
    }
    if let Some(id) = about.agent
        && let Some(agent) = agent::read::one(ctx, about.account, id).await?
    {
        // What contacts are to read.
        let name = if agent.display_name.is_empty() { agent.name } else { agent.display_name };
        let (first, last) = first_and_last(&name);
        values.set(Variable::AgentFirstName, first);
        values.set(Variable::AgentLastName, last);
        values.set(Variable::AgentName, name);
        values.set(Variable::AgentEmail, agent.email);
    }
    if let Some(account) = account::store::get(ctx.db(), about.account).await? {
        values.set(Variable::AccountName, account.name);
        values.set(Variable::AccountId, account.id.to_string());
    }
    Ok(values)
}

/// What contacts and agents said to each other lately, never what colleagues noted.
async fn recent(ctx: &Ctx, account: AccountId, id: ConversationId) -> Result<String> {
    let window = Window { before: None, after: None, public_only: true, limit: LOOKED_THROUGH };
    let messages = message::read::list(ctx, account, &[id], window).await?;
    let said = messages.iter().filter(|message| {
        message.kind != MessageKind::Activity && !message.is_deleted() && !message.content.trim().is_empty()
    });
    let lines: Vec<String> = said
        .map(|message| {
            let name = message.sender.as_ref().map(|sender| sender.name.as_str()).unwrap_or_default();
            let words: String = message.content.trim().chars().take(MAX_VALUE).collect();
            if name.is_empty() { words } else { format!("{name}: {words}") }
        })
        .collect();
    Ok(lines[lines.len().saturating_sub(RECENT)..].join("\n"))
}

fn attributes(values: &mut Values, start: &str, attributes: &Value) {
    for (key, value) in attributes.as_object().into_iter().flatten() {
        values.set_attribute([start, key].concat(), plain(value));
    }
}

/// An attribute's value as a text.
fn plain(value: &Value) -> String {
    let text = match value {
        Value::Null | Value::Object(_) => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    };
    text.chars().take(MAX_VALUE).collect()
}

/// Gives a name that was typed in small letters its capitals. A name with any capital is as its owner writes it.
fn proper(name: &str) -> String {
    const SMALL: [&str; 7] = ["da", "de", "di", "do", "das", "dos", "e"];
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let word = |(place, word): (usize, &str)| {
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if place == 0 || !SMALL.contains(&word) => {
                first.to_uppercase().chain(letters).collect::<String>()
            }
            _ => word.to_owned(),
        }
    };
    name.split(' ').enumerate().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn small_names_get_their_capitals() {
        assert_eq!(proper("joão da silva"), "João da Silva");
        assert_eq!(proper("McDonald de souza"), "McDonald de souza");
        assert_eq!(proper("e commerce"), "E Commerce");
        assert_eq!(proper(""), "");
    }

    #[test]
    fn attributes_are_plain_texts() {
        let mut values = Values::default();
        attributes(
            &mut values,
            CONTACT_ATTRIBUTE,
            &json!({"a": true, "b": 1.5, "c": ["x", "y"], "d": null, "e": {"f": 1}}),
        );
        let shown: Vec<_> = values.iter().map(|(_, value)| value).collect();
        assert_eq!(shown, ["true", "1.5", "x, y", "", ""]);
    }
}
