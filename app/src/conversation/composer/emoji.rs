//! Picking an emoji. The table is a file that the browser fetches when the picker is opened for the first time.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use text::composer as t;
use ui::{ErrorState, Icon, InputKind, Size, Skeleton, SkeletonKind, TextInput};

use crate::boot::use_boot;
use crate::conversation::desk::use_desk;
use crate::device;

/// Under this name the browser remembers what was picked.
const KEPT: &str = "cloudchat.emoji";
/// So many are remembered.
const RECENT: usize = 16;
/// So many are found at most.
const FOUND: usize = 80;

/// An emoji with its name and other words it is found by, in English and in Portuguese; bars divide the words.
type Emoji = (String, String, String);
/// Emojis of one kind, under the name of the group.
type Group = (String, Vec<Emoji>);

/// All emojis that can be picked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Table(Vec<Group>);

impl Table {
    /// Emojis whose words begin with the words searched for.
    #[must_use]
    pub fn find(&self, search: &str) -> Vec<Emoji> {
        let search = ui::fold_accents(search);
        let wanted: Vec<&str> = search.split_whitespace().collect();
        let is_found = |words: &str| {
            let words = ui::fold_accents(words);
            wanted.iter().all(|wanted| words.split([' ', '|']).any(|word| word.starts_with(wanted)))
        };
        let all = self.0.iter().flat_map(|(_, emojis)| emojis);
        all.filter(|(_, english, portuguese)| is_found(english) || is_found(portuguese)).take(FOUND).cloned().collect()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Loading,
    Failed,
    Here(Table),
}

/// A search field, the groups, and the emojis.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn EmojiPicker(#[prop(into)] on_pick: Callback<String>) -> impl IntoView {
    let lang = use_desk().lang;
    let state = RwSignal::new(State::Loading);
    let search = RwSignal::new(String::new());
    let group = RwSignal::new(0_usize);
    let load = move || {
        let address = use_boot().emoji_url;
        state.set(State::Loading);
        spawn_local(async move {
            let table = device::fetch_text(&address).await.and_then(|json| crate::json::read(&json).ok());
            let _ = state.try_set(table.map_or(State::Failed, State::Here));
        });
    };
    load();
    let recent = RwSignal::new(recent());
    let pick = move |emoji: String| {
        recent.update(|recent| {
            recent.retain(|other| *other != emoji);
            recent.insert(0, emoji.clone());
            recent.truncate(RECENT);
        });
        device::keep(KEPT, &recent.read_untracked().join(" "));
        on_pick.run(emoji);
    };
    let button = move |(emoji, english, portuguese): Emoji| {
        let picked = emoji.clone();
        let words = if lang == text::Lang::En { english } else { portuguese };
        let name = words.split('|').next().unwrap_or_default().to_owned();
        view! {
            <button type="button" class="emoji" aria-label=name.clone() title=name on:click=move |_| pick(picked.clone())>
                {emoji}
            </button>
        }
    };
    let table = move || match state.get() {
        State::Loading => {
            view! { <Skeleton kind=SkeletonKind::Lines count=4 label=text::common::state::loading(lang)/> }.into_any()
        }
        State::Failed => view! {
            <ErrorState
                title=text::error::unavailable(lang)
                retry=text::common::retry(lang)
                on_retry=move |()| load()
            />
        }
        .into_any(),
        State::Here(table) => {
            let words = search.get();
            if !words.trim().is_empty() {
                let found = table.find(&words);
                if found.is_empty() {
                    return view! { <p class="pick-empty">{t::emoji_none(lang)}</p> }.into_any();
                }
                return view! { <div class="emoji-grid">{found.into_iter().map(button).collect_view()}</div> }
                    .into_any();
            }
            let shown = table.0.into_iter().nth(group.get()).map(|(_, emojis)| emojis).unwrap_or_default();
            view! {
                {(group.get() == 0 && !recent.read().is_empty())
                    .then(|| {
                        view! {
                            <div class="menu-label">{t::emoji_recent(lang)}</div>
                            <div class="emoji-grid">
                                {recent.get().into_iter().map(|emoji| button((emoji.clone(), emoji.clone(), emoji))).collect_view()}
                            </div>
                        }
                    })}
                <div class="emoji-grid">{shown.into_iter().map(button).collect_view()}</div>
            }
            .into_any()
        }
    };
    let tabs = move || {
        let State::Here(table) = state.get() else { return ().into_any() };
        let tab = |(index, (name, emojis)): (usize, Group)| {
            let label = t::by_key(lang, &["emoji_group.", &name].concat()).unwrap_or_default();
            let face = emojis.into_iter().next().map(|(emoji, ..)| emoji);
            view! {
                <button
                    type="button"
                    class="emoji emoji-tab"
                    aria-label=label
                    title=label
                    aria-pressed=move || if group.get() == index { "true" } else { "false" }
                    on:click=move |_| group.set(index)
                >
                    {face}
                </button>
            }
        };
        view! { <div class="emoji-tabs">{table.0.into_iter().enumerate().map(tab).collect_view()}</div> }.into_any()
    };
    view! {
        <div class="emoji-picker">
            <TextInput
                value=search
                kind=InputKind::Search
                size=Size::Small
                icon=Icon::Search
                label=t::emoji_search(lang)
                placeholder=t::emoji_search(lang)
                autocomplete="off"
                autofocus=true
            />
            <div class="emoji-scroll">{table}</div>
            <Show when=move || search.read().trim().is_empty()>{tabs}</Show>
        </div>
    }
    .into_any()
}

fn recent() -> Vec<String> {
    device::kept(KEPT).map(|kept| kept.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn emojis_are_found_by_the_beginnings_of_their_words() {
        let json = r#"[
            ["people", [["😀", "grinning face|happy", "rosto risonho|feliz"], ["❤️", "red heart|love", "coração vermelho|amor"]]],
            ["food", [["☕", "hot beverage|coffee", "bebida quente|café"]]]
        ]"#;
        let table: Table = crate::json::read(json).unwrap();
        let found = |search: &str| table.find(search).into_iter().map(|(emoji, ..)| emoji).collect::<String>();
        assert_eq!(found("coracao"), "❤️");
        assert_eq!(found("ros ri"), "😀");
        assert_eq!(found("CAF"), "☕");
        assert_eq!(found("coff"), "☕");
        assert_eq!(found("xyz"), "");
    }
}
