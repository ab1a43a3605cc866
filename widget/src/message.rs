//! A message as the visitor sees it.

use model::{FileKind, MessageKind};

use crate::session;
use crate::wire::Json;

/// Who wrote it, on the team's side.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    pub id: i64,
    pub name: String,
    pub avatar: String,
}

/// A file of a message; of one that is still being sent, the address is one of this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub kind: FileKind,
    pub name: String,
    pub url: String,
    pub thumb: String,
    /// Bytes; 0 when unknown.
    pub size: u64,
    /// Pixels, for pictures; reserves the space before they arrive.
    pub pixels: Option<(u32, u32)>,
}

/// How far one of the visitor's own messages has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The server has it.
    Sent,
    /// On its way; files show how many percent are through.
    Sending(Option<u8>),
    /// Not tried yet, or tried in vain; it is tried again by itself.
    Waiting,
    /// Too much at once for the server; it is tried again by itself.
    Delayed,
    /// Refused, with the server's reason if it gave one; only the visitor can decide to try again.
    Failed(Option<String>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The server's id; `None` until it has the message.
    pub id: Option<i64>,
    /// The id under which this browser knows a message of its own.
    pub echo_id: Option<String>,
    pub kind: MessageKind,
    pub content: String,
    /// Unix seconds.
    pub created_at: i64,
    pub sender: Option<Sender>,
    pub attachments: Vec<Attachment>,
    pub deleted: bool,
    /// What it asks or offers besides its words: the kind, and the JSON that says more.
    pub ask: Option<(String, String)>,
    /// The server or this page knows that the visitor has seen it.
    pub seen: bool,
    pub delivery: Delivery,
}

impl Message {
    /// Reads a message of the HTTP interface or the socket; `None` for what is not meant for the visitor.
    pub fn read(json: &Json) -> Option<Self> {
        let kind = match json.int("message_type")? {
            0 => MessageKind::Incoming,
            1 => MessageKind::Outgoing,
            3 => MessageKind::Template,
            _ => return None,
        };
        if json.flag("private") {
            return None;
        }
        let sender = json.get("sender");
        let attributes = json.get("content_attributes");
        let ask = json.text("content_type").filter(|kind| kind != "text");
        Some(Self {
            id: Some(json.int("id")?),
            echo_id: json.text("echo_id"),
            kind,
            content: json.string("content"),
            created_at: json.int("created_at").unwrap_or_default(),
            sender: (!sender.is_null() && kind != MessageKind::Incoming).then(|| Sender {
                id: sender.int("id").unwrap_or_default(),
                name: sender.text("available_name").unwrap_or_else(|| sender.string("name")),
                avatar: session::local(sender.text("avatar_url").unwrap_or_else(|| sender.string("thumbnail"))),
            }),
            attachments: json.list("attachments").iter().map(Attachment::read).collect(),
            deleted: attributes.flag("deleted"),
            ask: ask.map(|kind| (kind, attributes.stringify())),
            seen: json.string("status") == "read",
            delivery: Delivery::Sent,
        })
    }

    pub fn is_own(&self) -> bool {
        self.kind == MessageKind::Incoming
    }

    /// What stays the same when the server has taken the message in.
    pub fn key(&self) -> String {
        self.echo_id.clone().unwrap_or_else(|| self.id.unwrap_or_default().to_string())
    }
}

impl Attachment {
    fn read(json: &Json) -> Self {
        let url = session::local(json.string("data_url"));
        let pixels = |key| json.int(key).and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
        Self {
            kind: json.string("file_type").parse().unwrap_or(FileKind::File),
            name: json.text("file_name").or_else(|| json.text("fallback_title")).unwrap_or_else(|| name_in(&url)),
            thumb: json.text("thumb_url").map_or_else(|| url.clone(), session::local),
            size: json.int("file_size").and_then(|n| u64::try_from(n).ok()).unwrap_or_default(),
            pixels: pixels("width").zip(pixels("height")),
            url,
        }
    }
}

/// The last part of an address's path, readable.
fn name_in(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    js_sys::decode_uri_component(last).map_or_else(|_| last.to_owned(), String::from)
}
