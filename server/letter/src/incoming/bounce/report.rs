//! The part `message/delivery-status` (RFC 3464) and what is returned beside it.

use mail_parser::{Message, MessagePart, PartType};

use super::super::file;
use super::{Permanence, Recipient};
use crate::{Address, MessageId, text};

/// More recipients than any mail of ours has.
const MOST: usize = 200;
/// Of the other server's words.
const SAID: usize = 1000;

/// Whom it did not reach; `None` without such a part, empty where all is well.
pub fn recipients(message: &Message<'_>) -> Option<Vec<Recipient>> {
    let part = status_part(message)?;
    let content = String::from_utf8_lossy(part.contents());
    let unfolded = text::clean(&content).replace("\n ", " ").replace("\n\t", " ");
    let groups = unfolded.split("\n\n").take(MOST * 2);
    Some(groups.filter_map(recipient).take(MOST).collect())
}

/// Whether it says of somebody that the mail arrived.
pub fn delivered(message: &Message<'_>) -> bool {
    let content = status_part(message).map(|part| String::from_utf8_lossy(part.contents()).to_ascii_lowercase());
    content.is_some_and(|content| {
        ["action: delivered", "action: relayed", "action: expanded"].iter().any(|action| content.contains(action))
    })
}

fn status_part<'m, 'x>(message: &'m Message<'x>) -> Option<&'m MessagePart<'x>> {
    let kinds = ["message/delivery-status", "message/global-delivery-status"];
    message.parts.iter().find(|part| kinds.contains(&file::mime(part).as_str()))
}

fn recipient(group: &str) -> Option<Recipient> {
    let field = |wanted: &str| {
        group.lines().filter_map(|line| line.split_once(':')).find(|(name, _)| name.trim().eq_ignore_ascii_case(wanted))
    };
    let value = |wanted: &str| field(wanted).map(|(_, value)| value.trim().to_owned());
    // `rfc822; ana@example.com`: the original recipient is the one we wrote to.
    let typed = |value: String| value.split_once(';').map_or(value.clone(), |(_, value)| value.trim().to_owned());
    let addresses = ["Original-Recipient", "Final-Recipient", "X-Actual-Recipient"];
    let address = addresses.into_iter().filter_map(value).find_map(|value| Address::new("", &typed(value)))?;
    let action = value("Action").unwrap_or_default().to_ascii_lowercase();
    let status = value("Status").and_then(|status| code(&status));
    let said = value("Diagnostic-Code").map(typed).unwrap_or_default();
    let permanence = match action.split_whitespace().next().unwrap_or_default() {
        "delivered" | "relayed" | "expanded" => return None,
        "delayed" => Permanence::Temporary,
        // Given up at last: a passing trouble that did not pass.
        "failed" => Permanence::Permanent,
        _ if status.as_deref().is_some_and(|code| code.starts_with('4')) => Permanence::Temporary,
        _ if status.as_deref().is_some_and(|code| code.starts_with('2')) => return None,
        _ => Permanence::Permanent,
    };
    Some(Recipient { address, code: status, permanence, said: text::cut(&text::line(&said), SAID).to_owned() })
}

/// `5.1.1` at the beginning of a text.
pub fn code(text: &str) -> Option<String> {
    let code: String = text.trim().chars().take_while(|char| char.is_ascii_digit() || *char == '.').collect();
    let numbers: Vec<_> = code.trim_end_matches('.').split('.').collect();
    let valid = numbers.len() == 3 && numbers.iter().all(|number| !number.is_empty() && number.len() <= 3);
    (valid && matches!(numbers[0], "2" | "4" | "5")).then(|| numbers.join("."))
}

/// The id of a mail that was returned, whole or its headers only.
pub fn returned_id(part: &MessagePart<'_>) -> Option<MessageId> {
    if let PartType::Message(mail) = &part.body {
        return super::super::thread::id(mail);
    }
    let returned =
        matches!(file::mime(part).as_str(), "text/rfc822-headers" | "message/rfc822" | "message/global-headers");
    returned.then(|| id_in(&String::from_utf8_lossy(part.contents()))).flatten()
}

/// The id in headers that were copied into a text.
pub fn id_in(text: &str) -> Option<MessageId> {
    let lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    let mut lines =
        lines.skip_while(|line| !line.get(..11).is_some_and(|head| head.eq_ignore_ascii_case("message-id:")));
    let first = lines.next()?.get(11..)?.trim();
    let id = if first.is_empty() { lines.next()?.trim() } else { first };
    MessageId::all(id).into_iter().next()
}
