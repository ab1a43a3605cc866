//! Addresses of the dashboard's pages. Nothing else writes one out.

use model::{AccountId, ContactId, ContactImportId, DisplayId, InboxId, MessageId, TeamId};

pub const HOME: &str = "/app";
pub const LOGIN: &str = "/app/login";
pub const SECOND_STEP: &str = "/app/second-step";
pub const ONBOARDING: &str = "/installation/onboarding";
pub const CONFIRM_EMAIL: &str = "/app/confirm-email";
pub const FORGOT_PASSWORD: &str = "/app/forgot-password";

/// The second step of signing in, on the way to a page.
#[must_use]
pub fn second_step(next: Option<&str>) -> String {
    match next {
        Some(next) => [SECOND_STEP, "?next=", &encoded(next)].concat(),
        None => SECOND_STEP.to_owned(),
    }
}

/// The account's first page.
#[must_use]
pub fn account(account: AccountId) -> String {
    ["/app/accounts/", &account.to_string()].concat()
}

/// The list of conversations.
#[must_use]
pub fn conversations(account: AccountId) -> String {
    [&self::account(account), "/conversations"].concat()
}

/// A text as a part of an address: every byte but letters, digits and `-._~` as `%XX`.
#[must_use]
pub fn encoded(text: &str) -> String {
    const DIGITS: [u8; 16] = *b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// A conversation.
#[must_use]
pub fn conversation(account: AccountId, id: DisplayId) -> String {
    [&conversations(account), "/", &id.to_string()].concat()
}

/// A conversation, opened at one of its messages.
#[must_use]
pub fn message(account: AccountId, id: DisplayId, message: MessageId) -> String {
    [&conversation(account, id), "?message=", &message.to_string()].concat()
}

/// The list of contacts.
#[must_use]
pub fn contacts(account: AccountId) -> String {
    [&self::account(account), "/contacts"].concat()
}

/// A contact.
#[must_use]
pub fn contact(account: AccountId, id: ContactId) -> String {
    [&self::account(account), "/contacts/", &id.to_string()].concat()
}

/// Where a contact's picture is sent to.
#[must_use]
pub fn contact_picture(account: AccountId, id: ContactId) -> String {
    ["/app/api/accounts/", &account.to_string(), "/contacts/", &id.to_string(), "/avatar"].concat()
}

/// Where a table with contacts is sent to.
#[must_use]
pub fn contact_import(account: AccountId) -> String {
    ["/app/api/accounts/", &account.to_string(), "/contacts/import"].concat()
}

/// A table to begin with.
#[must_use]
pub fn contact_import_template(account: AccountId) -> String {
    [&contact_import(account), "/template.csv"].concat()
}

/// The rows of a table that could not be taken.
#[must_use]
pub fn contact_import_failures(account: AccountId, id: ContactImportId) -> String {
    [&contact_import(account), "/", &id.to_string(), "/failures.csv"].concat()
}

/// The search; what is empty is left out.
#[must_use]
pub fn search(account: AccountId, text: &str, kind: &str) -> String {
    with_query([&self::account(account), "/search"].concat(), &[("q", text), ("in", kind)])
}

/// An address with parameters; what is empty is left out.
pub(crate) fn with_query(base: String, pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = given.map(|(name, value)| [name, "=", &encoded(value)].concat()).collect();
    if pairs.is_empty() { base } else { [base, "?".to_owned(), pairs.join("&")].concat() }
}

/// A page of the settings, by its name in the address; empty for the list of pages.
#[must_use]
pub fn settings(account: AccountId, page: &str) -> String {
    let base = [&self::account(account), "/settings"].concat();
    if page.is_empty() { base } else { [&base, "/", page].concat() }
}

/// The page that makes an inbox.
#[must_use]
pub fn new_inbox(account: AccountId) -> String {
    settings(account, "inboxes/new")
}

/// An inbox's settings; `tab` is empty for the first.
#[must_use]
pub fn inbox(account: AccountId, id: InboxId, tab: &str) -> String {
    let base = [&settings(account, "inboxes"), "/", &id.to_string()].concat();
    if tab.is_empty() { base } else { [&base, "/", tab].concat() }
}

/// The page on which somebody signs in at a provider for a new inbox of a channel; a word says why the last time came to nothing.
#[must_use]
pub fn sign_in(account: AccountId, channel: &str, provider: &str, refused: &str) -> String {
    let base = [&new_inbox(account), "/", channel, "/", provider].concat();
    with_query(base, &[("refused", refused)])
}

/// An inbox's page on which somebody signs in again; a word says why the last time came to nothing.
#[must_use]
pub fn sign_in_again(account: AccountId, id: InboxId, refused: &str) -> String {
    with_query(inbox(account, id, "mail"), &[("refused", refused)])
}

/// A tab of a team's settings; the empty one is the first.
#[must_use]
pub fn team(account: AccountId, id: TeamId, tab: &str) -> String {
    let base = [&settings(account, "teams"), "/", &id.to_string()].concat();
    if tab.is_empty() { base } else { [&base, "/", tab].concat() }
}

/// Where one's own picture is sent to.
pub const OWN_PICTURE: &str = "/app/api/agent/picture";

/// Where somebody may be sent after signing in: a page of the dashboard and nothing else.
#[must_use]
pub fn is_inside(address: &str) -> bool {
    let is_ours = address == HOME || address.starts_with("/app/accounts/");
    is_ours && !address.contains(['\\', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        assert!(is_inside("/app/accounts/1/conversations/7?tab=me"));
        for address in ["https://evil.example", "//evil.example", "/app/login", "/application", "", "/app/accounts/\\x"]
        {
            assert!(!is_inside(address), "{address}");
        }
    }

    #[test]
    fn values_are_encoded() {
        assert_eq!(encoded("pós/a b"), "p%C3%B3s%2Fa%20b");
    }

    #[test]
    fn addresses_are_put_together() {
        assert_eq!(inbox(AccountId(1), InboxId(2), "install"), "/app/accounts/1/settings/inboxes/2/install");
        assert_eq!(search(AccountId(1), "joão", ""), "/app/accounts/1/search?q=jo%C3%A3o");
        assert_eq!(search(AccountId(1), "", ""), "/app/accounts/1/search");
        assert_eq!(settings(AccountId(1), ""), "/app/accounts/1/settings");
    }
}
