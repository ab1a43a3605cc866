//! The languages of the product and what is particular to each.

use std::{fmt, str::FromStr};

/// A language the interface is complete in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English, the fallback.
    #[default]
    En,
    /// Brazilian Portuguese.
    PtBr,
}

/// The grammatical number a count asks for; most languages know few of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// None at all.
    Zero,
    /// Singular.
    One,
    /// Dual.
    Two,
    /// Paucal.
    Few,
    /// What follows the few.
    Many,
    /// Everything else.
    Other,
}

/// The string names no language of the product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLang;

impl fmt::Display for UnknownLang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("unknown language")
    }
}

impl std::error::Error for UnknownLang {}

impl Lang {
    /// Every language, in the order of choice lists.
    pub const ALL: [Self; 2] = [Self::En, Self::PtBr];

    /// The code stored in accounts and sent over the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt_BR",
        }
    }

    /// The BCP 47 tag for `<html lang>` and HTTP headers.
    #[must_use]
    pub const fn html(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::PtBr => "Português (Brasil)",
        }
    }

    /// The best language for an `Accept-Language` header, English when none fits.
    #[must_use]
    pub fn accepted(header: &str) -> Self {
        accepted(header).unwrap_or_default()
    }

    /// The form for a count. CLDR puts zero with the singular in Portuguese, but Brazilian interfaces write
    /// "0 resultados", so both languages agree today.
    #[must_use]
    pub const fn plural(self, n: i64) -> Form {
        match (self, n) {
            (Self::En | Self::PtBr, 1) => Form::One,
            _ => Form::Other,
        }
    }

    pub(crate) const fn thousands_separator(self) -> char {
        match self {
            Self::En => ',',
            Self::PtBr => '.',
        }
    }

    pub(crate) const fn decimal_separator(self) -> char {
        match self {
            Self::En => '.',
            Self::PtBr => ',',
        }
    }
}

/// The language that an `Accept-Language` header likes best among those that can be read as one.
pub(crate) fn accepted<L: FromStr>(header: &str) -> Option<L> {
    let mut best = (0, None);
    for entry in header.split(',') {
        let mut parts = entry.split(';');
        let Some(lang) = parts.next().and_then(|tag| tag.trim().parse().ok()) else {
            continue;
        };
        let weight = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if weight > best.0 {
            best = (weight, Some(lang));
        }
    }
    best.1
}

/// A quality value such as `0.8` without floating point.
fn thousandths(q: &str) -> u32 {
    let (whole, fraction) = q.split_once('.').unwrap_or((q, ""));
    let digit =
        |index: usize| fraction.as_bytes().get(index).map_or(0, |byte| u32::from(byte.saturating_sub(b'0').min(9)));
    let whole = if whole == "1" { 1000 } else { 0 };
    (whole + digit(0) * 100 + digit(1) * 10 + digit(2)).min(1000)
}

impl FromStr for Lang {
    type Err = UnknownLang;

    /// Reads `en`, `pt-BR`, `pt_BR`, `pt` and regional variants of English, in any case.
    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        let language = code.split(['-', '_']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("en") {
            return Ok(Self::En);
        }
        if language.eq_ignore_ascii_case("pt") {
            return Ok(Self::PtBr);
        }
        Err(UnknownLang)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_every_spelling() {
        for code in ["pt-BR", "pt_BR", "pt", "PT-br"] {
            assert_eq!(code.parse(), Ok(Lang::PtBr));
        }
        assert_eq!("en-GB".parse(), Ok(Lang::En));
        assert_eq!("de".parse::<Lang>(), Err(UnknownLang));
        for lang in Lang::ALL {
            assert_eq!(lang.code().parse(), Ok(lang));
            assert_eq!(lang.html().parse(), Ok(lang));
        }
    }

    #[test]
    fn the_heaviest_accepted_language_wins() {
        assert_eq!(Lang::accepted("pt-BR,pt;q=0.9,en-US;q=0.8,en;q=0.7"), Lang::PtBr);
        assert_eq!(Lang::accepted("pt;q=0.4, en;q=0.85"), Lang::En);
        assert_eq!(Lang::accepted("fr, de;q=0.9"), Lang::En);
        assert_eq!(Lang::accepted("pt;q=0"), Lang::En);
        assert_eq!(Lang::accepted(""), Lang::En);
    }
}
