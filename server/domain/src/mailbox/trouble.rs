//! What is wrong with a mail server, as it is told.

use model::inbox::InboxTrouble;
use model::mailbox::{self, TroubleKind, Way};
use model::{AccountId, ErrorCode, InboxId};
use post::Trouble;

use super::sign_in::store::{self as sign_ins, At};
use super::store::{connection, sender};
use crate::event::Event;
use crate::work::Work;
use crate::{Error, Result, inbox, notification};

/// Failures in a row before trouble that may pass is everybody's to see.
const PATIENCE: i64 = 3;

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
        Trouble::SignInLost { .. } => TroubleKind::SignInLost,
    }
}

/// The server's own words, or the network's; empty where the kind says it all.
fn said(trouble: &Trouble) -> String {
    match trouble {
        Trouble::LoginRefused { said }
        | Trouble::SignInLost { said }
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
        TroubleKind::LoginRefused | TroubleKind::NoLoginMethod | TroubleKind::SignInLost => "password",
        TroubleKind::NotTls | TroubleKind::OnlyTls | TroubleKind::NoStartTls | TroubleKind::ConnectionRefused => "port",
        _ => "address",
    };
    let error = model::Error::field(ErrorCode::NotConnected, format!("{way}_{input}"));
    error.with_detail(Some(trouble.to_string())).into()
}

/// Says in the list of inboxes what keeps one from working, and that nothing does any more.
pub(super) async fn show(work: &mut Work<'_>, account: AccountId, id: InboxId) -> Result<()> {
    let found = look(work, account, id).await?;
    let before = inbox::store::trouble(&mut work.tx, account, id).await?;
    if !inbox::store::set_trouble(&mut work.tx, account, id, found).await? {
        return Ok(());
    }
    work.record(account, Event::InboxChanged { inbox_id: id });
    match found {
        None => notification::inbox_found(work, id).await,
        // What was lost already is not lost once more.
        Some(_) if before.is_none() => notification::inbox_lost(work, account, id).await,
        Some(_) => Ok(()),
    }
}

async fn look(work: &mut Work<'_>, account: AccountId, id: InboxId) -> Result<Option<InboxTrouble>> {
    let signs_in = sign_ins::find(&mut work.tx, At { account, inbox: id }).await?;
    if signs_in.is_some_and(|row| row.lost.is_some()) {
        return Ok(Some(InboxTrouble::SignIn));
    }
    let lasts = |kind: Option<String>, failures: i64| {
        let kind = kind.and_then(|kind| kind.parse().ok());
        kind.is_some_and(|kind| failures >= PATIENCE || !passes(kind))
    };
    let reading = connection::find(&mut work.tx, account, id).await?.filter(|row| row.enabled);
    let sending = sender::find(&mut work.tx, account, id).await?.filter(|row| row.enabled);
    let is_broken =
        reading.is_some_and(|row| lasts(row.trouble, row.failures)) || sending.is_some_and(|row| lasts(row.trouble, 0));
    Ok(is_broken.then_some(InboxTrouble::Broken))
}

/// Whether waiting alone may help.
fn passes(kind: TroubleKind) -> bool {
    use TroubleKind as Kind;
    matches!(
        kind,
        Kind::HostNotFound
            | Kind::ConnectionRefused
            | Kind::Unreachable
            | Kind::TimedOut
            | Kind::Tls
            | Kind::Throttled
            | Kind::Closed
            | Kind::Refused
            | Kind::Nonsense
    )
}
