//! What a mail says.

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders as _, PartType};

use super::file::{self, File};
use super::{Damage, limits, repair};
use crate::html::SafeHtml;
use crate::{quote, text};

/// Both forms of what a mail says, each cut into what was written now and what was quoted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// What was written now, as text: for lists, search and everything that is not a screen.
    pub text: String,
    /// The whole plain text, quotations and all: the alternative view.
    pub whole_text: String,
    /// What was written now, where the mail has HTML.
    pub html: Option<SafeHtml>,
    /// What it quoted; behind "…" on the screen.
    pub quoted_html: Option<SafeHtml>,
    /// The same for mails without HTML.
    pub quoted_text: Option<String>,
}

impl Body {
    pub(super) fn plain(written: &str) -> Self {
        let whole = text::tidy(text::cut(&text::clean(written), limits::TEXT));
        let (text, quoted_text) = quote::split_text(&whole);
        Self { text, whole_text: whole, quoted_text, ..Self::default() }
    }

    fn html(html: &str, plain: Option<&str>) -> Self {
        let clean = SafeHtml::clean(html);
        let (written, quoted) = quote::split_html(&clean);
        let shorten = |text: String| text::cut(&text::clean(&text), limits::TEXT).to_owned();
        let whole = match plain {
            Some(plain) => text::tidy(&text::clean(plain)),
            None => clean.text(),
        };
        Self {
            text: shorten(written.text()),
            whole_text: shorten(whole),
            html: Some(written),
            quoted_html: quoted,
            quoted_text: None,
        }
    }
}

/// The body and every file of a mail.
pub(super) fn read(message: &Message<'_>, damage: &mut Vec<Damage>) -> (Body, Vec<File>) {
    let text = join(message, &message.text_body, false);
    let has_html = message.html_body.iter().any(|id| message.part(*id).is_some_and(MessagePart::is_text_html));
    let is_several = message.html_body.len() > 1;
    let html = if has_html || is_several { join(message, &message.html_body, true) } else { None };
    let body = match html {
        Some(html) if has_html => {
            let own_text = message.text_body.iter().any(|id| !message.html_body.contains(id));
            Body::html(&html, text.as_deref().filter(|text| own_text && !text.trim().is_empty()))
        }
        // Pictures between paragraphs of plain text.
        Some(html) if html.contains("<img") => Body::html(&html, text.as_deref()),
        _ => Body::plain(text.as_deref().unwrap_or_default()),
    };
    // Nothing is left: then the empty HTML may hide a text that is not.
    let body = match text {
        Some(text) if body.text.is_empty() && !text.trim().is_empty() && is_blank(&body) => Body::plain(&text),
        _ => body,
    };
    // A multipart whose parts cannot be told apart: all of it is better than nothing.
    let body = match undivided(message) {
        Some(whole) if body.text.is_empty() && is_blank(&body) => Body::plain(&whole),
        _ => body,
    };
    if message.parts.iter().any(|part| part.is_encoding_problem) {
        damage.push(Damage::Encoding);
    }
    let files = files(message, &body, damage);
    (body, files)
}

fn undivided(message: &Message<'_>) -> Option<String> {
    let [part] = message.parts.as_slice() else { return None };
    file::mime(part).starts_with("multipart/").then(|| content(message, part))
}

fn is_blank(body: &Body) -> bool {
    body.html.as_ref().is_none_or(SafeHtml::is_blank)
}

/// Texts and pictures one below the other, as they stand in the mail.
fn join(message: &Message<'_>, ids: &[u32], as_html: bool) -> Option<String> {
    let mut joined = String::new();
    let mut any = false;
    for id in ids {
        let Some(part) = message.part(*id) else { continue };
        let piece = match &part.body {
            PartType::Html(_) if as_html => content(message, part),
            PartType::Text(_) if as_html => text_to_html(&content(message, part)),
            PartType::Text(_) => content(message, part),
            PartType::Html(_) => SafeHtml::clean(&content(message, part)).text(),
            _ if as_html && file::mime(part).starts_with("image/") => picture(part, *id),
            _ => continue,
        };
        any = true;
        if !joined.is_empty() {
            joined.push('\n');
        }
        joined.push_str(&piece);
        if joined.len() > SafeHtml::LONGEST {
            break;
        }
    }
    any.then_some(joined)
}

fn picture(part: &MessagePart<'_>, number: u32) -> String {
    let id = part.content_id().map_or_else(|| file::place_id(number), str::to_owned);
    let escape = ammonia::clean_text;
    format!("<p><img src=\"cid:{}\" alt=\"{}\"></p>", escape(&id), escape(part.attachment_name().unwrap_or_default()))
}

fn text_to_html(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(ammonia::clean_text).collect();
    format!("<div>{}</div>", lines.join("<br>").replace("&#32;", " ").replace("&#10;", ""))
}

/// A part's text. Without a charset, or with one nobody knows, its bytes are UTF-8 or what Windows wrote.
fn content(message: &Message<'_>, part: &MessagePart<'_>) -> String {
    let read = part.text_contents().unwrap_or_default();
    let charset = part.content_type().and_then(|kind| kind.attribute("charset"));
    let known = charset.is_some_and(|name| charset_decoder(name.trim().as_bytes()).is_some());
    if known || !read.contains('\u{fffd}') {
        return read.to_owned();
    }
    let (start, end) = (part.offset_body as usize, part.offset_end as usize);
    let Some(raw) = message.raw_message.get(start..end) else { return read.to_owned() };
    let bytes = match part.encoding {
        Encoding::None => Some(raw.to_vec()),
        Encoding::Base64 => base64_decode(raw),
        Encoding::QuotedPrintable => quoted_printable_decode(raw),
    };
    bytes.map_or_else(|| read.to_owned(), |bytes| repair::decode(&bytes))
}

/// Every part that is not the text, the last ones first where there are too many to keep.
fn files(message: &Message<'_>, body: &Body, damage: &mut Vec<Damage>) -> Vec<File> {
    let shown: Vec<String> =
        [&body.html, &body.quoted_html].into_iter().flatten().flat_map(SafeHtml::content_ids).collect();
    if message.attachments.len() > limits::FILES {
        damage.push(Damage::TooManyFiles);
    }
    let mut files = Vec::new();
    for id in message.attachments.iter().take(limits::FILES) {
        let Some(part) = message.part(*id).filter(|part| !part.is_multipart()) else { continue };
        let mut file = File::of(part, *id);
        let is_picture = file.mime.starts_with("image/");
        file.shown = is_picture && file.content_id.as_ref().is_some_and(|id| shown.contains(id));
        if !is_picture && !file.shown && file.content_id.as_deref().is_some_and(|id| id.starts_with("part-")) {
            file.content_id = None;
        }
        files.push(file);
    }
    files
}
