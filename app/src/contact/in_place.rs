//! One fact, changed where it stands: press it, type, Enter keeps it, Escape leaves it as it was.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use text::contact as t;
use ui::{Glyph, Icon, IconButton, InputKind, Size, TextInput};

use crate::boot::use_lang;

/// What was typed and is to be kept. Whoever keeps it says what came of it.
#[derive(Clone)]
pub struct Kept {
    text: String,
    answer: Callback<Result<(), String>>,
}

impl Kept {
    /// The text, without spaces around it.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It was kept, or it was not, in words.
    pub fn done(&self, outcome: Result<(), String>) {
        self.answer.run(outcome);
    }
}

/// A fact that can be changed in its place.
#[component]
pub fn InPlace(
    /// Id of the field, unique on the page.
    #[prop(into)]
    id: String,
    /// What it is.
    #[prop(into)]
    label: String,
    /// What is typed.
    kind: InputKind,
    /// As it is typed.
    value: Signal<String>,
    /// As it is shown; as it is typed unless told otherwise.
    #[prop(optional, into)]
    shown: Option<Signal<String>>,
    /// A sign before it.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Whether it may be changed.
    may_edit: bool,
    /// It is worth copying; what the button says.
    #[prop(default = None)]
    copy_label: Option<&'static str>,
    /// It is a web address that can be opened.
    #[prop(optional)]
    links: bool,
    /// Keeps a new text.
    #[prop(into)]
    on_keep: Callback<Kept>,
) -> impl IntoView {
    let is_edited = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    // An answer that comes late must not end an edit that began after it was asked for.
    let edits = StoredValue::new(0_u32);
    let is_sent = StoredValue::new(false);
    let toasts = ui::use_toasts();
    let edit = move |_| {
        edits.update_value(|edits| *edits += 1);
        is_sent.set_value(false);
        text.set(value.get_untracked());
        error.set(None);
        is_edited.set(true);
    };
    let keep = move || {
        // The field also loses the focus when it goes, after Escape as after Enter.
        if !is_edited.get_untracked() || is_sent.get_value() {
            return;
        }
        let typed = text.get_untracked().trim().to_owned();
        if typed == value.get_untracked() {
            is_edited.set(false);
            return;
        }
        is_sent.set_value(true);
        let edit = edits.get_value();
        let answer = move |outcome: Result<(), String>| {
            // Whether the edit that was kept is still the one on the screen.
            let is_same = edits.try_get_value() == Some(edit) && is_edited.try_get_untracked() == Some(true);
            match outcome {
                Ok(()) if is_same => is_edited.set(false),
                Ok(()) => {}
                Err(words) if is_same => {
                    is_sent.set_value(false);
                    error.set(Some(words));
                }
                // The field is gone, so it is said elsewhere.
                Err(words) => toasts.fail(words),
            }
        };
        on_keep.run(Kept { text: typed, answer: Callback::new(answer) });
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            is_edited.set(false);
        }
    };
    let sign = move || icon.map(|icon| view! { <Glyph icon/> });
    let own_label = StoredValue::new(label);
    let still = move || view! { <Still label=own_label value shown may_edit copy_label links edit=Callback::new(edit) sign=ViewFn::from(sign)/> };
    let id = StoredValue::new(id);
    let edited = move || {
        view! {
            <div class="contact-field is-edited" on:keydown=press on:focusout=move |_| keep()>
                {sign}
                <div class="contact-input">
                    <TextInput
                        value=text
                        kind=kind
                        size=Size::Small
                        id=id.get_value()
                        label=own_label.get_value()
                        autocomplete="off"
                        autofocus=true
                        on_enter=move |()| keep()
                    />
                    {move || error.get().map(|words| view! { <p class="contact-error" role="alert">{words}</p> })}
                </div>
            </div>
        }
    };
    view! {
        <Show when=move || is_edited.get() fallback=still>
            {edited()}
        </Show>
    }
    .into_any()
}

/// The fact while nobody changes it.
#[component]
fn Still(
    label: StoredValue<String>,
    value: Signal<String>,
    shown: Option<Signal<String>>,
    may_edit: bool,
    copy_label: Option<&'static str>,
    links: bool,
    edit: Callback<()>,
    sign: ViewFn,
) -> impl IntoView {
    let lang = use_lang();
    let shown = shown.unwrap_or(value);
    let is_empty = move || value.read().is_empty();
    let words = move || {
        if is_empty() {
            let what = label.with_value(|label| label.to_lowercase());
            view! { <span class="fact-empty">{t::add(lang)} " " {what}</span> }.into_any()
        } else {
            view! { <span class="truncate" dir="auto">{shown}</span> }.into_any()
        }
    };
    let spoken = [&label.get_value(), ": "].concat();
    let text = if may_edit {
        view! {
            <button type="button" class="contact-value" on:click=move |_| edit.run(())>
                <span class="visually-hidden">{spoken}</span>
                {words}
            </button>
        }
        .into_any()
    } else {
        view! {
            <span class="contact-value">
                <span class="visually-hidden">{spoken}</span>
                {words}
            </span>
        }
        .into_any()
    };
    let toasts = ui::use_toasts();
    let copy = move |_| {
        leptos::task::spawn_local(async move {
            if ui::browser::copy(&value.get_untracked()).await {
                toasts.done(t::copied(lang));
            }
        });
    };
    let open = move || {
        view! {
            <a
                class="contact-open"
                href=move || value.get()
                target="_blank"
                rel="noopener noreferrer nofollow"
                aria-label=t::open_link(lang)
                data-hint=t::open_link(lang)
            >
                <Glyph icon=Icon::ArrowUpRight/>
            </a>
        }
    };
    let is_web = move || links && value.with(|value| value.starts_with("https://") || value.starts_with("http://"));
    view! {
        <div class="contact-field" class:is-empty=is_empty>
            {sign.run()}
            {text}
            <Show when=is_web>{open}</Show>
            {copy_label
                .map(|label| {
                    view! {
                        <Show when=move || !is_empty()>
                            <IconButton
                                icon=Icon::Copy
                                size=Size::Small
                                label=label
                                class="contact-copy"
                                on_click=copy
                            />
                        </Show>
                    }
                })}
        </div>
    }
    .into_any()
}
