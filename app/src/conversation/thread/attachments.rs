//! The files of a message: pictures in a grid, sound, film, and everything else as a line.

use leptos::prelude::*;
use model::FileKind;
use model::attachment::Attachment;
use text::message as t;
use ui::{Glyph, Icon, IconSize};

use super::audio::AudioPlayer;
use super::lightbox::{Picture, Pictures};
use crate::conversation::desk::use_desk;
use crate::store::OutboxFile;

/// Pictures that are drawn; the last says how many more there are.
const MOST_PICTURES: usize = 4;
/// The largest side of a picture that stands alone, in pixels.
const LARGEST: i64 = 320;

/// A file as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub kind: FileKind,
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// Width and height of a picture, when they are known.
    pub sides: Option<(i64, i64)>,
    /// Empty while it has no address.
    pub url: String,
    pub small_url: String,
    pub mime: String,
}

impl From<&Attachment> for Shown {
    fn from(file: &Attachment) -> Self {
        Self {
            kind: file.kind,
            name: file.file_name.clone(),
            size: file.size,
            sides: file.width.zip(file.height),
            url: file.url.clone(),
            small_url: if file.thumb_url.is_empty() { file.url.clone() } else { file.thumb_url.clone() },
            mime: file.content_type.clone(),
        }
    }
}

impl From<&OutboxFile> for Shown {
    fn from(file: &OutboxFile) -> Self {
        Self {
            kind: file.kind,
            name: file.name.clone(),
            size: file.size,
            sides: None,
            url: file.preview.clone(),
            small_url: file.preview.clone(),
            mime: String::new(),
        }
    }
}

/// All files of a message.
#[component]
pub fn Attachments(#[prop(into)] files: Signal<Vec<Shown>>) -> impl IntoView {
    let content = move || {
        let files = files.get();
        let is_picture = |file: &Shown| file.kind == FileKind::Image && !file.url.is_empty();
        let (pictures, others): (Vec<_>, Vec<_>) = files.into_iter().partition(is_picture);
        let has_some = !pictures.is_empty() || !others.is_empty();
        has_some.then(|| {
            view! {
                <div class="attachments">
                    {(!pictures.is_empty()).then(|| view! { <PictureGrid pictures/> })}
                    {others.into_iter().map(other).collect_view()}
                </div>
            }
        })
    };
    view! { {content} }.into_any()
}

fn other(file: Shown) -> AnyView {
    match file.kind {
        FileKind::Audio if !file.url.is_empty() => view! { <AudioPlayer file/> }.into_any(),
        FileKind::Video if !file.url.is_empty() => view! {
            <video class="attachment-video" controls preload="metadata" src=file.url title=file.name></video>
        }
        .into_any(),
        _ => view! { <FileLine file/> }.into_any(),
    }
}

#[component]
fn PictureGrid(pictures: Vec<Shown>) -> impl IntoView {
    let lang = use_desk().lang;
    let lightbox = expect_context::<Pictures>();
    let all: Vec<Picture> =
        pictures.iter().map(|file| Picture { name: file.name.clone(), url: file.url.clone() }).collect();
    let hidden = pictures.len().saturating_sub(MOST_PICTURES);
    let is_single = pictures.len() == 1;
    let picture = move |(index, file): (usize, Shown)| {
        let all = all.clone();
        let more = (hidden > 0 && index + 1 == MOST_PICTURES).then_some(hidden);
        // Known sides hold the room until the picture arrives.
        let (width, height) = file.sides.filter(|_| is_single).map(fitting).unzip();
        view! {
            <button
                type="button"
                class="attachment-image"
                aria-label=t::open_image(lang, &file.name)
                on:click=move |_| lightbox.show(all.clone(), index)
            >
                <img
                    src=file.small_url
                    alt=""
                    loading="lazy"
                    decoding="async"
                    width=width.map(|side| side.to_string())
                    height=height.map(|side| side.to_string())
                />
                {more.map(|more| view! { <span class="attachment-more">{["+", &more.to_string()].concat()}</span> })}
            </button>
        }
    };
    view! {
        <div class="attachment-images">
            {pictures.into_iter().take(MOST_PICTURES).enumerate().map(picture).collect_view()}
        </div>
    }
    .into_any()
}

/// Sides of a picture that fits its place.
fn fitting((width, height): (i64, i64)) -> (i64, i64) {
    let longest = width.max(height).max(1);
    if longest <= LARGEST {
        return (width, height);
    }
    ((width * LARGEST / longest).max(1), (height * LARGEST / longest).max(1))
}

#[component]
fn FileLine(file: Shown) -> impl IntoView {
    let lang = use_desk().lang;
    let icon = match file.kind {
        FileKind::Image => Icon::Image,
        FileKind::Audio => Icon::Audio,
        FileKind::Video => Icon::Video,
        _ if file.mime.starts_with("text/") || file.mime == "application/pdf" => Icon::FileText,
        _ => Icon::File,
    };
    let size = text::number::file_size(lang, u64::try_from(file.size).unwrap_or_default());
    let words = view! {
        <span class="attachment-icon">
            <Glyph icon size=IconSize::Large/>
        </span>
        <span class="attachment-name">
            <span>{file.name.clone()}</span>
            <span>{size}</span>
        </span>
    };
    if file.url.is_empty() {
        return view! { <div class="attachment-file">{words}</div> }.into_any();
    }
    view! {
        <a class="attachment-file" href=file.url download=file.name.clone() aria-label=t::open_file(lang, &file.name)>
            {words}
            <Glyph icon=Icon::Download/>
        </a>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn pictures_keep_their_shape() {
        assert_eq!(fitting((4_000, 3_000)), (320, 240));
        assert_eq!(fitting((100, 50)), (100, 50));
        assert_eq!(fitting((10, 100_000)), (1, 320));
        assert_eq!(fitting((0, 0)), (0, 0));
    }
}
