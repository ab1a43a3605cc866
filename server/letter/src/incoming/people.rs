//! Who wrote a mail, and who else got it.

use mail_parser::{HeaderForm, HeaderName, HeaderValue, Message};

use super::{Own, limits, thread};
use crate::Address;

/// Where a mail that was forwarded on its way still says for whom it was.
const DELIVERED: [&str; 5] = ["Delivered-To", "X-Original-To", "X-Forwarded-To", "Envelope-To", "X-Delivered-To"];
/// Where a group that writes in its own name says who really wrote.
const ORIGINAL: [&str; 3] = ["X-Original-Sender", "X-Original-From", "X-Google-Original-From"];

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    pub from: Option<Address>,
    /// The customer: who wants the answer, seen through groups and contact forms. Never one of our own addresses, unless we wrote it.
    pub sender: Option<Address>,
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    /// The address at which it was delivered, where `To` does not say it.
    pub delivered_to: Vec<Address>,
}

impl People {
    pub(super) fn of(message: &Message<'_>, own: Own<'_>) -> Self {
        let from = addresses(message, HeaderName::From).into_iter().next();
        let reply_to = addresses(message, HeaderName::ReplyTo);
        let mut people = Self {
            to: addresses(message, HeaderName::To),
            cc: addresses(message, HeaderName::Cc),
            delivered_to: DELIVERED.iter().flat_map(|name| addresses(message, (*name).into())).collect(),
            sender: None,
            reply_to,
            from,
        };
        people.sender = people.find_sender(message, own);
        people
    }

    /// Everybody but ourselves and the sender, each once: who was there and should stay.
    pub fn others<'a>(&'a self, own: Own<'a>) -> impl Iterator<Item = &'a Address> {
        let all = self.to.iter().chain(&self.cc);
        all.enumerate().filter_map(move |(index, address)| {
            let earlier = self.to.iter().chain(&self.cc).take(index).any(|other| other.email == address.email);
            let sender = self.sender.as_ref().is_some_and(|sender| sender.email == address.email);
            let ours = own.is(address) || thread::conversation_of(address.local()).is_some();
            (!earlier && !sender && !ours).then_some(address)
        })
    }

    fn find_sender(&self, message: &Message<'_>, own: Own<'_>) -> Option<Address> {
        let foreign = |address: &&Address| !own.is(address);
        if let Some(address) = self.reply_to.iter().find(foreign) {
            return Some(self.named(address));
        }
        let original =
            ORIGINAL.iter().flat_map(|name| addresses(message, (*name).into())).find(|address| !own.is(address));
        if let Some(original) = original {
            return Some(self.named(&original));
        }
        let sender = || addresses(message, HeaderName::Sender).into_iter().next();
        self.from.clone().or_else(sender)
    }

    /// `Reply-To` and the original sender often lack the name that `From` has.
    fn named(&self, address: &Address) -> Address {
        let mut named = address.clone();
        if named.name.is_empty()
            && let Some(from) = &self.from
        {
            named.name = without_via(&from.name).to_owned();
        }
        named
    }
}

/// Google Groups writes "Ana via Support".
fn without_via(name: &str) -> &str {
    name.split_once(" via ").map_or(name, |(name, _)| name).trim_matches(|char: char| "'\" ".contains(char))
}

/// All valid addresses of all headers of a name.
pub(super) fn addresses(message: &Message<'_>, name: HeaderName<'static>) -> Vec<Address> {
    let values = message.header_as(name, HeaderForm::Addresses);
    let mut found: Vec<Address> = Vec::new();
    for value in &values {
        let HeaderValue::Address(list) = value else { continue };
        for one in list.iter() {
            let Some(address) = one.address().and_then(|email| Address::new(one.name().unwrap_or_default(), email))
            else {
                continue;
            };
            if found.len() < limits::PEOPLE && !found.iter().any(|other| other.email == address.email) {
                found.push(address);
            }
        }
    }
    found
}
