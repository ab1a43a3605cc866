//! One mail.

use std::sync::atomic::Ordering;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::Extension;
use lettre::transport::smtp::extension::{MailBodyParameter, MailParameter};

use super::login::{connect, of_library};
use super::outcome::{Outcome, Refusal, refusal, said};
use super::{Account, Parcel};
use crate::net::{Dialer, within};
use crate::trouble::Trouble;

/// Hands a mail in. Never sends anything twice, never says more than it knows.
pub async fn send(dialer: &Dialer, account: &Account, parcel: Parcel<'_>) -> Outcome {
    let (from, to) = match addresses(parcel) {
        Ok(addresses) => addresses,
        Err(refusal) => return Outcome::Refused(vec![refusal]),
    };
    let mut connected = match connect(dialer, account).await {
        Ok(connected) => connected,
        Err(trouble) => return Outcome::NoWay(trouble),
    };
    let connection = &mut connected.connection;
    let refused = match envelope(dialer, connection, from, &to, parcel.bytes).await {
        Ok(refused) if refused.len() < to.len() => refused,
        Ok(refused) => return none_taken(refused),
        Err(outcome) => return outcome,
    };
    // The end of a mail brings the end of its last line along.
    let bytes = parcel.bytes.strip_suffix(b"\r\n").unwrap_or(parcel.bytes);
    let transfer = within(dialer.timeouts.transfer, "sending", async { Ok(connection.message(bytes).await) });
    let outcome = match transfer.await {
        Ok(Ok(response)) => Outcome::Sent { said: said(&response), but: refused },
        Ok(Err(error)) => match refusal(&error, None) {
            Some(no) if no.is_passing() => Outcome::Later(vec![no]),
            Some(no) => Outcome::Refused(vec![no]),
            None => lost(of_library(&error), connected.ended.load(Ordering::Acquire)),
        },
        Err(trouble) => lost(trouble, connected.ended.load(Ordering::Acquire)),
    };
    if matches!(outcome, Outcome::Sent { .. }) {
        // Polite, and nothing depends on it.
        let _ = tokio::time::timeout(std::time::Duration::from_secs(2), connected.connection.quit()).await;
    }
    outcome
}

/// Before its end was written, no server can have taken the mail.
fn lost(trouble: Trouble, ended: bool) -> Outcome {
    if ended { Outcome::Unknown(trouble) } else { Outcome::NoWay(trouble) }
}

fn addresses(parcel: Parcel<'_>) -> Result<(Address, Vec<Address>), Refusal> {
    let parse = |text: &String| {
        text.parse::<Address>().map_err(|_| Refusal {
            recipient: Some(text.clone()),
            code: 553,
            status: Some("5.1.3".to_owned()),
            said: "this is not an address".to_owned(),
        })
    };
    let from = parse(&parcel.from.to_owned())?;
    Ok((from, parcel.to.iter().map(parse).collect::<Result<_, _>>()?))
}

/// Sender, recipients and the permission to go on. Gives back those who were refused.
async fn envelope(
    dialer: &Dialer,
    connection: &mut AsyncSmtpConnection,
    from: Address,
    to: &[Address],
    bytes: &[u8],
) -> Result<Vec<Refusal>, Outcome> {
    let time = dialer.timeouts.answer;
    let mut parameters = Vec::new();
    if !bytes.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let international = !std::iter::once(&from).chain(to).all(|address| address.to_string().is_ascii());
    if international && connection.server_info().supports_feature(Extension::SmtpUtfEight) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let mail =
        within(time, "naming the sender", async { Ok(connection.command(Mail::new(Some(from), parameters)).await) });
    positive(mail.await, None).map_err(refused_whole)?;
    let mut refused = Vec::new();
    for address in to {
        let command = Rcpt::new(address.clone(), Vec::new());
        let named = within(time, "naming a recipient", async { Ok(connection.command(command).await) });
        match positive(named.await, Some(address.as_ref())) {
            Ok(()) => {}
            Err(Failed::No(refusal)) => refused.push(refusal),
            Err(Failed::Lost(trouble)) => return Err(Outcome::NoWay(trouble)),
        }
    }
    if refused.len() < to.len() {
        let data = within(time, "beginning the mail", async { Ok(connection.command(Data).await) });
        positive(data.await, None).map_err(refused_whole)?;
    }
    Ok(refused)
}

enum Failed {
    No(Refusal),
    Lost(Trouble),
}

fn positive<T>(answer: Result<Result<T, Error>, Trouble>, recipient: Option<&str>) -> Result<(), Failed> {
    match answer {
        Ok(Ok(_)) => Ok(()),
        // 421: it closes; the others were not asked.
        Ok(Err(error)) => Err(match refusal(&error, recipient) {
            Some(no) if no.code == 421 => {
                Failed::Lost(Trouble::Throttled { said: format!("421 {}", no.said), wait: None })
            }
            Some(no) => Failed::No(no),
            None => Failed::Lost(of_library(&error)),
        }),
        Err(trouble) => Err(Failed::Lost(trouble)),
    }
}

fn refused_whole(failed: Failed) -> Outcome {
    match failed {
        Failed::No(no) if no.is_passing() => Outcome::Later(vec![no]),
        Failed::No(no) => Outcome::Refused(vec![no]),
        Failed::Lost(trouble) => Outcome::NoWay(trouble),
    }
}

/// Nobody may get it: later, if that may help for one.
fn none_taken(refused: Vec<Refusal>) -> Outcome {
    if refused.iter().any(Refusal::is_passing) { Outcome::Later(refused) } else { Outcome::Refused(refused) }
}
