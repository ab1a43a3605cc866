//! The search page: a field, tabs with counts, results that say where they match.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::components::Route;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::{NavigateOptions, SsrMode, path};
use model::search::{MOST_COUNTED, SearchResults};
use text::search as t;
use ui::{Button, EmptyState, ErrorState, Glyph, Icon, InputKind, Skeleton, SkeletonKind, Tab, Tabs, TextInput};
use wasm_bindgen::JsCast;

use super::calls::{self, Found, Kind};
use super::rows;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::{device, place};

/// How long somebody pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(200);
/// Searches that this browser remembers.
const REMEMBERED: usize = 8;

/// The address of the search.
#[component(transparent)]
pub fn Routes() -> impl leptos_router::MatchNestedRoutes + Clone {
    view! { <Route path=path!("search") view=Page::Search ssr=SsrMode::Async/> }.into_inner()
}

crate::part::pieces! {
    /// The page.
    pub enum Page in search {
        Search => Search(),
    }
}

/// Where this browser keeps what somebody searched for.
fn key_of(workplace: WorkplaceContext) -> String {
    ["searches-", &workplace.account_id.to_string(), "-", &workplace.user_id.to_string()].concat()
}

fn remembered(workplace: WorkplaceContext) -> Vec<String> {
    let kept = device::kept(&key_of(workplace)).unwrap_or_default();
    kept.lines().map(str::to_owned).filter(|line| !line.is_empty()).collect()
}

fn remember(workplace: WorkplaceContext, text: &str) -> Vec<String> {
    let text = text.trim().replace('\n', " ");
    let mut all = remembered(workplace);
    all.retain(|other| *other != text);
    all.insert(0, text);
    all.truncate(REMEMBERED);
    device::keep(&key_of(workplace), &all.join("\n"));
    all
}

/// What the page is about. Cheap to copy.
#[derive(Clone, Copy)]
struct Looking {
    workplace: WorkplaceContext,
    text: Memo<String>,
    kind: Memo<Kind>,
    found: RwSignal<Found>,
    page: StoredValue<i64>,
    is_loading: RwSignal<bool>,
    recent: RwSignal<Vec<String>>,
}

impl Looking {
    fn load_more(self) {
        if self.is_loading.get_untracked() {
            return;
        }
        self.is_loading.set(true);
        let (text, kind, next) = (self.text.get_untracked(), self.kind.get_untracked(), self.page.get_value() + 1);
        spawn_local(async move {
            let answer = calls::search(self.workplace.account_id, text.clone(), kind, next).await;
            if self.text.try_get_untracked() != Some(text) || self.kind.get_untracked() != kind {
                return;
            }
            self.is_loading.set(false);
            let Ok(more) = answer else { return };
            self.page.set_value(next);
            self.found.update(|found| {
                found.has_more = more.has_more;
                found.results.conversations.extend(more.results.conversations);
                found.results.messages.extend(more.results.messages);
                found.results.contacts.extend(more.results.contacts);
            });
        });
    }
}

#[component]
fn Search() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let map = use_query_map();
    let text = Memo::new(move |_| map.with(|map| map.get("q").unwrap_or_default()));
    let kind =
        Memo::new(move |_| map.with(|map| map.get("in").and_then(|kind| kind.parse().ok()).unwrap_or(Kind::All)));
    let looking = Looking {
        workplace,
        text,
        kind,
        found: RwSignal::new(Found::default()),
        page: StoredValue::new(1),
        is_loading: RwSignal::new(false),
        recent: RwSignal::new(Vec::new()),
    };
    Effect::new(move |_| looking.recent.set(remembered(workplace)));
    let first = crate::json::blocking(
        move || (text.get(), kind.get()),
        move |(text, kind)| calls::search(workplace.account_id, text, kind, 1),
    );
    let waiting =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=6 label=text::common::state::loading(lang)/> };
    view! {
        <Title text=t::title(lang)/>
        <main class="page" id="content" tabindex="-1">
            <div class="page-body finder">
                <h1 class="visually-hidden">{t::title(lang)}</h1>
                <Entry looking/>
                <Show when=move || !text.read().trim().is_empty() fallback=move || view! { <Start looking/> }>
                    <Kinds looking/>
                    <Transition fallback=waiting>
                        {move || Suspend::new(async move {
                            match first.await {
                                Ok(found) => {
                                    looking.page.set_value(1);
                                    looking.found.set(found);
                                    view! { <Results looking/> }.into_any()
                                }
                                Err(error) => {
                                    view! {
                                        <ErrorState
                                            title=text::common::error_title(lang)
                                            text=error.words(lang)
                                            retry=text::common::retry(lang)
                                            on_retry=move |()| first.refetch()
                                        />
                                    }
                                        .into_any()
                                }
                            }
                        })}
                    </Transition>
                </Show>
            </div>
        </main>
    }
    .into_any()
}

/// The field. What is typed is looked for after a pause; Enter remembers it, arrows move through the results.
#[component]
fn Entry(looking: Looking) -> impl IntoView {
    let lang = use_lang();
    let typed = RwSignal::new(looking.text.get_untracked());
    let navigate = StoredValue::new(use_navigate());
    let go = move |text: &str, replace: bool| {
        let kind = looking.kind.get_untracked();
        let kind = if kind == Kind::All { "" } else { kind.as_str() };
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        let address = place::search(looking.workplace.account_id, text.trim(), kind);
        navigate.with_value(|navigate| navigate(&address, options));
    };
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
    };
    let look = move |text: String| {
        stop();
        waiting.set_value(set_timeout_with_handle(move || go(&text, true), PAUSE).ok());
    };
    on_cleanup(stop);
    // The address changed otherwise: a recent search, the way back.
    Effect::new(move |_| {
        let text = looking.text.get();
        if typed.with_untracked(|typed| typed.trim() != text.trim()) {
            typed.set(text);
        }
    });
    let enter = move |()| {
        stop();
        let text = typed.get_untracked();
        if !text.trim().is_empty() {
            looking.recent.set(remember(looking.workplace, &text));
            go(&text, true);
        }
    };
    let press = move |event: KeyboardEvent| {
        if event.key() == "ArrowDown" {
            event.prevent_default();
            focus_result(0);
        }
    };
    view! {
        <div class="finder-entry" role="search" on:keydown=press>
            <TextInput
                value=typed
                kind=InputKind::Search
                icon=Icon::Search
                label=t::title(lang)
                placeholder=t::placeholder(lang)
                autocomplete="off"
                autofocus=true
                on_input=look
                on_enter=enter
            />
        </div>
    }
}

/// Puts the keyboard on a result, counted from the first; outside of them on the nearest.
fn focus_result(index: usize) {
    let links = document().get_elements_by_class_name("found-link");
    let last = links.length().saturating_sub(1);
    let index = u32::try_from(index).unwrap_or(last).min(last);
    if let Some(link) = links.item(index).and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = link.focus();
    }
}

/// Kinds of results, each with how many there are.
#[component]
fn Kinds(looking: Looking) -> impl IntoView {
    let lang = use_lang();
    let count =
        move |read: fn(&SearchResults) -> i64| Signal::derive(move || looking.found.with(|found| read(&found.results)));
    let tabs = move || {
        let text = looking.text.get();
        let href = |kind: &str| place::search(looking.workplace.account_id, &text, kind);
        let mut tabs = vec![
            Tab::new(Kind::All.as_str(), t::all(lang)).href(href("")),
            Tab::new(Kind::Conversations.as_str(), t::conversations(lang))
                .count(count(|found| found.counts.conversations))
                .href(href(Kind::Conversations.as_str())),
            Tab::new(Kind::Messages.as_str(), t::messages(lang))
                .count(count(|found| found.counts.messages))
                .href(href(Kind::Messages.as_str())),
        ];
        if looking.workplace.may(model::Permission::SeeContacts) {
            tabs.push(
                Tab::new(Kind::Contacts.as_str(), t::contacts(lang))
                    .count(count(|found| found.counts.contacts))
                    .href(href(Kind::Contacts.as_str())),
            );
        }
        tabs
    };
    let selected = Signal::derive(move || looking.kind.get().to_string());
    view! { <div class="finder-kinds">{move || view! { <Tabs tabs=tabs() selected label=t::title(lang)/> }}</div> }
}

/// Before anything was typed.
#[component]
fn Start(looking: Looking) -> impl IntoView {
    let lang = use_lang();
    let row = move |text: String| {
        let href = place::search(looking.workplace.account_id, &text, "");
        view! {
            <li>
                <a class="recent-row" href=href>
                    <Glyph icon=Icon::History/>
                    <span class="truncate">{text}</span>
                </a>
            </li>
        }
    };
    let forget = move |_| {
        device::forget(&key_of(looking.workplace));
        looking.recent.set(Vec::new());
    };
    view! {
        <Show
            when=move || !looking.recent.read().is_empty()
            fallback=move || {
                view! { <EmptyState icon=Icon::Search title=t::start(lang) text=t::start_text(lang)/> }
            }
        >
            <section class="finder-recent" aria-labelledby="recent-searches">
                <header>
                    <h2 id="recent-searches">{t::recent(lang)}</h2>
                    <Button size=ui::Size::Small variant=ui::Variant::Ghost on_click=forget>
                        {t::forget(lang)}
                    </Button>
                </header>
                <ul>{move || looking.recent.get().into_iter().map(row).collect_view()}</ul>
            </section>
        </Show>
    }
}

#[component]
fn Results(looking: Looking) -> impl IntoView {
    let lang = use_lang();
    let workplace = looking.workplace;
    let results = move || looking.found.with(|found| found.results.clone());
    let is_empty = move || {
        let found = results();
        found.conversations.is_empty() && found.messages.is_empty() && found.contacts.is_empty()
    };
    let press = move |event: KeyboardEvent| {
        let step: i64 = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        event.prevent_default();
        move_focus(step);
    };
    // Whoever opens a result has found what they looked for.
    let opened = move |_| looking.recent.set(remember(workplace, &looking.text.get_untracked()));
    let group = move |title: &'static str, kind: Kind, count: i64, shown: usize, rows: Vec<AnyView>| {
        let is_overview = looking.kind.get() == Kind::All;
        let is_whole = i64::try_from(shown).unwrap_or_default() >= count;
        (!rows.is_empty()).then(|| {
            view! {
                <section class="found-group" aria-label=title>
                    {is_overview
                        .then(|| {
                            let number = text::number::integer(lang, count);
                            let number = if count >= MOST_COUNTED { t::more_than(lang, &number) } else { number };
                            view! {
                                <header>
                                    <h2>
                                        {title} <span class="found-count tabular">{number}</span>
                                    </h2>
                                    {(!is_whole)
                                        .then(|| {
                                            let href = place::search(
                                                workplace.account_id,
                                                &looking.text.get_untracked(),
                                                kind.as_str(),
                                            );
                                            view! { <a class="link" href=href>{t::see_all(lang)}</a> }
                                        })}
                                </header>
                            }
                        })}
                    <ul class="found-rows">{rows}</ul>
                </section>
            }
        })
    };
    let content = move || {
        let found = results();
        let counts = found.counts;
        let contacts: Vec<_> = found.contacts.into_iter().map(|hit| rows::contact(lang, workplace, hit)).collect();
        let talks: Vec<_> =
            found.conversations.into_iter().map(|hit| rows::conversation(lang, workplace, hit)).collect();
        let messages: Vec<_> = found.messages.into_iter().map(|hit| rows::message(lang, workplace, hit)).collect();
        view! {
            {group(t::contacts(lang), Kind::Contacts, counts.contacts, contacts.len(), contacts)}
            {group(t::conversations(lang), Kind::Conversations, counts.conversations, talks.len(), talks)}
            {group(t::messages(lang), Kind::Messages, counts.messages, messages.len(), messages)}
        }
    };
    view! {
        <Show
            when=move || !is_empty()
            fallback=move || {
                view! { <EmptyState icon=Icon::Search title=t::nothing(lang) text=t::nothing_text(lang)/> }
            }
        >
            <div class="found" on:keydown=press on:click=opened>
                {content}
            </div>
            <Show when=move || looking.found.with(|found| found.has_more)>
                <div class="people-more">
                    <Button loading=looking.is_loading on_click=move |_| looking.load_more()>
                        {t::more(lang)}
                    </Button>
                </div>
            </Show>
        </Show>
    }
}

/// Moves the keyboard from the result it is on to another.
fn move_focus(step: i64) {
    let links = document().get_elements_by_class_name("found-link");
    let active = document().active_element();
    let at = (0..links.length()).find(|index| {
        let link = links.item(*index);
        link.is_some() && link == active
    });
    let next = at.map_or(0, |at| i64::from(at) + step).max(0);
    focus_result(usize::try_from(next).unwrap_or_default());
}
