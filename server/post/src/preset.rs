//! Where the mailboxes of well-known domains are, so that most people type only an address and a password.

use crate::net::Encryption;

/// What somebody must know before the password works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// A password made for this program, where two steps of signing in are on.
    AppPassword,
    /// IMAP has to be switched on in the mailbox's settings first.
    SwitchOnImap,
    /// The provider wants its own sign-in; passwords do not work.
    SignInWithGoogle,
    SignInWithMicrosoft,
}

/// Servers of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    pub imap: (&'static str, u16, Encryption),
    pub smtp: (&'static str, u16, Encryption),
    pub hint: Option<Hint>,
}

const TLS: Encryption = Encryption::Tls;
const START: Encryption = Encryption::StartTls;

const fn of(imap: &'static str, smtp: (&'static str, u16, Encryption), hint: Option<Hint>) -> Preset {
    Preset { imap: (imap, 993, TLS), smtp, hint }
}

const GOOGLE: Preset = of("imap.gmail.com", ("smtp.gmail.com", 587, START), Some(Hint::AppPassword));
const MICROSOFT: Preset =
    of("outlook.office365.com", ("smtp.office365.com", 587, START), Some(Hint::SignInWithMicrosoft));
const YAHOO: Preset = of("imap.mail.yahoo.com", ("smtp.mail.yahoo.com", 465, TLS), Some(Hint::AppPassword));
const APPLE: Preset = of("imap.mail.me.com", ("smtp.mail.me.com", 587, START), Some(Hint::AppPassword));

/// By the domain of an address.
const DOMAINS: &[(&[&str], Preset)] = &[
    (&["gmail.com", "googlemail.com"], GOOGLE),
    (
        &["outlook.com", "outlook.com.br", "hotmail.com", "hotmail.com.br", "live.com", "msn.com", "office365.com"],
        MICROSOFT,
    ),
    (&["yahoo.com", "yahoo.com.br", "ymail.com", "rocketmail.com"], YAHOO),
    (&["icloud.com", "me.com", "mac.com"], APPLE),
    (&["zoho.com"], of("imap.zoho.com", ("smtp.zoho.com", 465, TLS), Some(Hint::SwitchOnImap))),
    (
        &["fastmail.com", "fastmail.fm"],
        of("imap.fastmail.com", ("smtp.fastmail.com", 465, TLS), Some(Hint::AppPassword)),
    ),
    (
        &["gmx.net", "gmx.de", "gmx.at", "gmx.ch"],
        of("imap.gmx.net", ("mail.gmx.net", 587, START), Some(Hint::SwitchOnImap)),
    ),
    (&["gmx.com"], of("imap.gmx.com", ("mail.gmx.com", 587, START), Some(Hint::SwitchOnImap))),
    (&["web.de"], of("imap.web.de", ("smtp.web.de", 587, START), Some(Hint::SwitchOnImap))),
    (&["aol.com"], of("imap.aol.com", ("smtp.aol.com", 465, TLS), Some(Hint::AppPassword))),
    (&["uol.com.br"], of("imap.uol.com.br", ("smtps.uol.com.br", 465, TLS), None)),
    (&["bol.com.br"], of("imap.bol.com.br", ("smtps.bol.com.br", 465, TLS), None)),
    (&["terra.com.br"], of("imap.terra.com.br", ("smtp.terra.com.br", 465, TLS), None)),
    (&["yandex.com", "yandex.ru"], of("imap.yandex.com", ("smtp.yandex.com", 465, TLS), Some(Hint::AppPassword))),
    (&["mail.ru"], of("imap.mail.ru", ("smtp.mail.ru", 465, TLS), Some(Hint::AppPassword))),
];

/// By the end of the name of the domain's mail exchanger: most companies' mail lives with somebody else.
const EXCHANGERS: &[(&str, Preset)] = &[
    ("google.com", GOOGLE),
    ("googlemail.com", GOOGLE),
    ("outlook.com", MICROSOFT),
    ("zoho.com", of("imappro.zoho.com", ("smtppro.zoho.com", 465, TLS), Some(Hint::SwitchOnImap))),
    ("titan.email", of("imap.titan.email", ("smtp.titan.email", 465, TLS), None)),
    ("hostinger.com", of("imap.hostinger.com", ("smtp.hostinger.com", 465, TLS), None)),
    ("locaweb.com.br", of("email-ssl.com.br", ("email-ssl.com.br", 465, TLS), None)),
    ("kinghost.net", of("imap.kinghost.net", ("smtp.kinghost.net", 587, START), None)),
    ("emailsrvr.com", of("secure.emailsrvr.com", ("secure.emailsrvr.com", 465, TLS), None)),
    ("messagingengine.com", of("imap.fastmail.com", ("smtp.fastmail.com", 465, TLS), Some(Hint::AppPassword))),
    ("secureserver.net", of("imap.secureserver.net", ("smtpout.secureserver.net", 465, TLS), None)),
];

/// The servers of an address, as far as its domain or its mail exchanger tell.
pub fn preset(address: &str, exchanger: Option<&str>) -> Option<Preset> {
    let domain = address.rsplit('@').next()?.trim().trim_end_matches('.').to_ascii_lowercase();
    let known = DOMAINS.iter().find(|(domains, _)| domains.contains(&domain.as_str())).map(|(_, preset)| *preset);
    known.or_else(|| {
        let exchanger = exchanger?.trim_end_matches('.').to_ascii_lowercase();
        let ends = |end: &str| exchanger.strip_suffix(end).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        EXCHANGERS.iter().find(|(end, _)| ends(end)).map(|(_, preset)| *preset)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_lead_to_servers() {
        assert_eq!(preset("Ana@GMAIL.com", None).unwrap().imap, ("imap.gmail.com", 993, Encryption::Tls));
        assert_eq!(preset("ana@gmail.com", None).unwrap().smtp.1, 587);
        assert_eq!(
            preset("a@empresa.com.br", Some("empresa-com-br.mail.protection.outlook.com.")).unwrap().hint,
            Some(Hint::SignInWithMicrosoft)
        );
        assert_eq!(preset("a@empresa.com.br", Some("aspmx.l.google.com")).unwrap().imap.0, "imap.gmail.com");
        assert!(preset("a@empresa.com.br", Some("mx.evilgoogle.com")).is_none());
        assert!(preset("a@empresa.com.br", None).is_none() && preset("", None).is_none());
    }
}
