//! Where in a text the words were found, as pieces of it: what is shown is never put together as HTML.

use model::search::Segment;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::sought::Sought;

/// Characters of an excerpt.
const EXCERPT: usize = 160;
/// Of those, how many come before the first place.
const BEFORE: usize = 48;

/// Characters of the text that belong to found words, as ranges in characters.
fn found(text: &[char], wanted: &[Sought]) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if !is_word(text[at]) {
            at += 1;
            continue;
        }
        let end = (at..text.len()).find(|index| !is_word(text[*index])).unwrap_or(text.len());
        if let Some(length) = match_at(&text[at..end], wanted) {
            ranges.push((at, at + length));
        }
        at = end;
    }
    ranges
}

/// A combining mark belongs to the letter before it.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// How many characters at the beginning of a word are one of the wanted words.
fn match_at(word: &[char], wanted: &[Sought]) -> Option<usize> {
    let folded: Vec<Vec<char>> = word.iter().map(|c| fold(*c)).collect();
    let flat: Vec<char> = folded.iter().flatten().copied().collect();
    let mut longest = None;
    for one in wanted {
        let length = one.text.chars().count();
        let begins = length <= flat.len() && one.text.chars().eq(flat[..length].iter().copied());
        let counts = flat.len() == length || one.is_beginning;
        if begins && counts {
            longest = longest.max(Some(length));
        }
    }
    let length = longest?;
    let mut seen = 0;
    let mut taken = 0;
    for (index, part) in folded.iter().enumerate() {
        // Marks behind the last letter are shown with it.
        if seen >= length && !part.is_empty() {
            break;
        }
        seen += part.len();
        taken = index + 1;
    }
    Some(taken)
}

fn fold(c: char) -> Vec<char> {
    std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// A whole text in pieces.
pub(super) fn whole(text: &str, wanted: &[Sought]) -> Vec<Segment> {
    let chars: Vec<char> = text.chars().collect();
    let ranges = found(&chars, wanted);
    pieces(&chars, 0, chars.len(), &ranges)
}

/// A part of a text around the first place, in pieces.
pub(super) fn excerpt(text: &str, wanted: &[Sought]) -> Vec<Segment> {
    let chars: Vec<char> = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let ranges = found(&chars, wanted);
    let first = ranges.first().map_or(0, |(begin, _)| *begin);
    let mut begin = if chars.len() <= EXCERPT { 0 } else { first.saturating_sub(BEFORE) };
    // Not in the middle of a word.
    while begin > 0 && begin < first && is_word(chars[begin - 1]) {
        begin += 1;
    }
    let end = chars.len().min(begin + EXCERPT);
    let mut pieces = pieces(&chars, begin, end, &ranges);
    if begin > 0 {
        pieces.insert(0, Segment { text: "…".to_owned(), hit: false });
    }
    if end < chars.len() {
        pieces.push(Segment { text: "…".to_owned(), hit: false });
    }
    pieces
}

/// Digits of a number that were looked for, whatever stands between them.
pub(super) fn number(text: &str, digits: &str) -> Vec<Segment> {
    let chars: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (0..chars.len()).filter(|at| chars[*at].is_ascii_digit()).collect();
    let own: String = places.iter().map(|at| chars[*at]).collect();
    let range = own.find(digits).filter(|_| !digits.is_empty()).and_then(|at| {
        let begin = places.get(at)?;
        let end = places.get(at + digits.len() - 1)?;
        Some((*begin, end + 1))
    });
    pieces(&chars, 0, chars.len(), &Vec::from_iter(range))
}

fn pieces(chars: &[char], begin: usize, end: usize, ranges: &[(usize, usize)]) -> Vec<Segment> {
    let mut pieces = Vec::new();
    let mut push = |from: usize, to: usize, hit: bool| {
        if from < to {
            pieces.push(Segment { text: chars[from..to].iter().collect(), hit });
        }
    };
    let mut at = begin;
    for (from, to) in ranges.iter().filter(|(from, to)| *to > begin && *from < end) {
        push(at, (*from).max(at), false);
        push((*from).max(at), (*to).min(end), true);
        at = (*to).min(end).max(at);
    }
    push(at, end, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::super::sought::in_messages as wanted;
    use super::*;

    fn shown(pieces: &[Segment]) -> String {
        pieces.iter().map(|piece| if piece.hit { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn words_are_found_without_accents() {
        assert_eq!(shown(&whole("João e joaquim", &wanted("joao"))), "[João] e joaquim");
        assert_eq!(shown(&whole("São João", &wanted("joa"))), "São [Joã]o");
        assert_eq!(shown(&whole("Joa\u{303}o!", &wanted("joao"))), "[Joa\u{303}o]!");
        assert_eq!(shown(&whole("o pedido atrasado pedidos", &wanted("pedido atra"))), "o [pedido] [atra]sado pedidos");
        assert_eq!(shown(&whole("<b>ana</b>", &wanted("b"))), "<[b]>ana</[b]>");
        assert_eq!(shown(&whole("nada", &wanted("x"))), "nada");
    }

    #[test]
    fn an_excerpt_shows_the_place() {
        let text = format!("{} entrega {}", "palavra ".repeat(40), "depois ".repeat(40));
        let pieces = excerpt(&text, &wanted("entrega"));
        let all = shown(&pieces);
        assert!(all.starts_with("…palavra") && all.contains("[entrega]") && all.ends_with('…'), "{all}");
        assert!(pieces.iter().map(|piece| piece.text.chars().count()).sum::<usize>() <= EXCERPT + 2);
        assert_eq!(shown(&excerpt("curto\ntexto", &wanted("texto"))), "curto [texto]");
    }

    #[test]
    fn numbers_are_found_whatever_stands_between() {
        assert_eq!(shown(&number("+55 11 98888-7777", "88887777")), "+55 11 9[8888-7777]");
        assert_eq!(shown(&number("+5511988887777", "000")), "+5511988887777");
    }
}
