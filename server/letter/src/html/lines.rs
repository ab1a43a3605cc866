//! Clean HTML as the lines a reader sees.

use super::scan::{Open, Tag, attribute, tags, unescape};

/// Elements that begin and end a line of their own.
const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tr",
    "ul",
];
/// Those with space around them.
const SPACED: [&str; 13] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "dl"];

/// A line, and where its HTML begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The first tag that belongs to it alone, in bytes of the HTML.
    pub start: usize,
    pub text: String,
    /// Whether space separates it from the line before.
    pub spaced: bool,
}

#[derive(Default)]
struct Walk {
    lines: Vec<Line>,
    text: String,
    start: Option<usize>,
    spaced: bool,
    next_spaced: bool,
    pre: usize,
    /// Names of open elements below the first that is not displayed.
    hidden: Vec<String>,
    /// The counters of open lists; none for those without numbers.
    lists: Vec<Option<usize>>,
    links: Vec<(String, usize)>,
}

/// What a reader sees, line by line; what is not displayed is left out.
pub fn lines(html: &str) -> Vec<Line> {
    let mut walk = Walk::default();
    for tag in tags(html) {
        match tag {
            Tag::Open(open) => walk.open(&open),
            Tag::Close { name, .. } => walk.close(name),
            Tag::Text { start, end } => walk.text(&html[start..end], start),
        }
    }
    walk.end_line();
    walk.lines
}

/// The whole as plain text.
pub fn text(html: &str) -> String {
    let mut text = String::with_capacity(html.len() / 2);
    for line in lines(html) {
        if !text.is_empty() {
            text.push('\n');
            if line.spaced {
                text.push('\n');
            }
        }
        text.push_str(line.text.trim_end());
    }
    crate::text::tidy(&text)
}

impl Walk {
    fn open(&mut self, open: &Open<'_>) {
        if !self.hidden.is_empty() {
            if !open.is_void() {
                self.hidden.push(open.name.to_owned());
            }
            return;
        }
        if is_hidden(open) && !open.is_void() {
            self.hidden.push(open.name.to_owned());
            return;
        }
        if BLOCKS.contains(&open.name) {
            self.end_line();
            self.next_spaced |= SPACED.contains(&open.name);
        }
        match open.name {
            "br" => self.break_line(open.start),
            "img" => self.picture(open),
            "td" | "th" => self.gap(),
            "pre" => self.pre += 1,
            "ul" => self.lists.push(None),
            "ol" => self.lists.push(Some(0)),
            "li" => self.item(),
            "a" => self.links.push((attribute(open.attributes, "href").unwrap_or_default(), self.text.len())),
            _ => {}
        }
        if self.start.is_none() && open.name != "br" {
            self.start = Some(open.start);
        }
    }

    fn close(&mut self, name: &str) {
        if !self.hidden.is_empty() {
            if self.hidden.last().is_some_and(|open| open == name) {
                self.hidden.pop();
            }
            return;
        }
        match name {
            "pre" => self.pre = self.pre.saturating_sub(1),
            "ul" | "ol" => {
                self.lists.pop();
            }
            "a" => self.link_end(),
            _ => {}
        }
        if BLOCKS.contains(&name) {
            self.end_line();
            self.next_spaced |= SPACED.contains(&name);
        }
    }

    fn text(&mut self, written: &str, start: usize) {
        if !self.hidden.is_empty() {
            return;
        }
        let plain = unescape(written);
        if self.pre > 0 {
            let mut parts = plain.split('\n');
            self.push(parts.next().unwrap_or_default(), start);
            for part in parts {
                self.break_line(start);
                self.push(part, start);
            }
            return;
        }
        let begins_blank = plain.starts_with(|char: char| char.is_ascii_whitespace());
        let ends_blank = plain.ends_with(|char: char| char.is_ascii_whitespace());
        if begins_blank {
            self.gap();
        }
        for (index, word) in plain.split_ascii_whitespace().enumerate() {
            if index > 0 {
                self.text.push(' ');
            }
            self.push(word, start);
        }
        if ends_blank {
            self.gap();
        }
    }

    fn push(&mut self, text: &str, start: usize) {
        if !text.is_empty() {
            self.start.get_or_insert(start);
            self.text.extend(text.chars().map(|char| if char == '\u{a0}' { ' ' } else { char }));
        }
    }

    /// One blank between words.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn picture(&mut self, open: &Open<'_>) {
        let alt = attribute(open.attributes, "alt").unwrap_or_default();
        let alt = alt.trim();
        if !alt.is_empty() {
            self.gap();
            self.push(&format!("[{alt}]"), open.start);
        }
    }

    fn item(&mut self) {
        let indent = "  ".repeat(self.lists.len().saturating_sub(1).min(8));
        let mark = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{number}. ")
            }
            _ => "- ".to_owned(),
        };
        self.text = format!("{indent}{mark}");
    }

    /// Where a link leads is part of what is said, unless its words say it already.
    fn link_end(&mut self) {
        let Some((address, from)) = self.links.pop() else { return };
        let words = self.text.get(from..).unwrap_or_default().trim();
        let says_it = words.is_empty() || words.contains("://") || words.contains("www.") || address.contains(words);
        if address.starts_with("http") && !says_it && address.len() <= 200 {
            self.text.push_str(&format!(" <{address}>"));
        }
    }

    fn break_line(&mut self, at: usize) {
        let start = self.start.take().unwrap_or(at);
        let text = std::mem::take(&mut self.text);
        self.links.iter_mut().for_each(|(_, from)| *from = 0);
        let spaced = std::mem::take(&mut self.spaced) | std::mem::take(&mut self.next_spaced);
        self.lines.push(Line { start, text, spaced });
    }

    fn end_line(&mut self) {
        if self.text.trim().is_empty() {
            self.text.clear();
            return;
        }
        self.break_line(0);
    }
}

fn is_hidden(open: &Open<'_>) -> bool {
    open.attributes.contains("display: none")
}
