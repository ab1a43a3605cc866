//! Invitations: what an agent must see of a calendar part (RFC 5545, RFC 5546) without opening it.

use mail_parser::{Message, PartType};

use super::file;
use crate::text;

/// One event. Times are as the part writes them: without a database of time zones they cannot be turned into moments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Invitation {
    /// `REQUEST`, `REPLY`, `CANCEL`, …
    pub method: String,
    pub summary: String,
    pub location: String,
    /// An address.
    pub organizer: String,
    pub start: Option<CalendarTime>,
    pub end: Option<CalendarTime>,
}

/// `20261121T100000` and the zone it is meant in; `Z` at the end means UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarTime {
    pub time: String,
    pub zone: Option<String>,
}

/// The first event of the mail.
pub(super) fn of(message: &Message<'_>) -> Option<Invitation> {
    let part =
        message.parts.iter().find(|part| matches!(file::mime(part).as_str(), "text/calendar" | "application/ics"))?;
    let content = match &part.body {
        PartType::Text(text) => text.as_ref(),
        _ => part.text_contents()?,
    };
    read(text::cut(content, 256 << 10))
}

fn read(content: &str) -> Option<Invitation> {
    // Long lines go on after a line end and one blank.
    let unfolded = content.replace("\r\n ", "").replace("\n ", "").replace("\n\t", "").replace("\r\n\t", "");
    let mut invitation = Invitation::default();
    let mut within: Vec<&str> = Vec::new();
    for line in unfolded.lines() {
        let Some((head, value)) = line.split_once(':') else { continue };
        let mut words = head.split(';');
        let name = words.next().unwrap_or_default().to_ascii_uppercase();
        match (name.as_str(), within.last()) {
            ("BEGIN", _) => within.push(value.trim()),
            ("END", Some(&"VEVENT")) => return Some(invitation),
            ("END", _) => {
                within.pop();
            }
            ("METHOD", Some(&"VCALENDAR")) => invitation.method = value.trim().to_ascii_uppercase(),
            ("SUMMARY", Some(&"VEVENT")) => invitation.summary = plain(value),
            ("LOCATION", Some(&"VEVENT")) => invitation.location = plain(value),
            ("ORGANIZER", Some(&"VEVENT")) => {
                let address = value.trim().rsplit_once(':').map_or(value, |(_, address)| address);
                invitation.organizer = text::line(address).to_lowercase();
            }
            ("DTSTART", Some(&"VEVENT")) => invitation.start = Some(time(words, value)),
            ("DTEND", Some(&"VEVENT")) => invitation.end = Some(time(words, value)),
            _ => {}
        }
    }
    None
}

fn time<'a>(mut words: impl Iterator<Item = &'a str>, value: &str) -> CalendarTime {
    let zone = words.find_map(|word| word.strip_prefix("TZID=")).map(|zone| text::line(zone.trim_matches('"')));
    CalendarTime { time: text::cut(value.trim(), 40).to_owned(), zone }
}

fn plain(value: &str) -> String {
    let unescaped =
        value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\");
    text::cut(&text::line(&unescaped), 500).to_owned()
}
