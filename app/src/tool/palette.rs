//! The command palette: go somewhere, do something with the conversation, find somebody, all from the keyboard.

mod item;
mod list;

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use model::action::Macro;
use model::search::SearchResults;
use text::command as t;
use ui::{ChoiceFace, Glyph, Icon};

use self::item::{Does, Item};
use super::{Page, Tool, Tools, calls, recent};
use crate::boot::use_lang;
use crate::command::{Command, shown};
use crate::device;

/// After this pause in typing the server is asked.
const PAUSE: Duration = Duration::from_millis(180);

/// The palette. It begins with the words that were typed before it was there.
#[component]
pub fn Palette(tools: Tools, page: Page, first_words: String) -> impl IntoView {
    let lang = use_lang();
    let node_ref = NodeRef::<html::Dialog>::new();
    let (words, found) = (RwSignal::new(first_words.clone()), RwSignal::new(SearchResults::default()));
    let at = RwSignal::new(0_usize);
    let macros = read_macros(tools, page);
    let items = Memo::new(move |_| list::items(tools, page, &words.read(), &found.read(), &macros.read()));
    Effect::new(move |_| {
        if let Some(dialog) = node_ref.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    follow_words(tools, page, words, found);
    let choose = move |index: usize| {
        let Some(item) = items.with_untracked(|items| items.get(index).cloned()) else { return };
        choose(tools, page, &item);
    };
    let press = move |event: KeyboardEvent| {
        let count = items.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if count > 0 => at.update(|at| *at = (*at + 1) % count),
            "ArrowUp" if count > 0 => at.update(|at| *at = (*at + count - 1) % count),
            "Home" if words.read_untracked().is_empty() => at.set(0),
            "Enter" if !event.is_composing() => choose(at.get_untracked()),
            "Backspace" if words.read_untracked().is_empty() && page != Page::Everything => {
                tools.show(Tool::Palette(Page::Everything));
            }
            _ => return,
        }
        event.prevent_default();
    };
    let list = NodeRef::<html::Div>::new();
    keep_in_sight(list, at);
    let rows = move || {
        let mut heading = None;
        items
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, item)| {
                let title = item.group.filter(|group| heading != Some(*group));
                heading = item.group;
                view! {
                    {title.map(|title| view! { <div class="menu-label" role="presentation">{title}</div> })}
                    <Row item index at on_choose=choose/>
                }
            })
            .collect_view()
    };
    let prompt = list::prompt(lang, page);
    view! {
        <dialog
            node_ref=node_ref
            class="palette"
            aria-label=t::palette(lang)
            on:close=move |_| tools.closed(|tool| matches!(tool, Tool::Palette(_)))
            on:mousedown=move |event| {
                let dialog = node_ref.get_untracked();
                if dialog.is_some_and(|dialog| event.target().is_some_and(|target| target == ****dialog)) {
                    tools.close();
                }
            }
        >
            <div class="pick-list">
                <div class="pick-search">
                    <Glyph icon=Icon::Search/>
                    <input
                        type="text"
                        role="combobox"
                        autocomplete="off"
                        autofocus=true
                        aria-expanded="true"
                        aria-controls="palette-list"
                        aria-activedescendant=move || option_id(at.get())
                        aria-label=prompt
                        placeholder=prompt
                        prop:value=first_words
                        on:input:target=move |event| {
                            at.set(0);
                            words.set(event.target().value());
                        }
                        on:keydown=press
                    />
                </div>
                <div class="pick-options" id="palette-list" role="listbox" aria-label=t::palette(lang) node_ref=list>
                    {rows}
                </div>
                <p class="pick-empty" hidden=move || !items.read().is_empty()>
                    {t::nothing(lang)}
                </p>
            </div>
        </dialog>
    }
    .into_any()
}

/// The option that is chosen is never out of sight.
fn keep_in_sight(list: NodeRef<html::Div>, at: RwSignal<usize>) {
    Effect::new(move |_| {
        let index = u32::try_from(at.get()).unwrap_or_default();
        let Some(list) = list.get() else { return };
        if let Some(option) = list.get_elements_by_class_name("pick-option").item(index) {
            ui::scroll_into(&list, &option);
        }
    });
}

fn option_id(index: usize) -> String {
    ["palette-", &index.to_string()].concat()
}

#[component]
fn Row(
    item: Item,
    index: usize,
    at: RwSignal<usize>,
    on_choose: impl Fn(usize) + Copy + Send + 'static,
) -> impl IntoView {
    let is_apple = device::is_apple();
    let is_picked = item.is_picked;
    let keys = item.keys.map(|keys| {
        view! {
            <span class="kbd" aria-hidden="true">
                {shown(keys, is_apple).into_iter().map(|key| view! { <kbd>{key}</kbd> }).collect_view()}
            </span>
        }
    });
    view! {
        <div
            class="pick-option"
            id=option_id(index)
            role="option"
            class:is-active=move || at.get() == index
            aria-selected=if is_picked { "true" } else { "false" }
            on:mousemove=move |_| {
                if at.get_untracked() != index {
                    at.set(index);
                }
            }
            on:click=move |_| on_choose(index)
        >
            <ChoiceFace choice=item.choice/>
            {is_picked.then(|| view! { <Glyph icon=Icon::Check/> })}
            {keys}
        </div>
    }
    .into_any()
}

/// Asks the server for what the words may mean, once typing rests.
fn follow_words(tools: Tools, page: Page, words: RwSignal<String>, found: RwSignal<SearchResults>) {
    if page != Page::Everything {
        return;
    }
    let account = tools.workplace.account_id;
    Effect::new(move |waiting: Option<Option<TimeoutHandle>>| {
        if let Some(waiting) = waiting.flatten() {
            waiting.clear();
        }
        let asked = words.get();
        if asked.trim().chars().count() < 2 {
            found.set(SearchResults::default());
            return None;
        }
        let ask = move || {
            spawn_local(async move {
                let answer = calls::find(account, asked.clone()).await.unwrap_or_default();
                // An answer to earlier words comes too late.
                if words.try_get_untracked().as_deref() == Some(asked.as_str()) {
                    let _ = found.try_set(answer);
                }
            });
        };
        set_timeout_with_handle(ask, PAUSE).ok()
    });
}

/// The macros that can be run, once there is something to run them in.
fn read_macros(tools: Tools, page: Page) -> RwSignal<Vec<Macro>> {
    let macros = RwSignal::new(Vec::new());
    if !matches!(page, Page::Everything | Page::Macros) {
        return macros;
    }
    let account = tools.workplace.account_id;
    Effect::new(move |_| {
        if !untrack(|| tools.can(Command::Macro)) {
            return;
        }
        spawn_local(async move {
            if let Ok(all) = crate::macros::calls::list(account).await {
                let _ = macros.try_set(all);
            }
        });
    });
    macros
}

fn choose(tools: Tools, page: Page, item: &Item) {
    let account = tools.workplace.account_id;
    match &item.does {
        Does::Go(address) => {
            recent::remember(account.0, address, &item.choice.label);
            tools.close();
            tools.go(address.clone());
        }
        Does::Run(entry) => {
            recent::remember(account.0, entry.word, &item.choice.label);
            tools.close();
            tools.run(entry.command);
        }
        Does::Act(act) => {
            let Some(desk) = tools.desk.get_untracked() else { return };
            // Labels of one conversation are often several.
            let is_many = desk.chosen.with_untracked(|chosen| !chosen.is_empty());
            if is_many || page != Page::Labels {
                tools.close();
            }
            super::act::act(desk, act.clone());
        }
        Does::Macro(id) => {
            let Some(desk) = tools.desk.get_untracked() else { return };
            tools.close();
            super::act::run_macro(desk, *id, item.choice.label.clone());
        }
    }
}
