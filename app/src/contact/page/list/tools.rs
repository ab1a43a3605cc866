//! What narrows the list and orders it: search, segment, label, order, conditions.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::filter::Subject;
use model::saved_view::SavedView;
use text::contact as t;
use text::people as p;
use ui::{Button, Choice, Glyph, Icon, IconSize, Select, TextInput};

use super::People;
use super::picked::Picked;
use crate::boot::use_lang;
use crate::contact::ContactQuery;
use crate::tool::use_tools;

/// How long somebody pauses before what they typed is looked for.
const PAUSE: Duration = Duration::from_millis(250);

/// Orders of the list, as the API names them.
const SORTS: [&str; 7] =
    ["-last_activity_at", "last_activity_at", "name", "-name", "-created_at", "created_at", "company"];

/// Search, label, order; over them, while some are ticked, what can be done with those.
#[component]
pub fn Tools(people: People) -> impl IntoView {
    let lang = use_lang();
    let tools = use_tools();
    let navigate = StoredValue::new(use_navigate());
    let go = move |query: ContactQuery| {
        let address = query.href(people.workplace.account_id);
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&address, options));
    };
    let text = RwSignal::new(people.query.with_untracked(|query| query.text.clone()));
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let search = move |typed: String| {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
        let look = move || {
            let query = people.query.get_untracked();
            if query.text != typed {
                go(ContactQuery { text: typed.clone(), ..query });
            }
        };
        waiting.set_value(set_timeout_with_handle(look, PAUSE).ok());
    };
    on_cleanup(move || {
        if let Some(before) = waiting.try_update_value(Option::take).flatten() {
            before.clear();
        }
    });
    let label = RwSignal::new(people.query.with_untracked(|query| query.label.clone()));
    let sort = RwSignal::new(people.query.with_untracked(|query| sort_of(&query.sort)));
    Effect::new(move |_| {
        let query = people.query.get();
        label.set(query.label);
        sort.set(sort_of(&query.sort));
    });
    let labels = Signal::derive(move || {
        let mut options = vec![Choice::new("", p::any_label(lang))];
        people.workplace.lists.with(|lists| {
            options.extend(lists.labels.iter().map(|label| Choice::new(label.title.clone(), label.title.clone())));
        });
        options
    });
    let sorts: Vec<Choice> = SORTS.iter().map(|sort| Choice::new(*sort, sort_name(lang, sort))).collect();
    let segment = RwSignal::new(people.query.with_untracked(segment_of));
    Effect::new(move |_| segment.set(people.query.with(segment_of)));
    let segments = Signal::derive(move || {
        let mut options = vec![Choice::new("", p::everybody(lang))];
        let choice = |view: &SavedView| Choice::new(view.id.to_string(), view.name.clone());
        people.workplace.lists.with(|lists| options.extend(segments(&lists.views).map(choice)));
        options
    });
    let to_segment = move |id: String| {
        let sort = people.query.with_untracked(|query| query.sort.clone());
        go(ContactQuery { segment: id.parse().ok(), sort, ..ContactQuery::default() });
    };
    view! {
        <div class="people-tools">
            <div class="people-search" role="search">
                <TextInput
                    value=text
                    kind=ui::InputKind::Search
                    icon=Icon::Search
                    label=p::search(lang)
                    placeholder=p::search(lang)
                    autocomplete="off"
                    on_input=search
                />
            </div>
            <Show when=move || { segments.read().len() > 1 }>
                <Select value=segment options=segments label=p::segment(lang) on_change=to_segment/>
            </Show>
            <Select
                value=label
                options=labels
                label=t::labels(lang)
                on_change=move |label: String| go(ContactQuery { label, ..people.query.get_untracked() })
            />
            <Select
                value=sort
                options=sorts
                label=p::sort(lang)
                on_change=move |sort: String| go(ContactQuery { sort, ..people.query.get_untracked() })
            />
            {tools
                .map(|tools| {
                    view! {
                        <Button icon=Icon::Filter on_click=move |_| tools.filter_people()>
                            {p::filter(lang)}
                        </Button>
                    }
                })}
        </div>
        <Chips people/>
        <Picked people/>
    }
}

/// The conditions, where they can be seen and taken away.
#[component]
fn Chips(people: People) -> impl IntoView {
    let lang = use_lang();
    let chips = move || {
        let query = people.query.get();
        let count = i64::try_from(query.conditions.len()).unwrap_or_default();
        let conditions = (count > 0).then(|| {
            let words = p::conditions(lang, count);
            view! {
                <a class="chip" href=query.under(Vec::new()).href(people.workplace.account_id) aria-label=text::list::remove_filter(lang, &words)>
                    <span class="truncate">{words.clone()}</span>
                    <Glyph icon=Icon::Close size=IconSize::Tiny/>
                </a>
            }
        });
        let edit = use_tools().filter(|_| count > 0 || query.segment.is_some()).map(|tools| {
            let label = if count > 0 { p::edit_or_keep(lang) } else { p::edit_segment(lang) };
            view! {
                <button type="button" class="chip is-quiet" on:click=move |_| tools.filter_people()>
                    <Glyph icon=Icon::Edit size=IconSize::Tiny/>
                    <span>{label}</span>
                </button>
            }
        });
        (conditions.is_some() || edit.is_some()).then(|| view! { <div class="people-chips">{conditions}{edit}</div> })
    };
    view! { {chips} }.into_any()
}

/// The views that are segments.
fn segments(views: &[SavedView]) -> impl Iterator<Item = &SavedView> {
    views.iter().filter(|view| view.kind == Subject::Contact)
}

fn segment_of(query: &ContactQuery) -> String {
    query.segment.map(|id| id.to_string()).unwrap_or_default()
}

fn sort_of(word: &str) -> String {
    if SORTS.contains(&word) { word.to_owned() } else { SORTS[0].to_owned() }
}

fn sort_name(lang: text::Lang, sort: &str) -> &'static str {
    match sort {
        "last_activity_at" => p::sorts::activity_first(lang),
        "name" => p::sorts::name(lang),
        "-name" => p::sorts::name_last(lang),
        "-created_at" => p::sorts::newest(lang),
        "created_at" => p::sorts::oldest(lang),
        "company" => p::sorts::company(lang),
        _ => p::sorts::activity(lang),
    }
}
