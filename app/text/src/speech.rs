//! The languages that visitors are spoken to in, and who can say a text in which.

use std::str::FromStr;

use crate::{Form, Lang, UnknownLang, lang, number, widget};

/// A language the visitor's side is complete in. The order is that of the lists the build writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VisitorLang {
    /// English.
    #[default]
    En,
    /// Brazilian Portuguese.
    PtBr,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// German.
    De,
    /// Italian.
    It,
    /// Dutch.
    Nl,
    /// Polish.
    Pl,
    /// Turkish.
    Tr,
    /// Russian.
    Ru,
    /// Arabic, written from right to left.
    Ar,
    /// Japanese.
    Ja,
}

impl VisitorLang {
    /// Every language, in the order of choice lists.
    pub const ALL: [Self; 12] = [
        Self::En,
        Self::PtBr,
        Self::Es,
        Self::Fr,
        Self::De,
        Self::It,
        Self::Nl,
        Self::Pl,
        Self::Tr,
        Self::Ru,
        Self::Ar,
        Self::Ja,
    ];

    /// The code as settings and the API write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PtBr => "pt_BR",
            other => other.html(),
        }
    }

    /// The BCP 47 tag for `<html lang>` and the browser's formats.
    #[must_use]
    pub const fn html(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::PtBr => "pt-BR",
            Self::Es => "es",
            Self::Fr => "fr",
            Self::De => "de",
            Self::It => "it",
            Self::Nl => "nl",
            Self::Pl => "pl",
            Self::Tr => "tr",
            Self::Ru => "ru",
            Self::Ar => "ar",
            Self::Ja => "ja",
        }
    }

    /// The value of `<html dir>`.
    #[must_use]
    pub const fn dir(self) -> &'static str {
        match self {
            Self::Ar => "rtl",
            _ => "ltr",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => Lang::En.name(),
            Self::PtBr => Lang::PtBr.name(),
            Self::Es => "Español",
            Self::Fr => "Français",
            Self::De => "Deutsch",
            Self::It => "Italiano",
            Self::Nl => "Nederlands",
            Self::Pl => "Polski",
            Self::Tr => "Türkçe",
            Self::Ru => "Русский",
            Self::Ar => "العربية",
            Self::Ja => "日本語",
        }
    }

    /// The best language for an `Accept-Language` header; `None` when visitors are spoken to in none of them.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        lang::accepted(header)
    }

    /// The form for a count, by CLDR's rules for whole numbers; Portuguese as in [`Lang::plural`].
    #[must_use]
    pub const fn plural(self, n: i64) -> Form {
        let n = n.unsigned_abs();
        let is_few = matches!(n % 10, 2..=4) && !matches!(n % 100, 12..=14);
        match (self, n) {
            (Self::Ja, _) => Form::Other,
            (Self::Fr, 0) => Form::One,
            (Self::Ar, 0) => Form::Zero,
            (Self::Ar, 2) => Form::Two,
            (Self::Ar, _) if n % 100 >= 3 && n % 100 <= 10 => Form::Few,
            (Self::Ar, _) if n % 100 >= 11 => Form::Many,
            (Self::Pl | Self::Ru, _) if is_few => Form::Few,
            (_, 1) => Form::One,
            (Self::Ru, _) if n % 10 == 1 && n % 100 != 11 => Form::One,
            (Self::Pl | Self::Ru, _) => Form::Many,
            _ => Form::Other,
        }
    }

    const fn thousands_separator(self) -> char {
        match self {
            Self::En | Self::Ar | Self::Ja => ',',
            Self::PtBr | Self::Es | Self::De | Self::It | Self::Nl | Self::Tr => '.',
            Self::Fr => '\u{202f}',
            Self::Pl | Self::Ru => '\u{a0}',
        }
    }
}

impl FromStr for VisitorLang {
    type Err = UnknownLang;

    /// Reads a language with or without a region, in any case: `pt-BR`, `pt_BR`, `pt`, `de-AT`.
    fn from_str(code: &str) -> Result<Self, UnknownLang> {
        let wanted = code.split(['-', '_']).next().unwrap_or_default();
        let is_it = |lang: &Self| lang.html().get(..2).is_some_and(|own| own.eq_ignore_ascii_case(wanted));
        Self::ALL.into_iter().find(is_it).ok_or(UnknownLang)
    }
}

impl From<Lang> for VisitorLang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::PtBr => Self::PtBr,
        }
    }
}

/// Whoever can say what visitors read: the server in every language, the chat in the one its page carries, the dashboard in
/// those of the product.
pub trait Speaker: Copy {
    /// The text at a place of the lists; `own` are those of the product's languages.
    fn say(self, place: usize, own: [&'static str; 2]) -> &'static str;

    /// The form for a count of the text whose forms begin at a place.
    fn say_number(self, place: usize, n: i64, own: [[&'static str; 6]; 2]) -> &'static str;

    /// A count as it is written.
    fn count(self, n: i64) -> String;
}

impl Speaker for Lang {
    fn say(self, _: usize, own: [&'static str; 2]) -> &'static str {
        let [en, pt_br] = own;
        match self {
            Self::En => en,
            Self::PtBr => pt_br,
        }
    }

    fn say_number(self, _: usize, n: i64, own: [[&'static str; 6]; 2]) -> &'static str {
        let [en, pt_br] = own;
        let forms = match self {
            Self::En => en,
            Self::PtBr => pt_br,
        };
        chosen(&forms, n, self.plural(n))
    }

    fn count(self, n: i64) -> String {
        number::integer(self, n)
    }
}

impl Speaker for VisitorLang {
    fn say(self, place: usize, own: [&'static str; 2]) -> &'static str {
        Words::of(self).say(place, own)
    }

    fn say_number(self, place: usize, n: i64, own: [[&'static str; 6]; 2]) -> &'static str {
        Words::of(self).say_number(place, n, own)
    }

    fn count(self, n: i64) -> String {
        number::grouped(n, self.thousands_separator())
    }
}

/// The texts of `widget.json` in one language.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    lang: VisitorLang,
    texts: &'static [&'static str],
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.lang == other.lang
    }
}

impl Words {
    /// The texts as the server has them, in every language.
    #[must_use]
    pub fn of(lang: VisitorLang) -> Self {
        Self { lang, texts: &widget::LISTS[lang as usize] }
    }

    /// Texts that were carried somewhere. They stay for good: there are as many as languages. `None` when they are of another
    /// edition.
    #[must_use]
    pub fn carried(lang: VisitorLang, texts: Vec<String>) -> Option<Self> {
        if texts.len() != widget::COUNT {
            return None;
        }
        let texts: Vec<&'static str> = texts.into_iter().map(|text| &*text.leak()).collect();
        Some(Self { lang, texts: texts.leak() })
    }

    /// No texts at all, for a page that carries none.
    #[must_use]
    pub const fn none() -> Self {
        Self { lang: VisitorLang::En, texts: &[] }
    }

    /// The language they are in.
    #[must_use]
    pub const fn lang(self) -> VisitorLang {
        self.lang
    }

    /// All of them in their order, to be carried.
    #[must_use]
    pub const fn texts(self) -> &'static [&'static str] {
        self.texts
    }

    fn at(self, place: usize) -> &'static str {
        self.texts.get(place).copied().unwrap_or_default()
    }
}

impl Speaker for Words {
    /// Always inlined: what the caller names of the product's languages is dropped then.
    #[inline(always)]
    fn say(self, place: usize, _: [&'static str; 2]) -> &'static str {
        self.at(place)
    }

    #[inline(always)]
    fn say_number(self, place: usize, n: i64, _: [[&'static str; 6]; 2]) -> &'static str {
        let forms = std::array::from_fn(|form| self.at(place + form));
        chosen(&forms, n, self.lang.plural(n))
    }

    fn count(self, n: i64) -> String {
        self.lang.count(n)
    }
}

/// None at all may have words of its own in every language.
fn chosen(forms: &[&'static str; 6], n: i64, form: Form) -> &'static str {
    if n == 0 && !forms[0].is_empty() { forms[0] } else { forms[form as usize] }
}

/// Puts values in their places.
pub(crate) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // Between two braces and two more stands a name: words, "", name, "", words …
    for (index, piece) in text.split(['{', '}']).enumerate() {
        match index % 4 {
            0 => out.push_str(piece),
            2 => out.push_str(values.iter().find(|(name, _)| *name == piece).map_or("", |(_, value)| value)),
            _ => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_in_every_spelling() {
        for lang in VisitorLang::ALL {
            assert_eq!(lang.code().parse(), Ok(lang));
            assert_eq!(lang.html().to_uppercase().parse(), Ok(lang));
        }
        assert_eq!("de-AT".parse(), Ok(VisitorLang::De));
        assert_eq!("".parse::<VisitorLang>(), Err(UnknownLang));
        assert_eq!("xx".parse::<VisitorLang>(), Err(UnknownLang));
        assert_eq!(VisitorLang::accepted("sv, fr-CA;q=0.8, en;q=0.5"), Some(VisitorLang::Fr));
        assert_eq!(VisitorLang::accepted("sv, fi;q=0.8"), None);
    }

    /// Samples of CLDR 46.
    #[test]
    fn counts_take_the_forms_of_their_language() {
        use Form::{Few, Many, One, Other, Two, Zero};
        let forms = |lang: VisitorLang, counts: &[i64]| counts.iter().map(|n| lang.plural(*n)).collect::<Vec<_>>();
        assert_eq!(forms(VisitorLang::De, &[0, 1, 2]), [Other, One, Other]);
        assert_eq!(forms(VisitorLang::Fr, &[0, 1, 2]), [One, One, Other]);
        assert_eq!(forms(VisitorLang::Ja, &[0, 1, 2]), [Other, Other, Other]);
        assert_eq!(
            forms(VisitorLang::Pl, &[0, 1, 2, 4, 5, 11, 12, 14, 21, 22, 25, 112]),
            [Many, One, Few, Few, Many, Many, Many, Many, Many, Few, Many, Many]
        );
        assert_eq!(
            forms(VisitorLang::Ru, &[0, 1, 2, 5, 11, 12, 21, 22, 111, 121]),
            [Many, One, Few, Many, Many, Many, One, Few, Many, One]
        );
        assert_eq!(
            forms(VisitorLang::Ar, &[0, 1, 2, 3, 10, 11, 99, 100, 101, 103, 111]),
            [Zero, One, Two, Few, Few, Many, Many, Other, Other, Few, Many]
        );
    }

    #[test]
    fn values_are_put_into_their_places() {
        let filled = fill("{{name}}: {{time}}", &[("time", "9:00"), ("name", "{{time}}")]);
        assert_eq!(filled, "{{time}}: 9:00", "a value is never read as a text");
        assert_eq!(fill("plain", &[]), "plain");
    }

    #[test]
    fn texts_are_the_same_wherever_they_are_said() {
        for lang in [Lang::En, Lang::PtBr] {
            let here = VisitorLang::from(lang);
            let texts = Words::of(here).texts().iter().map(|text| (*text).to_owned()).collect();
            let carried = Words::carried(here, texts).unwrap();
            assert_eq!(widget::unread(carried, 1_200), widget::unread(lang, 1_200));
            assert_eq!(widget::said(carried, "A", "B"), widget::said(here, "A", "B"));
            assert_eq!(widget::form::email(carried), widget::form::email(lang));
        }
        assert_eq!(widget::unread(VisitorLang::Ar, 2), "رسالتان غير مقروءتين");
        assert_eq!(widget::unread(VisitorLang::Ru, 21), "21 непрочитанное сообщение");
        assert_eq!(Words::carried(VisitorLang::En, vec![String::new()]), None);
    }
}
