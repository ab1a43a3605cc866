//! What the interface must know of a channel to offer it, and its settings as a form.
//!
//! Texts are found by key in `inbox.json`: `<channel>.name`, `<channel>.<field>`, `<channel>.<field>_hint`, and
//! `<channel>.<field>_<option>`; a channel brings its own.

use serde::{Deserialize, Serialize};

use crate::Millis;
use crate::mailbox::MailProvider;

crate::text_enum! {
    /// What is filled in.
    FieldKind {
        Line = "line",
        Email = "email",
        /// Several lines.
        Text = "text",
        Url = "url",
        Color = "color",
        /// One of the options.
        Choice = "choice",
        /// Any of the options.
        Flags = "flags",
        Switch = "switch",
        /// Names of sites, one a line.
        Hosts = "hosts",
    }
}

crate::text_enum! {
    /// Where in the settings of an inbox a field stands.
    FieldGroup {
        /// How it presents itself.
        Looks = "looks",
        /// What contacts may do.
        Behaviour = "behaviour",
        /// Who may use it.
        Access = "access",
    }
}

/// One setting of a channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelField {
    pub key: String,
    pub kind: FieldKind,
    pub group: FieldGroup,
    pub is_required: bool,
    /// Asked when an inbox is made; the others can wait.
    pub is_asked_first: bool,
    pub options: Vec<String>,
}

/// A channel as the interface offers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelForm {
    pub key: String,
    pub fields: Vec<ChannelField>,
    /// Contacts see a chat that can be shown while it is set up.
    pub has_preview: bool,
    /// Contacts reach it by a script on somebody's pages.
    pub has_script: bool,
    /// Pages can prove who their visitors are.
    pub has_identity: bool,
    /// It reads and sends by mail servers, which are set up after it is made.
    pub has_mailbox: bool,
    /// Where somebody can sign in instead of setting up servers.
    #[serde(default)]
    pub providers: Vec<MailProvider>,
}

/// How an inbox is put to use, for administrators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Installation {
    /// To be pasted into pages.
    pub script: Option<String>,
    /// The same for pages that know who is signed in.
    pub person_script: Option<String>,
    /// What pages prove their visitors with: hex HMAC-SHA256 of the visitor's identifier under this key.
    pub identity_token: Option<String>,
    /// What a program is told is signed with it, where a program is the channel.
    pub telling_secret: Option<String>,
    /// Until when the token before this one proves as well.
    pub old_identity_until: Option<Millis>,
}
