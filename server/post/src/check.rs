//! Trying credentials before they are kept.

use crate::credentials::Credentials;
use crate::imap::{Inbox, Mailbox};
use crate::net::{Bounds, Dialer, Encryption, Server};
use crate::smtp::{self, Account};
use crate::trouble::Trouble;

/// Opens the mailbox and closes it again.
pub async fn check_imap(dialer: &Dialer, server: &Server, credentials: &Credentials) -> Result<Inbox, Trouble> {
    match Mailbox::open(dialer, server, credentials).await {
        Ok(mailbox) => {
            let inbox = mailbox.inbox();
            mailbox.close().await;
            Ok(inbox)
        }
        Err(trouble) => Err(explained(dialer, server, trouble).await),
    }
}

/// Logs in and leaves without sending anything.
pub async fn check_smtp(dialer: &Dialer, account: &Account) -> Result<(), Trouble> {
    match smtp::connect(dialer, account).await {
        Ok(mut connected) => {
            let _ = tokio::time::timeout(std::time::Duration::from_secs(2), connected.connection.quit()).await;
            Ok(())
        }
        Err(trouble) => Err(explained(dialer, &account.server, trouble).await),
    }
}

/// A server that waits for TLS while we wait for its greeting looks like one that hangs: find out which it is.
async fn explained(dialer: &Dialer, server: &Server, trouble: Trouble) -> Trouble {
    let silent = matches!(&trouble, Trouble::TimedOut { doing } if doing.contains("greeting"))
        || matches!(trouble, Trouble::Closed { .. });
    if !silent || server.encryption == Encryption::Tls {
        return trouble;
    }
    let encrypted = Server { encryption: Encryption::Tls, check_certificate: false, ..server.clone() };
    match dialer.dial(&encrypted, Bounds { line: 1 << 10, literal: 0 }).await {
        Ok(_) => Trouble::OnlyTls,
        Err(_) => trouble,
    }
}
