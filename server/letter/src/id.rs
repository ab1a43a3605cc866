//! Message-IDs: how mails name each other.

use std::fmt;

use uuid::Uuid;

/// A mail's id without its angle brackets; compared exactly, as RFC 5322 says.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageId(String);

impl MessageId {
    const LONGEST: usize = 900;

    /// Tolerates brackets that are missing and white space; `None` where nothing is left or what is left could break a header.
    pub fn new(text: &str) -> Option<Self> {
        let id: String = text.chars().filter(|char| !char.is_whitespace() && !"<>,".contains(*char)).collect();
        let fits = !id.is_empty() && id.len() <= Self::LONGEST;
        (fits && id.chars().all(|char| char.is_ascii_graphic())).then_some(Self(id))
    }

    /// Every id in a header: several, with commas between them, without brackets, all in use somewhere. Prose is no id.
    pub fn all(header: &str) -> Vec<Self> {
        if header.contains('<') {
            return header.split('<').skip(1).filter_map(|rest| rest.split('>').next()).filter_map(Self::new).collect();
        }
        header.split([' ', '\t', ',', '\r', '\n']).filter(|word| word.contains('@')).filter_map(Self::new).collect()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// With the brackets a header wants.
    pub fn bracketed(&self) -> String {
        format!("<{}>", self.0)
    }

    /// What our own mails' ids say.
    pub fn own(&self) -> Option<OwnId> {
        let (path, _) = self.0.rsplit_once('@')?;
        let words: Vec<_> = path.split('/').collect();
        match words.as_slice() {
            ["conversation", conversation, "messages", message] => Some(OwnId {
                conversation: Uuid::try_parse(conversation).ok()?,
                message: Some(message.parse().ok().filter(|id| *id > 0)?),
            }),
            ["account", _, "conversation", conversation] => {
                Some(OwnId { conversation: Uuid::try_parse(conversation).ok()?, message: None })
            }
            _ => None,
        }
    }

    /// The id of one of our messages: `conversation/<uuid>/messages/<id>@<domain>`.
    pub fn of_message(conversation: Uuid, message: i64, domain: &str) -> Option<Self> {
        Self::new(&format!("conversation/{conversation}/messages/{message}@{domain}"))
    }

    /// What the first mail of a conversation refers to, so that answers find it: `account/<id>/conversation/<uuid>@<domain>`.
    pub fn of_conversation(account: i64, conversation: Uuid, domain: &str) -> Option<Self> {
        Self::new(&format!("account/{account}/conversation/{conversation}@{domain}"))
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a mail of ours is about, read from its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OwnId {
    pub conversation: Uuid,
    pub message: Option<i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_ids_come_back() {
        let conversation = Uuid::from_u128(7);
        let id = MessageId::of_message(conversation, 42, "desk.example").unwrap();
        assert_eq!(id.own(), Some(OwnId { conversation, message: Some(42) }));
        let id = MessageId::of_conversation(1, conversation, "desk.example").unwrap();
        assert_eq!(id.own(), Some(OwnId { conversation, message: None }));
        for foreign in ["a@b", "conversation/7/messages/1@x", "conversation/x/messages/1", "messages/1@x"] {
            assert_eq!(MessageId::new(foreign).unwrap().own(), None, "{foreign}");
        }
    }

    #[test]
    fn ids_are_found_in_any_header() {
        let ids = |header| MessageId::all(header).into_iter().map(|id| id.0).collect::<Vec<_>>();
        assert_eq!(ids("<a@b> <c@d>"), ["a@b", "c@d"]);
        assert_eq!(ids("<a@b>,\r\n <c @d>"), ["a@b", "c@d"]);
        assert_eq!(ids("a@b, c@d"), ["a@b", "c@d"]);
        assert_eq!(ids("Your message of Sunday"), Vec::<String>::new());
        assert_eq!(ids("<> <é@x> <ok@x>"), ["ok@x"]);
    }
}
