//! The rules for HTML: the containers in which mail programs put what they quote, then the lines as in plain text.

use super::plain;
use super::words::{is_attribution, is_forward, is_header_block};
use crate::html::{Line, Open, SafeHtml, Tag, attribute, cut_out, lines, open_at, split, tags};

/// Classes and ids (with the prefix of cleaned ones) of elements that hold a whole quotation.
const CONTAINERS: [&str; 12] = [
    "gmail_quote",
    "gmail_quote_container",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "quoted-text",
    "ms-outlook-mobile-reference-message",
    "m-OLK_SRC_BODY_SECTION",
    "m-mail-editor-reference-message-container",
    "m-ms-outlook-mobile-reference-message",
    "m-mail-editor-reply-message-container",
];
/// More quotations than any thread has; each is compared with the lines.
const MOST_REGIONS: usize = 200;
/// Marks after which everything is quoted.
const BEGINNINGS: [&str; 5] =
    ["m-divRplyFwdMsg", "m-x_divRplyFwdMsg", "m-appendonsend", "m-x_appendonsend", "OutlookMessageHeader"];

/// Offsets of the HTML.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Region {
    start: usize,
    end: usize,
}

/// What was written now and what was quoted; all is written where it is not certain.
pub fn split_html(html: &SafeHtml) -> (SafeHtml, Option<SafeHtml>) {
    let cut = cut(html.as_str());
    match cut {
        Some((written, quoted)) if !SafeHtml::part(written.clone()).is_blank() => {
            (SafeHtml::part(written), Some(SafeHtml::part(quoted)))
        }
        _ => (html.clone(), None),
    }
}

fn cut(html: &str) -> Option<(String, String)> {
    let lines = lines(html);
    let regions = containers(html);
    if regions.len() > MOST_REGIONS {
        return None;
    }
    let beginning = beginning(html);
    let first = regions.first().map(|region| region.start);
    if let Some(place) = beginning.filter(|place| first.is_none_or(|first| *place < first)) {
        return cut_rest(html, place, &lines);
    }
    if let Some(first) = regions.first() {
        return cut_containers(html, *first, &regions, &lines);
    }
    let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
    let quoted = plain::find(&texts)?;
    if quoted.to < lines.len() {
        return None;
    }
    Some(split(html, lines.get(quoted.from)?.start))
}

/// Everything from a place on, unless it is a mail passed on.
fn cut_rest(html: &str, place: usize, lines: &[Line]) -> Option<(String, String)> {
    let after = lines.iter().filter(|line| line.start >= place).take(3);
    if after.into_iter().any(|line| is_forward(&line.text)) {
        return None;
    }
    Some(split(html, place))
}

fn cut_containers(html: &str, first: Region, regions: &[Region], lines: &[Line]) -> Option<(String, String)> {
    let mut whole = first;
    for region in &regions[1..] {
        // Answered between the quotations: everything is needed to understand it.
        if has_text(lines, whole.end, region.start) {
            return None;
        }
        whole.end = region.end;
    }
    let begins_with = lines.iter().filter(|line| line.start >= whole.start).take(2);
    if begins_with.into_iter().any(|line| is_forward(&line.text)) || is_preceded(lines, whole.start, is_forward) {
        return None;
    }
    whole = with_attribution(whole, lines);
    let (before, after) = (has_text(lines, 0, whole.start), has_text(lines, whole.end, html.len()));
    if before && after && !is_signature_after(lines, whole.end) {
        return None;
    }
    if open_at(html, whole.start).len() == open_at(html, whole.end).len() {
        return Some(cut_out(html, whole.start, whole.end));
    }
    (!after).then(|| split(html, whole.start))
}

fn has_text(lines: &[Line], start: usize, end: usize) -> bool {
    lines.iter().any(|line| line.start >= start && line.start < end && !line.text.trim().is_empty())
}

/// Yahoo, mobile programs and footers of lists write a few lines below what they quote; they are not an answer.
fn is_signature_after(lines: &[Line], end: usize) -> bool {
    let mut after = lines.iter().filter(|line| line.start >= end && !line.text.trim().is_empty());
    after.next().is_some_and(|line| line.text.trim() == "--" || line.text.starts_with("____"))
}

fn is_preceded(lines: &[Line], start: usize, is: fn(&str) -> bool) -> bool {
    let before = lines.iter().rev().filter(|line| line.start < start && !line.text.trim().is_empty());
    before.take(1).any(|line| is(&line.text))
}

/// The line "On …, Ana wrote:" above a quotation belongs to it.
fn with_attribution(region: Region, lines: &[Line]) -> Region {
    let before: Vec<&Line> =
        lines.iter().filter(|line| line.start < region.start && !line.text.trim().is_empty()).collect();
    let mut joined = String::new();
    for line in before.iter().rev().take(3) {
        joined = format!("{} {joined}", line.text.trim());
        if is_attribution(joined.trim()) {
            return Region { start: line.start, end: region.end };
        }
    }
    region
}

/// Elements that hold quotations, outermost only.
fn containers(html: &str) -> Vec<Region> {
    let mut regions = Vec::new();
    let mut depth: usize = 0;
    let mut inside: Option<(usize, usize)> = None;
    for tag in tags(html) {
        match tag {
            Tag::Open(open) if !open.is_void() => {
                if inside.is_none() && is_container(&open) {
                    inside = Some((open.start, depth));
                }
                depth += 1;
            }
            Tag::Close { end, .. } => {
                depth = depth.saturating_sub(1);
                if let Some((start, at)) = inside
                    && depth == at
                {
                    regions.push(Region { start, end });
                    inside = None;
                }
            }
            _ => {}
        }
    }
    regions
}

fn is_container(open: &Open<'_>) -> bool {
    if open.name == "blockquote" && attribute(open.attributes, "type").is_some_and(|kind| kind == "cite") {
        return true;
    }
    marks(open).iter().any(|mark| CONTAINERS.contains(&mark.as_str()))
}

fn marks(open: &Open<'_>) -> Vec<String> {
    let class = attribute(open.attributes, "class").unwrap_or_default();
    let id = attribute(open.attributes, "id");
    class.split_whitespace().map(str::to_owned).chain(id).collect()
}

/// Where Outlook begins what it quotes.
fn beginning(html: &str) -> Option<usize> {
    let mut rule_before = None;
    let mut looked_at = 0;
    for tag in tags(html) {
        match tag {
            Tag::Open(open) if open.name == "hr" => rule_before = Some(open.start),
            Tag::Open(open) => {
                looked_at += usize::from(is_drawn(&open));
                if marks(&open).iter().any(|mark| BEGINNINGS.contains(&mark.as_str()))
                    || (is_drawn(&open) && looked_at < MOST_REGIONS && is_outlook_header(html, &open))
                {
                    return Some(rule_before.unwrap_or(open.start));
                }
            }
            Tag::Text { start, end } if !html[start..end].trim().is_empty() => rule_before = None,
            _ => {}
        }
    }
    None
}

/// Outlook's line above `From:`, drawn as a border.
fn is_drawn(open: &Open<'_>) -> bool {
    open.name == "div" && open.attributes.contains("border-top: ") && open.attributes.contains("solid")
}

fn is_outlook_header(html: &str, open: &Open<'_>) -> bool {
    let until = open.start.saturating_add(6_000).min(html.len());
    let until = (until..=html.len()).find(|at| html.is_char_boundary(*at)).unwrap_or(html.len());
    let following = lines(&html[open.start..until]);
    is_header_block(following.iter().map(|line| line.text.as_str()).take(8))
}
