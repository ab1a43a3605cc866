//! Messages on their way out: shown at once, sent one after the other, kept while there is no connection, sent once.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::message::Message;
use model::scheduled::Scheduled;
use model::{ErrorCode, FileKind, MessageId};

use super::{Act, Desk};
use crate::conversation::beside;
use crate::device::{self, File, Part, Upload};
use crate::live::Link;
use crate::store::{OutboxFile, Outgoing, SendState, When};

/// After an answer that never came, the next try waits that long.
const AGAIN_AFTER: Duration = Duration::from_secs(3);

thread_local! {
    /// The files of messages on their way out. Only the browser has some, so they are in no signal.
    static FILES: RefCell<HashMap<String, Vec<File>>> = RefCell::new(HashMap::new());
    /// The files of the message that was taken back last, until the composer has them.
    static RETURNED: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
    /// What is to be done once a message is sent.
    static THEN: RefCell<HashMap<String, Act>> = RefCell::new(HashMap::new());
}

/// What the composer hands over.
pub struct Written {
    pub content: String,
    pub private: bool,
    pub in_reply_to: Option<MessageId>,
    /// Who else gets it, openly and not; `None`: whoever was in the conversation.
    pub copies: Option<(String, String)>,
    /// Files with the addresses of their previews.
    pub files: Vec<(File, String)>,
    /// What to do once it is sent.
    pub then: Option<Act>,
    pub when: When,
}

impl Desk {
    /// Sends a message in the open conversation.
    pub fn send(self, written: Written) {
        let target = self.open.with_untracked(|open| {
            open.thread().map(|thread| (thread.conversation.row.display_id, thread.conversation.row.id))
        });
        let Some((display_id, conversation_id)) = target else { return };
        let echo_id = device::unique();
        let files = written.files.iter().map(|(file, preview)| described(file, preview)).collect();
        let held: Vec<File> = written.files.into_iter().map(|(file, _)| file).collect();
        if !held.is_empty() {
            FILES.with_borrow_mut(|all| all.insert(echo_id.clone(), held));
        }
        let message = Outgoing {
            echo_id,
            display_id,
            conversation_id,
            content: written.content,
            private: written.private,
            in_reply_to: written.in_reply_to,
            copies: written.copies,
            files,
            created_at: ui::browser::now(),
            when: written.when,
            state: SendState::Waiting,
        };
        if let Some(kept) = message.to_keep() {
            device::keep(&self.outbox_key(&message.echo_id), &kept);
        }
        self.open.update(|open| open.thread_mut().into_iter().for_each(crate::store::Thread::forget_new));
        if let Some(act) = written.then {
            THEN.with_borrow_mut(|all| all.insert(message.echo_id.clone(), act));
        }
        self.outbox.update(|outbox| outbox.push(message));
        self.send_next();
    }

    /// Tries a refused message again.
    pub fn retry(self, echo_id: &str) {
        self.outbox.update(|outbox| outbox.set_state(echo_id, SendState::Waiting));
        self.send_next();
    }

    /// Throws a refused message away; what it said.
    pub fn discard(self, echo_id: &str) -> Option<String> {
        let removed = self.outbox.try_update(|outbox| outbox.remove(echo_id)).flatten()?;
        self.let_go(&removed);
        Some(removed.content)
    }

    /// At the start: what an earlier page could not send. From then on a page with unsent files asks before it goes.
    pub(super) fn send_what_waits(self) {
        Effect::new(move |_| {
            let kept: Vec<_> = device::kept_keys(&self.outbox_key(""))
                .iter()
                .filter_map(|key| Outgoing::kept(&device::kept(key)?))
                .collect();
            if !kept.is_empty() {
                self.outbox.update(|outbox| kept.into_iter().for_each(|message| outbox.push(message)));
                self.send_next();
            }
            let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
                if self.outbox.with_untracked(crate::store::Outbox::would_lose) {
                    event.prevent_default();
                }
            });
            on_cleanup(move || leaving.remove());
        });
    }

    /// Sends every message whose turn it is.
    pub(super) fn send_next(self) {
        if self.live.link().get_untracked() == Link::Offline {
            return;
        }
        for echo_id in self.outbox.with_untracked(crate::store::Outbox::due) {
            self.dispatch(&echo_id);
        }
    }

    fn dispatch(self, echo_id: &str) {
        let Some(message) = self.outbox.with_untracked(|outbox| outbox.get(echo_id).cloned()) else { return };
        let files = FILES.with_borrow(|all| all.get(echo_id).cloned().unwrap_or_default());
        let percent = (!files.is_empty()).then_some(0);
        self.outbox.update(|outbox| outbox.set_state(echo_id, SendState::Sending(percent)));
        let mut parts = vec![
            Part::Text("content", message.content),
            Part::Text("private", message.private.to_string()),
            Part::Text("echo_id", message.echo_id.clone()),
        ];
        match message.when {
            When::Now => {}
            When::Held(seconds) => parts.push(Part::Text("hold", seconds.to_string())),
            When::At(at) => parts.push(Part::Text("send_at", at.to_string())),
        }
        parts.extend(message.in_reply_to.map(|id| Part::Text("in_reply_to", id.to_string())));
        if let Some((cc, bcc)) = message.copies {
            parts.push(Part::Text("cc_emails", cc));
            parts.push(Part::Text("bcc_emails", bcc));
        }
        parts.extend(files.into_iter().map(|file| Part::File("attachments[]", file)));
        let address = [
            "/app/api/accounts/",
            &self.account().to_string(),
            "/conversations/",
            &message.display_id.to_string(),
            "/messages",
        ]
        .concat();
        let echo_id = message.echo_id;
        device::send(&address, parts, move |upload| self.hear_upload(&echo_id, upload));
    }

    fn hear_upload(self, echo_id: &str, upload: Upload) {
        match upload {
            Upload::Sent(percent) => {
                let _ = self.outbox.try_update(|outbox| outbox.set_state(echo_id, SendState::Sending(Some(percent))));
            }
            Upload::Answer(200, text) => {
                if let Ok(message) = crate::json::read::<Message>(&text) {
                    self.put_message(&message);
                }
                self.send_next();
            }
            Upload::Answer(202, text) => {
                if let Ok(scheduled) = crate::json::read::<Scheduled>(&text) {
                    self.put_off(echo_id, &scheduled);
                }
                self.send_next();
            }
            Upload::Answer(status, text) => {
                let code = crate::json::read::<model::Error>(&text).ok().map(|error| error.code);
                match code {
                    // The server is there but cannot take it now, or something before it speaks for a server that is away.
                    Some(ErrorCode::Unavailable | ErrorCode::TooMany) => self.wait(echo_id),
                    None if status >= 500 => self.wait(echo_id),
                    code => self.refuse(echo_id, code.unwrap_or(ErrorCode::Internal)),
                }
            }
            Upload::Lost => self.wait(echo_id),
        }
    }

    /// The server has it and sends it later: in a moment, until which it stays where it was written, or at its time.
    fn put_off(self, echo_id: &str, scheduled: &Scheduled) {
        if scheduled.is_held {
            self.outbox.update(|outbox| outbox.set_state(echo_id, SendState::Held(scheduled.id)));
            return;
        }
        if let Some(message) = self.outbox.try_update(|outbox| outbox.remove(echo_id)).flatten() {
            self.let_go(&message);
            let at = text::time::date_time(self.lang, scheduled.send_at, ui::browser::utc_offset());
            ui::use_toasts().done(text::composer::later::scheduled(self.lang, &at));
            if let Some(act) = THEN.with_borrow_mut(|all| all.remove(echo_id)) {
                self.act_in(message.display_id, act);
            }
        }
        self.read_beside();
    }

    /// Takes back what is only held, and puts it into the composer again.
    pub fn undo_send(self, echo_id: &str) {
        let Some(message) = self.outbox.with_untracked(|outbox| outbox.get(echo_id).cloned()) else { return };
        let SendState::Held(id) = message.state else { return };
        let toasts = ui::use_toasts();
        spawn_local(async move {
            match beside::cancel_waiting(self.account(), message.display_id, id).await {
                Ok(_) => {
                    if let Some(message) = self.outbox.try_update(|outbox| outbox.remove(&message.echo_id)).flatten() {
                        let files = FILES.with_borrow_mut(|all| all.remove(&message.echo_id)).unwrap_or_default();
                        RETURNED.with_borrow_mut(|returned| *returned = files);
                        self.let_go(&message);
                        THEN.with_borrow_mut(|all| all.remove(&message.echo_id));
                        self.returned.set(Some((message.display_id, message.private, message.content)));
                    }
                }
                // It was faster.
                Err(error) if error.0.code == ErrorCode::NotFound => {
                    toasts.tell(text::composer::undo::too_late(self.lang));
                }
                Err(error) => toasts.fail(error.words(self.lang)),
            }
        });
    }

    /// The files of the message that was taken back last, once.
    pub fn take_returned_files() -> Vec<File> {
        RETURNED.with_borrow_mut(std::mem::take)
    }

    fn wait(self, echo_id: &str) {
        let is_there = self.outbox.try_update(|outbox| outbox.set_state(echo_id, SendState::Waiting)).is_some();
        if is_there {
            set_timeout(move || self.send_if_waiting(), AGAIN_AFTER);
        }
    }

    fn send_if_waiting(self) {
        if self.outbox.try_with_untracked(|outbox| !outbox.is_empty()).unwrap_or_default() {
            self.send_next();
        }
    }

    fn refuse(self, echo_id: &str, code: ErrorCode) {
        self.outbox.update(|outbox| outbox.set_state(echo_id, SendState::Failed(code)));
        self.send_next();
    }

    /// The server has a message: it is on its way no more.
    pub(super) fn confirm(self, message: &Message) {
        if let Some(sent) = self.outbox.try_update(|outbox| outbox.confirm(message)).flatten() {
            self.let_go(&sent);
            if let Some(act) = THEN.with_borrow_mut(|all| all.remove(&sent.echo_id)) {
                self.act_in(sent.display_id, act);
            }
        }
    }

    fn let_go(self, message: &Outgoing) {
        device::forget(&self.outbox_key(&message.echo_id));
        FILES.with_borrow_mut(|all| all.remove(&message.echo_id));
        // The bubble that showed them goes in the same turn; the browser keeps what is drawn.
        message.files.iter().for_each(|file| device::release(&file.preview));
    }

    fn outbox_key(self, echo_id: &str) -> String {
        ["cloudchat.outbox.", &self.account().to_string(), ".", &self.me().to_string(), ".", echo_id].concat()
    }
}

fn described(file: &File, preview: &str) -> OutboxFile {
    #[expect(clippy::cast_possible_truncation, reason = "sizes of files are whole")]
    let size = file.size() as i64;
    OutboxFile { name: file.name(), size, kind: FileKind::of_mime(&file.mime()), preview: preview.to_owned() }
}
