//! What the list is about, and its tools: search, filter, order, notifications.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::conversation::{Involvement, SortBy, Tab};
use text::list as t;
use ui::{Icon, IconButton, InputKind, Menu, MenuItem, Side, Size, TextInput};

use super::filter::FilterButton;
use super::notices::NoticesButton;
use crate::command::Command;
use crate::conversation::desk::{Desk, use_desk};
use crate::conversation::place::{Place, View};
use crate::store::List;
use crate::tool::use_tools;

/// After this pause in typing the list is searched.
const PAUSE: Duration = Duration::from_millis(250);

/// The head of the list.
#[component]
pub fn Header() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let is_searching = RwSignal::new(!desk.place.get_untracked().search.is_empty());
    let tools = use_tools();
    Effect::new(move |_| {
        if tools.and_then(|tools| tools.asked.get()) == Some(Command::Search) {
            is_searching.set(true);
        }
    });
    let total = move || {
        let counts = desk.list.with(List::counts);
        let number = text::number::integer(lang, counts.all);
        if counts.is_at_least(Tab::All) { text::search::more_than(lang, &number) } else { number }
    };
    view! {
        <header class="list-header">
            <h2 class="list-title truncate">{move || title(desk)}</h2>
            <span class="list-count">{total}</span>
            <div class="list-tools">
                <IconButton
                    icon=Icon::Search
                    label=t::search(lang)
                    shortcut="/"
                    side=Side::Bottom
                    pressed=Signal::derive(move || is_searching.get())
                    on_click=move |_| is_searching.update(|is_searching| *is_searching = !*is_searching)
                />
                <FilterButton/>
                <SortButton/>
                <NoticesButton/>
            </div>
        </header>
        <Show when=move || is_searching.get()>
            <Search is_searching/>
        </Show>
    }
    .into_any()
}

fn title(desk: Desk) -> String {
    let view = desk.place.read().view.clone();
    let lists = desk.workplace.lists.read();
    match view {
        View::All => None,
        View::Unattended => Some(t::unattended(desk.lang).to_owned()),
        View::Involved(Involvement::Mentioned) => Some(t::mentions(desk.lang).to_owned()),
        View::Involved(Involvement::Participating) => Some(t::participating(desk.lang).to_owned()),
        View::Label(title) => Some(title),
        View::Inbox(id) => lists.inboxes.iter().find(|inbox| inbox.id == id).map(|inbox| inbox.name.clone()),
        View::Saved(id) => lists.views.iter().find(|view| view.id == id).map(|view| view.name.clone()),
        View::Team(id) => lists.teams.iter().find(|team| team.id == id).map(|team| team.name.clone()),
    }
    .unwrap_or_else(|| t::all(desk.lang).to_owned())
}

#[component]
fn Search(is_searching: RwSignal<bool>) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let navigate = use_navigate();
    let words = RwSignal::new(desk.place.get_untracked().search);
    let go = Callback::new(move |search: String| {
        let place = Place { search: search.trim().to_owned(), ..desk.place.get_untracked() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&place.href(), options);
    });
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let type_words = move |text: String| {
        let next = set_timeout_with_handle(move || go.run(text), PAUSE).ok();
        if let Some(before) = waiting.try_update_value(|waiting| std::mem::replace(waiting, next)).flatten() {
            before.clear();
        }
    };
    let close = move || {
        go.run(String::new());
        is_searching.set(false);
    };
    view! {
        <div
            class="list-search"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    event.prevent_default();
                    close();
                }
            }
        >
            <TextInput
                value=words
                kind=InputKind::Search
                size=Size::Small
                icon=Icon::Search
                label=t::search(lang)
                placeholder=t::search(lang)
                autocomplete="off"
                autofocus=true
                max=200u32
                on_input=type_words
                on_enter=move |()| go.run(words.get_untracked())
            />
            <IconButton icon=Icon::Close size=Size::Small label=t::close_search(lang) on_click=move |_| close()/>
        </div>
    }
    .into_any()
}

#[component]
fn SortButton() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let item = move |sort: SortBy| {
        let label = t::by_key(lang, &["sort.", sort.as_str()].concat()).unwrap_or_default();
        let href = Place { sort, ..desk.place.get_untracked() }.href();
        let checked = Signal::derive(move || desk.place.read().sort == sort);
        view! { <MenuItem label checked href/> }
    };
    view! {
        <IconButton icon=Icon::Sort label=t::sort_label(lang) side=Side::Bottom opens="list-sort"/>
        <Menu id="list-sort" label=t::sort_label(lang)>
            {SortBy::ALL.iter().copied().map(item).collect_view()}
        </Menu>
    }
    .into_any()
}
