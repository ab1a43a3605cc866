//! What became of a mail.

use lettre::transport::smtp::Error;
use lettre::transport::smtp::response::Response;

use crate::trouble::{Trouble, words};

/// A server's no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Whom it is about; nobody where it is about the whole mail.
    pub recipient: Option<String>,
    /// `550`.
    pub code: u16,
    /// `5.1.1` (RFC 3463), where it is told.
    pub status: Option<String>,
    /// The server's own words.
    pub said: String,
}

impl Refusal {
    /// Whether the same mail may be taken later.
    pub fn is_passing(&self) -> bool {
        (400..500).contains(&self.code)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it for everybody but those named here; those of whom it is passing can be tried again, alone.
    Sent { said: String, but: Vec<Refusal> },
    /// It will not be taken as it is.
    Refused(Vec<Refusal>),
    /// Nothing was sent: the same mail may be sent again.
    Later(Vec<Refusal>),
    /// Nothing was sent: there was no way to the server, or it did not let us in.
    NoWay(Trouble),
    /// All of it was written and the answer never came: it may have been sent or not. Sending again may send it twice.
    Unknown(Trouble),
}

/// A negative answer, if it is one.
pub fn refusal(error: &Error, recipient: Option<&str>) -> Option<Refusal> {
    let code = error.status()?;
    let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    Some(Refusal {
        recipient: recipient.map(str::to_owned),
        code: code.into(),
        status: status(&said),
        said: words(&said),
    })
}

/// The enhanced code at the beginning of a server's words.
fn status(said: &str) -> Option<String> {
    let first = said.split_whitespace().next()?.trim_start_matches('#');
    let numbers: Vec<_> = first.split('.').collect();
    let valid = numbers.len() == 3
        && numbers
            .iter()
            .all(|number| !number.is_empty() && number.len() <= 3 && number.bytes().all(|byte| byte.is_ascii_digit()));
    (valid && matches!(numbers[0], "4" | "5")).then(|| first.to_owned())
}

pub fn said(response: &Response) -> String {
    words(&response.message().collect::<Vec<_>>().join(" "))
}
