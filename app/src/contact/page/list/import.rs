//! The dialog for contacts from a table: what a table needs, the way to send one, and how far those are that were sent.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::contact_import::{ContactImport, ContactImportState};
use model::live::Change;
use text::Lang;
use text::people::import as t;
use ui::{Banner, Button, Dialog, DialogBody, DialogFooter, Icon, ProgressBar, Tone, Variant, use_toasts};

use crate::boot::{WorkplaceContext, use_lang};
use crate::call::CallError;
use crate::contact::calls;
use crate::device::{self, Part, Upload};
use crate::live::{Heard, use_live};
use crate::place;

/// What is going on in the dialog. Cheap to copy.
#[derive(Clone, Copy)]
struct Imports {
    workplace: WorkplaceContext,
    /// The newest first.
    known: RwSignal<Vec<ContactImport>>,
    /// Percent of a table on its way.
    sent: RwSignal<Option<u8>>,
    fault: RwSignal<Option<Fault>>,
}

/// What is wrong, and with which words of the table.
#[derive(Clone, PartialEq, Eq)]
struct Fault {
    words: String,
    about: Option<String>,
}

impl Fault {
    fn of(lang: Lang, answer: &str) -> Self {
        match crate::json::read::<model::Error>(answer).map(CallError) {
            Ok(error) => Self { words: error.words(lang), about: error.0.detail },
            Err(_) => Self { words: text::error::internal(lang).to_owned(), about: None },
        }
    }
}

impl Imports {
    fn put(self, import: ContactImport) {
        self.known.update(|known| match known.iter_mut().find(|one| one.id == import.id) {
            // Two signs of progress may come out of order.
            Some(one) if one.done() > import.done() => {}
            Some(one) => *one = import,
            None => known.insert(0, import),
        });
    }

    fn load(self) {
        spawn_local(async move {
            if let Ok(imports) = calls::imports(self.workplace.account_id).await {
                let _ = self.known.try_set(imports);
            }
        });
    }

    fn send(self, lang: Lang, file: device::File) {
        self.fault.set(None);
        self.sent.set(Some(0));
        let address = place::contact_import(self.workplace.account_id);
        device::send(&address, vec![Part::File("import_file", file)], move |state| {
            let fault = match state {
                Upload::Sent(percent) => {
                    let _ = self.sent.try_set(Some(percent));
                    return;
                }
                Upload::Answer(200, text) => {
                    if let Ok(import) = crate::json::read(&text) {
                        self.put(import);
                    }
                    None
                }
                Upload::Answer(_, text) => Some(Fault::of(lang, &text)),
                Upload::Lost => Some(Fault { words: text::error::unavailable(lang).to_owned(), about: None }),
            };
            let _ = self.sent.try_set(None);
            let _ = self.fault.try_set(fault);
        });
    }
}

/// The dialog.
#[component]
pub fn Import(
    workplace: WorkplaceContext,
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let imports =
        Imports { workplace, known: RwSignal::new(Vec::new()), sent: RwSignal::new(None), fault: RwSignal::new(None) };
    Effect::new(move |_| {
        if open.get() {
            imports.fault.set(None);
            imports.load();
        }
    });
    if let Some(live) = use_live() {
        live.listen(move |heard| match heard {
            Heard::Change(Change::ContactImportProgress { import }) => {
                if !open.get_untracked() && import.state == ContactImportState::Done {
                    toasts.done([t::open(lang), ": ", &counts(lang, &import)].concat());
                }
                imports.put(import);
            }
            Heard::Reload if open.get_untracked() => imports.load(),
            _ => {}
        });
    }
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let pick = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        if let Some(file) = device::files_of_input(&input).into_iter().next() {
            imports.send(lang, file);
        }
    };
    let template = StoredValue::new(place::contact_import_template(workplace.account_id));
    view! {
        <Dialog open title=t::title(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="import">
                    <p>{t::text(lang)}</p>
                    <p>{t::rules(lang)}</p>
                    <a class="link" href=template.get_value() download rel="external">
                        {t::template(lang)}
                    </a>
                    {move || imports.fault.get().map(|fault| view! { <Wrong fault/> })}
                    {move || imports.sent.get().map(|percent| view! { <Sending percent/> })}
                    {move || {
                        let known = imports.known.get();
                        (!known.is_empty()).then(|| view! { <Known workplace known/> })
                    }}
                </div>
            </DialogBody>
            <DialogFooter>
                <input
                    node_ref=input
                    type="file"
                    accept=".csv,.tsv,.txt,text/csv"
                    hidden=true
                    aria-label=t::choose(lang)
                    on:change=pick
                />
                <Button
                    variant=Variant::Primary
                    icon=Icon::Upload
                    loading=Signal::derive(move || imports.sent.read().is_some())
                    on_click=choose
                >
                    {t::choose(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}

/// What is wrong with a table.
#[component]
fn Wrong(fault: Fault) -> impl IntoView {
    view! {
        <Banner tone=Tone::Danger>
            {fault.words} {fault.about.map(|about| view! { <b class="import-about">{about}</b> })}
        </Banner>
    }
}

/// A table on its way.
#[component]
fn Sending(percent: u8) -> impl IntoView {
    let lang = use_lang();
    // The whole table is looked at before the answer.
    let words = if percent < 100 { t::sending(lang, &percent.to_string()) } else { t::checking(lang).to_owned() };
    let bar = (percent < 100).then_some(percent);
    view! {
        <div class="import-line" role="status">
            <span>{words.clone()}</span>
            <ProgressBar percent=Signal::stored(bar) label=words/>
        </div>
    }
}

/// The imports there were, the newest first.
#[component]
fn Known(workplace: WorkplaceContext, known: Vec<ContactImport>) -> impl IntoView {
    let lang = use_lang();
    let is_running = known.iter().any(|import| import.state == ContactImportState::Running);
    let one = |import: ContactImport| {
        let percent = u8::try_from(import.done().saturating_mul(100) / import.total.max(1)).unwrap_or(100);
        let is_running = import.state == ContactImportState::Running;
        let failures = (import.failed > 0 && !is_running).then(|| {
            let address = place::contact_import_failures(workplace.account_id, import.id);
            view! {
                <a class="link" href=address download rel="external">
                    {t::failures(lang)}
                </a>
            }
        });
        let how_far = how_far(lang, &import);
        view! {
            <li class="import-line">
                <b class="truncate">{import.file_name.clone()}</b>
                <span class="import-far">{how_far.clone()}</span>
                {is_running.then(|| view! { <ProgressBar percent=Signal::stored(Some(percent)) label=how_far/> })}
                <span>{counts(lang, &import)}</span>
                {failures}
            </li>
        }
    };
    view! {
        <h3>{t::earlier(lang)}</h3>
        <ul class="import-list">{known.into_iter().map(one).collect_view()}</ul>
        {is_running.then(|| view! { <p>{t::leave(lang)}</p> })}
    }
}

fn how_far(lang: Lang, import: &ContactImport) -> String {
    let (done, total) = (text::number::integer(lang, import.done()), text::number::integer(lang, import.total));
    match import.state {
        ContactImportState::Running => t::progress(lang, &done, &total),
        ContactImportState::Done => t::through(lang, &total),
        ContactImportState::Stopped => t::stopped(lang, &done, &total),
    }
}

/// What became of the rows, in few words.
fn counts(lang: Lang, import: &ContactImport) -> String {
    let mut parts = vec![t::counts_created(lang, import.created), t::counts_updated(lang, import.updated)];
    if import.failed > 0 {
        parts.push(t::counts_failed(lang, import.failed));
    }
    parts.join(" · ")
}
