//! Walks over clean HTML, which is regular: every tag is closed, every value is in double quotes, every `<` in text is escaped.

use std::borrow::Cow;

/// Elements that have no end.
const VOID: [&str; 5] = ["br", "img", "hr", "col", "wbr"];

/// An element's beginning; offsets are bytes of the HTML.
#[derive(Debug, Clone, Copy)]
pub struct Open<'a> {
    pub name: &'a str,
    pub attributes: &'a str,
    pub start: usize,
    pub end: usize,
}

impl Open<'_> {
    pub fn is_void(&self) -> bool {
        VOID.contains(&self.name)
    }
}

#[derive(Debug, Clone, Copy)]
pub enum Tag<'a> {
    Open(Open<'a>),
    Close { name: &'a str, start: usize, end: usize },
    Text { start: usize, end: usize },
}

pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = html.get(at..)?;
        if rest.is_empty() {
            return None;
        }
        let start = at;
        if !rest.starts_with('<') {
            at += rest.find('<').unwrap_or(rest.len());
            return Some(Tag::Text { start, end: at });
        }
        at += tag_length(rest);
        let inner = html[start..at].trim_start_matches('<').trim_end_matches('>');
        if let Some(name) = inner.strip_prefix('/') {
            return Some(Tag::Close { name: name.trim(), start, end: at });
        }
        let split = inner.find(char::is_whitespace).unwrap_or(inner.len());
        Some(Tag::Open(Open { name: &inner[..split], attributes: &inner[split..], start, end: at }))
    })
}

/// To the `>` that is not in quotes.
fn tag_length(rest: &str) -> usize {
    let mut quoted = false;
    for (index, byte) in rest.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'>' if !quoted => return index + 1,
            _ => {}
        }
    }
    rest.len()
}

/// Names and unescaped values.
pub fn attributes(written: &str) -> impl Iterator<Item = (&str, String)> {
    let mut rest = written;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once("=\"")?;
        let (value, after) = after.split_once('"')?;
        rest = after;
        Some((name.trim(), unescape(value).into_owned()))
    })
}

pub fn attribute(written: &str, wanted: &str) -> Option<String> {
    if !written.contains(wanted) {
        return None;
    }
    attributes(written).find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// The few escapes the serialiser writes.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&nbsp;", "\u{a0}");
    Cow::Owned(plain.replace("&amp;", "&"))
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Elements that are open at a place, outermost first.
pub fn open_at(html: &str, place: usize) -> Vec<Open<'_>> {
    let mut stack: Vec<Open<'_>> = Vec::new();
    for tag in tags(html) {
        match tag {
            Tag::Open(open) if open.start >= place => break,
            Tag::Close { start, .. } | Tag::Text { start, .. } if start >= place => break,
            Tag::Open(open) if !open.is_void() => stack.push(open),
            Tag::Close { name, .. } if stack.last().is_some_and(|open| open.name == name) => drop(stack.pop()),
            _ => {}
        }
    }
    stack
}

/// Both sides of a place, each with all its elements closed.
pub fn split(html: &str, place: usize) -> (String, String) {
    let stack = open_at(html, place);
    let mut before = html[..place].to_owned();
    for open in stack.iter().rev() {
        before.push_str(&format!("</{}>", open.name));
    }
    let mut after: String = stack.iter().map(|open| &html[open.start..open.end]).collect();
    after.push_str(&html[place..]);
    (before, after)
}

/// What is left without a balanced region, and the region.
pub fn cut_out(html: &str, start: usize, end: usize) -> (String, String) {
    (format!("{}{}", &html[..start], &html[end..]), html[start..end].to_owned())
}
