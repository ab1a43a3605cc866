//! How an inbox reads and sends mail, as it is set up and shown.

use serde::{Deserialize, Serialize};

use crate::{InboxId, MessageKind, Millis};

/// How the way to a server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    Tls,
    StartTls,
    None,
}

/// How much of the mail that is there becomes conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Back {
    Nothing,
    Days(u16),
    All,
}

crate::text_enum! {
    /// What becomes of a mail on its server once it is a message here.
    AfterReading {
        /// Nothing: others who read the mailbox find it as it was.
        Leave = "leave",
        MarkRead = "mark_read",
        Delete = "delete",
    }
}

/// Where mail is read (IMAP).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub host: String,
    pub port: u16,
    pub encryption: Security,
    pub check_certificate: bool,
    pub user: String,
    pub how_far: Back,
    #[serde(default = "leave")]
    pub after: AfterReading,
}

fn leave() -> AfterReading {
    AfterReading::Leave
}

crate::text_enum! {
    /// How a password is sent; some servers offer only one way.
    LoginMethod { Any = "any", Plain = "plain", Login = "login" }
}

/// Where mail is handed in (SMTP).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    pub host: String,
    pub port: u16,
    pub encryption: Security,
    pub check_certificate: bool,
    /// Empty for a server that knows us by our address.
    pub user: String,
    pub method: LoginMethod,
    /// How we introduce ourselves.
    pub domain: String,
}

crate::text_enum! {
    /// One of the two ways of an inbox.
    Way { Imap = "imap", Smtp = "smtp" }
}

crate::text_enum! {
    /// What can be wrong with a mail server, as far as somebody could act on it.
    TroubleKind {
        HostNotFound = "host_not_found",
        Forbidden = "forbidden",
        ConnectionRefused = "connection_refused",
        Unreachable = "unreachable",
        TimedOut = "timed_out",
        Certificate = "certificate",
        NotTls = "not_tls",
        OnlyTls = "only_tls",
        NoStartTls = "no_start_tls",
        Tls = "tls",
        Unencrypted = "unencrypted",
        LoginRefused = "login_refused",
        NoLoginMethod = "no_login_method",
        Throttled = "throttled",
        Closed = "closed",
        Refused = "refused",
        Nonsense = "nonsense",
        TooLarge = "too_large",
        /// Somebody has to sign in at the provider again.
        SignInLost = "sign_in_lost",
    }
}

crate::text_enum! {
    /// Who lets people sign in instead of asking for a password.
    MailProvider { Google = "google", Microsoft = "microsoft" }
}

crate::text_enum! {
    /// Why somebody who came back from their provider is not connected.
    SignInRefusal {
        /// They said no, or an administrator of theirs does.
        Denied = "denied",
        /// They left out what reading or sending needs.
        Permission = "permission",
        /// They signed in with another mailbox than the one they named.
        WrongMailbox = "wrong_mailbox",
        /// They took too long, came back twice, or in somebody else's browser.
        Expired = "expired",
        /// The provider does not know this installation.
        Installation = "installation",
        /// The provider or its mail server is in trouble itself.
        Unavailable = "unavailable",
        /// The mail server does not let them in, for instance because IMAP is switched off.
        Mailbox = "mailbox",
        /// There is an inbox with this address already.
        Taken = "taken",
    }
}

/// How a mailbox is opened that needs no password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignIn {
    pub provider: MailProvider,
    /// The mailbox.
    pub email: String,
    /// Somebody has to sign in again.
    pub is_lost: bool,
}

/// What somebody is about to sign in for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInWish {
    pub provider: MailProvider,
    /// The mailbox.
    pub email: String,
    /// The inbox that is connected anew; none where one is to be made.
    pub inbox: Option<InboxId>,
    /// Counts for a new one.
    pub how_far: Back,
}

/// What is wrong, with the server's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    pub way: Way,
    pub kind: TroubleKind,
    pub said: String,
}

/// How far the mail that was there is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub waiting: i64,
    pub taken: i64,
}

/// The two ways of an inbox, without their passwords.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailState {
    pub address: String,
    pub connection: Option<Connection>,
    pub reads: bool,
    pub sender: Option<Sender>,
    pub sends: bool,
    /// How it signs in at its provider, where it does.
    pub sign_in: Option<SignIn>,
    /// What is in the way; nothing while all is well.
    pub troubles: Vec<Trouble>,
    pub progress: Option<Progress>,
    /// When the mailbox was looked at last.
    pub read_at: Option<Millis>,
}

crate::text_enum! {
    /// What somebody must know before the password of a well-known provider works.
    PresetHint {
        AppPassword = "app_password",
        SwitchOnImap = "switch_on_imap",
        SignInWithGoogle = "sign_in_with_google",
        SignInWithMicrosoft = "sign_in_with_microsoft",
    }
}

/// Host, port and encryption of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub host: String,
    pub port: u16,
    pub encryption: Security,
}

/// The servers of an address whose provider is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    pub imap: Place,
    pub smtp: Place,
    pub hint: Option<PresetHint>,
}

/// Who stays in a conversation when its newest public message is answered: those to whom it went, without those named in `except` (the
/// inbox, the contact). In lower case.
#[must_use]
pub fn copies(kind: MessageKind, attributes: &serde_json::Value, except: &[&str]) -> Vec<String> {
    let listed = |value: Option<&serde_json::Value>| {
        let list = value.and_then(serde_json::Value::as_array).into_iter().flatten();
        list.filter_map(serde_json::Value::as_str).map(str::to_lowercase).collect::<Vec<_>>()
    };
    let all = match kind {
        MessageKind::Incoming => {
            let mail = attributes.get("email");
            let of = |key: &str| listed(mail.and_then(|mail| mail.get(key)));
            [of("to"), of("cc")].concat()
        }
        _ => listed(attributes.get("cc_emails")),
    };
    let mut copies: Vec<String> = Vec::new();
    for one in all {
        let is_known = except.iter().any(|known| known.to_lowercase() == one) || copies.contains(&one);
        if !is_known {
            copies.push(one);
        }
    }
    copies
}
