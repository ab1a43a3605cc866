//! What several pages of the settings are made of.

use leptos::prelude::*;
use leptos_meta::Title;
use ui::{
    Banner, Button, Dialog, DialogBody, DialogFooter, DialogSize, Icon, PageHeader, SaveBar, TextInput, Tone, Variant,
};

use crate::boot::use_lang;
use crate::call::CallError;

/// A page of the settings: its column, title and one sentence.
#[component]
pub fn Page(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// One sentence of help.
    #[prop(optional, into)]
    text: Option<&'static str>,
    /// Where the page above is, and its name.
    #[prop(optional)]
    back: Option<(String, &'static str)>,
    /// Wide enough for a table.
    #[prop(optional)]
    wide: bool,
    /// Buttons beside the title.
    #[prop(optional, into)]
    actions: ViewFn,
    /// The content.
    children: Children,
) -> impl IntoView {
    let (back, back_label) = match back {
        Some((address, name)) => (address, name),
        // On a phone the list of pages is a page of its own.
        None => (String::new(), ""),
    };
    let header = if back.is_empty() {
        view! {
            <PageHeader title=move || title.get() text=text.unwrap_or_default()>
                {actions.run()}
            </PageHeader>
        }
        .into_any()
    } else {
        view! {
            <PageHeader title=move || title.get() text=text.unwrap_or_default() back back_label>
                {actions.run()}
            </PageHeader>
        }
        .into_any()
    };
    view! {
        <Title text=move || title.get()/>
        <div class="settings-column" class:is-wide=wide>
            <PhoneBack/>
            {header}
            {children()}
        </div>
    }
    .into_any()
}

/// The way back to the list of pages, on phones only.
#[component]
fn PhoneBack() -> impl IntoView {
    let lang = use_lang();
    crate::boot::use_workplace().map(|workplace| {
        view! {
            <a class="page-back settings-back" href=crate::place::settings(workplace.account_id, "")>
                <ui::Glyph icon=Icon::ChevronLeft/>
                <span>{text::common::settings(lang)}</span>
            </a>
        }
    })
}

/// The save bar with the words that are the same everywhere, and what went wrong above it.
#[component]
pub fn Save(
    /// Something is unsaved.
    #[prop(into)]
    changed: Signal<bool>,
    /// Being saved.
    #[prop(into)]
    saving: Signal<bool>,
    /// What went wrong and has no place in the form.
    #[prop(into)]
    fault: Signal<Option<String>>,
    /// Saves.
    #[prop(into)]
    on_save: Callback<()>,
    /// Takes the changes back.
    #[prop(into)]
    on_discard: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <Fault words=fault/>
        <SaveBar
            changed
            saving
            text=text::common::unsaved_changes(lang)
            save_label=text::common::save_changes(lang)
            discard_label=text::common::discard(lang)
            on_save
            on_discard
        />
    }
}

/// One sentence about what went wrong; nothing while nothing did.
#[component]
pub fn Fault(
    /// The words.
    #[prop(into)]
    words: Signal<Option<String>>,
) -> impl IntoView {
    move || words.get().map(|words| view! { <Banner tone=Tone::Danger>{words}</Banner> })
}

/// Asks before something is done that cannot be taken back.
#[component]
pub fn Confirm(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What will be lost.
    text: &'static str,
    /// Words of the red button.
    confirm_label: &'static str,
    /// Being done.
    #[prop(into)]
    busy: Signal<bool>,
    /// What went wrong.
    #[prop(into)]
    fault: Signal<Option<String>>,
    /// What to do; closing is up to it.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let lang = use_lang();
    view! {
        <Dialog open title=move || title.get() size=DialogSize::Small close_label=text::common::close(lang)>
            <DialogBody>
                <p>{text}</p>
                <Fault words=fault/>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Danger loading=busy on_click=move |_| on_confirm.run(())>
                    {confirm_label}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

/// Search over a table.
#[component]
pub fn SearchField(
    /// What is searched for, kept in step both ways.
    value: RwSignal<String>,
    /// What is searched; read aloud.
    label: &'static str,
) -> impl IntoView {
    view! {
        <div class="settings-search" role="search">
            <TextInput
                value
                kind=ui::InputKind::Search
                icon=Icon::Search
                label
                placeholder=label
                autocomplete="off"
            />
        </div>
    }
}

/// Whether a text holds every word searched for, whatever its capitals and accents.
#[must_use]
pub fn matches(search: &str, text: &str) -> bool {
    let text = ui::fold_accents(text);
    search.split_whitespace().all(|word| text.contains(&ui::fold_accents(word)))
}

/// Runs something when a call has succeeded, each time anew.
pub fn on_done<T: Clone + Send + Sync + 'static>(
    outcome: impl Fn() -> Option<Result<T, CallError>> + Send + Sync + 'static,
    run: impl Fn(T) + Send + Sync + 'static,
) {
    Effect::new(move |_| {
        if let Some(Ok(value)) = outcome() {
            untrack(|| run(value));
        }
    });
}
