//! Who is here. Kept in memory: after a restart everybody says so again within seconds.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Mutex;

use model::{Availability, ContactId, Millis, UserId};

use super::lock;

/// Milliseconds after the last sign of life until somebody counts as gone. Clients give one every 20 seconds.
pub const GONE_AFTER: i64 = 45_000;

/// The signs of life of this process.
#[derive(Default)]
pub struct Presence {
    users: Mutex<HashMap<UserId, Millis>>,
    contacts: Mutex<HashMap<ContactId, Millis>>,
}

impl Presence {
    /// An agent's page is open. True when they were away before.
    pub fn user_alive(&self, user: UserId, now: Millis) -> bool {
        alive(&self.users, user, now)
    }

    /// A visitor's chat is open. True when they were away before.
    pub fn contact_alive(&self, contact: ContactId, now: Millis) -> bool {
        alive(&self.contacts, contact, now)
    }

    /// The agent closed their last page.
    pub fn user_gone(&self, user: UserId) {
        lock(&self.users).remove(&user);
    }

    /// The visitor closed their last page.
    pub fn contact_gone(&self, contact: ContactId) {
        lock(&self.contacts).remove(&contact);
    }

    /// Whether the agent has a page open.
    pub fn is_user_here(&self, user: UserId, now: Millis) -> bool {
        is_here(&self.users, user, now)
    }

    /// Whether the visitor has a page open.
    pub fn is_contact_here(&self, contact: ContactId, now: Millis) -> bool {
        is_here(&self.contacts, contact, now)
    }

    /// What colleagues see of an agent: their choice, offline when they are away and want to be shown so.
    pub fn availability(&self, user: UserId, chosen: Availability, auto_offline: bool, now: Millis) -> Availability {
        if auto_offline && !self.is_user_here(user, now) { Availability::Offline } else { chosen }
    }
}

fn alive<K: Eq + Hash + Copy>(map: &Mutex<HashMap<K, Millis>>, key: K, now: Millis) -> bool {
    let mut map = lock(map);
    let before = map.insert(key, now);
    if map.len().is_multiple_of(1024) {
        map.retain(|_, seen| now - *seen < GONE_AFTER);
    }
    before.is_none_or(|seen| now - seen >= GONE_AFTER)
}

fn is_here<K: Eq + Hash>(map: &Mutex<HashMap<K, Millis>>, key: K, now: Millis) -> bool {
    lock(map).get(&key).is_some_and(|seen| now - *seen < GONE_AFTER)
}
