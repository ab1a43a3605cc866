//! Bounces in prose: qmail, Exim, old Exchange and whoever made up a form of his own.

use std::sync::LazyLock;

use mail_parser::Message;
use regex::Regex;

use super::super::People;
use super::super::people::addresses;
use super::{Permanence, Recipient, report};
use crate::{Address, text};

const MOST: usize = 50;
const SAID: usize = 1000;
/// Lines after an address that tell why.
const REASON_LINES: usize = 6;

/// Where the copy of our own mail begins; addresses below are not of recipients.
const COPIES: [&str; 8] = [
    "--- below this line is a copy of the message",
    "------ this is a copy of",
    "--- the header of the original message",
    "----- original message -----",
    "original message headers",
    "--- mensagem original",
    "received: from",
    "return-path:",
];

const FAILURES: [&str; 16] = [
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "failure notice",
    "returned mail",
    "mail delivery failed",
    "delivery has failed",
    "could not be delivered",
    "message not delivered",
    "não foi entregue",
    "não entregue",
    "falha na entrega",
    "devolvida",
    "no se pudo entregar",
    "unzustellbar",
    "non remis",
];

static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z0-9._%+=-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").ok());
static REPLY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b([45])\d\d[ -](?:#?([245]\.\d{1,3}\.\d{1,3}))?").ok());
static CODE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b#?([45]\.\d{1,3}\.\d{1,3})\b").ok());

/// Whether the subject says that something did not arrive.
pub fn is_about_failure(message: &Message<'_>) -> bool {
    let subject = message.subject().unwrap_or_default().to_lowercase();
    FAILURES.iter().any(|words| subject.contains(words))
}

/// Whom it did not reach, as far as the text tells.
pub fn recipients(message: &Message<'_>, people: &People, text: &str) -> Vec<Recipient> {
    let lines: Vec<&str> = text.lines().take_while(|line| !begins_copy(line)).collect();
    let named = addresses(message, "X-Failed-Recipients".into());
    let mut found: Vec<Recipient> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        for address in in_line(line) {
            let ours = people.to.iter().chain(&people.from).any(|one| one.email == address.email);
            let known = found.iter().any(|one| one.address.email == address.email);
            let unnamed = !named.is_empty() && !named.iter().any(|one| one.email == address.email);
            if found.len() < MOST && !ours && !known && !unnamed {
                found.push(about(address, &lines[at..]));
            }
        }
    }
    // An address without any reason, in a text that has reasons, is a postmaster's or a link.
    if found.iter().any(|recipient| !recipient.said.is_empty()) {
        found.retain(|recipient| !recipient.said.is_empty());
    }
    // "I've given up" is stronger than the passing trouble that was met last.
    let lower = text.to_lowercase();
    if !named.is_empty()
        || ["permanent error", "given up", "giving up", "erro permanente"].iter().any(|said| lower.contains(said))
    {
        found.iter_mut().for_each(|recipient| recipient.permanence = Permanence::Permanent);
    }
    for address in named {
        if !found.iter().any(|one| one.address.email == address.email) {
            found.push(about(address, &lines));
        }
    }
    found
}

fn begins_copy(line: &str) -> bool {
    let line = line.trim().to_lowercase();
    COPIES.iter().any(|words| line.starts_with(words))
}

fn in_line(line: &str) -> Vec<Address> {
    let Some(pattern) = ADDRESS.as_ref() else { return Vec::new() };
    pattern.find_iter(line).filter_map(|found| Address::new("", found.as_str())).collect()
}

/// What the lines from an address on say about it.
fn about(address: Address, lines: &[&str]) -> Recipient {
    let until_next = lines.iter().enumerate().take_while(|(at, line)| *at == 0 || !is_next(line, &address));
    let near: Vec<&str> =
        until_next.take(REASON_LINES).map(|(_, line)| line.trim()).filter(|line| !line.is_empty()).collect();
    let joined = near.join(" ");
    let reply = REPLY.as_ref().and_then(|pattern| pattern.captures(&joined));
    let code = CODE.as_ref().and_then(|pattern| pattern.captures(&joined)).and_then(|found| report::code(&found[1]));
    let first = code.as_deref().or_else(|| reply.as_ref().and_then(|found| found.get(1)).map(|class| class.as_str()));
    let permanence =
        if first.is_some_and(|code| code.starts_with('4')) { Permanence::Temporary } else { Permanence::Permanent };
    let said = if code.is_some() || reply.is_some() { joined } else { near.get(1..).unwrap_or_default().join(" ") };
    Recipient { address, code, permanence, said: text::cut(&text::line(&said), SAID).to_owned() }
}

fn is_next(line: &str, address: &Address) -> bool {
    in_line(line).iter().any(|other| other.email != address.email)
}
