//! A new conversation with a contact: through one of the inboxes in which they can be reached.

use std::cell::RefCell;

use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::content::MAX_ATTACHMENTS;
use model::conversation::Conversation;
use model::inbox::Inbox;
use model::{AccountId, ContactId, DisplayId};
use text::Lang;
use text::contact::new_message as t;
use ui::{
    Banner, Button, Choice, Dialog, DialogBody, DialogFooter, Field, Icon, Select, Skeleton, SkeletonKind, TextArea,
    TextInput, Tone, Variant,
};

use super::dialogs::opened_until;
use crate::boot::{use_lang, use_workplace};
use crate::conversation::beside;
use crate::device::{self, File, Part, Upload};
use crate::place;

thread_local! {
    /// The files that go with the message. Only the browser has some, so they are in no signal.
    static FILES: RefCell<Vec<File>> = const { RefCell::new(Vec::new()) };
}

/// Somebody to write to, from a page without an inbox. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish {
    pub contact: ContactId,
    pub name: Signal<String>,
    /// Whether the dialog is wanted.
    pub wanted: RwSignal<bool>,
}

/// The dialog on its own; afterwards the conversation is opened in the inbox.
pub(super) fn alone(wish: Wish) -> AnyView {
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let navigate = StoredValue::new_local(use_navigate());
    let go = Callback::new(move |id| {
        let address = place::conversation(workplace.account_id, id);
        navigate.with_value(|go| go(&address, NavigateOptions::default()));
    });
    let open = opened_until(move || wish.wanted.set(false));
    view! { <NewMessage contact=wish.contact name=wish.name.get_untracked() open go/> }.into_any()
}

/// Asks for an inbox and a message, and goes to the conversation.
#[component]
pub fn NewMessage(contact: ContactId, name: String, open: RwSignal<bool>, go: Callback<DisplayId>) -> impl IntoView {
    let lang = use_lang();
    let Some(account) = use_workplace().map(|workplace| workplace.account_id) else { return ().into_any() };
    let inboxes = RwSignal::new(None::<Result<Vec<Inbox>, String>>);
    let inbox = RwSignal::new(String::new());
    let content = RwSignal::new(String::new());
    let mail = Letterhead::new();
    let files = RwSignal::new(Vec::<String>::new());
    let fault = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    FILES.with_borrow_mut(Vec::clear);
    spawn_local(async move {
        let answer = beside::reachable(account, contact).await.map_err(|error| error.words(lang));
        if let Ok(found) = &answer
            && let Some(first) = found.first()
        {
            let _ = inbox.try_set(first.id.to_string());
        }
        let _ = inboxes.try_set(Some(answer));
    });
    let has_copies = Memo::new(move |_| {
        let chosen = inbox.get();
        let is_it = |found: &Inbox| found.id.to_string() == chosen && found.has_copies;
        inboxes.with(|inboxes| matches!(inboxes, Some(Ok(all)) if all.iter().any(is_it)))
    });
    let send = move || {
        if content.with_untracked(|content| content.trim().is_empty()) && files.with_untracked(Vec::is_empty) {
            fault.set(Some(t::nothing(lang).to_owned()));
            return;
        }
        busy.set(true);
        let mail = if has_copies.get_untracked() { mail.parts() } else { Vec::new() };
        post((lang, account), contact, inbox.get_untracked(), content.get_untracked(), mail, move |outcome| {
            let _ = busy.try_set(false);
            match outcome {
                Ok(conversation) => {
                    let _ = open.try_set(false);
                    go.run(conversation.row.display_id);
                }
                Err(words) => {
                    let _ = fault.try_set(Some(words));
                }
            }
        });
    };
    let can_send = Signal::derive(move || inboxes.with(|inboxes| matches!(inboxes, Some(Ok(all)) if !all.is_empty())));
    let form = move || match inboxes.get() {
        None => {
            view! { <Skeleton kind=SkeletonKind::Fields count=2 label=text::common::state::loading(lang)/> }.into_any()
        }
        Some(Err(words)) => view! { <Banner tone=Tone::Danger>{words}</Banner> }.into_any(),
        Some(Ok(all)) if all.is_empty() => view! { <Banner tone=Tone::Info>{t::unreachable(lang)}</Banner> }.into_any(),
        Some(Ok(all)) => {
            let options: Vec<Choice> =
                all.into_iter().map(|inbox| Choice::new(inbox.id.to_string(), inbox.name)).collect();
            view! {
                <div class="form-fields">
                    <Field id="new-message-inbox" label=t::inbox(lang) hint=t::inbox_hint(lang)>
                        <Select value=inbox options=Signal::derive(move || options.clone())/>
                    </Field>
                    <Show when=move || has_copies.get()>
                        <LetterheadFields mail/>
                    </Show>
                    <Field id="new-message-content" label=t::content(lang)>
                        <TextArea value=content rows=5 placeholder=t::placeholder(lang)/>
                    </Field>
                    <Attach files/>
                </div>
            }
            .into_any()
        }
    };
    let title = t::title(lang, &name);
    view! {
        <Dialog open title=title close_label=text::common::close(lang)>
            <DialogBody>
                {form}
                {move || fault.get().map(|words| view! { <Banner tone=Tone::Danger>{words}</Banner> })}
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button
                    variant=Variant::Primary
                    icon=Icon::Send
                    loading=busy
                    disabled=Signal::derive(move || !can_send.get())
                    on_click=move |_| send()
                >
                    {text::composer::send(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}

/// What stands above a mail.
#[derive(Clone, Copy)]
struct Letterhead {
    subject: RwSignal<String>,
    cc: RwSignal<String>,
    bcc: RwSignal<String>,
}

impl Letterhead {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self { subject: text(), cc: text(), bcc: text() }
    }

    /// As it is sent.
    fn parts(self) -> Vec<Part> {
        let fields = [("subject", self.subject), ("cc_emails", self.cc), ("bcc_emails", self.bcc)];
        fields.into_iter().map(|(name, value)| Part::Text(name, value.get_untracked())).collect()
    }
}

/// Subject and copies.
#[component]
fn LetterheadFields(mail: Letterhead) -> impl IntoView {
    let lang = use_lang();
    view! {
        <Field id="new-message-subject" label=t::subject(lang)>
            <TextInput value=mail.subject autocomplete="off" max=500_u32/>
        </Field>
        <div class="field-row">
            <Field id="new-message-cc" label=text::composer::cc_label(lang)>
                <TextInput value=mail.cc autocomplete="off" max=2_000_u32/>
            </Field>
            <Field id="new-message-bcc" label=text::composer::bcc_label(lang)>
                <TextInput value=mail.bcc autocomplete="off" max=2_000_u32/>
            </Field>
        </div>
    }
}

/// The files, by their names.
#[component]
fn Attach(files: RwSignal<Vec<String>>) -> impl IntoView {
    let lang = use_lang();
    let picker = NodeRef::<html::Input>::new();
    let pick = move |input: &web_sys::HtmlInputElement| {
        let picked = device::files_of_input(input);
        FILES.with_borrow_mut(|all| {
            all.extend(picked);
            all.truncate(MAX_ATTACHMENTS);
            files.set(all.iter().map(File::name).collect());
        });
    };
    let remove = move |index: usize| {
        FILES.with_borrow_mut(|all| {
            if index < all.len() {
                all.remove(index);
            }
            files.set(all.iter().map(File::name).collect());
        });
    };
    let chip = move |(index, name): (usize, String)| {
        let label = text::composer::remove_file(lang, &name);
        view! {
            <li class="file-chip">
                <span class="truncate">{name}</span>
                <ui::IconButton icon=Icon::Close size=ui::Size::Small label on_click=move |_| remove(index)/>
            </li>
        }
    };
    view! {
        <div class="attach-field">
            <Button
                icon=Icon::Attach
                on_click=move |_| {
                    if let Some(picker) = picker.get_untracked() {
                        picker.click();
                    }
                }
            >
                {text::composer::attach(lang)}
            </Button>
            <input
                type="file"
                multiple
                hidden
                tabindex="-1"
                node_ref=picker
                aria-label=text::composer::attach(lang)
                on:change:target=move |event| pick(&event.target())
            />
            <ul class="file-chips" aria-label=text::message::files(lang)>
                {move || files.get().into_iter().enumerate().map(chip).collect_view()}
            </ul>
        </div>
    }
}

/// Posts the form; files need one.
fn post(
    (lang, account): (Lang, AccountId),
    contact: ContactId,
    inbox: String,
    content: String,
    mail: Vec<Part>,
    done: impl Fn(Result<Conversation, String>) + Clone + 'static,
) {
    let mut parts = vec![
        Part::Text("contact_id", contact.to_string()),
        Part::Text("inbox_id", inbox),
        Part::Text("content", content),
        Part::Text("echo_id", device::unique()),
    ];
    parts.extend(mail);
    FILES.with_borrow(|files| parts.extend(files.iter().cloned().map(|file| Part::File("attachments[]", file))));
    let address = ["/app/api/accounts/", &account.to_string(), "/conversations"].concat();
    device::send(&address, parts, move |upload| match upload {
        Upload::Sent(_) => {}
        Upload::Answer(200, text) => {
            let read = crate::json::read(&text);
            done(read.map_err(|_| text::error::internal(lang).to_owned()));
        }
        Upload::Answer(_, text) => {
            let code = crate::json::read::<model::Error>(&text).map_or(model::ErrorCode::Unavailable, |it| it.code);
            done(Err(crate::call::words(lang, code).to_owned()));
        }
        Upload::Lost => done(Err(crate::call::words(lang, model::ErrorCode::Unavailable).to_owned())),
    });
}
