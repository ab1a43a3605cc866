//! Reading a template: text, and the expressions between braces.

use std::borrow::Cow;

use super::Values;

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Stays as it is.
    Text(&'a str),
    /// Is replaced.
    Variable {
        /// As it is written, with its braces.
        source: &'a str,
        expression: Expression<'a>,
    },
}

/// What stands between the braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression<'a> {
    pub name: &'a str,
    pub filters: Vec<Filter<'a>>,
}

/// What is done with a value, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter<'a> {
    /// Stands in for an empty value.
    Default(&'a str),
    Upcase,
    Downcase,
    Capitalize,
    Strip,
}

impl<'a> Expression<'a> {
    fn read(inner: &'a str) -> Option<Self> {
        let mut parts = split_filters(inner).into_iter();
        let name = parts.next()?.trim();
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
        if !is_name {
            return None;
        }
        let filters = parts.map(Filter::read).collect::<Option<Vec<_>>>()?;
        Some(Self { name, filters })
    }

    /// What it stands for; empty when nothing has its name.
    pub fn value<'v>(&self, values: &'v Values) -> Cow<'v, str>
    where
        'a: 'v,
    {
        let mut value = Cow::Borrowed(values.get(self.name).unwrap_or_default());
        for filter in &self.filters {
            value = filter.apply(value);
        }
        value
    }
}

impl<'a> Filter<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (name, argument) = match text.split_once(':') {
            Some((name, argument)) => (name.trim(), Some(argument.trim())),
            None => (text.trim(), None),
        };
        Some(match (name, argument) {
            ("default", Some(argument)) => Self::Default(quoted(argument)?),
            ("upcase", None) => Self::Upcase,
            ("downcase", None) => Self::Downcase,
            ("capitalize", None) => Self::Capitalize,
            ("strip", None) => Self::Strip,
            _ => return None,
        })
    }

    fn apply<'v>(self, value: Cow<'v, str>) -> Cow<'v, str>
    where
        'a: 'v,
    {
        match self {
            Self::Default(other) if value.is_empty() => Cow::Borrowed(other),
            Self::Default(_) => value,
            Self::Upcase => Cow::Owned(value.to_uppercase()),
            Self::Downcase => Cow::Owned(value.to_lowercase()),
            Self::Strip => Cow::Owned(value.trim().to_owned()),
            Self::Capitalize => {
                let mut letters = value.chars();
                let first: String = letters.next().map(|c| c.to_uppercase().collect()).unwrap_or_default();
                Cow::Owned(first + letters.as_str())
            }
        }
    }
}

fn quoted(text: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// Cuts at `|` outside of quotes.
fn split_filters(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if c == open => quote = None,
            (None, '|') => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The parts of a template, in order. Together their sources are the template.
pub fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (piece, after) = next(rest);
        rest = after;
        Some(piece)
    })
}

/// The first part of a text that is not empty, and what comes after it.
fn next(text: &str) -> (Piece<'_>, &str) {
    let mut at = 0;
    while let Some(found) = text[at..].find(['`', '{']) {
        at += found;
        let here = &text[at..];
        if here.starts_with('`') {
            at += code(here);
        } else if let Some((width, expression)) = variable(here) {
            if at > 0 {
                return (Piece::Text(&text[..at]), here);
            }
            return (Piece::Variable { source: &text[..width], expression }, &text[width..]);
        } else {
            at += 1;
        }
    }
    (Piece::Text(text), "")
}

/// How long the code is that begins here; only its backticks when nothing closes them.
fn code(text: &str) -> usize {
    let width = text.bytes().take_while(|b| *b == b'`').count();
    let mut at = width;
    while let Some(found) = text[at..].find('`') {
        at += found;
        let run = text[at..].bytes().take_while(|b| *b == b'`').count();
        at += run;
        if run == width {
            return at;
        }
    }
    width
}

/// The expression that begins here, and how long it is with its braces.
fn variable(text: &str) -> Option<(usize, Expression<'_>)> {
    let inner = text.strip_prefix("{{")?;
    let end = inner.find("}}")?;
    let inner = &inner[..end];
    if inner.contains(['\n', '{']) {
        return None;
    }
    Some((end + 4, Expression::read(inner)?))
}
