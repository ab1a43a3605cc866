//! From made-up conversations to rows, a few hundred conversations in a transaction.

use db::dump;
use futures::stream::{StreamExt as _, TryStreamExt as _};
use model::{
    AttachmentId, ContactId, ContactInboxId, ConversationId, DisplayId, MessageId, MessageKind, MessageStatus, Millis,
    SenderKind,
};
use serde_json::json;
use text::Lang;

use super::calendar::{DAY, HOUR};
use super::company::{self, AGENTS, Customer, INBOXES};
use super::dice::Dice;
use super::history::{self, History};
use super::setup::Ground;
use super::store::{self, Contact, Conversation, Labelled, Message, Picture, Place};
use super::talk::{self, Line, Talk, Voice};
use super::{PICTURES, picture};
use crate::job::{self, Job};
use crate::{Result, search};

/// Browsers and systems of customers.
const BROWSERS: [(&str, &str, &str); 5] = [
    ("Chrome", "142.0", "Android"),
    ("Safari", "26.1", "iOS"),
    ("Chrome", "142.0", "Windows"),
    ("Edge", "142.0", "Windows"),
    ("Safari", "26.1", "macOS"),
];

/// Pages that customers write from.
const PAGES: [&str; 6] = ["/", "/produtos/moveis", "/carrinho", "/pedidos", "/ofertas", "/atendimento"];

/// A customer's rows.
struct Known {
    customer: Customer,
    contact: ContactId,
    place: ContactInboxId,
    inbox: usize,
}

/// Rows of one transaction.
#[derive(Default)]
struct Batch {
    conversations: Vec<Conversation>,
    labels: Vec<Labelled>,
    messages: Vec<Message>,
    pictures: Vec<Picture>,
    files: Vec<(String, Vec<u8>)>,
    jobs: Vec<job::New>,
}

/// Writes the history and gives out ids, which begin with 1 in a fresh database.
pub struct Writer<'a> {
    ground: &'a Ground,
    dice: Dice,
    now: Millis,
    talks: Vec<Talk<'static>>,
    album: Vec<picture::Picture>,
    known: Vec<Known>,
    conversations: i64,
    messages: i64,
    pictures: i64,
}

impl<'a> Writer<'a> {
    pub fn new(ground: &'a Ground, dice: Dice, now: Millis) -> Self {
        let (talks, album) = (talk::talks(), picture::album(&mut dice.branch(1)));
        Self { ground, dice, now, talks, album, known: Vec::new(), conversations: 0, messages: 0, pictures: 0 }
    }

    /// Writes the customers, each in the inbox they usually write to.
    pub async fn customers(&mut self, count: usize, since: Millis) -> Result<()> {
        let weights = INBOXES.map(|inbox| inbox.5);
        let (mut contacts, mut places) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for number in 0..count {
            let customer = company::customer(&mut self.dice, number);
            let id = i64::try_from(number).unwrap_or(i64::MAX) + 1;
            let inbox = self.dice.weighted(&weights);
            let created_at = since - self.dice.between(0, 30 * DAY);
            contacts.push(contact_row(&customer, ContactId(id), created_at));
            places.push(Place {
                id: ContactInboxId(id),
                contact_id: ContactId(id),
                inbox_id: self.ground.inboxes[inbox],
                source_id: uuid(&mut self.dice),
                created_at,
            });
            self.known.push(Known { customer, contact: ContactId(id), place: ContactInboxId(id), inbox });
        }
        let mut work = self.ground.ctx.begin().await?;
        store::backdate(&mut work.tx, self.ground.account_id, since - 40 * DAY).await?;
        store::insert(&mut work.tx, self.ground.account_id, &contacts).await?;
        store::insert(&mut work.tx, self.ground.account_id, &places).await?;
        work.commit().await
    }

    /// Makes up and writes conversations that begin at these moments.
    pub async fn conversations(&mut self, moments: &[Millis]) -> Result<()> {
        let mut batch = Batch::default();
        for at in moments {
            let number = usize::try_from(self.dice.roll()).unwrap_or_default() % self.known.len().max(1);
            let customer = self.known[number].customer.clone();
            let history = history::make(&mut self.dice, &self.talks, &customer, *at, self.now);
            self.conversation(&mut batch, number, history);
        }
        let blobs = &self.ground.ctx.app.blobs;
        futures::stream::iter(batch.files)
            .map(|(key, bytes)| async move { blobs.put(&key, bytes.into()).await })
            .buffer_unordered(blobs.side_by_side())
            .try_collect::<Vec<()>>()
            .await?;

        let account = self.ground.account_id;
        let mut work = self.ground.ctx.begin().await?;
        store::insert(&mut work.tx, account, &batch.conversations).await?;
        store::insert(&mut work.tx, account, &batch.labels).await?;
        store::insert(&mut work.tx, account, &batch.messages).await?;
        store::insert(&mut work.tx, account, &batch.pictures).await?;
        for message in batch.messages.iter().filter(|message| message.kind != MessageKind::Activity) {
            work.index(search::Entry::new(
                account,
                message.conversation_id,
                message.id,
                search::document(&message.content),
            ));
        }
        for job in batch.jobs {
            work.enqueue(job);
        }
        work.commit().await
    }

    /// Lets new rows come behind ours; the number of messages.
    pub async fn finish(self) -> Result<usize> {
        let mut work = self.ground.ctx.begin().await?;
        store::set_last_display_id(&mut work.tx, self.ground.account_id, DisplayId(self.conversations)).await?;
        store::follow_conversations(&mut work.tx, self.ground.account_id).await?;
        store::label_customers(&mut work.tx, self.ground.account_id).await?;
        search::contact::rebuild(&mut work.tx).await?;
        search::conversation::rebuild(&mut work.tx).await?;
        let tables = dump::tables(&mut work.tx).await?;
        dump::continue_ids(&mut work.tx, &tables).await?;
        work.commit().await?;
        Ok(usize::try_from(self.messages).unwrap_or_default())
    }

    fn conversation(&mut self, batch: &mut Batch, number: usize, history: History) {
        self.conversations += 1;
        let id = ConversationId(self.conversations);
        let known = &self.known[number];
        let (contact, place, inbox) = (known.contact, known.place, known.inbox);
        let begin = batch.messages.len();
        self.lines(batch, id, number, &history);
        let messages = &batch.messages[begin..];
        let summary = Summary::of(messages, &history);
        let ground = self.ground;
        for label in &history.labels {
            batch.labels.extend(ground.labels.get(label.as_str()).map(|label| Labelled(id, *label)));
        }
        if let Some(until) = history.snoozed_until {
            let job = Job::WakeConversation { account_id: ground.account_id, conversation_id: id };
            batch.jobs.push(job::New::at(Some(ground.account_id), job, until));
        }
        let additional = self.additional(inbox, history.created_at);
        batch.conversations.push(Conversation {
            id,
            display_id: DisplayId(self.conversations),
            inbox_id: ground.inboxes[inbox],
            contact_id: contact,
            place_id: place,
            uuid: uuid(&mut self.dice),
            status: history.status,
            priority: history.priority,
            assignee_id: history.assignee.map(|place| ground.agents[place]),
            team_id: history.team.as_deref().and_then(|name| ground.teams.get(name).copied()),
            additional,
            last_message_id: summary.last,
            last_public_message_id: summary.last_public,
            unread: summary.unread,
            contact_unread: summary.contact_unread,
            last_activity_at: summary.last_activity_at,
            agent_saw: history.agent_saw,
            contact_saw: history.customer_saw,
            first_reply_at: summary.first_reply_at,
            waiting_since: summary.waiting_since,
            snoozed_until: history.snoozed_until,
            created_at: history.created_at,
        });
    }

    /// The conversation's lines, with those that say who took and who resolved it.
    fn lines(&mut self, batch: &mut Batch, id: ConversationId, number: usize, history: &History) {
        let inbox = self.known[number].inbox;
        let contact = self.known[number].contact;
        let agent = history.assignee.map(|place| (self.ground.agents[place], AGENTS[place].name));
        let mut is_taken = false;
        for (at, line) in &history.lines {
            if line.voice != Voice::Customer
                && !std::mem::replace(&mut is_taken, true)
                && let Some((_, name)) = agent
            {
                let text = text::activity::assigned_to_self(Lang::PtBr, name);
                self.message(batch, id, inbox, activity(text, *at));
            }
            let sender = match (line.voice, agent) {
                (Voice::Customer, _) => Some((SenderKind::Contact, contact.0)),
                (_, agent) => agent.map(|(user, _)| (SenderKind::User, user.0)),
            };
            let status = if *at <= history.customer_saw { MessageStatus::Read } else { MessageStatus::Sent };
            let message = Said {
                kind: if line.voice == Voice::Customer { MessageKind::Incoming } else { MessageKind::Outgoing },
                text: line.text.clone(),
                private: line.voice == Voice::Note,
                status: if line.voice == Voice::Agent { status } else { MessageStatus::Sent },
                sender,
                at: *at,
            };
            let message = self.message(batch, id, inbox, message);
            self.picture(batch, message, line, *at);
        }
        if let (Some(at), Some((_, name))) = (history.resolved_at, agent) {
            self.message(batch, id, inbox, activity(text::activity::resolved(Lang::PtBr, name), at));
        }
    }

    fn message(&mut self, batch: &mut Batch, conversation: ConversationId, inbox: usize, said: Said) -> MessageId {
        self.messages += 1;
        let id = MessageId(self.messages);
        batch.messages.push(Message {
            id,
            inbox_id: self.ground.inboxes[inbox],
            conversation_id: conversation,
            kind: said.kind,
            content: said.text,
            private: said.private,
            status: said.status,
            sender: said.sender,
            created_at: said.at,
        });
        id
    }

    fn picture(&mut self, batch: &mut Batch, message: MessageId, line: &Line, at: Millis) {
        if !line.has_picture || usize::try_from(self.pictures).unwrap_or(PICTURES) >= PICTURES {
            return;
        }
        if self.album.is_empty() {
            return;
        }
        let drawn = self.dice.pick(&self.album).clone();
        self.pictures += 1;
        let storage_key = format!("{}/{}/{}", self.ground.account_id, at / DAY, uuid(&mut self.dice));
        batch.pictures.push(Picture {
            id: AttachmentId(self.pictures),
            message_id: message,
            file_name: format!("IMG_{:04}.png", self.dice.between(1, 9999)),
            size: i64::try_from(drawn.bytes.len()).unwrap_or_default(),
            width: drawn.width,
            height: drawn.height,
            storage_key: storage_key.clone(),
            created_at: at,
        });
        batch.files.push((storage_key, drawn.bytes));
    }

    /// What a browser tells about itself.
    fn additional(&mut self, inbox: usize, at: Millis) -> serde_json::Value {
        let (browser, version, system) = *self.dice.pick(&BROWSERS);
        let page = self.dice.pick(&PAGES);
        json!({
            "browser": {
                "browser_name": browser, "browser_version": version, "platform_name": system, "device_name": "Unknown",
            },
            "browser_language": "pt",
            "referer": format!("{}{page}", INBOXES[inbox].1),
            "initiated_at": { "timestamp": jiff::Timestamp::from_millisecond(at).unwrap_or_default().to_string() },
        })
    }
}

/// A message without its place.
struct Said {
    kind: MessageKind,
    text: String,
    private: bool,
    status: MessageStatus,
    sender: Option<(SenderKind, i64)>,
    at: Millis,
}

fn activity(text: String, at: Millis) -> Said {
    Said { kind: MessageKind::Activity, text, private: false, status: MessageStatus::Sent, sender: None, at }
}

/// What a conversation's row keeps of its messages.
struct Summary {
    last: MessageId,
    last_public: MessageId,
    unread: i64,
    contact_unread: i64,
    last_activity_at: Millis,
    first_reply_at: Option<Millis>,
    waiting_since: Option<Millis>,
}

impl Summary {
    fn of(messages: &[Message], history: &History) -> Self {
        let is_reply = |message: &&Message| message.kind == MessageKind::Outgoing && !message.private;
        let is_question = |message: &&Message| message.kind == MessageKind::Incoming;
        let count = |found: usize| i64::try_from(found).unwrap_or_default();
        let replied_at = messages.iter().rfind(is_reply).map_or(0, |message| message.created_at);
        let said = |message: &&Message| message.kind != MessageKind::Activity;
        let unseen = messages.iter().filter(is_question).filter(|message| message.created_at > history.agent_saw);
        let unread_replies =
            messages.iter().filter(is_reply).filter(|message| message.created_at > history.customer_saw);
        let waiting = messages.iter().filter(is_question).find(|message| message.created_at > replied_at);
        let id = |message: Option<&Message>| message.map_or(MessageId(0), |message| message.id);
        Self {
            last: id(messages.iter().rfind(said)),
            last_public: id(messages.iter().rfind(|message| said(message) && !message.private)),
            unread: count(unseen.count()),
            contact_unread: count(unread_replies.count()),
            last_activity_at: messages.last().map_or(history.created_at, |message| message.created_at),
            first_reply_at: messages.iter().find(is_reply).map(|message| message.created_at),
            waiting_since: waiting.map(|message| message.created_at).filter(|_| history.resolved_at.is_none()),
        }
    }
}

fn contact_row(customer: &Customer, id: ContactId, created_at: Millis) -> Contact {
    Contact {
        id,
        name: customer.name.clone(),
        email: customer.email.clone(),
        phone: customer.phone.clone(),
        additional: json!({ "city": customer.city, "country": "Brasil", "country_code": "BR" }),
        custom: json!({ "cidade": customer.city, "estado": customer.state, "pedidos": customer.orders }),
        last_activity_at: created_at + HOUR,
        created_at,
    }
}

/// A UUID of version 4 from the dice.
fn uuid(dice: &mut Dice) -> String {
    uuid::Builder::from_random_bytes((u128::from(dice.roll()) << 64 | u128::from(dice.roll())).to_be_bytes())
        .into_uuid()
        .to_string()
}
