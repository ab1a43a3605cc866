//! One command and all of its answer.

use std::time::Duration;

use async_imap::Session;
use async_imap::error::Error;
use async_imap::imap_proto::{Response, Status};

use crate::net::{Dialer, Wire, of_io, within};
use crate::trouble::{Trouble, words};

/// Runs a command. `take` sees every answer that is not the last; the last is checked here, for a refusal must not look like an end.
pub async fn run(
    session: &mut Session<Wire>,
    dialer: &Dialer,
    command: &str,
    doing: &'static str,
    mut take: impl FnMut(&Response<'_>) -> Result<(), Trouble>,
) -> Result<(), Trouble> {
    let tag = within(dialer.timeouts.answer, doing, async {
        session.run_command(command).await.map_err(|error| of_library(&error))
    });
    let tag = tag.await?;
    within(dialer.timeouts.transfer, doing, async {
        loop {
            let ended = next(session, dialer.timeouts.answer, doing, |response| match response {
                Response::Done { tag: answered, status, outcome } if *answered == tag => {
                    finish(status, outcome.information.as_deref().unwrap_or_default(), doing).map(|()| true)
                }
                other => take(other).map(|()| false),
            });
            if ended.await? {
                return Ok(());
            }
        }
    })
    .await
}

/// Looks at the next thing the server says. A goodbye, which may come at any time, is trouble already.
pub async fn next<T>(
    session: &mut Session<Wire>,
    time: Duration,
    doing: &'static str,
    look: impl FnOnce(&Response<'_>) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    let answer = within(time, doing, async { session.read_response().await.map_err(|error| of_io(&error)) }).await?;
    let Some(answer) = answer else { return Err(Trouble::Closed { said: String::new() }) };
    match answer.parsed() {
        Response::Data { status: Status::Bye, outcome } => {
            let said = outcome.information.as_deref().unwrap_or_default();
            Err(throttled(said).unwrap_or(Trouble::Closed { said: words(said) }))
        }
        other => look(other),
    }
}

fn finish(status: &Status, said: &str, doing: &'static str) -> Result<(), Trouble> {
    match status {
        Status::Ok => Ok(()),
        _ => Err(throttled(said).unwrap_or(Trouble::Refused { doing, said: words(said) })),
    }
}

/// Exchange names a time; others only say that it is too much.
pub fn throttled(said: &str) -> Option<Trouble> {
    let lower = said.to_ascii_lowercase();
    let marks = [
        "throttled",
        "backoff",
        "[unavailable]",
        "too many simultaneous",
        "maximum number of connections",
        "[limit]",
        "rate limit",
    ];
    if !marks.iter().any(|mark| lower.contains(mark)) {
        return None;
    }
    let wait = lower.split_once("backoff time:").and_then(|(_, rest)| {
        let digits: String = rest.trim_start().chars().take_while(char::is_ascii_digit).take(9).collect();
        Some(Duration::from_millis(digits.parse().ok()?))
    });
    Some(Trouble::Throttled { said: words(said), wait })
}

/// What the library's errors mean. Its texts of refusals are made for debugging: `code: …, info: Some("…")`.
pub fn of_library(error: &Error) -> Trouble {
    match error {
        Error::Io(error) => of_io(error),
        Error::ConnectionLost => Trouble::Closed { said: String::new() },
        Error::No(text) | Error::Bad(text) => Trouble::Refused { doing: "a command", said: inner_words(text) },
        other => Trouble::Nonsense { reason: words(&other.to_string()) },
    }
}

pub fn inner_words(text: &str) -> String {
    let inner = text.split_once("info: Some(\"").and_then(|(_, rest)| rest.rsplit_once("\")")).map(|(inner, _)| inner);
    words(&inner.unwrap_or_default().replace("\\\"", "\"").replace("\\\\", "\\"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_to_wait_is_understood() {
        let said = "Request is throttled. Suggested Backoff Time: 299597 milliseconds";
        let Some(Trouble::Throttled { wait, .. }) = throttled(said) else { panic!("not understood") };
        assert_eq!(wait, Some(Duration::from_millis(299_597)));
        assert!(throttled("Mailbox does not exist").is_none());
        let library = "code: None, info: Some(\"[AUTHENTICATIONFAILED] Wrong \\\"password\\\".\")";
        assert_eq!(inner_words(library), "[AUTHENTICATIONFAILED] Wrong \"password\".");
    }
}
