//! Channels: the ways in which contacts and agents reach each other. One file each, and one line in [`ALL`].

mod web;

use model::channel::ChannelForm;
use model::contact::Contact;
use model::inbox::Inbox;
use serde_json::{Map, Value};

use crate::{Error, Result};

/// What a channel can do and what its inboxes need.
pub trait Channel: Send + Sync {
    /// Its name in the database and in addresses.
    fn key(&self) -> &'static str;

    /// Its `channel_type` in REST and socket payloads.
    fn wire_type(&self) -> &'static str;

    /// The `type` under which the API creates it.
    fn api_type(&self) -> &'static str;

    /// What it can carry.
    fn abilities(&self) -> Abilities;

    /// Checks the settings of an inbox and fills in what is missing. `before` is what the inbox has now.
    fn settings(&self, given: &Value, before: Option<&Value>) -> Result<Value>;

    /// The public name of a new inbox.
    fn identifier(&self, settings: &Value) -> Result<String>;

    /// The secrets of a new inbox.
    fn secrets(&self) -> Value;

    /// What somebody pastes to put the inbox to use, where there is such a thing.
    fn embed(&self, inbox: &Inbox, base_url: &str) -> Option<String>;

    /// What REST answers show of an inbox besides its settings.
    fn wire(&self, inbox: &Inbox, base_url: &str) -> Map<String, Value>;

    /// How the interface offers it.
    fn form(&self) -> ChannelForm;

    /// Whether a contact can be written to first. Where nothing else is known, only those who have been there can.
    fn reaches(&self, contact: &Contact, is_known: bool) -> bool {
        is_known && !contact.blocked
    }

    /// Which of its secrets proves who a visitor is.
    fn identity_secret(&self) -> Option<&'static str> {
        None
    }
}

/// What a channel can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Abilities {
    /// Contacts read their messages here; nothing has to be delivered anywhere.
    pub is_read_here: bool,
    /// Whether files that contacts send must be of a known harmless type.
    pub restricts_files: bool,
}

/// The channel whose contacts are visitors of a website.
pub const VISITOR_CHANNEL: &str = web::KEY;

/// Every channel.
pub const ALL: &[&dyn Channel] = &[&web::Web];

/// The channel with this key.
pub fn by_key(key: &str) -> Result<&'static dyn Channel> {
    find(|channel| channel.key() == key)
}

/// The channel that the API calls so.
pub fn by_api_type(name: &str) -> Result<&'static dyn Channel> {
    find(|channel| channel.api_type() == name)
}

fn find(is_it: impl Fn(&&&dyn Channel) -> bool) -> Result<&'static dyn Channel> {
    ALL.iter().find(is_it).copied().ok_or_else(|| Error::field("channel", model::ErrorCode::Invalid))
}
