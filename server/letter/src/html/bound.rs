//! How much HTML a parser may be given. The standard's rules for broken HTML let a few kilobytes grow into gigabytes of elements, or
//! take the square of their length in time; honest mail is far below these figures.
//!
//! Tags are looked for everywhere, in comments too: counting too many is harmless, counting too few is not.

use std::borrow::Cow;
use std::collections::HashSet;

use crate::text;

/// Elements of which every later paragraph may get a copy while they are open.
const FORMATS: [&str; 12] = ["b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"];
/// Tags; each may look through all that are open, which takes the square of their number.
const TAGS: usize = 20_000;
/// Attributes of one tag; each is compared with all before it.
const ATTRIBUTES: usize = 200;
/// Copies that formatting may make.
const COPIES: usize = 2_000_000;
/// The standard keeps at most so many equal formats open.
const EQUAL: usize = 3;

/// HTML that is parsed in bounded time and memory: the same, where it is honest.
pub fn bound(html: &str, longest: usize) -> Cow<'_, str> {
    let html = text::cut(html, longest);
    let mut formats: HashSet<&str> = HashSet::new();
    let mut tags = 0;
    let mut end = html.len();
    for (start, _) in html.match_indices('<') {
        let Some(name) = name_at(html, start) else { continue };
        tags += 1;
        let length = tag_length(&html[start..]);
        let (false, Some(length)) = (tags > TAGS, length) else {
            end = start;
            break;
        };
        if is_format(name) {
            formats.insert(&html[start..start + length]);
        }
    }
    let html = &html[..end];
    if formats.len() * EQUAL * tags <= COPIES {
        return Cow::Borrowed(html);
    }
    Cow::Owned(without_formats(html))
}

/// The name of a tag that begins or ends here.
fn name_at(html: &str, start: usize) -> Option<&str> {
    let rest = html[start + 1..].trim_start_matches('/');
    let length = rest.find(|char: char| char.is_ascii_whitespace() || "/>".contains(char)).unwrap_or(rest.len());
    rest.starts_with(|char: char| char.is_ascii_alphabetic()).then(|| &rest[..length.min(40)])
}

fn is_format(name: &str) -> bool {
    FORMATS.iter().any(|format| format.eq_ignore_ascii_case(name))
}

/// Bytes up to and with the `>`, read as the standard does; `None` with too many attributes. A tag that never ends is none.
fn tag_length(tag: &str) -> Option<usize> {
    let bytes = tag.as_bytes();
    let mut at = 1;
    let until = |from: usize, stop: &dyn Fn(u8) -> bool| {
        bytes[from..].iter().position(|byte| stop(*byte)).map_or(bytes.len(), |length| from + length)
    };
    at = until(at, &|byte| byte.is_ascii_whitespace() || byte == b'>');
    for _ in 0..ATTRIBUTES {
        at = until(at, &|byte| !byte.is_ascii_whitespace() && byte != b'/');
        match bytes.get(at) {
            None => return Some(bytes.len()),
            Some(b'>') => return Some(at + 1),
            Some(_) => {}
        }
        at = until(at + 1, &|byte| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>' | b'='));
        at = until(at, &|byte| !byte.is_ascii_whitespace());
        if bytes.get(at) != Some(&b'=') {
            continue;
        }
        at = until(at + 1, &|byte| !byte.is_ascii_whitespace());
        at = match bytes.get(at) {
            Some(quote @ (b'"' | b'\'')) => (until(at + 1, &|byte| byte == *quote) + 1).min(bytes.len()),
            _ => until(at, &|byte| byte.is_ascii_whitespace() || byte == b'>'),
        };
    }
    None
}

/// The same words without bold and italics: formats become elements of which no copies are made.
fn without_formats(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    let mut done = 0;
    for (start, _) in html.match_indices('<') {
        let Some(name) = name_at(html, start).filter(|name| is_format(name)) else { continue };
        let slashes = html[start + 1..].len() - html[start + 1..].trim_start_matches('/').len();
        let name_start = start + 1 + slashes;
        plain.push_str(&html[done..name_start]);
        plain.push_str("span");
        done = name_start + name.len();
    }
    plain.push_str(&html[done..]);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_html_stays_and_hostile_html_shrinks() {
        let honest = "<p class='a>b' title=\"<b>\"><b>x</b> < 5 <br/></p>".repeat(500);
        assert_eq!(bound(&honest, 1 << 20), honest);
        let copies: String = (0..5_000).map(|number| format!("<b id={number}>x<p>")).collect();
        let plain = bound(&copies, 1 << 20);
        assert!(plain.starts_with("<span id=0>x<p><span id=1>") && !plain.contains("<b"));
        assert!(bound(&"<p>".repeat(TAGS * 2), 1 << 20).len() <= TAGS * 3);
        let attributes: String = (0..1_000).map(|number| format!(" a{number}")).collect();
        assert_eq!(bound(&format!("x<p{attributes}>y"), 1 << 20), "x");
        assert_eq!(bound("a<p", 100), "a<p");
        assert_eq!(bound("aé", 2), "a");
    }
}
