//! What comes with a mail.

use mail_parser::{Message, MessagePart, MimeHeaders as _, PartType};

use crate::text;

/// What a file is to a mail program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileKind {
    Plain,
    /// Another mail, passed on.
    Mail,
    /// An invitation or its answer.
    Calendar,
    /// Outlook's own packing of files; kept as it is.
    WinMail,
    /// A signature or a key: proof, not content.
    Proof,
    /// What a bounce says to programs.
    Report,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Without folders and control characters; never empty.
    pub name: String,
    /// In lower case, without parameters.
    pub mime: String,
    pub kind: FileKind,
    /// By which the text shows it, without brackets.
    pub content_id: Option<String>,
    /// Whether the text does show it.
    pub shown: bool,
    pub data: Vec<u8>,
}

impl File {
    pub(super) fn of(part: &MessagePart<'_>, number: u32) -> Self {
        let mime = mime(part);
        let kind = kind(&mime, part);
        let name = name(part).unwrap_or_else(|| default_name(&mime, kind, part));
        let content_id =
            part.content_id().map(|id| id.trim().trim_matches(['<', '>']).to_owned()).filter(|id| !id.is_empty());
        // A picture between paragraphs needs a name by which the text shows it.
        let between = matches!(part.body, PartType::InlineBinary(_)) && mime.starts_with("image/");
        let content_id = content_id.or_else(|| between.then(|| place_id(number)));
        let data = data(part);
        Self { name, mime, kind, content_id, shown: false, data }
    }
}

/// Names a picture that has no Content-ID but stands between paragraphs.
pub fn place_id(number: u32) -> String {
    format!("part-{number}")
}

pub fn mime(part: &MessagePart<'_>) -> String {
    let Some(kind) = part.content_type() else { return "text/plain".to_owned() };
    let sub = kind.subtype().unwrap_or(if kind.ctype() == "text" { "plain" } else { "octet-stream" });
    let mime = format!("{}/{sub}", kind.ctype()).to_ascii_lowercase();
    let plain = mime.len() <= 120 && mime.chars().all(|char| char.is_ascii_alphanumeric() || "/.+-_".contains(char));
    if plain && mime.split('/').filter(|word| !word.is_empty()).count() == 2 {
        mime
    } else {
        "application/octet-stream".to_owned()
    }
}

fn kind(mime: &str, part: &MessagePart<'_>) -> FileKind {
    let name = part.attachment_name().unwrap_or_default().to_ascii_lowercase();
    match mime {
        "message/rfc822" | "message/global" => FileKind::Mail,
        _ if matches!(part.body, PartType::Message(_)) => FileKind::Mail,
        "text/calendar" | "application/ics" => FileKind::Calendar,
        "application/ms-tnef" | "application/vnd.ms-tnef" => FileKind::WinMail,
        _ if name == "winmail.dat" => FileKind::WinMail,
        "application/pkcs7-signature"
        | "application/x-pkcs7-signature"
        | "application/pgp-signature"
        | "application/pgp-keys" => FileKind::Proof,
        "message/delivery-status"
        | "text/rfc822-headers"
        | "message/disposition-notification"
        | "message/feedback-report"
        | "message/global-delivery-status" => FileKind::Report,
        _ => FileKind::Plain,
    }
}

/// The last part of the path, readable; `None` where nothing is left.
fn name(part: &MessagePart<'_>) -> Option<String> {
    let name = text::line(&decoded(part.attachment_name()?));
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim_matches(['.', ' ', '"']);
    let readable: String = name.chars().filter(|char| !"<>:|?*\"".contains(*char) && !is_turning(*char)).collect();
    let short = shorten(readable.trim());
    (!short.is_empty()).then_some(short)
}

/// Characters that turn the direction of writing, by which `exe.fdp` reads as `pdf.exe`.
fn is_turning(char: char) -> bool {
    matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Some programs write encoded words into parameters, where they do not belong.
fn decoded(name: &str) -> String {
    if !name.contains("=?") {
        return name.to_owned();
    }
    let header = format!("Subject: {name}\r\n\r\n");
    let message = mail_parser::MessageParser::default().parse(header.as_bytes());
    message.as_ref().and_then(Message::subject).unwrap_or(name).to_owned()
}

/// At most 200 bytes, keeping the ending.
fn shorten(name: &str) -> String {
    const LONGEST: usize = 200;
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 10);
    match ending {
        Some(ending) => format!("{}.{ending}", text::cut(name, LONGEST - ending.len() - 1)),
        None => text::cut(name, LONGEST).to_owned(),
    }
}

fn default_name(mime: &str, kind: FileKind, part: &MessagePart<'_>) -> String {
    if let PartType::Message(mail) = &part.body {
        let subject = text::line(mail.subject().unwrap_or_default());
        let subject: String =
            subject.chars().filter(|char| char.is_alphanumeric() || " -_.,()".contains(*char)).collect();
        let subject = text::cut(subject.trim(), 80).trim_end_matches('.');
        return if subject.is_empty() { "message.eml".to_owned() } else { format!("{subject}.eml") };
    }
    let ending = match mime {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/calendar" | "application/ics" => "ics",
        "text/csv" => "csv",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/svg+xml" => "svg",
        "application/pdf" => "pdf",
        "application/zip" => "zip",
        "application/pgp-signature" => "asc",
        "application/pkcs7-signature" | "application/x-pkcs7-signature" => "p7s",
        "message/delivery-status" | "text/rfc822-headers" => "txt",
        _ if mime.starts_with("image/") || mime.starts_with("audio/") || mime.starts_with("video/") => {
            mime.rsplit(['/', '-']).next().unwrap_or("bin")
        }
        _ => "bin",
    };
    let stem = match kind {
        FileKind::Calendar => "invite",
        FileKind::Mail => "message",
        FileKind::Proof => "signature",
        FileKind::Report => "report",
        _ if mime.starts_with("image/") => "image",
        _ => "file",
    };
    format!("{stem}.{ending}")
}

fn data(part: &MessagePart<'_>) -> Vec<u8> {
    part.contents().to_vec()
}
