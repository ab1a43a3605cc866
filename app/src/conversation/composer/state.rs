//! What is being written in the open conversation.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use leptos::{html, prelude::*};
use model::action::StoredFile;
use model::content::{MAX_ATTACHMENTS, MAX_FILE_BYTES};
use model::markdown::own_picture;
use model::mention::{Mention, link_names};
use model::{DisplayId, FileKind};
use text::composer as t;

use super::copies::Copies;
use super::draft::{self, Draft};
use super::format::{self, Edit};
use super::keys::PickKey;
use super::trigger::{self, Kind, Trigger};
use super::typing::Typing;
use crate::agent::UndoTime;
use crate::conversation::desk::{Act, Desk, When, Written};
use crate::device::{self, File};

/// After this pause in writing the draft is kept.
const PAUSE: Duration = Duration::from_millis(400);

thread_local! {
    /// The files that wait to be sent, by the number of their chip.
    static STAGED: RefCell<HashMap<u32, File>> = RefCell::new(HashMap::new());
}

/// A file that waits to be sent with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    pub number: u32,
    pub name: String,
    /// Bytes.
    pub size: u64,
    pub kind: FileKind,
    /// An address at which this page can show it.
    pub preview: String,
}

/// What is being written. Cheap to copy; one per open conversation.
#[derive(Clone, Copy)]
pub struct Writing {
    pub desk: Desk,
    pub id: DisplayId,
    pub text: RwSignal<String>,
    pub is_note: RwSignal<bool>,
    pub files: RwSignal<Vec<Staged>>,
    pub copies: Copies,
    /// Files of the account that are on their way here.
    pub coming: RwSignal<usize>,
    /// Files hang over the composer.
    pub is_dropping: RwSignal<bool>,
    pub area: NodeRef<html::Textarea>,
    /// What is being typed that asks for a list.
    pub trigger: RwSignal<Option<Trigger>>,
    /// An expression that was just completed: where it begins, and what it is.
    pub completed: RwSignal<Option<(u32, String)>>,
    /// The list that is open. It takes keys while something asks for it.
    pub picker: StoredValue<Option<Callback<PickKey, bool>>>,
    /// Where a list was closed by hand: it stays closed there.
    closed_at: StoredValue<Option<u32>>,
    draft: StoredValue<Draft>,
    next: StoredValue<u32>,
    keeping: StoredValue<Option<TimeoutHandle>>,
    typing: Typing,
}

/// Begins to write in a conversation, from its draft.
pub fn provide_writing(desk: Desk, id: DisplayId) -> Writing {
    let writing = Writing {
        desk,
        id,
        text: RwSignal::new(String::new()),
        is_note: RwSignal::new(false),
        files: RwSignal::new(Vec::new()),
        copies: Copies::new(),
        coming: RwSignal::new(0),
        is_dropping: RwSignal::new(false),
        area: NodeRef::new(),
        trigger: RwSignal::new(None),
        completed: RwSignal::new(None),
        picker: StoredValue::new(None),
        closed_at: StoredValue::new(None),
        draft: StoredValue::new(Draft::default()),
        next: StoredValue::new(0),
        keeping: StoredValue::new(None),
        typing: Typing::new(desk),
    };
    provide_context(writing);
    // The server knows no drafts: the text comes when the page is alive.
    Effect::new(move |_| {
        let kept = desk.drafts.with_untracked(|drafts| drafts.get(&id).cloned()).unwrap_or_default();
        let can_reply = untrack(|| desk.with_conversation(|conversation| conversation.can_reply)).unwrap_or(true);
        let kept = Draft { is_note: kept.is_note || !can_reply, ..kept };
        writing.is_note.set(kept.is_note);
        if writing.text.read_untracked().is_empty() {
            writing.text.set(kept.text().to_owned());
        }
        writing.draft.set_value(kept);
        Effect::new(move |_| {
            // Taken without a word to those who listen, of whom this is one.
            if !desk.returned.with(|returned| returned.as_ref().is_some_and(|(place, ..)| *place == id)) {
                return;
            }
            let taken = desk.returned.try_update_untracked(Option::take).flatten();
            if let Some((_, is_note, content)) = taken {
                writing.put_back(&content, is_note);
                writing.stage(Desk::take_returned_files());
            }
        });
        // Whoever closes the page in the middle of a word finds it again.
        let leaving = window_event_listener_untyped("pagehide", move |_| writing.keep());
        // Only in the browser: the server's copy of the page ends too.
        on_cleanup(move || {
            leaving.remove();
            writing.keep();
            writing.typing.stop();
        });
    });
    writing
}

/// What is being written. Only below [`provide_writing`].
#[must_use]
pub fn use_writing() -> Writing {
    expect_context::<Writing>()
}

impl Writing {
    /// The text changed by typing.
    pub fn typed(self) {
        let is_empty = self.text.read_untracked().trim().is_empty();
        self.typing.heed(!is_empty, self.is_note.get_untracked());
        self.keep_soon();
        self.look_for_trigger();
    }

    /// Opens, feeds and closes the list that what is typed asks for.
    fn look_for_trigger(self) {
        let Some(area) = self.area.get_untracked() else { return };
        let (start, end) = device::selection(&area);
        let text = area.value();
        let found = trigger::find(&text, end, self.is_note.get_untracked()).filter(|_| start == end);
        let closed_at = self.closed_at.get_value();
        if found.as_ref().map(|found| found.from) != closed_at {
            self.closed_at.set_value(None);
        }
        let found = found.filter(|found| Some(found.from) != closed_at);
        if found.is_none() {
            let completed = trigger::completed(&text, end).filter(|_| start == end);
            if completed.is_some() {
                self.completed.set(completed);
            }
        }
        if *self.trigger.read_untracked() != found {
            self.trigger.set(found);
        }
    }

    /// Types a mark that asks for a list, as a button does it.
    pub fn ask_for(self, mark: &'static str) {
        self.edit(|text, start, end| {
            let before = &text[..format::byte_at(text, start.min(end))];
            let is_apart = before.is_empty() || before.ends_with(char::is_whitespace);
            let words = if is_apart { mark.to_owned() } else { [" ", mark].concat() };
            Some(format::insert(text, start, end, &words))
        });
        self.look_for_trigger();
    }

    /// A key for the list that is open; whether it was one.
    pub fn press_pick(self, key: PickKey) -> bool {
        let Some(trigger) = self.trigger.get_untracked() else { return false };
        if key == PickKey::Close {
            self.close_list();
            return true;
        }
        match self.picker.get_value() {
            Some(picker) => picker.run(key),
            // The list is still on its way: a code must not be sent as a message because somebody types fast.
            None => key == PickKey::Take && trigger.kind == Kind::Canned,
        }
    }

    /// Closes the list; it stays closed until something else asks for one.
    pub fn close_list(self) {
        if let Some(trigger) = self.trigger.try_update(Option::take).flatten() {
            self.closed_at.set_value(Some(trigger.from));
        }
    }

    /// Puts words in place of what asked for the list.
    pub fn take(self, words: &str) {
        let Some(trigger) = self.trigger.try_update(Option::take).flatten() else { return };
        self.edit(|text, _, end| Some(format::insert(text, trigger.from, end, words)));
    }

    /// Puts back what was not sent after all.
    pub fn put_back(self, content: &str, is_note: bool) {
        self.switch(is_note);
        self.edit(|text, _, _| {
            let end = format::units(text);
            let words = if text.trim().is_empty() { content.to_owned() } else { ["\n", content].concat() };
            Some(format::insert(text, end, end, &words))
        });
    }

    /// Writes the other kind of message; each keeps its own text.
    pub fn switch(self, to_note: bool) {
        if self.is_note.get_untracked() == to_note {
            self.focus();
            return;
        }
        self.typing.stop();
        let text = self.draft.try_update_value(|draft| {
            draft.set_text(self.text.get_untracked());
            draft.is_note = to_note;
            draft.text().to_owned()
        });
        self.is_note.set(to_note);
        self.text.set(text.unwrap_or_default());
        self.keep_soon();
        self.focus();
    }

    /// Puts the keyboard into the text.
    pub fn focus(self) {
        if let Some(area) = self.area.get_untracked() {
            let _ = area.focus();
        }
    }

    /// Changes the text as a button wants it.
    pub fn edit(self, make: impl FnOnce(&str, u32, u32) -> Option<Edit>) -> bool {
        let Some(area) = self.area.get_untracked() else { return false };
        let (start, end) = device::selection(&area);
        let Some(edit) = make(&area.value(), start, end) else { return false };
        device::replace(&area, edit.from, edit.to, &edit.insert, edit.select);
        true
    }

    /// Adds files, as far as they may be sent.
    pub fn stage(self, files: Vec<File>) {
        let lang = self.desk.lang;
        let toasts = ui::use_toasts();
        for file in files {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes of files are whole")]
            let size = file.size() as u64;
            if self.files.read_untracked().len() >= MAX_ATTACHMENTS {
                toasts.fail(t::too_many(lang, &MAX_ATTACHMENTS.to_string()));
                break;
            }
            if size == 0 {
                toasts.fail(t::empty_file(lang, &file.name()));
                continue;
            }
            if size > MAX_FILE_BYTES {
                toasts.fail(t::too_large(lang, &file.name(), &text::number::file_size(lang, MAX_FILE_BYTES)));
                continue;
            }
            let number = self.next.get_value();
            self.next.set_value(number + 1);
            let staged = Staged {
                number,
                name: file.name(),
                size,
                kind: FileKind::of_mime(&file.mime()),
                preview: device::preview(&file),
            };
            STAGED.with_borrow_mut(|all| all.insert(number, file));
            self.files.update(|files| files.push(staged));
        }
        self.focus();
    }

    /// Fetches files that the account keeps and adds them. Until they are there nothing is sent.
    pub fn bring(self, files: Vec<StoredFile>) {
        let (account, toasts) = (self.desk.account(), ui::use_toasts());
        for kept in files {
            self.coming.update(|coming| *coming += 1);
            leptos::task::spawn_local(async move {
                let address = ["/app/api/accounts/", &account.to_string(), "/files/", &kept.id.to_string()].concat();
                let file = device::fetch_file(&address, &kept.name, &kept.content_type).await;
                // The conversation may be closed by now.
                if self.coming.try_update(|coming| *coming -= 1).is_none() {
                    return;
                }
                match file {
                    Some(file) => self.stage(vec![file]),
                    None => toasts.fail(t::file_not_there(self.desk.lang, &kept.name)),
                }
            });
        }
    }

    /// Takes a file away again.
    pub fn unstage(self, number: u32) {
        STAGED.with_borrow_mut(|all| all.remove(&number));
        self.files.update(|files| {
            if let Some(index) = files.iter().position(|file| file.number == number) {
                let file = files.remove(index);
                device::release(&file.preview);
                let reference = own_picture(&file.name);
                if self.text.with_untracked(|text| text.contains(&reference)) {
                    self.text.update(|text| *text = text.replace(&reference, ""));
                }
            }
        });
    }

    /// Whether there is something to send.
    #[must_use]
    pub fn has_something(self) -> bool {
        !self.text.read().trim().is_empty() || !self.files.read().is_empty()
    }

    /// Sends what is written and makes room for the next.
    pub fn send(self, then: Option<Act>) {
        let hold = self.desk.workplace.profile.with_untracked(|profile| UndoTime::of(profile).seconds());
        let is_note = self.is_note.get_untracked();
        self.send_when(then, if hold > 0 && !is_note { When::Held(hold) } else { When::Now });
    }

    /// The same, now or later.
    pub fn send_when(self, then: Option<Act>, when: When) {
        if !untrack(|| self.has_something()) {
            return;
        }
        if self.coming.get_untracked() > 0 {
            ui::use_toasts().tell(t::files_coming(self.desk.lang));
            return;
        }
        if super::fill::has_variables(&self.text.read_untracked()) {
            self.fill();
            return;
        }
        self.trigger.set(None);
        let staged = self.files.try_update(std::mem::take).unwrap_or_default();
        let files = staged
            .into_iter()
            .filter_map(|file| Some((STAGED.with_borrow_mut(|all| all.remove(&file.number))?, file.preview)))
            .collect();
        let private = self.is_note.get_untracked();
        let content = self.text.try_update(std::mem::take).unwrap_or_default().trim().to_owned();
        let in_reply_to = self.desk.reply_to.try_update(Option::take).flatten();
        self.typing.stop();
        self.draft.update_value(|draft| draft.set_text(String::new()));
        self.keep();
        let content = if private { self.with_mentions(&content) } else { content };
        let copies = if private { None } else { self.copies.take() };
        self.desk.send(Written { content, private, in_reply_to, copies, files, then, when });
        self.focus();
    }

    /// Names of colleagues and teams after `@` become mentions.
    fn with_mentions(self, content: &str) -> String {
        if !content.contains('@') {
            return content.to_owned();
        }
        let names = self.desk.workplace.lists.with_untracked(|lists| {
            let people = lists.agents.iter().map(|agent| (Mention::User(agent.id), agent.name.clone()));
            people.chain(lists.teams.iter().map(|team| (Mention::Team(team.id), team.name.clone()))).collect::<Vec<_>>()
        });
        link_names(content, &names)
    }

    fn keep_soon(self) {
        let next = set_timeout_with_handle(move || self.keep(), PAUSE).ok();
        if let Some(before) = self.keeping.try_update_value(|keeping| std::mem::replace(keeping, next)).flatten() {
            before.clear();
        }
    }

    /// Keeps the draft in this browser.
    fn keep(self) {
        let Some(text) = self.text.try_get_untracked() else { return };
        let Some(draft) = self.draft.try_update_value(|draft| {
            draft.set_text(text);
            draft.clone()
        }) else {
            return;
        };
        let key = draft::key(self.desk.account(), self.desk.me(), self.id);
        let is_known = self.desk.drafts.try_with_untracked(|drafts| drafts.get(&self.id) == Some(&draft));
        if is_known != Some(false) {
            return;
        }
        if draft.is_empty() {
            device::forget(&key);
            if self.desk.drafts.with_untracked(|drafts| drafts.contains_key(&self.id)) {
                self.desk.drafts.update(|drafts| drop(drafts.remove(&self.id)));
            }
        } else {
            if let Ok(json) = serde_json::to_string(&draft) {
                device::keep(&key, &json);
            }
            self.desk.drafts.update(|drafts| drop(drafts.insert(self.id, draft)));
        }
    }
}
