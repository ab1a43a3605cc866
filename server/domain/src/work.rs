//! One change: rows, events and jobs in one transaction.

use std::collections::BTreeSet;

use db::Tx;
use model::{AccountId, MessageId, Millis, UserId};

use crate::audit::{self, Entry};
use crate::conversation::store::Facts;
use crate::event::{self, Event, Part, Reach};
use crate::job::{self, Job};
use crate::webhook::{self, past::Past};
use crate::{Ctx, Result, search};

/// An open change. Dropped without [`Work::commit`] nothing of it happened.
pub struct Work<'a> {
    ctx: &'a Ctx,
    pub tx: Tx,
    /// The time of the change, the same for all its rows.
    pub now: Millis,
    events: Vec<(AccountId, Event)>,
    past: Past,
    jobs: Vec<job::New>,
    audits: Vec<(AccountId, Entry)>,
    texts: Vec<search::Entry>,
}

impl<'a> Work<'a> {
    pub(crate) async fn begin(ctx: &'a Ctx) -> Result<Self> {
        // The one place where everything that changes something begins.
        ctx.require_own_eyes()?;
        let tx = ctx.app.db.begin().await?;
        // Read inside the transaction, so that times and the order of commits agree on a single writer.
        let now = ctx.now();
        Ok(Self {
            ctx,
            tx,
            now,
            events: Vec::new(),
            past: Past::default(),
            jobs: Vec::new(),
            audits: Vec::new(),
            texts: Vec::new(),
        })
    }

    /// Records what happened. It becomes visible to everybody with the commit.
    pub fn record(&mut self, account: AccountId, event: Event) {
        self.events.push((account, event));
    }

    /// Records that parts of a conversation changed. `facts` are as they were before; `before` is present when the change may have taken it
    /// out of somebody's sight.
    pub(crate) fn record_update(&mut self, facts: &Facts, changed: Vec<Part>, before: Option<Reach>) {
        self.past.note(facts, &changed);
        self.record(facts.account_id, Event::ConversationUpdated { conversation_id: facts.id, changed, before });
    }

    /// Records a message of a conversation.
    pub(crate) fn record_message(&mut self, facts: &Facts, message_id: MessageId) {
        self.past.note_channel(facts);
        self.record(facts.account_id, Event::MessageCreated { message_id, conversation_id: facts.id });
    }

    /// Remembers which labels a conversation had before they change.
    pub(crate) fn note_labels(&mut self, facts: &Facts, titles: &[String]) {
        self.past.note_labels(facts, titles);
    }

    /// Adds a line to the log of who changed what; see [`audit::record`].
    pub(crate) fn audit(&mut self, account: AccountId, entry: Entry) {
        self.audits.push((account, entry));
    }

    /// Lets a message be found from the commit on.
    pub(crate) fn index(&mut self, text: Option<search::Entry>) {
        self.texts.extend(text);
    }

    /// Enqueues work that begins after the commit.
    pub fn enqueue(&mut self, job: job::New) {
        self.jobs.push(job);
    }

    /// The person whose change it is.
    pub fn author(&self) -> Option<UserId> {
        match &self.ctx.actor {
            crate::Actor::Agent(agent) => Some(agent.user_id),
            crate::Actor::User(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether mail of the system itself can be sent: what is only told by mail need not be noted otherwise.
    pub(crate) fn can_mail(&self) -> bool {
        self.ctx.app.settings.smtp_url.is_some()
    }

    /// Makes the change durable and wakes those who wait for it.
    pub async fn commit(mut self) -> Result<()> {
        let by = self.author();
        self.follow_up();
        self.jobs.extend(webhook::told::jobs(&mut self.tx, &self.events, &self.past).await?);
        search::index(&mut self.tx, std::mem::take(&mut self.texts));
        event::store::insert(&mut self.tx, &self.events, by, self.now);
        job::store::insert(&mut self.tx, &self.jobs, self.now)?;
        audit::store::insert(&mut self.tx, &self.audits, by, self.ctx.origin(), self.now)?;
        self.tx.commit().await?;
        for (account, event) in &self.events {
            // Whoever changed something sees it at once, also before the events are read back.
            if event.changes_lists() {
                self.ctx.app.hub.directories.forget(*account);
            }
        }
        if !self.events.is_empty() {
            self.ctx.app.hub.wake();
        }
        if self.jobs.iter().any(|job| job.run_at.is_none_or(|at| at <= self.now)) {
            self.ctx.app.jobs.wake();
            self.ctx.app.hub.tell_of_jobs();
        }
        Ok(())
    }

    /// Work that follows from what happened, whoever did it.
    fn follow_up(&mut self) {
        let concerned = self.events.iter().filter(|(_, event)| event.concerns_assignment());
        let accounts: BTreeSet<AccountId> = concerned.map(|(account, _)| *account).collect();
        for account_id in accounts {
            self.enqueue_now(account_id, Job::AssignWaiting { account_id });
        }
    }

    /// Enqueues a job for now.
    pub fn enqueue_now(&mut self, account: AccountId, job: Job) {
        self.enqueue(job::New::now(Some(account), job));
    }
}
