//! Who else gets a reply, where the inbox can do that.

use leptos::prelude::*;
use model::mailbox::copies;
use text::composer as t;
use ui::TextInput;

use super::state::{Writing, use_writing};

/// What is typed, once somebody wants other people than those who are in the conversation.
#[derive(Clone, Copy)]
pub struct Copies {
    is_open: RwSignal<bool>,
    cc: RwSignal<String>,
    bcc: RwSignal<String>,
}

impl Copies {
    /// Nothing typed.
    #[must_use]
    pub fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { is_open: RwSignal::new(false), cc: text(), bcc: text() }
    }

    /// What was typed; `None` leaves the people as they are. The next message begins anew.
    #[must_use]
    pub fn take(self) -> Option<(String, String)> {
        let taken = self.is_open.get_untracked().then(|| (self.cc.get_untracked(), self.bcc.get_untracked()));
        self.is_open.set(false);
        self.bcc.set(String::new());
        taken
    }
}

/// Who stays in the conversation by itself; `None` where the inbox knows no copies.
fn staying(writing: Writing) -> Option<String> {
    let desk = writing.desk;
    desk.open.with(|open| {
        let thread = open.thread()?;
        let address = address(writing)?;
        let newest = thread.messages().iter().rev().find(|message| message.is_public());
        let email = thread.conversation.contact.email.clone().unwrap_or_default();
        let except = [address.as_str(), &email, &thread.conversation.source_id];
        let found = newest.map(|message| copies(message.kind, &message.content_attributes, &except));
        Some(found.unwrap_or_default().join(", "))
    })
}

/// The address of an inbox that writes letters; `None` for other inboxes.
pub fn address(writing: Writing) -> Option<String> {
    let desk = writing.desk;
    let inbox_id = desk.open.with(|open| open.thread().map(|thread| thread.conversation.row.inbox_id))?;
    desk.workplace.lists.with(|lists| {
        let inbox = lists.inboxes.iter().find(|inbox| inbox.id == inbox_id)?;
        inbox.has_copies.then(|| inbox.identifier.clone())
    })
}

/// One line that says who else gets the reply; pressed, it becomes fields.
#[component]
pub fn CopyLine() -> impl IntoView {
    let writing = use_writing();
    let lang = writing.desk.lang;
    let Copies { is_open, cc, bcc } = writing.copies;
    let staying = Memo::new(move |_| staying(writing));
    let open = move |_| {
        cc.set(staying.get_untracked().unwrap_or_default());
        is_open.set(true);
    };
    let line = move || {
        let people = staying.get().unwrap_or_default();
        if people.is_empty() { t::add_copies(lang).to_owned() } else { t::copies_to(lang, &people) }
    };
    let fields = move || {
        view! {
            <label class="composer-copy">
                <span>{text::mailbox::shown::cc(lang)}</span>
                <TextInput value=cc label=t::cc_label(lang) autocomplete="off" max=2_000_u32/>
            </label>
            <label class="composer-copy">
                <span>{text::mailbox::shown::bcc(lang)}</span>
                <TextInput value=bcc label=t::bcc_label(lang) autocomplete="off" max=2_000_u32/>
            </label>
        }
    };
    view! {
        <Show when=move || staying.read().is_some() && !writing.is_note.get()>
            <div class="composer-copies">
                <Show
                    when=move || is_open.get()
                    fallback=move || {
                        view! {
                            <button type="button" class="composer-copied truncate" on:click=open>
                                {line}
                            </button>
                        }
                    }
                >
                    {fields()}
                </Show>
            </div>
        </Show>
    }
    .into_any()
}
