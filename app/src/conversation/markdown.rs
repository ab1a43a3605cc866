//! A message's Markdown as page elements: texts go in as text, addresses were checked when they were read.

use leptos::prelude::*;
use model::markdown::{Block, Inline, parse};

/// Draws a message's text.
#[component]
pub fn Markdown(
    /// What was written.
    #[prop(into)]
    text: Signal<String>,
) -> impl IntoView {
    let blocks = move || parse(&text.read()).into_iter().map(block).collect_view();
    view! {
        <div class="rich-text" dir="auto">
            {blocks}
        </div>
    }
    .into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(content) => view! { <p>{inlines(content)}</p> }.into_any(),
        Block::Quote(content) => view! { <blockquote>{inlines(content)}</blockquote> }.into_any(),
        Block::Code(code) => view! {
            <pre tabindex="0">
                <code>{code}</code>
            </pre>
        }
        .into_any(),
        Block::List(None, items) => view! { <ul>{items.into_iter().map(item).collect_view()}</ul> }.into_any(),
        Block::List(Some(first), items) => {
            let start = (first != 1).then(|| first.to_string());
            view! { <ol start=start>{items.into_iter().map(item).collect_view()}</ol> }.into_any()
        }
    }
}

fn item(content: Vec<Inline>) -> AnyView {
    view! { <li>{inlines(content)}</li> }.into_any()
}

fn inlines(content: Vec<Inline>) -> Vec<AnyView> {
    content.into_iter().map(inline).collect()
}

fn inline(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => text.into_any(),
        Inline::Break => view! { <br/> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Strike(inner) => view! { <s>{inlines(inner)}</s> }.into_any(),
        Inline::Code(code) => view! { <code>{code}</code> }.into_any(),
        Inline::Link(address, inner) => link(address, inlines(inner).into_any()),
        // A picture from elsewhere would tell that site who reads the message: it is a link.
        Inline::Image(address, words) => {
            let words = if words.is_empty() { address.clone() } else { words };
            link(address, words.into_any())
        }
        // It stands below, with the other files.
        Inline::Own(_, words) => view! { <span class="own-picture">{words}</span> }.into_any(),
    }
}

fn link(address: String, inner: AnyView) -> AnyView {
    if address.starts_with(model::mention::SCHEME) {
        return view! { <span class="mention">{inner}</span> }.into_any();
    }
    view! {
        <a class="link" href=address target="_blank" rel="noopener noreferrer nofollow ugc">
            {inner}
        </a>
    }
    .into_any()
}

/// Whether a text is nothing but one to three emojis, which are drawn large.
#[must_use]
pub fn is_emoji_only(text: &str) -> bool {
    let text = text.trim();
    if text.is_empty() || text.len() > 80 {
        return false;
    }
    let mut count = 0;
    let mut joined = false;
    for c in text.chars() {
        let is_joiner = matches!(c, '\u{200d}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}' | '\u{e0020}'..='\u{e007f}');
        let is_flag = matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
        let is_emoji = is_flag
            || matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{2300}'..='\u{23ff}');
        match c {
            '\u{200d}' => joined = true,
            _ if is_joiner || c.is_whitespace() => {}
            _ if is_emoji => {
                // The two letters of a flag count as half each.
                count += if joined {
                    0
                } else if is_flag {
                    1
                } else {
                    2
                };
                joined = false;
            }
            _ => return false,
        }
    }
    (1..=6).contains(&count)
}

#[cfg(test)]
mod tests {
    use super::is_emoji_only;

    #[test]
    fn a_few_emojis_stand_alone() {
        for text in ["👍", "❤️", "🎉🎉🎉", "👩‍👩‍👧", "👋🏽", "🇧🇷", " 🙂 "] {
            assert!(is_emoji_only(text), "{text}");
        }
        for text in ["", "ok 👍", "1", "🙂🙂🙂🙂", "#", "!"] {
            assert!(!is_emoji_only(text), "{text}");
        }
    }
}
