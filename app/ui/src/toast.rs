//! Short words about what just happened, with a way to take it back.

use std::time::Duration;

use leptos::{html, prelude::*, text_prop::TextProp};

use crate::{Glyph, Icon, IconButton, Kbd, Tone};

/// How long a toast stays when nothing can be done about it, and when something can.
const SHORT: Duration = Duration::from_secs(4);
const LONG: Duration = Duration::from_secs(8);
/// More than this would hide the work; the oldest goes.
const MOST: usize = 4;

/// One toast.
#[derive(Clone)]
struct Toast {
    id: u32,
    tone: Tone,
    text: String,
    action: Option<(String, Callback<()>)>,
}

/// The toasts of the page; see `use_toasts`.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    next: RwSignal<u32>,
}

/// Makes toasts available below; call once at the root, and put one `ToastHost` there.
pub fn provide_toasts() -> Toasts {
    let toasts = Toasts { shown: RwSignal::new(Vec::new()), next: RwSignal::new(0) };
    provide_context(toasts);
    toasts
}

/// The toasts of the page. Without `provide_toasts` above, what is shown goes nowhere.
#[must_use]
pub fn use_toasts() -> Toasts {
    use_context::<Toasts>().unwrap_or_else(|| Toasts { shown: RwSignal::new(Vec::new()), next: RwSignal::new(0) })
}

impl Toasts {
    /// Says that something was done.
    pub fn done(&self, text: impl Into<String>) {
        self.push(Tone::Success, text.into(), None);
    }

    /// Says something.
    pub fn tell(&self, text: impl Into<String>) {
        self.push(Tone::Neutral, text.into(), None);
    }

    /// Says what went wrong.
    pub fn fail(&self, text: impl Into<String>) {
        self.push(Tone::Danger, text.into(), None);
    }

    /// Says that something was done, and offers to do something about it ("Undo").
    pub fn offer(&self, text: impl Into<String>, action: impl Into<String>, run: impl Into<Callback<()>>) {
        self.push(Tone::Neutral, text.into(), Some((action.into(), run.into())));
    }

    /// Does what the newest toast offers, as if its button had been pressed; whether there was one.
    #[must_use]
    pub fn act_on_last(&self) -> bool {
        let last = self.shown.with_untracked(|shown| shown.iter().rev().find(|toast| toast.action.is_some()).cloned());
        let Some(Toast { id, action: Some((_, run)), .. }) = last else { return false };
        self.close(id);
        run.run(());
        true
    }

    fn push(&self, tone: Tone, text: String, action: Option<(String, Callback<()>)>) {
        let id = self.next.get_untracked();
        self.next.set(id + 1);
        let stay = if action.is_some() || tone == Tone::Danger { LONG } else { SHORT };
        self.shown.update(|shown| {
            // The same words twice in a row would only flicker.
            shown.retain(|toast| toast.text != text || toast.action.is_some());
            if shown.len() >= MOST {
                shown.remove(0);
            }
            shown.push(Toast { id, tone, text, action });
        });
        // A server that renders a page has no timers, and nobody to read what fades.
        if cfg!(target_arch = "wasm32") {
            let toasts = *self;
            set_timeout(move || toasts.expire(id), stay);
        }
    }

    fn close(&self, id: u32) {
        // The page may be gone by the time a timer fires.
        let _ = self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    /// Like `close`, unless somebody is reading it: then it stays until they move away.
    fn expire(&self, id: u32) {
        let is_read = document().query_selector(".toast-host:is(:hover, :focus-within)").ok().flatten().is_some();
        if is_read {
            let toasts = *self;
            set_timeout(move || toasts.expire(id), SHORT);
        } else {
            self.close(id);
        }
    }
}

/// Where toasts appear; one per page.
#[component]
pub fn ToastHost(
    /// Label of the button that closes a toast.
    #[prop(into)]
    close_label: TextProp,
    /// The key that does what the newest toast offers.
    #[prop(optional, into)]
    shortcut: Option<&'static str>,
) -> impl IntoView {
    let toasts = use_toasts();
    let node_ref = NodeRef::<html::Div>::new();
    // As a popover shown again with each toast it stays above dialogs opened meanwhile.
    Effect::new(move |_| {
        let is_empty = toasts.shown.read().is_empty();
        let Some(host) = node_ref.get() else { return };
        let _ = host.hide_popover();
        if !is_empty {
            let _ = host.show_popover();
        }
    });
    let toast = move |toast: Toast| {
        let id = toast.id;
        let icon = match toast.tone {
            Tone::Success => Some(Icon::CircleCheck),
            Tone::Danger => Some(Icon::CircleAlert),
            _ => None,
        };
        let action = toast.action.map(|(label, run)| {
            let press = move |_| {
                run.run(());
                toasts.close(id);
            };
            let is_newest = move || {
                let shown = toasts.shown.read();
                shown.iter().rev().find(|toast| toast.action.is_some()).is_some_and(|toast| toast.id == id)
            };
            view! {
                <button type="button" class="toast-action" on:click=press>
                    {label}
                    {move || shortcut.filter(|_| is_newest()).map(|keys| view! { <Kbd keys/> })}
                </button>
            }
        });
        view! {
            <div class=["toast ", toast.tone.class()].concat()>
                {icon.map(|icon| view! { <Glyph icon/> })}
                <p>{toast.text}</p>
                {action}
                <IconButton icon=Icon::Close label=close_label.clone() on_click=move |_| toasts.close(id)/>
            </div>
        }
    };
    view! {
        <div class="toast-host" node_ref=node_ref popover="manual" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|toast| toast.id children=toast/>
        </div>
    }
    .into_any()
}
