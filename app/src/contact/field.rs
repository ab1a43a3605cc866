//! One fact about a contact, changed where it stands: press it, type, Enter keeps it, Escape leaves it as it was.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use text::contact as t;
use ui::{Glyph, Icon, IconButton, InputKind, Size, TextInput};

use crate::conversation::calls::{self, ContactChange};
use crate::conversation::desk::use_desk;

/// What the fact is.
#[derive(Clone, Copy)]
pub struct Fact {
    /// Id, unique on the page.
    pub id: &'static str,
    pub icon: Icon,
    pub label: &'static str,
    pub kind: InputKind,
}

/// A fact of the open conversation's contact.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn ContactField(
    fact: Fact,
    value: Signal<String>,
    may_edit: bool,
    /// It is worth copying.
    #[prop(optional)]
    copies: bool,
    /// What keeping a new text means.
    change: fn(String) -> ContactChange,
) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let is_edited = RwSignal::new(false);
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    // An answer that comes late must not end an edit that began after it was asked for.
    let edits = StoredValue::new(0_u32);
    let is_sent = StoredValue::new(false);
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
        let Some(id) = untrack(|| desk.with_conversation(|conversation| conversation.contact.id)) else { return };
        is_sent.set_value(true);
        let edit = edits.get_value();
        spawn_local(async move {
            let outcome = calls::update_contact(desk.account(), id, change(typed)).await;
            // Whether the edit that was kept is still the one on the screen.
            let is_same = edits.try_get_value() == Some(edit) && is_edited.try_get_untracked() == Some(true);
            match outcome {
                Ok(contact) => {
                    desk.put_contact(&contact);
                    if is_same {
                        is_edited.set(false);
                    }
                }
                Err(failed) if is_same => {
                    is_sent.set_value(false);
                    error.set(Some(failed.words(lang)));
                }
                // The field is gone, so it is said elsewhere.
                Err(failed) => desk.tell_failure(&failed),
            }
        });
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            is_edited.set(false);
        }
    };
    let label = [fact.label, ": "].concat();
    let shown = move || {
        let label = label.clone();
        let words = move || match value.get() {
            text if text.is_empty() => {
                view! { <span class="fact-empty">{t::add(lang)} " " {fact.label.to_lowercase()}</span> }.into_any()
            }
            text => view! { <span class="truncate">{text}</span> }.into_any(),
        };
        let copy = move |_| {
            let toasts = ui::use_toasts();
            spawn_local(async move {
                if ui::browser::copy(&value.get_untracked()).await {
                    toasts.done(t::copied(lang));
                }
            });
        };
        view! {
            <div class="contact-field" class:is-empty=move || value.read().is_empty()>
                <Glyph icon=fact.icon/>
                {if may_edit {
                    view! {
                        <button type="button" class="contact-value" on:click=edit>
                            <span class="visually-hidden">{label}</span>
                            {words}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <span class="contact-value">
                            <span class="visually-hidden">{label}</span>
                            {words}
                        </span>
                    }
                        .into_any()
                }}
                <Show when=move || copies && !value.read().is_empty()>
                    <IconButton
                        icon=Icon::Copy
                        size=Size::Small
                        label=if fact.kind == InputKind::Phone { t::copy_phone(lang) } else { t::copy_email(lang) }
                        class="contact-copy"
                        on_click=copy
                    />
                </Show>
            </div>
        }
    };
    let edited = move || {
        view! {
            <div class="contact-field is-edited" on:keydown=press on:focusout=move |_| keep()>
                <Glyph icon=fact.icon/>
                <div class="contact-input">
                    <TextInput
                        value=text
                        kind=fact.kind
                        size=Size::Small
                        id=fact.id.to_owned()
                        label=fact.label
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
        <Show when=move || is_edited.get() fallback=shown.clone()>
            {edited()}
        </Show>
    }
    .into_any()
}
