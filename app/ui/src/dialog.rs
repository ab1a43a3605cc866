//! Questions that stop everything else: `Dialog`, `Drawer`, `ConfirmTyped`.
//!
//! Built on `<dialog>`: the browser keeps the keyboard inside, closes on Escape and gives the keyboard back afterwards.

use leptos::{ev::MouseEvent, html, prelude::*, text_prop::TextProp};

use crate::{Button, Field, Icon, IconButton, Side, TextInput, Variant};

/// Width of a dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DialogSize {
    /// 400 px, a question.
    Small,
    /// 520 px, a form.
    #[default]
    Medium,
    /// 760 px, something to look at.
    Large,
}

impl DialogSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Small => "dialog is-small",
            Self::Medium => "dialog",
            Self::Large => "dialog is-large",
        }
    }
}

/// Opens and closes the element with the signal, and the signal with the element.
fn follow(node_ref: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    Effect::new(move |_| {
        let is_open = open.get();
        let Some(dialog) = node_ref.get() else { return };
        if is_open && !dialog.open() {
            let _ = dialog.show_modal();
        }
        if !is_open && dialog.open() {
            dialog.close();
        }
    });
}

/// A press on the dialog element itself is one beside its content.
fn is_beside(event: &MouseEvent, node_ref: NodeRef<html::Dialog>) -> bool {
    let Some(dialog) = node_ref.get_untracked() else { return false };
    event.target().is_some_and(|target| target == ****dialog)
}

/// A dialog in the middle of the window. End it with a `DialogFooter`.
#[component]
pub fn Dialog(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: TextProp,
    /// One sentence under the title.
    #[prop(optional, into)]
    description: Option<TextProp>,
    /// How wide.
    #[prop(optional)]
    size: DialogSize,
    /// Label of the button that closes it.
    #[prop(into)]
    close_label: TextProp,
    /// Its content, drawn while it is open.
    children: ChildrenFn,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Dialog>::new();
    follow(node_ref, open);
    let title = StoredValue::new(title);
    let title = move || title.with_value(TextProp::get);
    view! {
        <dialog
            node_ref=node_ref
            class=size.class()
            aria-label=title
            on:close=move |_| open.set(false)
            on:mousedown=move |event| {
                if is_beside(&event, node_ref) {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <div class="dialog-panel">
                    <header class="dialog-header">
                        <h2>{title}</h2>
                        <IconButton
                            icon=Icon::Close
                            label=close_label.clone()
                            side=Side::Bottom
                            on_click=move |_| open.set(false)
                        />
                        {description
                            .clone()
                            .map(|description| view! { <p class="dialog-description">{move || description.get()}</p> })}
                    </header>
                    {children()}
                </div>
            </Show>
        </dialog>
    }
    .into_any()
}

/// The content of a dialog above its footer; scrolls when it is long.
#[component]
pub fn DialogBody(
    /// Anything.
    children: Children,
) -> impl IntoView {
    view! { <div class="dialog-body">{children()}</div> }.into_any()
}

/// The buttons at the end of a dialog, the main one last.
#[component]
pub fn DialogFooter(
    /// Buttons.
    children: Children,
) -> impl IntoView {
    view! { <footer class="dialog-footer">{children()}</footer> }.into_any()
}

/// A pane that slides in from the end of the window; on a phone from below.
#[component]
pub fn Drawer(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: TextProp,
    /// Label of the button that closes it.
    #[prop(into)]
    close_label: TextProp,
    /// Its content, drawn while it is open.
    children: ChildrenFn,
) -> impl IntoView {
    let node_ref = NodeRef::<html::Dialog>::new();
    follow(node_ref, open);
    let title = StoredValue::new(title);
    let title = move || title.with_value(TextProp::get);
    view! {
        <dialog
            node_ref=node_ref
            class="drawer"
            aria-label=title
            on:close=move |_| open.set(false)
            on:mousedown=move |event| {
                if is_beside(&event, node_ref) {
                    open.set(false);
                }
            }
        >
            <Show when=move || open.get()>
                <div class="drawer-panel">
                    <header class="drawer-header">
                        <h2>{title}</h2>
                        <IconButton
                            icon=Icon::Close
                            label=close_label.clone()
                            side=Side::Bottom
                            on_click=move |_| open.set(false)
                        />
                    </header>
                    <div class="drawer-body">{children()}</div>
                </div>
            </Show>
        </dialog>
    }
    .into_any()
}

/// Asks to type a name before something is removed that cannot come back.
#[component]
pub fn ConfirmTyped(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
    /// The question.
    #[prop(into)]
    title: TextProp,
    /// What will be lost.
    #[prop(into)]
    description: TextProp,
    /// What must be typed, exactly.
    #[prop(into)]
    phrase: Signal<String>,
    /// Label of the field ("Type … to confirm").
    #[prop(into)]
    phrase_label: TextProp,
    /// Words of the red button.
    #[prop(into)]
    confirm_label: TextProp,
    /// Words of the way out.
    #[prop(into)]
    cancel_label: TextProp,
    /// Being done.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// What to do; closing is up to it.
    #[prop(into)]
    on_confirm: Callback<()>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    Effect::new(move |_| {
        if !open.get() {
            typed.set(String::new());
        }
    });
    let is_different = Signal::derive(move || typed.read().trim() != phrase.read().trim());
    let confirm = move || {
        if !is_different.get_untracked() && !busy.get_untracked() {
            on_confirm.run(());
        }
    };
    let labels = StoredValue::new((phrase_label, cancel_label.clone(), confirm_label));
    view! {
        <Dialog open title description size=DialogSize::Small close_label=cancel_label>
            <DialogBody>
                <Field id="confirm-phrase" label=move || labels.with_value(|labels| labels.0.get())>
                    <TextInput value=typed autocomplete="off" autofocus=true on_enter=confirm/>
                </Field>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>
                    {move || labels.with_value(|labels| labels.1.get())}
                </Button>
                <Button variant=Variant::Danger disabled=is_different loading=busy on_click=move |_| confirm()>
                    {move || labels.with_value(|labels| labels.2.get())}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
