//! Phone numbers, kept as E.164. A Brazilian mobile number is kept with its ninth digit, so that with and without it is one person.

use model::ErrorCode;
use phonenumber::{Mode, country};

use crate::{Error, Result};

/// Longest text that is looked at.
const MAX_TEXT: usize = 40;
/// Digits of a number, country included.
const DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// Reads a number as people write it. Without a country in front it is one of the account's country, when that is known.
pub fn checked(text: &str, home: Option<country::Id>) -> Result<String> {
    let invalid = || Error::field("phone_number", ErrorCode::Invalid);
    let text = text.trim();
    let is_plain = |c: char| c.is_ascii_digit() || matches!(c, '+' | ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}');
    if text.len() > MAX_TEXT || !text.chars().all(is_plain) {
        return Err(invalid());
    }
    let is_whole = text.starts_with('+');
    if !is_whole && home.is_none() {
        return Err(invalid());
    }
    let parsed = phonenumber::parse(home, text).ok().filter(|number| number.country().code() > 0);
    let number = match parsed {
        Some(number) => number.format().mode(Mode::E164).to_string(),
        // A country that the library does not know has numbers too.
        None if is_whole => text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect(),
        None => return Err(invalid()),
    };
    let digits = number.strip_prefix('+').ok_or_else(invalid)?;
    let is_number =
        DIGITS.contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { Ok(with_ninth_digit(number)) } else { Err(invalid()) }
}

/// The country of those who speak an account's language, where there is only one.
pub fn home(locale: &str) -> Option<country::Id> {
    locale.starts_with("pt").then_some(country::BR)
}

/// `+55 11 8765-4321` became `+55 11 98765-4321`; land lines begin with 2 to 5 and stay as they are.
fn with_ninth_digit(number: String) -> String {
    match old_mobile(&number) {
        Some((area, rest)) => format!("+55{area}9{rest}"),
        None => number,
    }
}

fn old_mobile(number: &str) -> Option<(&str, &str)> {
    let national = number.strip_prefix("+55").filter(|rest| rest.len() == 10)?;
    let (area, rest) = national.split_at_checked(2)?;
    rest.starts_with(['6', '7', '8', '9']).then_some((area, rest))
}

/// The digits of a number as it is kept, and as it was before the ninth digit.
pub fn spellings(number: &str) -> Vec<String> {
    let digits = number.trim_start_matches('+').to_owned();
    let mobile = digits.strip_prefix("55").filter(|national| national.len() == 11);
    let old = mobile.and_then(|national| {
        let (area, rest) = national.split_at_checked(2)?;
        Some(format!("55{area}{}", rest.strip_prefix('9')?))
    });
    std::iter::once(digits.clone()).chain(old).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_in_one_form() {
        for (text, kept) in [
            ("+55 (11) 99999-8888", "+5511999998888"),
            ("+55 11 9999-8888", "+5511999998888"),
            ("+551133334444", "+551133334444"),
            ("+1 (415) 555-2671", "+14155552671"),
            ("+44 20 7946 0958", "+442079460958"),
        ] {
            assert_eq!(checked(text, None).unwrap(), kept, "{text}");
        }
        let brazil = home("pt_BR");
        assert_eq!(checked("(11) 98765-4321", brazil).unwrap(), "+5511987654321");
        assert_eq!(checked("011 8765-4321", brazil).unwrap(), "+5511987654321");
        assert_eq!(checked("+1 415 555 2671", brazil).unwrap(), "+14155552671");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in [
            "12",
            "11 99999-8888",
            "+",
            "+0123456789",
            "+55 11 9999x8888",
            "+1234567890123456",
            "tel:+5511",
            "+55;ext=1",
        ] {
            assert!(checked(wrong, None).is_err(), "{wrong}");
        }
        assert!(checked("12", home("pt_BR")).is_err());
        assert!(checked(&"1".repeat(5_000), home("pt_BR")).is_err());
    }

    #[test]
    fn a_number_is_found_with_and_without_its_ninth_digit() {
        assert_eq!(spellings("+5511987654321"), ["5511987654321", "551187654321"]);
        assert_eq!(spellings("+551133334444"), ["551133334444"]);
    }
}
