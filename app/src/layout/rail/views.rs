//! Saved views in the rail, which can be put into another order: drawn with the pointer, or moved with Alt and an arrow.

use leptos::ev::KeyboardEvent;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use model::SavedViewId;
use model::filter::Subject;
use model::saved_view::SavedView;
use ui::{Count, Glyph, Icon};

use crate::boot::{WorkplaceContext, use_lang};
use crate::saved_view::calls;

/// The views of a subject, with their address, whether they are shown, and how much is behind them.
#[component]
pub fn Views(
    workplace: WorkplaceContext,
    subject: Subject,
    of_view: Callback<SavedViewId, (String, bool, i64)>,
) -> impl IntoView {
    let lang = use_lang();
    let views = Memo::new(move |_| {
        let is_own = |view: &&SavedView| view.kind == subject;
        workplace.lists.with(|lists| lists.views.iter().filter(is_own).cloned().collect::<Vec<_>>())
    });
    let order = Order {
        workplace,
        views,
        drawn: RwSignal::new(None),
        pressed: RwSignal::new(None),
        told: RwSignal::new(String::new()),
    };
    let each = move || views.read().iter().map(|view| view.id).collect::<Vec<_>>();
    let child = move |id: SavedViewId| {
        let view = Memo::new(move |_| views.with(|views| views.iter().find(|view| view.id == id).cloned()));
        let name = move || view.with(|view| view.as_ref().map(|view| view.name.clone()).unwrap_or_default());
        let icon = move || {
            let is_shared = view.with(|view| view.as_ref().is_some_and(|view| view.shared));
            view! { <Glyph icon=if is_shared { Icon::Users } else { Icon::Filter }/> }
        };
        let known = Memo::new(move |_| of_view.run(id));
        let node = NodeRef::<html::A>::new();
        let count = Signal::derive(move || known.read().2);
        // Whatever is moved in the page loses the focus: by its keys, and by what comes back from the server.
        Effect::new(move |_| {
            views.track();
            if order.pressed.get() == Some(id) {
                request_animation_frame(move || {
                    if has_no_focus() {
                        node.get_untracked().inspect(|link| ui::browser::focus(link));
                    }
                });
            }
        });
        view! {
            <a
                node_ref=node
                class="rail-link"
                class:is-drawn=move || order.drawn.get() == Some(id)
                href=move || known.read().0.clone()
                aria-current=move || known.read().1.then_some("page")
                aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
                draggable="true"
                on:dragstart=move |_| order.drawn.set(Some(id))
                on:dragend=move |_| order.drop()
                on:dragover=move |event| {
                    if order.draw_over(id) {
                        event.prevent_default();
                    }
                }
                on:drop=move |event| event.prevent_default()
                on:keydown=move |event| order.press(id, &event)
            >
                {icon}
                <span class="rail-label truncate">{name}</span>
                <Show when=move || { count.get() > 0 }>
                    <Count value=count/>
                </Show>
            </a>
        }
    };
    view! {
        <For each key=|id| *id children=child/>
        <p class="visually-hidden" role="status">
            {move || order.told.with(|name| if name.is_empty() { String::new() } else { order.words(lang, name) })}
        </p>
    }
    .into_any()
}

/// Whether no element of the page has the keyboard.
fn has_no_focus() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// The order while it is changed. Cheap to copy.
#[derive(Clone, Copy)]
struct Order {
    workplace: WorkplaceContext,
    views: Memo<Vec<SavedView>>,
    /// The view under the pointer that draws it.
    drawn: RwSignal<Option<SavedViewId>>,
    /// The view that was moved last by its keys.
    pressed: RwSignal<Option<SavedViewId>>,
    /// The name of the view that was moved last.
    told: RwSignal<String>,
}

impl Order {
    /// Lets the drawn view take the place of another one; whether there is a drawn one.
    fn draw_over(self, over: SavedViewId) -> bool {
        let Some(drawn) = self.drawn.get_untracked() else { return false };
        if drawn != over {
            self.take_place(drawn, over);
        }
        true
    }

    fn drop(self) {
        if self.drawn.get_untracked().is_some() {
            self.drawn.set(None);
            self.keep();
        }
    }

    /// Moves a view by its keys.
    fn press(self, id: SavedViewId, event: &KeyboardEvent) {
        let is_up = match event.key().as_str() {
            "ArrowUp" => true,
            "ArrowDown" => false,
            _ => return,
        };
        if !event.alt_key() {
            return;
        }
        event.prevent_default();
        let next = self.views.with_untracked(|views| {
            let at = views.iter().position(|view| view.id == id)?;
            let next = if is_up { at.checked_sub(1)? } else { at + 1 };
            views.get(next).map(|view| view.id)
        });
        let Some(next) = next else { return };
        self.take_place(id, next);
        self.told.set(self.views.with_untracked(|views| {
            views.iter().find(|view| view.id == id).map(|view| view.name.clone()).unwrap_or_default()
        }));
        self.pressed.set(Some(id));
        self.keep();
    }

    fn take_place(self, id: SavedViewId, of: SavedViewId) {
        self.workplace.lists.update(|lists| {
            let at = |id| lists.views.iter().position(|view| view.id == id);
            if let (Some(from), Some(to)) = (at(id), at(of)) {
                let view = lists.views.remove(from);
                lists.views.insert(to, view);
            }
        });
    }

    /// Tells the server.
    fn keep(self) {
        let ids = self.views.with_untracked(|views| views.iter().map(|view| view.id).collect());
        spawn_local(async move {
            if calls::order(self.workplace.account_id, ids).await.is_err() {
                self.workplace.refresh();
            }
        });
    }

    fn words(self, lang: text::Lang, name: &str) -> String {
        let place = self.views.with(|views| views.iter().position(|view| view.name == name)).unwrap_or_default() + 1;
        let all = self.views.with(Vec::len);
        text::layout::moved(lang, name, &place.to_string(), &all.to_string())
    }
}
