//! The rules for lines of text; those of HTML's visible lines too.

use super::Quoted;
use super::words::{is_attribution, is_forward, is_header_block, is_original, is_rule};

/// An attribution may be broken over so many lines.
const ATTRIBUTION_LINES: usize = 3;
/// What comes this late is not looked through any more.
const MOST_LINES: usize = 20_000;

/// What was written now and what was quoted, of a plain text; all is written where it is not certain.
pub fn split_text(text: &str) -> (String, Option<String>) {
    let lines: Vec<&str> = text.lines().collect();
    let Some(quoted) = find(&lines) else { return (text.trim_end().to_owned(), None) };
    let written = [&lines[..quoted.from], &lines[quoted.to..]].concat().join("\n");
    if written.trim().is_empty() {
        return (text.trim_end().to_owned(), None);
    }
    (written.trim_matches(['\n', ' ']).to_owned(), Some(lines[quoted.from..quoted.to].join("\n")))
}

/// Which of the lines are quoted.
pub fn find(lines: &[&str]) -> Option<Quoted> {
    let lines = &lines[..lines.len().min(MOST_LINES)];
    let rest = find_rest(lines);
    let marked = find_marked(&lines[..rest.map_or(lines.len(), |quoted| quoted.from)]);
    match (marked, rest) {
        // Answered between the lines: everything is needed to understand it.
        (Marked::Between, _) => None,
        (Marked::Once(marked), Some(rest)) if is_blank(&lines[marked.to..rest.from]) => {
            Some(Quoted { from: marked.from, to: rest.to })
        }
        (Marked::Once(marked), None) => Some(marked),
        (_, rest) => rest,
    }
}

fn is_blank(lines: &[&str]) -> bool {
    lines.iter().all(|line| line.trim().is_empty())
}

/// A mark after which everything to the end is quoted.
fn find_rest(lines: &[&str]) -> Option<Quoted> {
    let to = lines.len();
    for (at, line) in lines.iter().enumerate() {
        if is_forward(line) {
            return None;
        }
        if line.trim_start().starts_with('>') {
            continue;
        }
        let after = &lines[at + 1..];
        let rule = is_rule(line) && is_header_block(after.iter().copied());
        if rule || is_original(line) || is_header_block(lines[at..].iter().copied().take(12)) {
            return Some(Quoted { from: at, to });
        }
        // Without marks at what follows, all of it is the quotation.
        if let Some(length) = attribution_at(lines, at)
            && !after.iter().any(|line| line.trim_start().starts_with('>'))
        {
            return (at + length < to).then_some(Quoted { from: at, to });
        }
    }
    None
}

/// How many lines an attribution that begins here has.
pub fn attribution_at(lines: &[&str], at: usize) -> Option<usize> {
    let first = lines.get(at)?.trim();
    if first.is_empty() || first.starts_with('>') {
        return None;
    }
    let mut joined = String::new();
    for length in 1..=ATTRIBUTION_LINES {
        let line = lines.get(at + length - 1)?.trim();
        if line.is_empty() {
            return None;
        }
        joined.push_str(line);
        if is_attribution(&joined) {
            return Some(length);
        }
        joined.push(' ');
    }
    None
}

enum Marked {
    None,
    Once(Quoted),
    /// Text stands before, between or after several quotations, or on both sides of one.
    Between,
}

/// Lines that begin with `>`, with the attribution above them.
fn find_marked(lines: &[&str]) -> Marked {
    let mut groups: Vec<Quoted> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if !line.trim_start().starts_with('>') {
            continue;
        }
        match groups.last_mut() {
            Some(group) if is_blank(&lines[group.to..at]) => group.to = at + 1,
            // An attribution inside of what is quoted, for instance of an older mail.
            _ => groups.push(Quoted { from: at, to: at + 1 }),
        }
        if groups.len() > 1 {
            return Marked::Between;
        }
    }
    let Some(mut group) = groups.pop() else { return Marked::None };
    let mut attributed = false;
    for back in 1..=ATTRIBUTION_LINES + 1 {
        let Some(at) = group.from.checked_sub(back) else { break };
        if let Some(length) = attribution_at(lines, at)
            && is_blank(&lines[at + length..group.from])
        {
            group.from = at;
            attributed = true;
            break;
        }
    }
    if !attributed && group.to - group.from == 1 {
        // One line with a mark may be anything: an arrow, a prompt, a bird.
        return Marked::None;
    }
    Marked::Once(group)
}
