//! A message's Markdown as page elements. Every text goes in as text and every attribute by name; there is no place where
//! markup could come in.

use crate::dom::{El, el};
use model::markdown::{Block, Inline, parse};

/// Puts a message's words into an element.
pub fn fill(mut place: El, content: &str) -> El {
    for block in parse(content) {
        place = place.child(match block {
            Block::Paragraph(content) => inlines(el("p"), &content),
            Block::Quote(content) => inlines(el("blockquote"), &content),
            Block::Code(code) => el("pre").text(&code),
            Block::List(None, items) => list(el("ul"), &items),
            Block::List(Some(first), items) => list(el("ol").attr("start", &first.to_string()), &items),
        });
    }
    place
}

fn list(place: El, items: &[Vec<Inline>]) -> El {
    items.iter().fold(place, |place, item| place.child(inlines(el("li"), item)))
}

fn inlines(place: El, content: &[Inline]) -> El {
    content.iter().fold(place, |place, inline| match inline {
        Inline::Text(text) => place.text(text),
        Inline::Break => place.child(el("br")),
        Inline::Strong(inner) => place.child(inlines(el("strong"), inner)),
        Inline::Emphasis(inner) => place.child(inlines(el("em"), inner)),
        Inline::Strike(inner) => place.child(inlines(el("s"), inner)),
        Inline::Code(code) => place.child(el("code").text(code)),
        Inline::Link(url, inner) => place.child(inlines(link(url), inner)),
        // It stands below, with the other files.
        Inline::Own(_, text) => place.child(el("em").text(text)),
        Inline::Image(url, text) => place.child(link(url).child(image(url, text))),
    })
}

fn link(url: &str) -> El {
    el("a").attr("href", url).attr("target", "_blank").attr("rel", "noopener noreferrer nofollow ugc")
}

fn image(url: &str, text: &str) -> El {
    el("img").attr("loading", "lazy").attr("referrerpolicy", "no-referrer").attr("alt", text).attr("src", url)
}
