//! The rows of the list: only those near the screen are drawn, and they keep still while others move.

use leptos::ev::KeyboardEvent;
use leptos::{html, prelude::*};
use model::ConversationId;
use model::conversation::{Involvement, Tab};
use text::list as t;
use ui::{Button, EmptyState, ErrorState, Icon, Skeleton, SkeletonKind};

use super::row::Row;
use super::window;
use crate::call;
use crate::command::Command;
use crate::conversation::desk::{Desk, Load, use_desk};
use crate::conversation::place::{Place, Status, View};
use crate::device::{self, Resizes};
use crate::store::{Chosen, More};
use crate::tool::use_tools;

/// What is assumed of the screen until it can be measured; the server draws this many rows.
const HEIGHT: f64 = 1_000.0;
const ROW: f64 = 72.0;
/// So many rows before the end the next page is asked for.
const NEAR_END: usize = 24;

/// Where the list stands on the screen.
#[derive(Clone, Copy)]
struct Scroll {
    top: RwSignal<f64>,
    height: RwSignal<f64>,
    row: RwSignal<f64>,
}

impl Scroll {
    fn visible(self, len: usize) -> std::ops::Range<usize> {
        window::rows(len, self.top.get(), self.height.get(), self.row.get())
    }
}

/// The scrolling part of the list.
#[component]
pub fn Rows() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let scroll = Scroll { top: RwSignal::new(0.0), height: RwSignal::new(HEIGHT), row: RwSignal::new(ROW) };
    let pane = NodeRef::<html::Div>::new();
    // What could not be loaded is not replaced by what was asked for before.
    let has_failed = Memo::new(move |_| matches!(desk.list_load.get(), Load::Failed(_)));
    let len = move || if has_failed.get() { 0 } else { desk.list.with(crate::store::List::len) };
    let shown = Memo::new(move |_| scroll.visible(len()));
    measure(pane, scroll);
    keep_still(desk, pane, scroll);
    go_to_top(desk, pane, scroll);
    Effect::new(move |_| {
        let end = shown.read().end;
        let is_near = desk.list.with(|list| *list.more() != More::End && end + NEAR_END >= list.len());
        let is_free = desk.more_load.get() == Load::Done && desk.list_load.get() == Load::Done;
        if is_near && is_free {
            desk.load_more();
        }
    });
    follow_commands(desk, pane);

    let ids = move || {
        let shown = shown.get();
        let start = shown.start;
        desk.list.with(|list| {
            let ids = list.order().get(shown).unwrap_or_default();
            ids.iter().copied().enumerate().map(|(index, id)| (start + index, id)).collect::<Vec<_>>()
        })
    };
    let pixels = move |rows: usize| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pixels")]
        let height = (rows as f64 * scroll.row.get()) as i64;
        [&height.to_string(), "px"].concat()
    };
    let before = move || pixels(shown.read().start);
    let after = move || pixels(len().saturating_sub(shown.read().end));
    let index_of =
        move |id: ConversationId| Signal::derive(move || desk.list.with(|list| list.position(id).unwrap_or_default()));
    view! {
        <div
            class="pane-scroll list-scroll"
            class:is-ticking=move || desk.chosen.with(|chosen| !chosen.is_empty())
            node_ref=pane
            aria-busy=move || (desk.list_load.get() == Load::Loading).then_some("true")
            on:scroll=move |_| {
                if let Some(pane) = pane.get_untracked() {
                    scroll.top.set(f64::from(pane.scroll_top()));
                }
            }
            on:keydown=move |event| press_in_list(pane, &event)
        >
            <Show
                when=move || desk.list_load.get() != Load::Loading
                fallback=move || view! { <Skeleton kind=SkeletonKind::Rows count=10 label=text::common::state::loading(lang)/> }
            >
                <ul class="list-rows" style:padding-top=before style:padding-bottom=after>
                    <For
                        each=ids
                        key=|(_, id)| *id
                        children=move |(_, id)| view! { <Row id index=index_of(id)/> }
                    />
                </ul>
                <End/>
            </Show>
        </div>
    }
    .into_any()
}

/// What comes after the last row.
#[component]
fn End() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let end = move || match (desk.list_load.get(), desk.more_load.get()) {
        (Load::Failed(code), _) => view! {
            <ErrorState
                title=t::error_title(lang)
                text=call::words(lang, code)
                retry=text::common::retry(lang)
                on_retry=move |()| desk.load_list(desk.place.get_untracked().filter())
            />
        }
        .into_any(),
        (_, Load::Failed(_)) => view! {
            <div class="list-end" role="alert">
                <p>{t::more_error(lang)}</p>
                <Button icon=Icon::Refresh on_click=move |_| desk.load_more()>
                    {text::common::retry(lang)}
                </Button>
            </div>
        }
        .into_any(),
        _ if desk.list.with(|list| *list.more() != More::End) => {
            view! { <Skeleton kind=SkeletonKind::Rows count=3 label=text::common::state::loading(lang)/> }.into_any()
        }
        _ if desk.list.with(crate::store::List::is_empty) => view! { <Nothing/> }.into_any(),
        _ => ().into_any(),
    };
    view! { {end} }.into_any()
}

/// An empty list says why, and what to do.
#[component]
fn Nothing() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let words = move || {
        let place = desk.place.get();
        let is_narrowed = !place.search.is_empty()
            || place.status() != Status::Only(model::ConversationStatus::Open)
            || place.view != View::All
            || !place.conditions.is_empty();
        let has_inbox = desk.workplace.lists.with(|lists| !lists.inboxes.is_empty());
        let may_add = desk.workplace.may(model::Permission::ManageAccount);
        if !has_inbox && may_add {
            return view! {
                <EmptyState icon=Icon::Inbox title=t::empty::inbox_title(lang) text=t::empty::inbox_text(lang) compact=true>
                    <ui::ButtonLink
                        href=crate::place::new_inbox(desk.account())
                        variant=ui::Variant::Primary
                        icon=Icon::Plus
                    >
                        {t::empty::inbox_action(lang)}
                    </ui::ButtonLink>
                </EmptyState>
            }
            .into_any();
        }
        if let (View::Involved(involved), None, "") = (&place.view, place.status, place.search.as_str())
            && place.conditions.is_empty()
        {
            let (icon, title, text) = match involved {
                Involvement::Mentioned => (Icon::AtSign, t::empty::mentions_title(lang), t::empty::mentions_text(lang)),
                Involvement::Participating => {
                    (Icon::Eye, t::empty::participating_title(lang), t::empty::participating_text(lang))
                }
            };
            return view! { <EmptyState icon title text compact=true/> }.into_any();
        }
        if is_narrowed {
            let href = Place { tab: place.tab, open: place.open, ..Place::home(desk.account()) }.href();
            return view! {
                <EmptyState icon=Icon::Search title=t::empty::filter_title(lang) text=t::empty::filter_text(lang) compact=true>
                    <ui::ButtonLink href>{t::clear_filter(lang)}</ui::ButtonLink>
                </EmptyState>
            }
            .into_any();
        }
        match place.tab {
            Tab::Mine => {
                let waiting = desk.list.with(|list| list.counts().unassigned);
                let href = Place { tab: Tab::Unassigned, ..place }.href();
                view! {
                    <EmptyState icon=Icon::CircleCheck title=t::empty::mine_title(lang) text=t::empty::mine_text(lang) compact=true>
                        {(waiting > 0).then(|| view! { <ui::ButtonLink href>{t::see_unassigned(lang)}</ui::ButtonLink> })}
                    </EmptyState>
                }
                .into_any()
            }
            Tab::Unassigned => view! {
                <EmptyState
                    icon=Icon::CircleCheck
                    title=t::empty::unassigned_title(lang)
                    text=t::empty::unassigned_text(lang)
                    compact=true
                />
            }
            .into_any(),
            Tab::All | Tab::Assigned => view! {
                <EmptyState icon=Icon::Conversation title=t::empty::all_title(lang) text=t::empty::all_text(lang) compact=true/>
            }
            .into_any(),
        }
    };
    view! { {words} }.into_any()
}

/// Follows the size of the pane and of a row.
fn measure(pane: NodeRef<html::Div>, scroll: Scroll) {
    thread_local! {
        static WATCHING: std::cell::RefCell<Option<Resizes>> = const { std::cell::RefCell::new(None) };
    }
    Effect::new(move |_| {
        let Some(element) = pane.get() else { return };
        let target = element.clone();
        let watching = device::on_resize(&element, move || {
            let height = f64::from(target.client_height());
            if height > 0.0 && scroll.height.try_get_untracked().is_some_and(|known| (known - height).abs() > 0.5) {
                scroll.height.set(height);
            }
            let row = target.get_elements_by_class_name("conversation-row").item(0);
            let row = row.map(|row| ui::browser::edges(&row)).map(|edges| edges.bottom - edges.top);
            if let Some(row) = row.filter(|row| *row > 1.0)
                && scroll.row.try_get_untracked().is_some_and(|known| (known - row).abs() > 0.5)
            {
                scroll.row.set(row);
            }
        });
        WATCHING.set(Some(watching));
    });
    on_cleanup(|| WATCHING.set(None));
}

/// When rows move while the list is scrolled, it scrolls along, so that what is read stays where it is.
fn keep_still(desk: Desk, pane: NodeRef<html::Div>, scroll: Scroll) {
    let order = Memo::new(move |_| desk.list.with(|list| list.order().to_vec()));
    Effect::new(move |before: Option<Vec<ConversationId>>| {
        let order = order.get();
        let (top, height, row) =
            (scroll.top.get_untracked(), scroll.height.get_untracked(), scroll.row.get_untracked());
        let before = before.filter(|_| top > 1.0).unwrap_or_default();
        let seen = window::rows(before.len(), top, height, row);
        let seen: Vec<_> = seen.clone().zip(&before[seen]).map(|(index, id)| (*id, index)).collect();
        let moved = window::shift(&seen, |id| order.iter().position(|other| *other == id));
        if moved != 0 {
            #[expect(clippy::cast_precision_loss, reason = "pixels")]
            let top = (top + moved as f64 * row).max(0.0);
            // The rows are drawn in this turn, the frame comes after it: nobody sees the list in between.
            request_animation_frame(move || {
                if let Some(pane) = pane.get_untracked() {
                    #[expect(clippy::cast_possible_truncation, reason = "pixels")]
                    pane.set_scroll_top(top as i32);
                    scroll.top.set(f64::from(pane.scroll_top()));
                }
            });
        }
        order
    });
}

/// Another list begins at its top.
fn go_to_top(desk: Desk, pane: NodeRef<html::Div>, scroll: Scroll) {
    let filter = Memo::new(move |_| desk.list.with(|list| list.filter().clone()));
    Effect::new(move |is_running: Option<()>| {
        filter.track();
        if let Some(pane) = pane.get_untracked().filter(|_| is_running.is_some()) {
            pane.set_scroll_top(0);
            scroll.top.set(0.0);
        }
    });
}

/// Arrows move between rows.
fn press_in_list(pane: NodeRef<html::Div>, event: &KeyboardEvent) {
    let step = match event.key().as_str() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    if step_focus(pane, step) {
        event.prevent_default();
    }
}

/// Moves and ticks when a key or the palette says so.
fn follow_commands(desk: Desk, pane: NodeRef<html::Div>) {
    let Some(tools) = use_tools() else { return };
    Effect::new(move |is_running: Option<()>| {
        let Some(command) = tools.asked.get().filter(|_| is_running.is_some()) else { return };
        match command {
            Command::Next => {
                step_focus(pane, 1);
            }
            Command::Previous => {
                step_focus(pane, -1);
            }
            Command::Back if desk.chosen.with_untracked(|chosen| !chosen.is_empty()) => {
                desk.chosen.update(Chosen::clear);
            }
            Command::Back if desk.place.read_untracked().open.is_some() => {
                focus_selected(pane);
            }
            Command::Tick => tick_focused(desk, pane),
            _ => {}
        }
    });
}

/// Ticks the row that has the keyboard, else the open one.
fn tick_focused(desk: Desk, pane: NodeRef<html::Div>) {
    let focused = ui::browser::focused();
    let link = links(pane).into_iter().find(|link| focused.as_ref().is_some_and(|focused| *link == **focused));
    let row = link.and_then(|link| link.get_attribute("data-row")?.parse().ok()).map(ConversationId);
    desk.list
        .with_untracked(|list| {
            let open = desk.place.read_untracked().open.and_then(|number| list.find(number));
            row.and_then(|id| list.row(id)).or(open).map(|row| (row.id, row.display_id))
        })
        .into_iter()
        .for_each(|(id, number)| desk.tick(id, number, false));
}

fn links(pane: NodeRef<html::Div>) -> Vec<web_sys::Element> {
    let Some(pane) = pane.get_untracked() else { return Vec::new() };
    let links = pane.get_elements_by_class_name("row-link");
    (0..links.length()).filter_map(|index| links.item(index)).collect()
}

/// Puts the keyboard on the next row: from the one that has it, else from the open one.
fn step_focus(pane: NodeRef<html::Div>, step: isize) -> bool {
    let links = links(pane);
    let focused = ui::browser::focused();
    let has_focus = |link: &web_sys::Element| focused.as_ref().is_some_and(|focused| *link == **focused);
    let at = links
        .iter()
        .position(has_focus)
        .or_else(|| links.iter().position(|link| link.get_attribute("aria-current").is_some()));
    let next = match at {
        Some(at) => at.checked_add_signed(step),
        None => Some(0),
    };
    let Some(link) = next.and_then(|next| links.get(next)) else { return false };
    ui::browser::focus(link);
    true
}

fn focus_selected(pane: NodeRef<html::Div>) -> bool {
    let selected = links(pane).into_iter().find(|link| link.get_attribute("aria-current").is_some());
    selected.inspect(ui::browser::focus).is_some()
}
