//! Regular expressions that an account asks texts to match. Look-around and back-references work; none can hang the server: the
//! number of steps is limited, and a text that would need more does not match.

use fancy_regex::{Regex, RegexBuilder};
use model::ErrorCode;

use crate::{Error, Result};

/// Most characters of a pattern.
pub const MAX_PATTERN: usize = 500;
/// Steps back that one match may take.
const MAX_STEPS: usize = 20_000;
/// Largest compiled form, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// Reads a pattern as it is kept: bare, or between slashes as browsers write theirs.
pub fn read(text: &str) -> Result<Regex> {
    let invalid = || Error::field("regex_pattern", ErrorCode::InvalidPattern);
    if text.chars().count() > MAX_PATTERN {
        return Err(Error::field("regex_pattern", ErrorCode::TooLong));
    }
    let (pattern, flags) = bare(text);
    RegexBuilder::new(pattern)
        .case_insensitive(flags.contains('i'))
        .backtrack_limit(MAX_STEPS)
        .delegate_size_limit(MAX_SIZE)
        .delegate_dfa_size_limit(MAX_SIZE)
        .build()
        .map_err(|_| invalid())
}

/// Whether a text matches a pattern that was checked when it was kept.
pub fn matches(pattern: &str, text: &str) -> bool {
    let Ok(regex) = read(pattern) else {
        tracing::warn!(pattern, "an attribute's pattern cannot be read");
        return false;
    };
    regex.is_match(text).unwrap_or_else(|error| {
        tracing::warn!(pattern, %error, "an attribute's pattern needs too many steps");
        false
    })
}

/// `/…/i` without its slashes, and the letters behind them.
fn bare(text: &str) -> (&str, &str) {
    let inside = text.strip_prefix('/').and_then(|rest| rest.rsplit_once('/'));
    match inside {
        Some((pattern, flags)) if !pattern.is_empty() && flags.chars().all(|c| "dgimsuvy".contains(c)) => {
            (pattern, flags)
        }
        _ => (text, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The patterns of the help centre's article, letter by letter.
    const ARTICLE: [(&str, &[&str], &[&str]); 5] = [
        (
            r"^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+.[a-zA-Z]{2,}$",
            &["ana@loja.com.br", "a.b+c@x-y.io"],
            &["ana", "ana@", "@loja.com", "ana@loja.c1"],
        ),
        (r"^(\d{2})\s\d{4,5}-\d{4}$", &["11 9999-9999", "11 99999-9999"], &["119999-9999", "11 999-9999"]),
        (
            r"^\d{3}.\d{3}.\d{3}-\d{2}$|^(\d{11})$",
            &["123.456.789-09", "12345678909"],
            &["123.456.789", "1234567890", "a2345678909"],
        ),
        (
            r"^(0[1-9]|[12][0-9]|3[01])/(0[1-9]|1[0-2])/\d{4}$",
            &["31/12/2026", "01/01/1999"],
            &["32/01/2026", "1/1/2026", "01/13/2026"],
        ),
        // As it was printed, two stars are lost: the second letter would have to be small and large at once.
        (r"^(?=.[a-z])(?=.[A-Z])(?=.*\d)[a-zA-Z\d]{8,}$", &[], &["abcdefgh", "Abcdefg1"]),
    ];

    #[test]
    fn the_articles_patterns_work() {
        for (pattern, good, bad) in ARTICLE {
            read(pattern).unwrap();
            for text in good {
                assert!(matches(pattern, text), "{pattern} {text}");
            }
            for text in bad {
                assert!(!matches(pattern, text), "{pattern} {text}");
            }
        }
        let meant = r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d]{8,}$";
        assert!(matches(meant, "Abcdefg1"));
        assert!(!matches(meant, "abcdefg1") && !matches(meant, "Abcdefgh") && !matches(meant, "Abc1"));
        let brackets = r"^\(\d{2}\)\s\d{4,5}-\d{4}$";
        assert!(matches(brackets, "(11) 99999-9999") && !matches(brackets, "11 99999-9999"));
    }

    #[test]
    fn patterns_of_browsers_work() {
        assert!(matches("/^ab+c$/", "abbc"));
        assert!(matches("/^ab+c$/i", "ABC") && !matches("/^ab+c$/", "ABC"));
        assert!(matches(r"(?<!x)y", "ay") && !matches(r"(?<!x)y", "xy"));
        assert!(matches(r"^(a+)\1$", "aaaa"));
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for wrong in ["(", "[a-", "*", r"\k<none>", "(?<n"] {
            assert_eq!(read(wrong).unwrap_err().known(), Some(ErrorCode::InvalidPattern), "{wrong}");
        }
        assert_eq!(read(&"a".repeat(501)).unwrap_err().known(), Some(ErrorCode::TooLong));
        assert!(read(&"(".repeat(500)).is_err());
        let deep = format!("{}a{}", "(".repeat(249), ")".repeat(249));
        // Whether it can be used or not: it comes back.
        let _ = read(&deep);
    }

    /// Without a limit of steps the first of them would go on for longer than anybody waits.
    #[test]
    fn no_pattern_hangs_the_server() {
        let text = "a".repeat(1_400) + "!";
        for evil in [
            r"^(a+)+$",
            r"^(a|aa)+$",
            r"^(a|a?)+$",
            r"^(?=(a+)+$)a*$",
            r"^((a+)+)\1$",
            r"^(?:(?=(a+))a)+\1$",
            r"(?=.*(a|aa)+$)(?=.*x)a+",
            r"^(?:a?){500}(?=b)",
            r"((((((a*)*)*)*)*)*)*(?!a)b",
            r"(?:(?:(?:a{0,500}){0,500}){0,500}(?=b))",
            r"(?<=(a+)+)b",
        ] {
            if read(evil).is_ok() {
                assert!(!matches(evil, &text), "{evil}");
            }
        }
    }
}
