//! Mails, batch by batch.

use std::collections::BTreeMap;

use async_imap::imap_proto::{AttributeValue, Response};

use super::{Continuation, Mailbox, Mark, run};
use crate::trouble::Trouble;

/// How much is read at once.
#[derive(Debug, Clone, Copy)]
pub struct ReadLimits {
    /// Mails in a batch.
    pub mails: usize,
    /// Bytes in a batch, unless a single mail has more.
    pub bytes: usize,
    /// Of a mail larger than this only the beginning is read.
    pub largest: usize,
    /// How much of such a mail.
    pub beginning: usize,
}

impl Default for ReadLimits {
    fn default() -> Self {
        Self { mails: 200, bytes: 8 << 20, largest: 50 << 20, beginning: 256 << 10 }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    Whole(Vec<u8>),
    /// The mail is too large to be taken.
    Beginning(Vec<u8>),
    /// The server lists the mail and does not hand it out.
    Withheld,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub uid: u32,
    /// When the server received it, as it writes it: `21-Nov-2026 10:00:00 -0300`.
    pub received: Option<String>,
    /// Bytes, by the server's word.
    pub size: u32,
    pub seen: bool,
    pub contents: Contents,
}

/// Mails in the order in which they came, and how far we are with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    pub mails: Vec<Mail>,
    /// To be stored together with the mails.
    pub mark: Mark,
    /// Whether there is more at once.
    pub more: bool,
}

/// UIDs that are looked at in one go.
const WINDOW: u32 = 500;

#[derive(Debug, Default, Clone)]
struct Listed {
    size: u32,
    received: Option<String>,
    seen: bool,
}

impl Mailbox {
    /// The next mails after the mark. The mark must be of the mailbox as it is numbered now.
    pub async fn read(&mut self, mark: Mark, limits: ReadLimits) -> Result<Batch, Trouble> {
        if self.continuation(mark) == Continuation::Renumbered {
            return Err(Trouble::Nonsense { reason: "the mark is of another numbering".to_owned() });
        }
        // Servers tell of what came in the meantime only when they are asked for something.
        self.ask_for_news().await?;
        let (listed, looked_to) = self.list_after(mark.last_uid).await?;
        let chosen = choose(&listed, limits);
        let all = chosen.len() == listed.len();
        let mut mails = Vec::with_capacity(chosen.len());
        for group in groups(&chosen, &listed, limits) {
            self.fetch(&group, &listed, limits, &mut mails).await?;
        }
        let last_uid = match (all, looked_to, chosen.last()) {
            (true, Some(to), _) => to,
            (_, _, Some(last)) => *last,
            (_, None, None) => mark.last_uid,
            (false, Some(_), None) => mark.last_uid,
        };
        Ok(Batch { mails, mark: Mark { last_uid, ..mark }, more: !all || looked_to.is_some() })
    }

    /// What there is after a UID; with the end of the range looked at, where more may follow.
    async fn list_after(&mut self, last: u32) -> Result<(BTreeMap<u32, Listed>, Option<u32>), Trouble> {
        let Some(mut from) = last.checked_add(1) else { return Ok((BTreeMap::new(), None)) };
        let mut width = WINDOW;
        while from.saturating_add(width) < self.inbox.uid_next {
            let to = from + width - 1;
            let listed = self.list(from, &to.to_string()).await?;
            if !listed.is_empty() {
                return Ok((listed, Some(to)));
            }
            from = to + 1;
            width = width.saturating_mul(2);
        }
        // `n:*` names the last mail even where its UID is lower.
        Ok((self.list(from, "*").await?, None))
    }

    async fn list(&mut self, from: u32, to: &str) -> Result<BTreeMap<u32, Listed>, Trouble> {
        let mut listed = BTreeMap::new();
        let command = format!("UID FETCH {from}:{to} (UID RFC822.SIZE INTERNALDATE FLAGS)");
        run::run(&mut self.session, &self.dialer, &command, "listing mails", |response| {
            let Response::Fetch(_, attributes) = response else { return Ok(()) };
            let mut uid = None;
            let mut sized = false;
            let mut one = Listed::default();
            for attribute in attributes {
                match attribute {
                    AttributeValue::Uid(value) => uid = Some(*value),
                    AttributeValue::Rfc822Size(value) => (one.size, sized) = (*value, true),
                    AttributeValue::InternalDate(value) => one.received = Some(value.trim().chars().take(40).collect()),
                    AttributeValue::Flags(flags) => {
                        one.seen = flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Seen"));
                    }
                    _ => {}
                }
            }
            // News about flags of other mails come in the same form, without a size.
            if let Some(uid) = uid.filter(|uid| *uid >= from && sized) {
                listed.insert(uid, one);
            }
            Ok(())
        })
        .await?;
        Ok(listed)
    }

    async fn fetch(
        &mut self,
        uids: &[u32],
        listed: &BTreeMap<u32, Listed>,
        limits: ReadLimits,
        mails: &mut Vec<Mail>,
    ) -> Result<(), Trouble> {
        let large = |uid: &u32| listed.get(uid).is_some_and(|one| one.size as usize > limits.largest);
        let partial = uids.iter().any(large);
        let set: Vec<_> = uids.iter().map(u32::to_string).collect();
        let section = if partial { format!("BODY.PEEK[]<0.{}>", limits.beginning) } else { "BODY.PEEK[]".to_owned() };
        let command = format!("UID FETCH {} (UID {section})", set.join(","));
        let mut bodies: BTreeMap<u32, Vec<u8>> = BTreeMap::new();
        let most = limits.bytes.max(limits.largest).saturating_mul(2);
        let mut total = 0;
        run::run(&mut self.session, &self.dialer, &command, "reading mails", |response| {
            let Response::Fetch(_, attributes) = response else { return Ok(()) };
            let uid =
                attributes.iter().find_map(|one| if let AttributeValue::Uid(uid) = one { Some(*uid) } else { None });
            let body = attributes.iter().find_map(|one| match one {
                AttributeValue::BodySection { data, .. } => data.as_deref(),
                AttributeValue::Rfc822(data) => data.as_deref(),
                _ => None,
            });
            let (Some(uid), Some(body)) = (uid.filter(|uid| uids.contains(uid)), body) else { return Ok(()) };
            total += body.len();
            if total > most {
                return Err(Trouble::TooLarge);
            }
            bodies.insert(uid, body.to_vec());
            Ok(())
        })
        .await?;
        for uid in uids {
            let one = listed.get(uid).cloned().unwrap_or_default();
            let contents = match bodies.remove(uid) {
                Some(body) if partial => Contents::Beginning(body),
                Some(body) => Contents::Whole(body),
                // Deleted by somebody in between: nothing was lost that is not lost anyway.
                None if !self.list(*uid, &uid.to_string()).await?.contains_key(uid) => continue,
                None => Contents::Withheld,
            };
            mails.push(Mail { uid: *uid, received: one.received, size: one.size, seen: one.seen, contents });
        }
        Ok(())
    }
}

/// The first mails that fit into a batch; at least one.
fn choose(listed: &BTreeMap<u32, Listed>, limits: ReadLimits) -> Vec<u32> {
    let mut bytes = 0;
    let mut chosen = Vec::new();
    for (uid, one) in listed {
        bytes += cost(one, limits);
        if !chosen.is_empty() && (bytes > limits.bytes || chosen.len() >= limits.mails) {
            break;
        }
        chosen.push(*uid);
    }
    chosen
}

fn cost(one: &Listed, limits: ReadLimits) -> usize {
    let size = one.size as usize;
    if size > limits.largest { limits.beginning } else { size }
}

/// Mails that are asked for together: whole ones, and each too large one by itself.
fn groups(chosen: &[u32], listed: &BTreeMap<u32, Listed>, limits: ReadLimits) -> Vec<Vec<u32>> {
    let mut groups: Vec<Vec<u32>> = Vec::new();
    let mut open = false;
    for uid in chosen {
        let large = listed.get(uid).is_some_and(|one| one.size as usize > limits.largest);
        match groups.last_mut().filter(|_| open && !large) {
            Some(group) => group.push(*uid),
            None => groups.push(vec![*uid]),
        }
        open = !large;
    }
    groups
}
