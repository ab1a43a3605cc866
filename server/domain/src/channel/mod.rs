//! Channels: the ways in which contacts and agents reach each other. One file each, and one line in [`ALL`].

mod api;
mod email;
mod web;

use futures::future::BoxFuture;
use model::channel::ChannelForm;
use model::contact::Contact;
use model::inbox::Inbox;
use model::{AccountId, InboxId};
use serde_json::{Map, Value};

use crate::delivery::{Outcome, Parcel};
use crate::work::Work;
use crate::{Ctx, Error, Result};

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

    /// The same for pages that know who is signed in, where the channel can be told.
    fn embed_for_person(&self, _inbox: &Inbox, _base_url: &str) -> Option<String> {
        None
    }

    /// What REST answers show of an inbox besides its settings.
    fn wire(&self, inbox: &Inbox, base_url: &str) -> Map<String, Value>;

    /// How the interface offers it.
    fn form(&self) -> ChannelForm;

    /// Whether a contact can be written to first. Where nothing else is known, only those who have been there can.
    fn reaches(&self, contact: &Contact, is_known: bool) -> bool {
        is_known && !contact.blocked
    }

    /// What the place of a contact in its inboxes is called, where that is not ours to choose.
    fn place_of(&self, _email: Option<&str>) -> Option<String> {
        None
    }

    /// Tries what leads to its provider, before anything is kept. `given` are settings of an inbox as they come over the API, `id` names
    /// one that is there already. `None` where there is nothing to try.
    fn connect<'a>(
        &'a self,
        _ctx: &'a Ctx,
        _id: Option<InboxId>,
        _given: &'a Value,
    ) -> BoxFuture<'a, Result<Option<Box<dyn Link>>>> {
        Box::pin(async { Ok(None) })
    }

    /// What administrators see of the way to its provider, beside the settings; never a password.
    fn link<'a>(&'a self, _ctx: &'a Ctx, _inbox: &'a Inbox) -> BoxFuture<'a, Result<Map<String, Value>>> {
        Box::pin(async { Ok(Map::new()) })
    }

    /// Makes a message ready to be handed in; the inner error says why there is nothing to hand in. Only for channels whose messages
    /// are delivered. Whatever fails here has sent nothing.
    fn pack<'a>(
        &'a self,
        _ctx: &'a Ctx,
        _parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<std::result::Result<Box<dyn Ready>, String>>> {
        Box::pin(async { Err(Error::not_found()) })
    }

    /// The address that is told what happens in an inbox, where somebody else's program is its channel.
    fn told<'i>(&self, _inbox: &'i Inbox) -> Option<&'i str> {
        None
    }

    /// Which of its secrets signs what that address is told.
    fn telling_secret(&self) -> Option<&'static str> {
        None
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
    /// Messages of agents are handed to somebody outside, and what becomes of them is known here.
    pub is_delivered: bool,
    /// Messages can go to further people, and conversations have a subject.
    pub has_copies: bool,
    /// Whether files that contacts send must be of a known harmless type.
    pub restricts_files: bool,
}

impl Abilities {
    /// Whether we know ourselves how far a message has come.
    pub fn knows_status(self) -> bool {
        self.is_read_here || self.is_delivered
    }
}

/// A way to a provider that was tried and works.
pub trait Link: Send {
    /// Keeps it, in the change that makes or changes the inbox.
    fn keep<'a>(&'a self, work: &'a mut Work<'_>, account: AccountId, inbox: InboxId) -> BoxFuture<'a, Result<()>>;
}

/// A message that is ready to be handed in.
pub trait Ready: Send {
    /// Hands it in. Called at most once, and never again unless the outcome says that nothing was sent.
    fn hand_in<'a>(&'a self, ctx: &'a Ctx) -> BoxFuture<'a, Outcome>;
}

/// The channel whose contacts are visitors of a website.
pub const VISITOR_CHANNEL: &str = web::KEY;

/// The channel whose inboxes read mail.
pub const MAIL_CHANNEL: &str = email::KEY;

/// The channel whose contacts somebody else's program speaks for.
pub const CLIENT_CHANNEL: &str = api::KEY;

/// Every channel.
pub const ALL: &[&dyn Channel] = &[&web::Web, &email::Email, &api::Api];

/// The channel with this key.
pub fn by_key(key: &str) -> Result<&'static dyn Channel> {
    find(|channel| channel.key() == key)
}

/// The channel that the API calls so.
pub fn by_api_type(name: &str) -> Result<&'static dyn Channel> {
    find(|channel| channel.api_type() == name)
}

/// The settings that an inbox has, or else those of a new one, with what is given. `check` says what is kept of a setting, or `None` where
/// it is not one of the channel's.
fn merged(
    given: &Value,
    before: Option<&Value>,
    defaults: fn() -> Map<String, Value>,
    check: fn(&str, &Value) -> Result<Option<Value>>,
) -> Result<Value> {
    let mut settings = before.and_then(Value::as_object).cloned().unwrap_or_else(defaults);
    let given = given.as_object().ok_or_else(|| Error::field("channel", model::ErrorCode::Invalid))?;
    for (key, value) in given {
        if let Some(checked) = check(key, value)? {
            settings.insert(key.clone(), checked);
        }
    }
    Ok(Value::Object(settings))
}

fn find(is_it: impl Fn(&&&dyn Channel) -> bool) -> Result<&'static dyn Channel> {
    ALL.iter().find(is_it).copied().ok_or_else(|| Error::field("channel", model::ErrorCode::Invalid))
}
