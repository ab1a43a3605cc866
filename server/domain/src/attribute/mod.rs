//! Custom attributes: what an account wants to know about its contacts and conversations besides what everybody knows.

pub mod pattern;
pub(crate) mod store;
pub mod value;

use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::{AttributeId, AuditSubject, ErrorCode, Permission};

use crate::audit::{self, Entry};
use crate::event::Event;
use crate::{Ctx, Error, Result, input};

const MAX_KEY: usize = 60;
const MAX_DESCRIPTION: usize = 300;
const MAX_CUE: usize = 300;
/// Values of a list.
const MAX_VALUES: usize = 200;
const MAX_VALUE: usize = 120;
/// Definitions of an account for contacts, and as many for conversations.
const MAX_DEFINITIONS: i64 = 200;

/// Names that facts of conversations have already.
const OF_CONVERSATIONS: &[&str] = &[
    "status",
    "priority",
    "assignee_id",
    "inbox_id",
    "team_id",
    "display_id",
    "campaign_id",
    "labels",
    "browser_language",
    "country_code",
    "referer",
    "created_at",
    "last_activity_at",
];
/// Names that facts of contacts have already.
const OF_CONTACTS: &[&str] = &[
    "name",
    "email",
    "phone_number",
    "identifier",
    "country_code",
    "city",
    "created_at",
    "last_activity_at",
    "referer",
    "blocked",
];

/// A definition as it is written.
#[derive(Debug, Clone)]
pub struct AttributeInput {
    pub model: AttributeModel,
    pub key: String,
    pub name: String,
    pub description: String,
    pub kind: AttributeKind,
    pub values: Vec<String>,
    pub regex_pattern: Option<String>,
    pub regex_cue: Option<String>,
}

/// The definitions of the account, by name.
pub async fn list(ctx: &Ctx, model: Option<AttributeModel>) -> Result<Vec<AttributeDefinition>> {
    store::list(ctx.db(), ctx.agent()?.account_id, model).await
}

/// One definition.
pub async fn get(ctx: &Ctx, id: AttributeId) -> Result<AttributeDefinition> {
    store::get(ctx.db(), ctx.agent()?.account_id, id).await?.ok_or_else(Error::not_found)
}

/// A new definition.
pub async fn create(ctx: &Ctx, new: AttributeInput) -> Result<AttributeDefinition> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let new = AttributeInput { key: key(new.model, &new.key)?, ..checked(new)? };
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::count(&mut work.tx, agent.account_id, new.model).await? >= MAX_DEFINITIONS {
        return Err(Error::field("attribute_key", ErrorCode::TooMany));
    }
    let id = store::insert(&mut work.tx, agent.account_id, &new, now).await?;
    audit::record(&mut work, agent.account_id, Entry::created(AuditSubject::CustomAttribute, id, &new.name));
    work.record(agent.account_id, Event::AttributesChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Changes a definition. Key, model and kind stay: values would lose their meaning. Values that are there are not looked at again.
pub async fn update(ctx: &Ctx, id: AttributeId, change: AttributeInput) -> Result<AttributeDefinition> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let known = get(ctx, id).await?;
    for (field, is_same) in [
        ("attribute_key", change.key == known.key),
        ("attribute_model", change.model == known.model),
        ("attribute_display_type", change.kind == known.kind),
    ] {
        if !is_same {
            return Err(Error::field(field, ErrorCode::Conflict));
        }
    }
    let change = checked(change)?;
    let mut work = ctx.begin().await?;
    let now = work.now;
    if store::update(&mut work.tx, agent.account_id, id, &change, now).await? == 0 {
        return Err(Error::not_found());
    }
    let entry = Entry::updated(AuditSubject::CustomAttribute, id, &change.name)
        .change("name", known.name, &change.name)
        .change("description", known.description, &change.description)
        .change("values", known.values, &change.values)
        .change("regex_pattern", known.regex_pattern, &change.regex_pattern)
        .change("regex_cue", known.regex_cue, &change.regex_cue);
    audit::record(&mut work, agent.account_id, entry);
    work.record(agent.account_id, Event::AttributesChanged);
    work.commit().await?;
    get(ctx, id).await
}

/// Deletes a definition. Values that contacts and conversations have stay theirs.
pub async fn delete(ctx: &Ctx, id: AttributeId) -> Result<()> {
    let agent = ctx.agent()?;
    agent.require(Permission::ManageAccount)?;
    let known = get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    if store::delete(&mut work.tx, agent.account_id, id).await? == 0 {
        return Err(Error::not_found());
    }
    audit::record(&mut work, agent.account_id, Entry::destroyed(AuditSubject::CustomAttribute, id, &known.name));
    work.record(agent.account_id, Event::AttributesChanged);
    work.commit().await
}

fn checked(new: AttributeInput) -> Result<AttributeInput> {
    let is_text = new.kind == AttributeKind::Text;
    let is_list = new.kind == AttributeKind::List;
    let given = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let regex_pattern = given(new.regex_pattern).filter(|_| is_text);
    if let Some(pattern) = &regex_pattern {
        pattern::read(pattern)?;
    }
    let regex_cue = given(new.regex_cue).filter(|_| regex_pattern.is_some());
    let regex_cue = regex_cue.map(|cue| input::optional_line("regex_cue", &cue, MAX_CUE)).transpose()?;
    Ok(AttributeInput {
        name: input::line("attribute_display_name", &new.name, input::MAX_NAME)?,
        description: input::optional_line("attribute_description", &new.description, MAX_DESCRIPTION)?,
        values: if is_list { values(&new.values)? } else { Vec::new() },
        regex_pattern,
        regex_cue,
        ..new
    })
}

/// Letters, digits, `_` and `-`; none of the names that are taken.
fn key(model: AttributeModel, text: &str) -> Result<String> {
    let key = input::line("attribute_key", text, MAX_KEY)?;
    if !key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-')) {
        return Err(Error::field("attribute_key", ErrorCode::Invalid));
    }
    let taken = match model {
        AttributeModel::Conversation => OF_CONVERSATIONS,
        AttributeModel::Contact => OF_CONTACTS,
    };
    if taken.contains(&key.to_lowercase().as_str()) {
        return Err(Error::field("attribute_key", ErrorCode::Taken));
    }
    Ok(key)
}

fn values(given: &[String]) -> Result<Vec<String>> {
    if given.len() > MAX_VALUES {
        return Err(Error::field("attribute_values", ErrorCode::TooMany));
    }
    let mut values: Vec<String> = Vec::with_capacity(given.len());
    for value in given {
        let value = input::optional_line("attribute_values", value, MAX_VALUE)?;
        if !value.is_empty() && !values.contains(&value) {
            values.push(value);
        }
    }
    if values.is_empty() { Err(Error::field("attribute_values", ErrorCode::Required)) } else { Ok(values) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_have_a_form() {
        use AttributeModel::{Contact, Conversation};
        assert_eq!(key(Contact, " cpf_2 ").unwrap(), "cpf_2");
        assert_eq!(key(Contact, "e-mail").unwrap(), "e-mail");
        for (model, wrong) in [(Contact, "email"), (Contact, "Email"), (Conversation, "status")] {
            assert_eq!(key(model, wrong).unwrap_err().known(), Some(ErrorCode::Taken), "{wrong}");
        }
        assert!(key(Conversation, "email").is_ok());
        for wrong in ["a b", "a.b", "a'b", "$"] {
            assert_eq!(key(Contact, wrong).unwrap_err().known(), Some(ErrorCode::Invalid), "{wrong}");
        }
        let given: Vec<_> = ["Ouro", " Prata ", "", "Ouro"].map(str::to_owned).into();
        assert_eq!(values(&given).unwrap(), ["Ouro", "Prata"]);
        assert!(values(&[String::new()]).is_err());
    }
}
