//! A mail as a message.

use letter::{Address, File, Incoming, Kind};
use model::{ContentKind, MessageKind};
use serde_json::{Value, json};

use crate::message::attachment::Upload;
use crate::message::write;
use crate::search;

/// Characters of content that a message keeps.
const LONGEST: usize = 150_000;

/// The message, still without sender and files.
pub fn message(mail: &Incoming) -> write::New {
    let text = mail.body.text.as_str();
    let content = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]).to_owned();
    write::New {
        content_kind: ContentKind::IncomingEmail,
        content_attributes: attributes(mail, &content),
        source_id: mail.id.as_ref().map(ToString::to_string),
        words: Some(search::document(&content)),
        ..write::New::text(MessageKind::Incoming, content)
    }
}

/// Gives the attributes of a stored mail the texts that are kept once only, in the shape that clients know. Other messages have theirs.
pub fn complete(kind: ContentKind, attributes: &mut Value, content: &str) {
    if kind != ContentKind::IncomingEmail {
        return;
    }
    let Some(texts) = attributes.pointer_mut("/email/text_content").and_then(Value::as_object_mut) else { return };
    let reply = texts.entry("reply").or_insert_with(|| json!(content)).clone();
    texts.entry("full").or_insert(reply);
}

/// The texts of a mail that are not the message's content again.
fn texts(mail: &Incoming, content: &str) -> Value {
    let mut texts = json!({ "quoted": mail.body.quoted_text });
    if mail.body.text != content {
        texts["reply"] = json!(mail.body.text);
    }
    if mail.body.whole_text != mail.body.text {
        texts["full"] = json!(mail.body.whole_text);
    }
    texts
}

/// What stands in the message's `content_attributes`; see [`complete`].
fn attributes(mail: &Incoming, content: &str) -> Value {
    let emails = |all: &[Address]| all.iter().map(|one| one.email.clone()).collect::<Vec<_>>();
    let html = mail.body.html.as_ref().map(|html| {
        let quoted = mail.body.quoted_html.as_ref().map(letter::SafeHtml::as_str);
        json!({ "reply": html.as_str(), "quoted": quoted })
    });
    let inline: Vec<_> = mail.inline().filter_map(|file| file.content_id.as_deref()).collect();
    let content_ids: Vec<_> = mail.files.iter().filter(|file| fits(file)).map(name_in_text).collect();
    let damage: Vec<_> = mail.damage.iter().map(|damage| format!("{damage:?}")).collect();
    json!({
        "email": {
            "subject": mail.subject,
            "from": mail.people.from.as_ref().map(|from| vec![from.email.clone()]),
            "to": emails(&mail.people.to),
            "cc": emails(&mail.people.cc),
            "date": mail.written_at,
            "message_id": mail.id.as_ref().map(ToString::to_string),
            "in_reply_to": mail.thread.iter().find_map(answered),
            "number_of_attachments": mail.attached().count(),
            "text_content": texts(mail, content),
            "html_content": html,
            "inline": inline,
            "content_ids": content_ids,
            "is_automatic": mail.kind != Kind::Ordinary,
            "may_answer": mail.may_answer,
            "damage": damage,
        },
        "cc_email": emails(&mail.people.cc),
    })
}

fn answered(key: &letter::ThreadKey) -> Option<String> {
    match key {
        letter::ThreadKey::InReplyTo(id) => Some(id.to_string()),
        _ => None,
    }
}

/// By which name the text shows a file; none for those that only came along.
fn name_in_text(file: &File) -> Option<&str> {
    file.content_id.as_deref().filter(|_| file.shown)
}

fn fits(file: &File) -> bool {
    !file.data.is_empty() && file.data.len() as u64 <= model::content::MAX_FILE_BYTES
}

/// Everything that came with it, as files of a message; what is empty or larger than any file may be is left to the original.
pub fn uploads(files: Vec<File>) -> Vec<Upload> {
    let upload = |file: File| Upload { file_name: file.name, content_type: file.mime, bytes: file.data.into() };
    files.into_iter().filter(fits).map(upload).collect()
}
