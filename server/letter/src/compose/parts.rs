//! The body of a mail: alternatives, pictures and files in the nesting that programs expect.

use lettre::message::header::{ContentDisposition, ContentId, ContentTransferEncoding, ContentType};
use lettre::message::{Attachment as Part, Body, MultiPart, SinglePart};

use super::{DraftError, FILES};
use crate::html::SafeHtml;
use crate::text;

/// What is said, at least as text.
#[derive(Debug, Clone, Default)]
pub struct Content<'a> {
    /// Made from the HTML where it is empty.
    pub text: &'a str,
    pub html: Option<&'a str>,
    /// What stands above links of files that are too large, in the reader's language.
    pub links_title: &'a str,
}

/// A file or a picture.
#[derive(Debug, Clone)]
pub struct Attachment<'a> {
    pub name: &'a str,
    pub mime: &'a str,
    pub data: &'a [u8],
    /// By which the HTML shows it.
    pub content_id: Option<&'a str>,
    /// Where it can be fetched when it is too large.
    pub link: Option<&'a str>,
}

pub enum Whole {
    Single(SinglePart),
    Multi(MultiPart),
}

pub struct Built {
    pub body: Whole,
    pub linked: Vec<String>,
}

/// mixed(related(alternative(text, html), pictures), files), leaving out what is not needed.
pub fn build(content: &Content<'_>, inline: &[Attachment<'_>], files: &[Attachment<'_>]) -> Result<Built, DraftError> {
    let (attached, linked) = choose(inline, files)?;
    let text = with_links(&as_text(content), content.links_title, &linked);
    let mut whole = match content.html {
        None => Whole::Single(SinglePart::plain(text)),
        Some(html) => {
            let html = with_html_links(html, content.links_title, &linked);
            Whole::Multi(MultiPart::alternative_plain_html(text, html))
        }
    };
    if !inline.is_empty() {
        whole = Whole::Multi(
            inline.iter().fold(begin(MultiPart::related().build(), whole), |part, file| part.singlepart(picture(file))),
        );
    }
    if !attached.is_empty() {
        whole = Whole::Multi(
            attached
                .iter()
                .fold(begin(MultiPart::mixed().build(), whole), |part, file| part.singlepart(attachment(file))),
        );
    }
    let linked = linked.iter().map(|(name, _)| name.clone()).collect();
    Ok(Built { body: whole, linked })
}

fn begin(part: MultiPart, first: Whole) -> MultiPart {
    match first {
        Whole::Single(single) => part.singlepart(single),
        Whole::Multi(multi) => part.multipart(multi),
    }
}

fn as_text(content: &Content<'_>) -> String {
    match content.html {
        Some(html) if content.text.trim().is_empty() => SafeHtml::clean(html).text(),
        _ => text::clean(content.text),
    }
}

type Linked = Vec<(String, String)>;

/// Which files travel along, in their order, and which are linked.
fn choose<'f, 'a>(
    inline: &[Attachment<'a>],
    files: &'f [Attachment<'a>],
) -> Result<(Vec<&'f Attachment<'a>>, Linked), DraftError> {
    let mut size: usize = inline.iter().map(|file| file.data.len()).sum();
    let (mut attached, mut linked) = (Vec::new(), Vec::new());
    for file in files {
        if size + file.data.len() <= FILES {
            size += file.data.len();
            attached.push(file);
            continue;
        }
        let link = file.link.ok_or_else(|| DraftError::TooLarge(name(file)))?;
        linked.push((name(file), text::line(link)));
    }
    Ok((attached, linked))
}

fn with_links(body: &str, title: &str, linked: &Linked) -> String {
    if linked.is_empty() {
        return body.to_owned();
    }
    let list: Vec<String> = linked.iter().map(|(name, link)| format!("- {name}: {link}")).collect();
    format!("{body}\n\n{title}\n{}\n", list.join("\n"))
}

fn with_html_links(body: &str, title: &str, linked: &Linked) -> String {
    if linked.is_empty() {
        return body.to_owned();
    }
    let escape = ammonia::clean_text;
    let item = |(name, link): &(String, String)| format!("<li><a href=\"{}\">{}</a></li>", escape(link), escape(name));
    let list: String = linked.iter().map(item).collect();
    format!("{body}<p>{}</p><ul>{list}</ul>", escape(title))
}

/// One line without folders; never empty.
fn name(file: &Attachment<'_>) -> String {
    let name = text::line(file.name).replace(['/', '\\', '"'], "_");
    if name.is_empty() { "file".to_owned() } else { text::cut(&name, 200).to_owned() }
}

fn picture(file: &Attachment<'_>) -> SinglePart {
    let Some(id) = file
        .content_id
        .map(|id| id.chars().filter(|char| char.is_ascii_graphic() && !"<>".contains(*char)).collect::<String>())
    else {
        return attachment(file);
    };
    SinglePart::builder()
        .header(ContentId::from(format!("<{id}>")))
        .header(ContentDisposition::inline_with_name(&name(file)))
        .header(kind(file))
        .body(base64(file))
}

fn attachment(file: &Attachment<'_>) -> SinglePart {
    Part::new(name(file)).body(base64(file), kind(file))
}

/// Never 8 bit and never a line too long, whatever the file holds.
fn base64(file: &Attachment<'_>) -> Body {
    Body::new_with_encoding(file.data.to_vec(), ContentTransferEncoding::Base64).unwrap_or_else(Body::new)
}

/// Mails and multiparts must not be encoded, so a file that is one travels as plain bytes.
fn kind(file: &Attachment<'_>) -> ContentType {
    let mime = file.mime.trim().to_ascii_lowercase();
    let nested = mime.starts_with("message/") || mime.starts_with("multipart/");
    let parsed = (!nested && mime.is_ascii()).then(|| ContentType::parse(&mime).ok()).flatten();
    parsed.or_else(|| ContentType::parse("application/octet-stream").ok()).unwrap_or(ContentType::TEXT_PLAIN)
}
