//! What every input has to be before a rule looks at it.

use model::ErrorCode;

use crate::{Error, Result};

/// Most characters of a name.
pub const MAX_NAME: usize = 120;

/// A line of text that must be there: trimmed, without control characters.
pub fn line(field: &str, text: &str, max: usize) -> Result<String> {
    let text = optional_line(field, text, max)?;
    if text.is_empty() { Err(Error::field(field, ErrorCode::Required)) } else { Ok(text) }
}

/// A line of text that may be empty.
pub fn optional_line(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(Error::field(field, ErrorCode::Invalid));
    }
    within(field, text, max)
}

/// Several lines of text that may be empty.
pub fn optional_lines(field: &str, text: &str, max: usize) -> Result<String> {
    let text = text.trim();
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::field(field, ErrorCode::Invalid));
    }
    within(field, text, max)
}

fn within(field: &str, text: &str, max: usize) -> Result<String> {
    if text.chars().count() > max {
        return Err(Error::field(field, ErrorCode::TooLong));
    }
    Ok(text.to_owned())
}

/// An e-mail address in lower case.
pub fn email(field: &str, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    if text.is_empty() {
        return Err(Error::field(field, ErrorCode::Required));
    }
    let address = text.parse::<lettre::Address>();
    if text.len() > 254 || address.is_err() {
        return Err(Error::field(field, ErrorCode::InvalidEmail));
    }
    Ok(text)
}

/// A host name with at least one dot, in lower case; empty for none.
pub fn optional_domain(field: &str, text: &str, max: usize) -> Result<String> {
    let text = optional_line(field, text, max)?.to_lowercase();
    let is_label = |label: &str| {
        let is_right = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(is_right)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_right = text.is_empty() || (text.contains('.') && text.split('.').all(is_label));
    is_right.then_some(text).ok_or_else(|| Error::field(field, ErrorCode::Invalid))
}

/// A colour `#rrggbb` in lower case.
pub fn color(field: &str, text: &str) -> Result<String> {
    let text = text.trim().to_lowercase();
    let right = text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
    if right { Ok(text) } else { Err(Error::field(field, ErrorCode::InvalidColor)) }
}

/// The code of a language of the product.
pub fn locale(field: &str, text: &str) -> Result<String> {
    let lang: text::Lang = text.trim().parse().map_err(|_| Error::field(field, ErrorCode::Invalid))?;
    Ok(lang.code().to_owned())
}

/// An IANA time zone that this machine knows.
pub fn timezone(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    match jiff::tz::TimeZone::get(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(Error::field(field, ErrorCode::Invalid)),
    }
}

/// The name of what is to be deleted, typed by whoever knows what they do.
pub fn same_name(name: &str, typed: &str) -> Result<()> {
    if typed.trim() == name.trim() { Ok(()) } else { Err(Error::field("name", ErrorCode::Invalid)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_have_a_form() {
        assert_eq!(optional_domain("domain", " Loja.com.BR ", 100).unwrap(), "loja.com.br");
        assert_eq!(optional_domain("domain", "", 100).unwrap(), "");
        for wrong in ["loja", "https://loja.com", "loja..com", "-loja.com", "a b.com", "loja.com/x"] {
            assert!(optional_domain("domain", wrong, 100).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lines_are_trimmed_and_bounded() {
        assert_eq!(line("name", "  Ana  ", 10).unwrap(), "Ana");
        assert_eq!(line("name", " ", 10).unwrap_err().known(), Some(ErrorCode::Required));
        assert_eq!(line("name", "a\u{7}b", 10).unwrap_err().known(), Some(ErrorCode::Invalid));
        assert_eq!(line("name", "ãããã", 3).unwrap_err().known(), Some(ErrorCode::TooLong));
        assert_eq!(optional_lines("text", "a\nb", 10).unwrap(), "a\nb");
    }

    #[test]
    fn addresses_and_colours_have_a_form() {
        assert_eq!(email("email", " Ana@Loja.com.br ").unwrap(), "ana@loja.com.br");
        for wrong in ["ana", "ana@", "@loja.com", "a b@loja.com", "ana@loja.com\nBcc: x@y.z"] {
            assert_eq!(email("email", wrong).unwrap_err().known(), Some(ErrorCode::InvalidEmail), "{wrong}");
        }
        assert_eq!(color("color", "#1F93FF").unwrap(), "#1f93ff");
        assert!(color("color", "red").is_err());
        assert_eq!(locale("locale", "pt-BR").unwrap(), "pt_BR");
        assert!(locale("locale", "xx").is_err());
    }
}
