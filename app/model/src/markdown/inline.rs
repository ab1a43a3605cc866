//! Marks within lines.

use super::address::{LONGEST, harmless, target, trimmed};
use super::part::{from, is_word, leading, upto};
use super::{Inline, OWN_PICTURE, flatten};

/// Open marks and brackets inside each other; what goes deeper stays as it was typed.
const DEPTH: usize = 12;

/// What was opened and waits for its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Delimiter(char, usize),
    Link,
    Image,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// Finished parts of the outermost level, and of each open mark.
    levels: Vec<(Option<Mark>, Vec<Inline>)>,
    pending: String,
    /// Runs of so many backticks have no partner in the rest of the text.
    lone_ticks: [bool; 4],
}

pub(super) fn inlines(text: &str) -> Vec<Inline> {
    let mut reader =
        Reader { text, at: 0, levels: vec![(None, Vec::new())], pending: String::new(), lone_ticks: [false; 4] };
    while let Some(next) = reader.rest().chars().next() {
        reader.step(next);
    }
    reader.finish()
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        from(self.text, self.at)
    }

    fn before(&self) -> Option<char> {
        upto(self.text, self.at).chars().next_back()
    }

    fn step(&mut self, next: char) {
        let taken = match next {
            '\\' => self.escape(),
            '\n' => self.line_break(),
            '`' => self.code(),
            '*' | '_' | '~' => self.delimiter(next),
            '!' if self.rest().starts_with("![") => self.open(Mark::Image, 2),
            '[' => self.open(Mark::Link, 1),
            ']' => self.close_bracket(),
            'h' | 'w' | 'H' | 'W' => self.address(),
            _ => false,
        };
        if !taken {
            self.pending.push(next);
            self.at += next.len_utf8();
        }
    }

    fn push(&mut self, inline: Inline) {
        self.flush();
        if let Some((_, content)) = self.levels.last_mut() {
            content.push(inline);
        }
    }

    fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.pending);
        if let Some((_, content)) = self.levels.last_mut() {
            content.push(Inline::Text(text));
        }
    }

    fn escape(&mut self) -> bool {
        let Some(escaped) = from(self.rest(), 1).chars().next().filter(char::is_ascii_punctuation) else {
            return false;
        };
        self.pending.push(escaped);
        self.at += 2;
        true
    }

    fn line_break(&mut self) -> bool {
        self.push(Inline::Break);
        self.at += 1;
        true
    }

    fn code(&mut self) -> bool {
        let run = leading(self.rest(), '`');
        let inside = from(self.rest(), run);
        if run < self.lone_ticks.len() && !self.lone_ticks[run] {
            if let Some(length) = closing_ticks(inside, run) {
                self.push(Inline::Code(upto(inside, length).trim().to_owned()));
                self.at += run * 2 + length;
                return true;
            }
            self.lone_ticks[run] = true;
        }
        self.pending.push_str(upto(self.rest(), run));
        self.at += run;
        true
    }

    fn delimiter(&mut self, mark: char) -> bool {
        let mut left = leading(self.rest(), mark);
        let before = self.before();
        let after = from(self.rest(), left).chars().next();
        self.at += left;
        let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
        let word = |c: Option<char>| c.is_some_and(is_word);
        // Within a word only a double mark counts: `5*3*2` and `snake_case` are no emphasis.
        let inside = word(before) && word(after) && (left == 1 || mark == '_');
        let opens = !blank(after) && !inside && (mark != '_' || !word(before));
        let closes = !blank(before) && !inside && (mark != '_' || !word(after));
        while left > 0 {
            let width = if mark == '~' { left.min(3) } else { left.min(2) };
            if let Some(matched) = self.open_delimiter(mark, left).filter(|_| closes) {
                self.close_delimiter(mark, matched);
                left -= matched;
            } else if opens && width < 3 && self.levels.len() <= DEPTH {
                self.flush();
                self.levels.push((Some(Mark::Delimiter(mark, width)), Vec::new()));
                left -= width;
            } else {
                self.pending.extend(std::iter::repeat_n(mark, left));
                left = 0;
            }
        }
        true
    }

    /// The width of the innermost open delimiter that `available` marks can close, not looking outside a bracket.
    fn open_delimiter(&self, mark: char, available: usize) -> Option<usize> {
        self.levels.iter().rev().take_while(|(open, _)| matches!(open, Some(Mark::Delimiter(..)))).find_map(
            |(open, content)| match open {
                Some(Mark::Delimiter(c, width)) if *c == mark && *width <= available => {
                    (!content.is_empty() || !self.pending.is_empty()).then_some(*width)
                }
                _ => None,
            },
        )
    }

    fn close_delimiter(&mut self, mark: char, width: usize) {
        self.unwind(|open| open == Mark::Delimiter(mark, width));
        let Some((_, content)) = self.levels.pop() else { return };
        self.push(match (mark, width) {
            ('~', _) => Inline::Strike(content),
            (_, 2) => Inline::Strong(content),
            _ => Inline::Emphasis(content),
        });
    }

    fn open(&mut self, mark: Mark, length: usize) -> bool {
        let nested = self.levels.iter().any(|(open, _)| *open == Some(Mark::Link));
        if self.levels.len() > DEPTH || (nested && mark == Mark::Link) {
            return false;
        }
        self.flush();
        self.levels.push((Some(mark), Vec::new()));
        self.at += length;
        true
    }

    fn close_bracket(&mut self) -> bool {
        let is_bracket = |open| matches!(open, Mark::Link | Mark::Image);
        if !self.levels.iter().any(|(open, _)| open.is_some_and(is_bracket)) {
            return false;
        }
        let target = target(from(self.rest(), 1));
        self.unwind(is_bracket);
        let image = matches!(self.levels.last(), Some((Some(Mark::Image), _)));
        let url = target.and_then(|(raw, length)| Some((harmless(raw, image)?, length)));
        let Some((url, length)) = url else {
            self.abandon();
            return false;
        };
        let Some((_, content)) = self.levels.pop() else { return false };
        self.at += 1 + length;
        if image {
            let mut text = String::new();
            flatten(&content, &mut text);
            self.push(match url.strip_prefix(OWN_PICTURE) {
                Some(name) => Inline::Own(name.to_owned(), text),
                None => Inline::Image(url, text),
            });
        } else {
            self.push(Inline::Link(url, content));
        }
        true
    }

    /// Gives up all marks inside the innermost one that is meant.
    fn unwind(&mut self, meant: impl Fn(Mark) -> bool) {
        self.flush();
        while let Some((Some(open), _)) = self.levels.last() {
            if meant(*open) {
                return;
            }
            self.abandon();
        }
    }

    /// The innermost open mark was no mark: it becomes the text it was.
    fn abandon(&mut self) {
        self.flush();
        let Some((Some(mark), content)) = self.levels.pop() else { return };
        match mark {
            Mark::Delimiter(c, width) => self.pending.extend(std::iter::repeat_n(c, width)),
            Mark::Link => self.pending.push('['),
            Mark::Image => self.pending.push_str("!["),
        }
        self.flush();
        if let Some((_, outer)) = self.levels.last_mut() {
            outer.extend(content);
        }
    }

    /// An address that stands by itself.
    fn address(&mut self) -> bool {
        if self.before().is_some_and(|c| is_word(c) || c == '_' || c == '@') {
            return false;
        }
        if self.levels.iter().any(|(open, _)| *open == Some(Mark::Link)) {
            return false;
        }
        let starts = |start: &str| self.rest().get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
        if !(starts("https://") || starts("http://") || starts("www.")) {
            return false;
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|');
        let Some((end, _)) =
            self.rest().char_indices().chain([(self.rest().len(), ' ')]).take(LONGEST).find(|(_, c)| ends(*c))
        else {
            // Too long for an address: all of it is text, and is not looked at again from its middle.
            let end = self.rest().find(ends).unwrap_or(self.rest().len());
            self.pending.push_str(upto(self.rest(), end));
            self.at += end;
            return true;
        };
        let raw = trimmed(upto(self.rest(), end));
        let host = raw.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_start_matches(['.', ':', '/']);
        let Some(url) = harmless(raw, false).filter(|_| host.contains(|c: char| is_word(c))) else {
            return false;
        };
        self.push(Inline::Link(url, vec![Inline::Text(raw.to_owned())]));
        self.at += raw.len();
        true
    }

    fn finish(mut self) -> Vec<Inline> {
        while self.levels.len() > 1 {
            self.abandon();
        }
        self.flush();
        self.levels.pop().map(|(_, content)| joined(content)).unwrap_or_default()
    }
}

/// Neighbouring texts as one.
fn joined(content: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::with_capacity(content.len());
    for inline in content {
        match (out.last_mut(), inline) {
            (Some(Inline::Text(before)), Inline::Text(text)) => before.push_str(&text),
            (_, inline) => out.push(inline),
        }
    }
    out
}

/// Where the run of exactly so many backticks begins that ends the code.
fn closing_ticks(inside: &str, run: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = from(inside, at).find('`') {
        let start = at + found;
        let length = leading(from(inside, start), '`');
        if length == run {
            return Some(start);
        }
        at = start + length;
    }
    None
}
