//! Who a mail is from and to.

use crate::text;

/// Longest address RFC 5321 allows in a path (256 with its brackets).
const LONGEST: usize = 254;

/// One mailbox: `Ana Lima <ana@example.com>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// As the sender wrote it; empty where there is none.
    pub name: String,
    /// In lower case: local parts that differ only in case are one person everywhere that matters.
    pub email: String,
}

impl Address {
    /// `None` unless the address is one a mail could be sent to.
    pub fn new(name: &str, email: &str) -> Option<Self> {
        let email = email.trim().trim_start_matches('<').trim_end_matches('>').to_lowercase();
        let (local, domain) = email.rsplit_once('@')?;
        let fits = !local.is_empty() && !domain.is_empty() && email.len() <= LONGEST;
        let plain = !email.chars().any(|char| char.is_whitespace() || char.is_control() || "<>,;\"\\".contains(char));
        let dots = !domain.starts_with('.') && !domain.ends_with('.') && !domain.contains("..");
        if !(fits && plain && dots && !local.contains('@')) {
            return None;
        }
        let name = text::line(name);
        Some(Self { name: text::cut(without_quotes(&name), 255).to_owned(), email })
    }

    /// The name, or what stands before the `@`.
    pub fn display(&self) -> &str {
        if self.name.is_empty() { self.local() } else { &self.name }
    }

    pub fn local(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(local, _)| local)
    }

    pub fn domain(&self) -> &str {
        self.email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Outlook puts names that are addresses into quotes of its own.
fn without_quotes(name: &str) -> &str {
    let inner = |quote| name.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('\'').or_else(|| inner('"')).unwrap_or(name).trim()
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn addresses_are_recognised() {
        let ana = Address::new(" 'Ana  Lima' ", "<Ana@Example.COM>").unwrap();
        assert_eq!((ana.name.as_str(), ana.email.as_str()), ("Ana Lima", "ana@example.com"));
        assert_eq!((ana.local(), ana.domain(), ana.display()), ("ana", "example.com", "Ana Lima"));
        assert_eq!(Address::new("", "ana@example.com").unwrap().display(), "ana");
        for wrong in
            ["", "ana", "@example.com", "ana@", "a b@example.com", "a@b@c", "a@b..c", "a@.b", "a@b\r\nBcc: x@y"]
        {
            assert!(Address::new("x", wrong).is_none(), "{wrong}");
        }
    }
}
