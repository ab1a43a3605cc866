//! Files of messages.

use model::FileKind;
use text::Words;

use super::icon::{FILE, icon};
use crate::dom::{El, div, el};
use crate::message::Attachment;
use crate::words;

/// What such a file is called when its name does not matter.
pub fn kind_name(lang: Words, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Image => text::widget::image(lang),
        FileKind::Audio => text::widget::audio(lang),
        FileKind::Video => text::widget::video(lang),
        FileKind::Location => text::widget::location(lang),
        _ => text::widget::file(lang),
    }
}

/// A message's files below each other, pictures side by side.
pub fn attachments(lang: Words, files: &[Attachment]) -> El {
    div("files").children(files.iter().map(|file| match file.kind {
        FileKind::Image => picture(lang, file),
        FileKind::Audio => player("audio", file),
        FileKind::Video => player("video", file),
        _ => chip(lang, file),
    }))
}

fn link(class: &str, file: &Attachment) -> El {
    let link = el("a").attr("class", class).attr("href", &file.url);
    link.attr("target", "_blank").attr("rel", "noopener noreferrer")
}

fn player(tag: &str, file: &Attachment) -> El {
    el(tag).attr("controls", "").attr("preload", "metadata").attr("src", &file.url).attr("aria-label", &file.name)
}

/// The space is reserved by the picture's own proportions, so nothing moves when it arrives.
fn picture(lang: Words, file: &Attachment) -> El {
    let mut image = el("img").attr("alt", "");
    if let Some((width, height)) = file.pixels {
        image = image.attr("width", &width.to_string()).attr("height", &height.to_string());
    }
    link("picture", file)
        .attr("aria-label", &text::widget::open_file(lang, &file.name))
        .child(image.attr("src", &file.thumb))
}

fn chip(lang: Words, file: &Attachment) -> El {
    let size = if file.size > 0 { words::file_size(lang, file.size) } else { String::new() };
    link("chip", file)
        .child(icon(FILE))
        .child(el("span").attr("class", "name").text(&file.name))
        .child(el("small").text(&size))
}
