//! The form before the first message: what is asked of this visitor, and what becomes of the answers.

use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::contact::Contact;
use model::inbox::Inbox;
use model::pre_chat::{EMAIL, FieldOf, NAME, PHONE, PreChat, PreChatField};
use model::{AccountId, ErrorCode};
use serde_json::{Map, Value};

use super::identify::{self, Identified};
use crate::attribute::{store as definitions, value};
use crate::contact::Facts;
use crate::{Ctx, Error, Result};

/// The switch of the inbox, and its form.
const SWITCH: &str = "pre_chat_form_enabled";
const FORM: &str = "pre_chat_form_options";

/// What came of the answers.
pub struct Answered {
    pub identified: Identified,
    /// Facts about the conversation that the visitor is about to begin.
    pub conversation: Map<String, Value>,
}

/// What this visitor is asked; `None` when it is nothing. Of what is known of them they are not asked again.
pub async fn asked(ctx: &Ctx, inbox: &Inbox) -> Result<Option<PreChat>> {
    if !inbox.config_bool(SWITCH) {
        return Ok(None);
    }
    let contact = super::contact(ctx).await?;
    let form = form(ctx, inbox).await?;
    let fields: Vec<_> = form.fields.into_iter().filter(|field| !is_known(field, contact.as_ref())).collect();
    Ok((!fields.is_empty()).then_some(PreChat { message: form.message, fields }))
}

/// The fields that are switched on, as the account's attributes are today.
async fn form(ctx: &Ctx, inbox: &Inbox) -> Result<PreChat> {
    let stored = inbox.config.get(FORM).cloned().unwrap_or_default();
    let mut form: PreChat = serde_json::from_value(stored).unwrap_or_default();
    let known = definitions::list(ctx.db(), ctx.visitor()?.account_id, None).await?;
    form.fields = form.fields.into_iter().filter(|field| field.enabled).filter_map(|f| complete(f, &known)).collect();
    Ok(form)
}

/// A field with what its attribute says; nothing for one whose attribute is gone.
fn complete(field: PreChatField, known: &[AttributeDefinition]) -> Option<PreChatField> {
    if field.field_type == FieldOf::Standard {
        return Some(field);
    }
    let found = definition(&field, known)?;
    let label = if field.label.trim().is_empty() { found.name.clone() } else { field.label };
    Some(PreChatField { label, kind: input(found.kind).to_owned(), values: found.values.clone(), ..field })
}

fn definition<'a>(field: &PreChatField, known: &'a [AttributeDefinition]) -> Option<&'a AttributeDefinition> {
    let model = match field.field_type {
        FieldOf::Standard => return None,
        FieldOf::Contact => AttributeModel::Contact,
        FieldOf::Conversation => AttributeModel::Conversation,
    };
    known.iter().find(|definition| definition.model == model && definition.key == field.name)
}

/// The kind of input for an attribute, as existing clients name it.
fn input(kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Link => "url",
        AttributeKind::List => "select",
        kind => kind.as_str(),
    }
}

fn is_known(field: &PreChatField, contact: Option<&Contact>) -> bool {
    let Some(contact) = contact else { return false };
    let is_somebody = contact.email.is_some() || contact.phone_number.is_some() || contact.identifier.is_some();
    match (field.field_type, field.name.as_str()) {
        (FieldOf::Standard, EMAIL) => contact.email.is_some(),
        (FieldOf::Standard, PHONE) => contact.phone_number.is_some(),
        (FieldOf::Standard, NAME) => is_somebody && !contact.name.is_empty(),
        (FieldOf::Standard, _) => true,
        (FieldOf::Contact, key) => contact.custom_attributes.get(key).is_some_and(|value| !value.is_null()),
        (FieldOf::Conversation, _) => false,
    }
}

/// Takes the answers: everything or nothing. The error names the field.
pub async fn answer(ctx: &Ctx, inbox: &Inbox, answers: &Map<String, Value>) -> Result<Answered> {
    let form = asked(ctx, inbox).await?.unwrap_or_default();
    let account = ctx.visitor()?.account_id;
    let (facts, conversation) = sorted(ctx, account, &form, answers).await?;
    Ok(Answered { identified: identify::update(ctx, facts, false).await?, conversation })
}

async fn sorted(
    ctx: &Ctx,
    account: AccountId,
    form: &PreChat,
    answers: &Map<String, Value>,
) -> Result<(Facts, Map<String, Value>)> {
    let known = definitions::list(ctx.db(), account, None).await?;
    let (mut facts, mut of_contact, mut of_conversation) = (Facts::default(), Map::new(), Map::new());
    for field in &form.fields {
        let given = answers.get(&field.name).filter(|value| !is_blank(value));
        let Some(given) = given else {
            if field.required {
                return Err(Error::field(&field.name, ErrorCode::Required));
            }
            continue;
        };
        match definition(field, &known) {
            None => standard(&mut facts, &field.name, given)?,
            Some(definition) => {
                let value = value::check(definition, given).map_err(|error| named(error, &field.name))?;
                let into = if field.field_type == FieldOf::Contact { &mut of_contact } else { &mut of_conversation };
                into.insert(field.name.clone(), value);
            }
        }
    }
    if !of_contact.is_empty() {
        facts.custom_attributes = Some(Value::Object(of_contact));
    }
    Ok((facts, of_conversation))
}

fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn standard(facts: &mut Facts, name: &str, given: &Value) -> Result<()> {
    let text = given.as_str().ok_or_else(|| Error::field(name, ErrorCode::Invalid))?.to_owned();
    let one = match name {
        EMAIL => Facts { email: Some(text), ..Facts::default() },
        PHONE => Facts { phone_number: Some(text), ..Facts::default() },
        _ => Facts { name: Some(text), ..Facts::default() },
    };
    one.clone().check().map_err(|error| named(error, name))?;
    facts.email = one.email.or(facts.email.take());
    facts.phone_number = one.phone_number.or(facts.phone_number.take());
    facts.name = one.name.or(facts.name.take());
    Ok(())
}

/// The same error about a field of the form.
fn named(error: Error, field: &str) -> Error {
    match error {
        Error::Known(known) => Error::Known(model::Error { field: Some(field.to_owned()), ..known }),
        other => other,
    }
}
