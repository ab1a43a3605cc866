//! Contacts on pages of their own.

use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use model::contact::{Contact, ContactMerge, ContactNote, ContactPage};
use model::contact_import::ContactImport;
use model::conversation::{ConversationRow, Page};
use model::{AccountId, ContactId, InboxId, MergeId, NoteId};
use serde::{Deserialize, Serialize};

use super::query::ContactQuery;
use crate::call::CallError;
#[cfg(feature = "ssr")]
use crate::server;

/// Facts about a contact; `None` leaves what is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactInput {
    pub name: Option<String>,
    pub email: Option<String>,
    pub phone_number: Option<String>,
    pub identifier: Option<String>,
    pub company: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    pub blocked: Option<bool>,
}

#[cfg(feature = "ssr")]
impl From<ContactInput> for domain::contact::Facts {
    fn from(input: ContactInput) -> Self {
        let mut more = serde_json::Map::new();
        for (key, value) in [("company_name", input.company), ("city", input.city), ("country", input.country)] {
            if let Some(value) = value {
                more.insert(key.to_owned(), value.trim().into());
            }
        }
        Self {
            name: input.name,
            email: input.email,
            phone_number: input.phone_number,
            identifier: input.identifier,
            avatar_url: None,
            blocked: input.blocked,
            additional_attributes: (!more.is_empty()).then_some(serde_json::Value::Object(more)),
            custom_attributes: None,
        }
    }
}

/// Everything that a contact's page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContactDetails {
    pub contact: Contact,
    pub labels: Vec<String>,
    pub notes: Vec<ContactNote>,
    /// Those that the reader may know of, newest first.
    pub conversations: Page<ConversationRow>,
    /// Inboxes that know them.
    pub inboxes: Vec<InboxId>,
    pub merges: Vec<ContactMerge>,
}

/// A page of contacts, from 1.
#[server(name = ListContacts, prefix = "/app/api", endpoint = "contact/list", input = Json)]
pub async fn list(account: AccountId, query: ContactQuery, page: i64) -> Result<ContactPage, CallError> {
    use domain::contact::{Wanted, read::Sort, rows};

    let ctx = server::visit()?.agent(account).await?;
    let labels: Vec<String> = Some(query.label).filter(|label| !label.is_empty()).into_iter().collect();
    let text = query.text.trim();
    let wanted = Wanted {
        query: (!text.is_empty()).then_some(text),
        labels: &labels,
        conditions: &query.conditions,
        segment: query.segment,
        everyone: false,
    };
    let sort = query.sort.parse().unwrap_or(Sort::ActivityDesc);
    Ok(rows(&ctx, &wanted, sort, page).await?)
}

/// The newest imports, the newest first.
#[server(name = ContactImports, prefix = "/app/api", endpoint = "contact/imports", input = Json)]
pub async fn imports(account: AccountId) -> Result<Vec<ContactImport>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::import::list(&ctx).await?)
}

/// A contact with everything about them.
#[server(name = ShowContact, prefix = "/app/api", endpoint = "contact/show", input = Json)]
pub async fn show(account: AccountId, id: ContactId) -> Result<ContactDetails, CallError> {
    use domain::contact;

    let ctx = server::visit()?.agent(account).await?;
    let contact = contact::get(&ctx, id).await?;
    let sees = ctx.agent()?.role.has(model::Permission::SeeContacts);
    Ok(ContactDetails {
        labels: contact::label::list(&ctx, id).await?,
        notes: if sees { contact::note::list(&ctx, id).await? } else { Vec::new() },
        conversations: contact::history(&ctx, id, None).await?,
        inboxes: contact::place::list(&ctx, id).await?.into_iter().map(|place| place.inbox_id).collect(),
        merges: if sees { contact::merge::list(&ctx, id).await? } else { Vec::new() },
        contact,
    })
}

/// Older conversations of a contact.
#[server(name = OlderConversationsOf, prefix = "/app/api", endpoint = "contact/conversations", input = Json)]
pub async fn conversations(
    account: AccountId,
    id: ContactId,
    cursor: String,
) -> Result<Page<ConversationRow>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::history(&ctx, id, Some(cursor)).await?)
}

/// Writes a contact: a new one without an id.
#[server(name = SaveContact, prefix = "/app/api", endpoint = "contact/save", input = Json)]
pub async fn save(account: AccountId, id: Option<ContactId>, contact: ContactInput) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(match id {
        Some(id) => domain::contact::update(&ctx, id, contact.into()).await?,
        None => domain::contact::create(&ctx, contact.into()).await?,
    })
}

/// Makes exactly these the labels of a contact.
#[server(name = SetContactLabels, prefix = "/app/api", endpoint = "contact/labels", input = Json)]
pub async fn set_labels(account: AccountId, id: ContactId, labels: Vec<String>) -> Result<Vec<String>, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::label::set(&ctx, id, &labels).await?)
}

/// Gives contacts labels and takes others from them; how many contacts there were.
#[server(name = LabelContacts, prefix = "/app/api", endpoint = "contact/label_many", input = Json)]
pub async fn label_many(
    account: AccountId,
    ids: Vec<ContactId>,
    add: Vec<String>,
    remove: Vec<String>,
) -> Result<i64, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let count = domain::contact::label::change_many(&ctx, &ids, &add, &remove).await?;
    Ok(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Writes a note about a contact: a new one without an id.
#[server(name = SaveContactNote, prefix = "/app/api", endpoint = "contact/note", input = Json)]
pub async fn save_note(
    account: AccountId,
    contact: ContactId,
    id: Option<NoteId>,
    content: String,
) -> Result<ContactNote, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(match id {
        Some(id) => domain::contact::note::update(&ctx, contact, id, &content).await?,
        None => domain::contact::note::create(&ctx, contact, &content).await?,
    })
}

/// Deletes a note.
#[server(name = DeleteContactNote, prefix = "/app/api", endpoint = "contact/delete_note", input = Json)]
pub async fn delete_note(account: AccountId, contact: ContactId, id: NoteId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::note::delete(&ctx, contact, id).await?)
}

/// Merges one contact into another, who stays.
#[server(name = MergeContacts, prefix = "/app/api", endpoint = "contact/merge", input = Json)]
pub async fn merge(account: AccountId, base: ContactId, mergee: ContactId) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::merge::merge(&ctx, base, mergee).await?)
}

/// Takes a merge apart; the contact who is back.
#[server(name = UndoContactMerge, prefix = "/app/api", endpoint = "contact/undo_merge", input = Json)]
pub async fn undo_merge(account: AccountId, id: ContactId, merge: MergeId) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::merge::undo(&ctx, id, merge).await?)
}

/// Erases a contact everywhere.
#[server(name = EraseContact, prefix = "/app/api", endpoint = "contact/erase", input = Json)]
pub async fn erase(account: AccountId, id: ContactId) -> Result<(), CallError> {
    let ctx = server::visit()?.agent(account).await?;
    Ok(domain::contact::delete(&ctx, id).await?)
}

/// Erases contacts everywhere; how many. Those who are here now stay.
#[server(name = EraseContacts, prefix = "/app/api", endpoint = "contact/erase_many", input = Json)]
pub async fn erase_many(account: AccountId, ids: Vec<ContactId>) -> Result<i64, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    let erased = domain::contact::delete_many(&ctx, &ids).await?;
    Ok(i64::try_from(erased).unwrap_or(i64::MAX))
}

/// Takes a contact's picture away.
#[server(name = RemoveContactPicture, prefix = "/app/api", endpoint = "contact/remove_picture", input = Json)]
pub async fn remove_picture(account: AccountId, id: ContactId) -> Result<Contact, CallError> {
    let ctx = server::visit()?.agent(account).await?;
    domain::avatar::set_contact(&ctx, id, None).await?;
    Ok(domain::contact::get(&ctx, id).await?)
}
