//! Contacts.

use domain::contact::store::InInbox;
use model::contact::Contact;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::inbox::InboxSlim;
use super::{Dialect, seconds};

/// A contact in payloads and as a sender.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactPush {
    #[schema(value_type = Object)]
    pub additional_attributes: Value,
    #[schema(value_type = Object)]
    pub custom_attributes: Value,
    pub email: Option<String>,
    pub id: i64,
    pub identifier: Option<String>,
    pub name: String,
    pub phone_number: Option<String>,
    pub thumbnail: String,
    pub blocked: bool,
    /// Always `contact`.
    pub r#type: &'static str,
}

/// A contact.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Contact)]
pub struct ContactWire {
    #[schema(value_type = Object)]
    pub additional_attributes: Value,
    /// `online` or `offline`.
    pub availability_status: &'static str,
    pub email: Option<String>,
    pub id: i64,
    pub name: String,
    /// E.164.
    pub phone_number: Option<String>,
    pub blocked: bool,
    pub identifier: Option<String>,
    pub thumbnail: String,
    #[schema(value_type = Object)]
    pub custom_attributes: Value,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_activity_at: Option<i64>,
    /// Unix seconds.
    pub created_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_inboxes: Option<Vec<ContactInbox>>,
}

/// A contact's place in an inbox.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactInbox {
    pub source_id: String,
    pub inbox: InboxSlim,
}

impl Dialect {
    /// A contact in payloads.
    pub fn contact_push(&self, contact: &Contact) -> ContactPush {
        ContactPush {
            additional_attributes: contact.additional_attributes.clone(),
            custom_attributes: contact.custom_attributes.clone(),
            email: contact.email.clone(),
            id: contact.id.0,
            identifier: contact.identifier.clone(),
            name: contact.name.clone(),
            phone_number: contact.phone_number.clone(),
            thumbnail: self.picture(contact.avatar_url.as_deref()),
            blocked: contact.blocked,
            r#type: "contact",
        }
    }

    /// A contact.
    pub fn contact(&self, contact: &Contact) -> ContactWire {
        ContactWire {
            additional_attributes: contact.additional_attributes.clone(),
            availability_status: if contact.online { "online" } else { "offline" },
            email: contact.email.clone(),
            id: contact.id.0,
            name: contact.name.clone(),
            phone_number: contact.phone_number.clone(),
            blocked: contact.blocked,
            identifier: contact.identifier.clone(),
            thumbnail: self.picture(contact.avatar_url.as_deref()),
            custom_attributes: contact.custom_attributes.clone(),
            last_activity_at: contact.last_activity_at.map(seconds),
            created_at: seconds(contact.created_at),
            contact_inboxes: None,
        }
    }

    /// A contact with their places in inboxes.
    pub fn contact_with(&self, contact: &Contact, places: &[InInbox]) -> ContactWire {
        let places = places.iter().filter_map(|place| self.contact_inbox(place)).collect();
        ContactWire { contact_inboxes: Some(places), ..self.contact(contact) }
    }

    /// A contact's place in an inbox.
    pub fn contact_inbox(&self, place: &InInbox) -> Option<ContactInbox> {
        let inbox = self.inbox_slim(place.inbox_id)?;
        Some(ContactInbox { source_id: place.source_id.clone(), inbox })
    }
}
