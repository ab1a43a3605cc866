//! What is wrong with a mail server, as it is told.

use model::ErrorCode;
use model::mailbox::{self, TroubleKind, Way};
use post::Trouble;

use crate::Error;

/// The word by which interfaces know a trouble.
pub(super) fn kind(trouble: &Trouble) -> TroubleKind {
    match trouble {
        Trouble::HostNotFound { .. } => TroubleKind::HostNotFound,
        Trouble::Forbidden { .. } => TroubleKind::Forbidden,
        Trouble::ConnectionRefused { .. } => TroubleKind::ConnectionRefused,
        Trouble::Unreachable { .. } => TroubleKind::Unreachable,
        Trouble::TimedOut { .. } => TroubleKind::TimedOut,
        Trouble::Certificate { .. } => TroubleKind::Certificate,
        Trouble::NotTls => TroubleKind::NotTls,
        Trouble::OnlyTls => TroubleKind::OnlyTls,
        Trouble::NoStartTls => TroubleKind::NoStartTls,
        Trouble::Tls { .. } => TroubleKind::Tls,
        Trouble::Unencrypted => TroubleKind::Unencrypted,
        Trouble::LoginRefused { .. } => TroubleKind::LoginRefused,
        Trouble::NoLoginMethod => TroubleKind::NoLoginMethod,
        Trouble::Throttled { .. } => TroubleKind::Throttled,
        Trouble::Closed { .. } => TroubleKind::Closed,
        Trouble::Refused { .. } => TroubleKind::Refused,
        Trouble::Nonsense { .. } => TroubleKind::Nonsense,
        Trouble::TooLarge => TroubleKind::TooLarge,
    }
}

/// The server's own words, or the network's; empty where the kind says it all.
fn said(trouble: &Trouble) -> String {
    match trouble {
        Trouble::LoginRefused { said }
        | Trouble::Throttled { said, .. }
        | Trouble::Closed { said }
        | Trouble::Refused { said, .. } => said.clone(),
        Trouble::Unreachable { reason, .. }
        | Trouble::Certificate { reason, .. }
        | Trouble::Tls { reason }
        | Trouble::Nonsense { reason } => reason.clone(),
        _ => String::new(),
    }
}

/// For interfaces.
pub(super) fn told(way: Way, trouble: &Trouble) -> mailbox::Trouble {
    mailbox::Trouble { way, kind: kind(trouble), said: said(trouble) }
}

/// For callers of the API: the input it is most likely about, and the whole sentence.
pub(super) fn refused(way: Way, trouble: &Trouble) -> Error {
    let input = match kind(trouble) {
        TroubleKind::LoginRefused | TroubleKind::NoLoginMethod => "password",
        TroubleKind::NotTls | TroubleKind::OnlyTls | TroubleKind::NoStartTls | TroubleKind::ConnectionRefused => "port",
        _ => "address",
    };
    let error = model::Error::field(ErrorCode::NotConnected, format!("{way}_{input}"));
    error.with_detail(Some(trouble.to_string())).into()
}
