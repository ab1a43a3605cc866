//! Contacts: the people on the other side. E-mail, phone and identifier are each unique per account.

pub mod erase;
pub mod import;
pub mod label;
pub mod merge;
pub mod note;
pub mod phone;
pub mod place;
pub mod reach;
pub mod read;
pub mod store;

#[cfg(test)]
mod tests;

use model::attribute::AttributeModel;
use model::contact::{Contact, ContactPage, ContactRow, Total};
use model::conversation::{Conversation, ConversationFilter, ConversationRow, Page};
use model::filter::Subject;
use model::{AccountId, ContactId, ErrorCode, Permission};
use serde_json::{Map, Value};

use crate::attribute::value::{self, Manner};
use crate::conversation::{self, Paging};
use crate::event::Event;
use crate::filter::{self, Scope};
use crate::work::Work;
use crate::{Ctx, Error, OnUnique, Result, saved_view};
pub use erase::{delete, delete_many};
use store::list::Asked;
pub use store::list::Wanted;

const MAX_NAME: usize = 255;
/// Longest text in an attribute.
const MAX_ATTRIBUTE_TEXT: usize = 1_500;
const MAX_ATTRIBUTES_BYTES: usize = 64 * 1024;
/// Contacts on a page of the API.
pub const PAGE: i64 = 15;
/// Contacts on a page of the dashboard.
const ROWS: i64 = 50;
/// Conversations in the list of a contact's.
const CONVERSATIONS: i64 = 20;
/// Conversations on a page of a contact's history.
const HISTORY: i64 = 30;
/// Most contacts in the list of those who are here.
const MOST_ACTIVE: usize = 500;

/// Facts about a contact; `None` leaves what is there, an empty text erases.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub identifier: Option<String>,
    pub avatar_url: Option<String>,
    pub blocked: Option<bool>,
    /// Merged into what is there.
    pub additional_attributes: Option<Value>,
    pub custom_attributes: Option<Value>,
}

/// Facts in the form in which they are kept.
#[derive(Debug, Clone, Default)]
pub struct Checked {
    pub name: Option<String>,
    pub email: Option<Option<String>>,
    pub phone_number: Option<Option<String>>,
    pub identifier: Option<Option<String>>,
    pub avatar_url: Option<Option<String>>,
    pub blocked: Option<bool>,
    pub additional_attributes: Option<Map<String, Value>>,
    pub custom_attributes: Option<Map<String, Value>>,
}

impl Checked {
    /// Whether anything is said by which somebody could look for them.
    pub fn is_somebody(&self) -> bool {
        let said = |fact: &Option<Option<String>>| fact.as_ref().is_some_and(Option::is_some);
        self.name.as_ref().is_some_and(|name| !name.is_empty())
            || said(&self.email)
            || said(&self.phone_number)
            || said(&self.identifier)
            || self.additional_attributes.is_some()
    }
}

impl Facts {
    /// Checks the facts; the error names the field.
    pub fn check(self) -> Result<Checked> {
        Ok(Checked {
            name: self.name.map(|name| checked_name(&name)).transpose()?,
            email: self.email.map(|email| optional(&email, checked_email)).transpose()?,
            phone_number: self
                .phone_number
                .map(|phone| optional(&phone, |text| phone::checked(text, None)))
                .transpose()?,
            identifier: self.identifier.map(|id| optional(&id, checked_identifier)).transpose()?,
            avatar_url: self.avatar_url.map(|url| optional(&url, checked_avatar)).transpose()?,
            blocked: self.blocked,
            additional_attributes: checked_attributes("additional_attributes", self.additional_attributes)?,
            custom_attributes: checked_attributes("custom_attributes", self.custom_attributes)?,
        })
    }
}

/// Checks facts, custom attributes against the account's definitions.
pub(crate) async fn checked(ctx: &Ctx, account: AccountId, mut facts: Facts) -> Result<Checked> {
    // Colleagues write numbers of their own country without it.
    if let Some(phone) = facts.phone_number.as_mut().filter(|phone| !phone.trim().is_empty())
        && !phone.trim_start().starts_with('+')
    {
        let home = store::locale(ctx.db(), account).await?.and_then(|locale| phone::home(&locale));
        *phone = phone::checked(phone, home)?;
    }
    let mut checked = facts.check()?;
    if let Some(given) = checked.custom_attributes.take() {
        let given = value::checked(ctx.db(), account, AttributeModel::Contact, given, Manner::Strict).await?;
        checked.custom_attributes = Some(given);
    }
    Ok(checked)
}

fn optional(text: &str, check: impl Fn(&str) -> Result<String>) -> Result<Option<String>> {
    let text = text.trim();
    if text.is_empty() { Ok(None) } else { check(text).map(Some) }
}

fn checked_name(name: &str) -> Result<String> {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    let name = name.trim().to_owned();
    if name.chars().count() > MAX_NAME {
        return Err(Error::field("name", ErrorCode::TooLong));
    }
    Ok(name)
}

/// An address in lower case.
pub fn checked_email(text: &str) -> Result<String> {
    let email = text.trim().to_lowercase();
    let is_address = email.len() <= 254 && !email.contains(char::is_control) && {
        email.split_once('@').is_some_and(|(_, domain)| domain.contains('.'))
            && email.parse::<lettre::Address>().is_ok()
    };
    if is_address { Ok(email) } else { Err(Error::field("email", ErrorCode::InvalidEmail)) }
}

fn checked_identifier(text: &str) -> Result<String> {
    if text.chars().count() > MAX_NAME || text.contains(char::is_control) {
        return Err(Error::field("identifier", ErrorCode::Invalid));
    }
    Ok(text.to_owned())
}

fn checked_avatar(text: &str) -> Result<String> {
    let is_web = reqwest::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    if is_web && text.len() <= 2_048 {
        Ok(text.to_owned())
    } else {
        Err(Error::field("avatar_url", ErrorCode::InvalidUrl))
    }
}

/// Attributes as a flat-enough object: bounded, without NUL characters, which PostgreSQL cannot keep.
pub(crate) fn checked_attributes(field: &str, given: Option<Value>) -> Result<Option<Map<String, Value>>> {
    let Some(given) = given.filter(|given| !given.is_null()) else { return Ok(None) };
    let Value::Object(map) = given else { return Err(Error::field(field, ErrorCode::Invalid)) };
    let text = Value::Object(map.clone()).to_string();
    if text.len() > MAX_ATTRIBUTES_BYTES {
        return Err(Error::field(field, ErrorCode::TooLong));
    }
    let too_long = |value: &Value| value.as_str().is_some_and(|text| text.chars().count() > MAX_ATTRIBUTE_TEXT);
    if map.values().any(too_long) {
        return Err(Error::field(field, ErrorCode::TooLong));
    }
    if text.contains("\\u0000") || map.keys().any(String::is_empty) {
        return Err(Error::field(field, ErrorCode::Invalid));
    }
    Ok(Some(map))
}

/// One contact.
pub async fn get(ctx: &Ctx, id: ContactId) -> Result<Contact> {
    let agent = ctx.agent()?;
    if !agent.role.has(Permission::SeeContacts) && !read::is_met_by(ctx, agent, id).await? {
        return Err(Error::not_found());
    }
    read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// A page of contacts, and how many there are.
pub async fn list(ctx: &Ctx, wanted: &Wanted<'_>, sort: read::Sort, page: i64) -> Result<(Vec<Contact>, Total)> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    read::page(ctx, agent.account_id, &asked(ctx, wanted).await?, sort, page.max(1), PAGE).await
}

/// A page for the dashboard, with labels.
pub async fn rows(ctx: &Ctx, wanted: &Wanted<'_>, sort: read::Sort, page: i64) -> Result<ContactPage> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    let page = page.max(1);
    let asked = asked(ctx, wanted).await?;
    let (contacts, total) = read::page(ctx, agent.account_id, &asked, sort, page, ROWS).await?;
    let ids: Vec<_> = contacts.iter().map(|contact| contact.id).collect();
    let mut labels = label::of(ctx, &ids).await?;
    let row = |contact: Contact| ContactRow { labels: labels.remove(&contact.id).unwrap_or_default(), contact };
    Ok(ContactPage {
        has_more: total.has_more(page, ROWS, contacts.len()),
        items: contacts.into_iter().map(row).collect(),
        total: total.number,
        at_least: total.at_least,
    })
}

/// Checks the conditions that somebody wrote, and those of the segment.
async fn asked<'a>(ctx: &Ctx, wanted: &Wanted<'a>) -> Result<Asked<'a>> {
    let account = ctx.agent()?.account_id;
    let mut written = Vec::new();
    if !wanted.conditions.is_empty() || wanted.segment.is_some() || !wanted.labels.is_empty() {
        let scope = Scope::of(ctx).await?;
        written.push(filter::check(&scope, Subject::Contact, wanted.conditions)?);
        if !wanted.labels.is_empty() {
            written.push(filter::labelled(&scope, Subject::Contact, wanted.labels));
        }
        if let Some(id) = wanted.segment {
            let segment = saved_view::get(ctx, id).await?;
            if segment.kind != Subject::Contact {
                return Err(Error::not_found());
            }
            written.push(filter::check(&scope, Subject::Contact, &segment.conditions)?);
        }
    }
    let few = match wanted.query {
        Some(text) => crate::search::contact::are_few(ctx.db(), account, text).await?,
        None => false,
    };
    Ok(Asked { wanted: *wanted, written, few })
}

/// The conversations of a contact that the agent may know of, newest first.
pub async fn conversations(ctx: &Ctx, id: ContactId) -> Result<Page<ConversationRow>> {
    get(ctx, id).await?;
    conversation::list(ctx, &of_contact(id), Paging::start(CONVERSATIONS)).await
}

/// The same, all of them page by page, for the contact's own page.
pub async fn history(ctx: &Ctx, id: ContactId, cursor: Option<String>) -> Result<Page<ConversationRow>> {
    get(ctx, id).await?;
    conversation::list(ctx, &of_contact(id), Paging::After { cursor, size: HISTORY }).await
}

/// The same with everything, for the API.
pub async fn conversations_whole(ctx: &Ctx, id: ContactId) -> Result<Page<Conversation>> {
    get(ctx, id).await?;
    conversation::list_whole(ctx, &of_contact(id), Paging::start(CONVERSATIONS)).await
}

fn of_contact(id: ContactId) -> ConversationFilter {
    ConversationFilter { status: None, contact_id: Some(id), ..Default::default() }
}

/// The contacts who have a page open, by name.
pub async fn active(ctx: &Ctx) -> Result<Vec<Contact>> {
    let agent = ctx.agent()?;
    agent.require(Permission::SeeContacts)?;
    let mut here = ctx.app.hub.presence.contacts(agent.account_id, ctx.now());
    here.truncate(MOST_ACTIVE);
    let mut contacts = read::many(ctx, agent.account_id, &here).await?;
    contacts.sort_by(|left, right| left.name.cmp(&right.name).then(left.id.cmp(&right.id)));
    Ok(contacts)
}

/// Makes a contact.
pub async fn create(ctx: &Ctx, facts: Facts) -> Result<Contact> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    let checked = checked(ctx, agent.account_id, facts).await?;
    let mut work = ctx.begin().await?;
    let id = match insert(&mut work, agent.account_id, checked.clone()).await {
        Ok(id) => id,
        Err(error) => return Err(naming(ctx, work, agent.account_id, &checked, error).await),
    };
    work.commit().await?;
    read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// An error about a fact that somebody else has, with the number of who that is.
pub(crate) async fn naming(ctx: &Ctx, work: Work<'_>, account: AccountId, facts: &Checked, error: Error) -> Error {
    // Before anything else is asked: the change is over.
    drop(work);
    let Error::Known(known) = error else { return error };
    if known.code != ErrorCode::Taken {
        return known.into();
    }
    ctx.db().settle().await;
    let found = match known.field.as_deref() {
        Some("email") => holder(&facts.email, |text| store::find_by_email(ctx.db(), account, text)).await,
        Some("phone_number") => holder(&facts.phone_number, |text| store::find_by_phone(ctx.db(), account, text)).await,
        Some("identifier") => {
            holder(&facts.identifier, |text| store::find_by_identifier(ctx.db(), account, text)).await
        }
        _ => None,
    };
    known.with_detail(found.map(|id| id.to_string())).into()
}

async fn holder<'f, F>(fact: &'f Option<Option<String>>, find: impl Fn(&'f str) -> F) -> Option<ContactId>
where
    F: Future<Output = Result<Option<store::Row>>>,
{
    let text = fact.as_ref()?.as_deref()?;
    find(text).await.ok().flatten().map(|row| row.id)
}

/// Changes a contact.
pub async fn update(ctx: &Ctx, id: ContactId, facts: Facts) -> Result<Contact> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    get(ctx, id).await?;
    let checked = checked(ctx, agent.account_id, facts).await?;
    let mut work = ctx.begin().await?;
    if let Err(error) = change(&mut work, agent.account_id, id, checked.clone()).await {
        return Err(naming(ctx, work, agent.account_id, &checked, error).await);
    }
    work.commit().await?;
    read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// Takes custom attributes away by key.
pub async fn remove_attributes(ctx: &Ctx, id: ContactId, keys: &[String]) -> Result<Contact> {
    let agent = ctx.agent()?;
    agent.require(Permission::EditContacts)?;
    get(ctx, id).await?;
    let mut work = ctx.begin().await?;
    drop_attributes(&mut work, agent.account_id, id, keys).await?;
    work.commit().await?;
    read::one(ctx, agent.account_id, id).await?.ok_or_else(Error::not_found)
}

/// Inserts in an open change.
pub(crate) async fn insert(work: &mut Work<'_>, account: AccountId, checked: Checked) -> Result<ContactId> {
    let id = store::insert(&mut work.tx, account, &checked, work.now).await.map_err(taken)?;
    work.record(account, Event::ContactCreated { contact_id: id });
    Ok(id)
}

/// Changes in an open change. Attributes are merged into those that are there.
pub(crate) async fn change(work: &mut Work<'_>, account: AccountId, id: ContactId, checked: Checked) -> Result<()> {
    let now = work.now;
    let mut row = store::lock(&mut work.tx, account, id, now).await?.ok_or_else(Error::not_found)?;
    row.apply(checked);
    store::update(&mut work.tx, account, &row, now).await.map_err(taken)?;
    work.record(account, Event::ContactUpdated { contact_id: id });
    Ok(())
}

pub(crate) async fn drop_attributes(
    work: &mut Work<'_>,
    account: AccountId,
    id: ContactId,
    keys: &[String],
) -> Result<()> {
    let now = work.now;
    let mut row = store::lock(&mut work.tx, account, id, now).await?.ok_or_else(Error::not_found)?;
    if let Some(map) = row.custom_attributes.0.as_object_mut() {
        for key in keys {
            map.remove(key);
        }
    }
    store::update(&mut work.tx, account, &row, now).await.on_unique("contact")?;
    work.record(account, Event::ContactUpdated { contact_id: id });
    Ok(())
}

/// Which of the unique facts is taken, from the database's description of the violated rule.
fn taken(error: db::Error) -> Error {
    match error {
        db::Error::Unique(rule) => {
            let field = ["email", "phone_number", "identifier"].into_iter().find(|field| rule.contains(field));
            Error::field(field.unwrap_or("contact"), ErrorCode::Taken)
        }
        other => other.into(),
    }
}
