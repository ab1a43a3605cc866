//! The Markdown people write in a chat, as a tree.
//!
//! Only text comes in and only this tree goes out: there is no way for markup to become anything else. Reading takes
//! linear time on every input, because open marks are kept on a stack of bounded depth.

mod address;
mod inline;
mod part;
#[cfg(test)]
mod tests;

use inline::inlines;

/// A paragraph-like part of a message.
#[derive(Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A fenced code block, verbatim.
    Code(String),
    /// Items after `-`, `*`, `+` or, when ordered, `1.`; the number is the first item's.
    List(Option<u32>, Vec<Vec<Inline>>),
    /// Lines after `>`.
    Quote(Vec<Inline>),
}

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// A line break: in a chat every typed one counts.
    Break,
    /// `**bold**`
    Strong(Vec<Inline>),
    /// `*italic*`
    Emphasis(Vec<Inline>),
    /// `~~strike~~`
    Strike(Vec<Inline>),
    /// `` `code` ``
    Code(String),
    /// `[text](https://…)` or an address by itself; the scheme is one of the harmless ones.
    Link(String, Vec<Inline>),
    /// `![text](https://…)`
    Image(String, String),
    /// `![text](cid:name)`: one of the message's own pictures, by the [`name_in_text`] of its file. Where pictures can't stand
    /// in the text, the words are shown, and the picture with the other files.
    Own(String, String),
}

/// How texts refer to pictures that come with them; the scheme is that of mails (RFC 2392).
pub const OWN_PICTURE: &str = "cid:";

/// A file's name as it stands in such a reference: letters and digits of any language stay, everything else becomes a hyphen.
#[must_use]
pub fn name_in_text(file_name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
    file_name.chars().map(plain).collect()
}

/// What puts a picture into the text of the message that it comes with.
#[must_use]
pub fn own_picture(file_name: &str) -> String {
    let name = name_in_text(file_name);
    ["![", &name, "](", OWN_PICTURE, &name, ")"].concat()
}

/// Reads a message.
pub fn parse(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        if line.trim_start().starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.trim_start().starts_with("```")).collect();
            blocks.push(Block::Code(code.join("\n")));
            continue;
        }
        if let Some((number, first)) = item(line) {
            let mut items = vec![inlines(first)];
            while let Some((_, next)) =
                lines.peek().and_then(|line| item(line)).filter(|(n, _)| n.is_some() == number.is_some())
            {
                items.push(inlines(next));
                lines.next();
            }
            blocks.push(Block::List(number, items));
            continue;
        }
        let quoted = quote(line);
        let mut joined = String::from(quoted.unwrap_or_else(|| heading(line)));
        while let Some(next) = lines.peek().filter(|next| continues(next, quoted.is_some())) {
            joined.push('\n');
            joined.push_str(quote(next).unwrap_or(next));
            lines.next();
        }
        let content = inlines(&joined);
        blocks.push(if quoted.is_some() { Block::Quote(content) } else { Block::Paragraph(content) });
    }
    blocks
}

/// The message without marks on one line, for previews.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for block in parse(text) {
        if !out.is_empty() {
            out.push(' ');
        }
        match block {
            Block::Paragraph(content) | Block::Quote(content) => flatten(&content, &mut out),
            Block::Code(code) => out.push_str(&code),
            Block::List(_, items) => {
                for (index, content) in items.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    flatten(content, &mut out);
                }
            }
        }
    }
    out
}

fn flatten(content: &[Inline], out: &mut String) {
    for inline in content {
        match inline {
            Inline::Text(text) | Inline::Code(text) | Inline::Image(_, text) | Inline::Own(_, text) => {
                out.push_str(text);
            }
            Inline::Break => out.push(' '),
            Inline::Strong(inner) | Inline::Emphasis(inner) | Inline::Strike(inner) | Inline::Link(_, inner) => {
                flatten(inner, out);
            }
        }
    }
}

fn continues(line: &str, quoted: bool) -> bool {
    !line.trim().is_empty()
        && !line.trim_start().starts_with("```")
        && item(line).is_none()
        && quote(line).is_some() == quoted
}

fn quote(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix('>')?;
    Some(rest.strip_prefix(' ').unwrap_or(rest))
}

/// A heading is too loud for a bubble; its text stays.
fn heading(line: &str) -> &str {
    let rest = line.trim_start_matches('#');
    let depth = line.len() - rest.len();
    if (1..=6).contains(&depth) { rest.strip_prefix(' ').unwrap_or(line) } else { line }
}

/// The number, if it has one, and the text of a list item.
fn item(line: &str) -> Option<(Option<u32>, &str)> {
    let line = line.trim_start();
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = part::upto(line, line.len() - rest.len());
    let (number, rest) = if digits.is_empty() {
        (None, rest.strip_prefix(['-', '*', '+', '•'])?)
    } else {
        (Some(digits.parse().ok()?), rest.strip_prefix(['.', ')'])?)
    };
    let text = rest.strip_prefix([' ', '\t'])?.trim();
    (!text.is_empty()).then_some((number, text))
}
