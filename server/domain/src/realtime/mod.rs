//! From what happened to those who watch: the hub of this process, presence, and the tail of recorded events.

pub mod directory;
pub mod expand;
pub mod notify;
pub mod presence;
pub mod tail;
pub mod topic;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::live::Passing;
use model::{AccountId, InboxId, UserId};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};

use crate::event::{Cursor, Recorded};
use directory::Directories;
use expand::Expanded;
use notify::Notice;
use presence::Presence;
pub use topic::{Place, Topic};

/// Frames that wait for one slow client before it is let go; it comes back and reads what it missed.
const QUEUE: usize = 512;

/// What a subscriber hears.
#[derive(Debug, Clone)]
pub enum Heard {
    /// A recorded event with what is needed to show it.
    Event(Arc<(Recorded, Expanded)>),
    /// Something not recorded, and who may know of it.
    Passing(Arc<PassingTo>),
}

/// Something not recorded, with what decides who may know of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PassingTo {
    pub passing: Passing,
    /// Present when it is about a conversation.
    pub reach: Option<(InboxId, Option<UserId>)>,
    /// The contact's side of the conversation, when they may know too.
    pub visitors: Vec<Topic>,
    /// Who caused it and need not be told.
    pub by: Option<UserId>,
}

/// Who listens for what, by number.
#[derive(Default)]
struct Topics {
    members: HashMap<Topic, Vec<(u64, mpsc::Sender<Heard>)>>,
    /// How many listen in each account, to whatever topic.
    accounts: HashMap<AccountId, usize>,
}

impl Topics {
    fn send(&mut self, topic: Topic, heard: &Heard) {
        let Some(members) = self.members.get_mut(&topic) else { return };
        // A full queue closes the channel: the subscriber sees the end and starts over from its own place.
        members.retain(|(_, sender)| sender.try_send(heard.clone()).is_ok());
        if members.is_empty() {
            self.members.remove(&topic);
        }
    }

    fn leave(&mut self, account: AccountId, topic: Topic, number: u64) {
        if let Some(members) = self.members.get_mut(&topic) {
            members.retain(|(other, _)| *other != number);
            if members.is_empty() {
                self.members.remove(&topic);
            }
        }
        if let Some(count) = self.accounts.get_mut(&account) {
            *count -= 1;
            if *count == 0 {
                self.accounts.remove(&account);
            }
        }
    }
}

/// The meeting place of this process.
#[derive(Default)]
pub struct Hub {
    topics: Mutex<Topics>,
    numbers: AtomicU64,
    wake: Notify,
    /// How far the tail has come.
    position: Mutex<Cursor>,
    pub presence: Presence,
    pub directories: Directories,
    /// To the other nodes, where there can be some.
    nodes: Mutex<Option<mpsc::UnboundedSender<Notice>>>,
}

/// A place in the hub; leaving it is dropping it.
pub struct Subscription {
    hub: Arc<crate::App>,
    account: AccountId,
    topic: Topic,
    number: u64,
    receiver: mpsc::Receiver<Heard>,
}

impl Subscription {
    /// The next thing heard. `None` when this subscriber was too slow and was let go.
    pub async fn next(&mut self) -> Option<Heard> {
        self.receiver.recv().await
    }

    /// The same for those who listen to several at once.
    pub fn poll_next(&mut self, cx: &mut std::task::Context<'_>) -> std::task::Poll<Option<Heard>> {
        self.receiver.poll_recv(cx)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        lock(&self.hub.hub.topics).leave(self.account, self.topic, self.number);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// Listens to a topic of an account from now on. Returns the place up to which events have been handed out already.
    pub fn subscribe(app: &Arc<crate::App>, account: AccountId, topic: Topic) -> (Subscription, Cursor) {
        let hub = &app.hub;
        let (sender, receiver) = mpsc::channel(QUEUE);
        let number = hub.numbers.fetch_add(1, Ordering::Relaxed);
        // The place is read under the lock that handing out takes too: nothing falls between the two.
        let mut topics = lock(&hub.topics);
        topics.members.entry(topic).or_default().push((number, sender));
        *topics.accounts.entry(account).or_default() += 1;
        let position = *lock(&hub.position);
        drop(topics);
        (Subscription { hub: app.clone(), account, topic, number, receiver }, position)
    }

    /// How many listen.
    pub fn listeners(&self) -> usize {
        lock(&self.topics).members.values().map(Vec::len).sum()
    }

    /// Events were committed by this process.
    pub fn wake(&self) {
        self.wake_here();
        self.tell_nodes(|| Notice::Events);
    }

    pub(crate) fn wake_here(&self) {
        self.wake.notify_one();
    }

    /// Jobs were committed by this process, which wakes its own workers itself.
    pub(crate) fn tell_of_jobs(&self) {
        self.tell_nodes(|| Notice::Jobs);
    }

    pub(crate) fn connect_nodes(&self, sender: mpsc::UnboundedSender<Notice>) {
        *lock(&self.nodes) = Some(sender);
    }

    fn tell_nodes(&self, notice: impl FnOnce() -> Notice) {
        if let Some(nodes) = lock(&self.nodes).as_ref() {
            // After the end of the talk nobody needs to know.
            _ = nodes.send(notice());
        }
    }

    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Hands out one event to the topics it concerns and moves the place forward.
    pub(crate) fn publish(&self, cursor: Cursor, heard: &[(Topic, Heard)]) {
        let mut topics = lock(&self.topics);
        for (topic, heard) in heard {
            topics.send(*topic, heard);
        }
        *lock(&self.position) = cursor;
    }

    /// Whether anybody listens in an account.
    pub(crate) fn is_heard(&self, account: AccountId) -> bool {
        lock(&self.topics).accounts.contains_key(&account)
    }

    /// Moves the place past an event of an account in which nobody listens. `false`: somebody does now, and must be told.
    pub(crate) fn pass_over(&self, cursor: Cursor, account: AccountId) -> bool {
        // Under the lock that subscribing takes too: whoever comes later begins behind this event.
        let topics = lock(&self.topics);
        let is_unheard = !topics.accounts.contains_key(&account);
        if is_unheard {
            *lock(&self.position) = cursor;
        }
        is_unheard
    }

    /// Hands out something that is not recorded.
    pub fn pass(&self, account: AccountId, passing: PassingTo) {
        self.tell_nodes(|| Notice::Passing { account_id: account, passing: passing.clone() });
        self.pass_here(account, passing);
    }

    pub(crate) fn pass_here(&self, account: AccountId, passing: PassingTo) {
        if let Passing::AgentPresence { .. } = passing.passing {
            self.directories.forget(account);
        }
        let passing = Arc::new(passing);
        let heard = Heard::Passing(passing.clone());
        let mut topics = lock(&self.topics);
        topics.send(Topic::Account(account), &heard);
        for visitor in &passing.visitors {
            topics.send(*visitor, &heard);
        }
    }

    pub(crate) fn set_position(&self, cursor: Cursor) {
        *lock(&self.position) = cursor;
    }

    /// The place up to which events have been handed out.
    pub fn position(&self) -> Cursor {
        *lock(&self.position)
    }
}
