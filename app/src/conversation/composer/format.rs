//! What the buttons over a text do to it. Places are counted in UTF-16 units, as browsers count them.

/// A mark that a button sets or takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Bold,
    Italic,
    Strike,
    Code,
    Link,
    Bullets,
    Numbers,
    Quote,
}

/// A change of a text: what is replaced, by what, and what is selected afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    pub from: u32,
    pub to: u32,
    pub insert: String,
    pub select: (u32, u32),
}

/// What pressing a button does to the selected part of a text.
#[must_use]
pub fn toggle(text: &str, start: u32, end: u32, mark: Mark) -> Edit {
    let (from, to) = (byte_at(text, start.min(end)), byte_at(text, start.max(end)));
    match mark {
        Mark::Bold => wrap(text, from, to, "**"),
        Mark::Italic => wrap(text, from, to, "*"),
        Mark::Strike => wrap(text, from, to, "~~"),
        Mark::Code if text[from..to].contains('\n') => fence(text, from, to),
        Mark::Code => wrap(text, from, to, "`"),
        Mark::Link => link(text, from, to),
        Mark::Bullets | Mark::Numbers | Mark::Quote => lines(text, from, to, mark),
    }
}

/// Puts words at the cursor, in place of what is selected.
#[must_use]
pub fn insert(text: &str, start: u32, end: u32, words: &str) -> Edit {
    let (from, to) = (byte_at(text, start.min(end)), byte_at(text, start.max(end)));
    let cursor = units(&text[..from]) + units(words);
    edit(text, from, to, words.to_owned(), (cursor, cursor))
}

/// What Enter does at the end of a list's line: the next line gets its mark too, an empty item ends the list.
#[must_use]
pub fn next_line(text: &str, start: u32, end: u32) -> Option<Edit> {
    if start != end {
        return None;
    }
    let at = byte_at(text, start);
    let begin = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[begin..at];
    let mark = line_mark(line)?;
    if line.len() == mark.len() {
        let place = units(&text[..begin]);
        return Some(edit(text, begin, at, String::new(), (place, place)));
    }
    let next = match mark.trim_end_matches(['.', ' ']).trim().parse::<u32>() {
        Ok(number) => [&number.saturating_add(1).to_string(), ". "].concat(),
        Err(_) => mark.to_owned(),
    };
    let words = ["\n", &next].concat();
    let cursor = units(&text[..at]) + units(&words);
    Some(edit(text, at, at, words, (cursor, cursor)))
}

fn edit(text: &str, from: usize, to: usize, insert: String, select: (u32, u32)) -> Edit {
    Edit { from: units(&text[..from]), to: units(&text[..to]), insert, select }
}

fn wrap(text: &str, from: usize, to: usize, mark: &str) -> Edit {
    let inner = &text[from..to];
    let own = mark.chars().next().unwrap_or('*');
    let stands_alone = |text: &str| !text.ends_with(own);
    // Pressed again, the marks around the selection go.
    if let (Some(before), Some(after)) = (text[..from].strip_suffix(mark), text[to..].strip_prefix(mark))
        && stands_alone(before)
        && !after.starts_with(own)
    {
        let start = units(before);
        let (outer_from, outer_to) = (from - mark.len(), to + mark.len());
        return edit(text, outer_from, outer_to, inner.to_owned(), (start, start + units(inner)));
    }
    // Blanks at the edges stay outside: `** a**` is no mark.
    let trimmed = inner.trim();
    let lead = inner.len() - inner.trim_start().len();
    let tail = if trimmed.is_empty() { "" } else { &inner[lead + trimmed.len()..] };
    let head = if trimmed.is_empty() { inner } else { &inner[..lead] };
    let words = [head, mark, trimmed, mark, tail].concat();
    let start = units(&text[..from]) + units(head) + units(mark);
    edit(text, from, to, words, (start, start + units(trimmed)))
}

fn fence(text: &str, from: usize, to: usize) -> Edit {
    let inner = text[from..to].trim_matches('\n');
    let lead = if from == 0 || text[..from].ends_with('\n') { "" } else { "\n" };
    let tail = if to == text.len() || text[to..].starts_with('\n') { "" } else { "\n" };
    let words = [lead, "```\n", inner, "\n```", tail].concat();
    let start = units(&text[..from]) + units(lead) + 4;
    edit(text, from, to, words, (start, start + units(inner)))
}

fn link(text: &str, from: usize, to: usize) -> Edit {
    const ADDRESS: &str = "https://";
    let inner = text[from..to].trim();
    let before = units(&text[..from]);
    if inner.starts_with("http://") || inner.starts_with(ADDRESS) {
        let words = ["[](", inner, ")"].concat();
        return edit(text, from, to, words, (before + 1, before + 1));
    }
    let words = ["[", inner, "](", ADDRESS, ")"].concat();
    let start = before + 1 + units(inner);
    // Without words they come first, else the address.
    let select = if inner.is_empty() { (start, start) } else { (start + 2, start + 2 + units(ADDRESS)) };
    edit(text, from, to, words, select)
}

/// Marks whole lines; when all carry the mark already, takes it away.
fn lines(text: &str, from: usize, to: usize, mark: Mark) -> Edit {
    let begin = text[..from].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[to..].find('\n').map_or(text.len(), |newline| to + newline);
    let block: Vec<&str> = text[begin..end].split('\n').collect();
    let is_marked = |line: &&str| match mark {
        Mark::Quote => line.starts_with("> "),
        Mark::Numbers => line_mark(line).is_some_and(|found| found.starts_with(|c: char| c.is_ascii_digit())),
        _ => line.starts_with("- ") || line.starts_with("* "),
    };
    let all_marked = block.iter().all(is_marked);
    let words = block
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let bare = line_mark(line).map_or(*line, |found| &line[found.len()..]);
            match mark {
                _ if all_marked => bare.to_owned(),
                Mark::Quote => ["> ", bare].concat(),
                Mark::Numbers => [&(index + 1).to_string(), ". ", bare].concat(),
                _ => ["- ", bare].concat(),
            }
        })
        .collect::<Vec<_>>()
        .join("\n");
    let start = units(&text[..begin]);
    let finish = start + units(&words);
    let select = if from == to { (finish, finish) } else { (start, finish) };
    edit(text, begin, end, words, select)
}

/// The mark at the beginning of a list's or quotation's line.
fn line_mark(line: &str) -> Option<&str> {
    if line.starts_with("- ") || line.starts_with("* ") || line.starts_with("> ") {
        return Some(&line[..2]);
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    ((1..=4).contains(&digits) && line[digits..].starts_with(". ")).then(|| &line[..digits + 2])
}

pub(super) fn units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

pub(super) fn byte_at(text: &str, unit: u32) -> usize {
    let mut left = unit as usize;
    for (at, c) in text.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The selection is between the two bars.
    fn parse(marked: &str) -> (String, u32, u32) {
        let mut parts = marked.split('|');
        let (a, b, c) = (
            parts.next().unwrap_or(""),
            parts.next().unwrap_or(""),
            parts.next().unwrap_or_else(|| panic!("{marked}")),
        );
        (format!("{a}{b}{c}"), units(a), units(a) + units(b))
    }

    fn after(text: &str, edit: &Edit) -> String {
        let (from, to) = (byte_at(text, edit.from), byte_at(text, edit.to));
        let text = format!("{}{}{}", &text[..from], edit.insert, &text[to..]);
        let (start, end) = (byte_at(&text, edit.select.0), byte_at(&text, edit.select.1));
        format!("{}|{}|{}", &text[..start], &text[start..end], &text[end..])
    }

    #[track_caller]
    fn check(mark: Mark, before: &str, expected: &str) {
        let (text, start, end) = parse(before);
        assert_eq!(after(&text, &toggle(&text, start, end, mark)), expected);
    }

    #[test]
    fn marks_go_around_words_and_away_again() {
        check(Mark::Bold, "um |dois| três", "um **|dois|** três");
        check(Mark::Bold, "um **|dois|** três", "um |dois| três");
        check(Mark::Italic, "|dois |três", "*|dois|* três");
        check(Mark::Strike, "||", "~~||~~");
        check(Mark::Code, "a |b| c", "a `|b|` c");
    }

    #[test]
    fn italic_inside_bold_is_not_mistaken_for_it() {
        check(Mark::Italic, "**|a|**", "***|a|***");
    }

    #[test]
    fn places_are_counted_as_browsers_do() {
        check(Mark::Bold, "🙂 |olá| 🙂", "🙂 **|olá|** 🙂");
    }

    #[test]
    fn several_lines_of_code_become_a_block() {
        check(Mark::Code, "x|a\nb|", "x\n```\n|a\nb|\n```");
    }

    #[test]
    fn a_link_asks_for_what_is_missing() {
        check(Mark::Link, "veja |o site|!", "veja [o site](|https://|)!");
        check(Mark::Link, "veja ||", "veja [||](https://)");
        check(Mark::Link, "|https://x.y|", "[||](https://x.y)");
    }

    #[test]
    fn lines_become_lists_and_back() {
        check(Mark::Bullets, "a\n|b\nc|", "a\n|- b\n- c|");
        check(Mark::Bullets, "|- b\n- c|", "|b\nc|");
        check(Mark::Numbers, "|- b\n- c|", "|1. b\n2. c|");
        check(Mark::Quote, "o||i", "> oi||");
    }

    #[test]
    fn a_list_goes_on_by_itself_and_ends_at_an_empty_item() {
        let next = |before: &str| {
            let (text, start, end) = parse(before);
            next_line(&text, start, end).map(|edit| after(&text, &edit))
        };
        assert_eq!(next("- a||").as_deref(), Some("- a\n- ||"));
        assert_eq!(next("9. a||").as_deref(), Some("9. a\n10. ||"));
        assert_eq!(next("- a\n- ||").as_deref(), Some("- a\n||"));
        assert_eq!(next("a||"), None);
        assert_eq!(next("- |a|"), None);
    }

    #[test]
    fn words_go_where_the_cursor_is() {
        let (text, start, end) = parse("a|b|c");
        assert_eq!(after(&text, &insert(&text, start, end, "😀")), "a😀||c");
    }
}
