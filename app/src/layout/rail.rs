//! The rail: where one can go, in icons, or with words and lists when it is wide.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;
use model::AccountId;
use model::conversation::FolderCounts;
use model::filter::Subject;
use model::saved_view::SavedView;
use ui::{ChannelGlyph, Count, Dot, Glyph, Icon, IconSize};

use super::account_menu::AccountMenu;
use super::person_menu::PersonMenu;
use super::use_frame;
use crate::boot::{use_lang, use_workplace};
use crate::conversation::place::{Place, View};
use crate::live::{Heard, use_live};
use crate::place;

/// Navigation of the dashboard on anything larger than a phone; on a phone a drawer.
#[component]
pub fn Rail() -> impl IntoView {
    let lang = use_lang();
    let frame = use_frame();
    let account = use_workplace().map(|workplace| workplace.account_id);
    let sees = use_workplace().is_some_and(|workplace| workplace.may(model::Permission::SeeContacts));
    let widen = move || {
        if frame.has_words() { text::common::collapse(lang) } else { text::common::expand(lang) }
    };
    view! {
        <nav class="rail" aria-label=text::layout::main_navigation(lang)>
            <div class="rail-top">
                <AccountMenu/>
            </div>
            <div class="rail-scroll">
                {account
                    .map(|account| {
                        view! {
                            <RailLink
                                icon=Icon::Inbox
                                label=text::layout::conversations(lang)
                                href=place::conversations(account)
                            />
                            {sees
                                .then(|| {
                                    view! {
                                        <RailLink
                                            icon=Icon::Contact
                                            label=text::layout::contacts(lang)
                                            href=place::contacts(account, "", "", "")
                                        />
                                    }
                                })}
                            <RailLink
                                icon=Icon::Search
                                label=text::common::search(lang)
                                href=place::search(account, "", "")
                            />
                            <RailLink
                                icon=Icon::Settings
                                label=text::common::settings(lang)
                                href=place::settings(account, "")
                            />
                            <Lists/>
                        }
                    })}
            </div>
            <div class="rail-bottom">
                <button
                    type="button"
                    class="rail-button"
                    aria-label=widen
                    aria-expanded=move || if frame.has_words() { "true" } else { "false" }
                    data-hint=widen
                    data-hint-side="end"
                    on:click=move |_| frame.toggle_rail()
                >
                    <Glyph icon=Icon::PanelLeft size=IconSize::Large/>
                    <span class="rail-label truncate">{widen}</span>
                </button>
                <PersonMenu/>
            </div>
        </nav>
    }
}

/// A link of the rail; chosen while its page or one below it is shown.
#[component]
pub fn RailLink(
    /// The sign.
    icon: Icon,
    /// Where it leads, in words.
    label: &'static str,
    /// Where it leads.
    href: String,
) -> impl IntoView {
    let path = use_location().pathname;
    let base = href.clone();
    let is_current = move || path.with(|path| path == &base || path.starts_with(&[&base, "/"].concat()));
    view! {
        <a
            class="rail-link"
            href=href
            aria-label=label
            aria-current=move || is_current().then_some("page")
            data-hint=label
            data-hint-side="end"
        >
            <Glyph icon size=IconSize::Large/>
            <span class="rail-label truncate">{label}</span>
        </a>
    }
}

/// Inboxes, teams and labels, each leading to its conversations. Only in the wide rail.
#[component]
fn Lists() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let lists = workplace.lists;
    let counts = follow_counts(account);
    let path = use_location().pathname;
    let link = move |view: View, mark: AnyView, label: String, count: Signal<i64>| {
        let href = Place::of(account, view.clone()).href();
        let is_current = move || path.with(|path| Place::read(path, |_| None).is_some_and(|place| place.view == view));
        view! {
            <a class="rail-link" href=href aria-current=move || is_current().then_some("page")>
                {mark}
                <span class="rail-label truncate">{label}</span>
                <Show when=move || { count.get() > 0 }>
                    <Count value=count/>
                </Show>
            </a>
        }
    };
    let views = move || {
        let view = |view: &SavedView| {
            let id = view.id;
            let count = Signal::derive(move || found(&counts.read().views, &id));
            let icon = if view.shared { Icon::Users } else { Icon::Filter };
            link(View::Saved(id), view! { <Glyph icon/> }.into_any(), view.name.clone(), count)
        };
        lists.with(|lists| lists.views.iter().filter(|view| is_of_conversations(view)).map(view).collect_view())
    };
    let inboxes = move || {
        let inbox = |inbox: &model::inbox::Inbox| {
            let id = inbox.id;
            let count = Signal::derive(move || found(&counts.read().inboxes, &id));
            let mark = view! { <ChannelGlyph channel=inbox.channel.clone()/> }.into_any();
            link(View::Inbox(id), mark, inbox.name.clone(), count)
        };
        lists.with(|lists| lists.inboxes.iter().map(inbox).collect_view())
    };
    let teams = move || {
        let team = |team: &model::team::Team| {
            let id = team.id;
            let count = Signal::derive(move || found(&counts.read().teams, &id));
            link(View::Team(id), view! { <Glyph icon=Icon::Layers/> }.into_any(), team.name.clone(), count)
        };
        lists.with(|lists| lists.teams.iter().map(team).collect_view())
    };
    let labels = move || {
        let label = |label: &model::label::Label| {
            let title = label.title.clone();
            let count = Signal::derive(move || found(&counts.read().labels, &title));
            let mark = view! { <Dot colour=label.color.clone()/> }.into_any();
            link(View::Label(label.title.clone()), mark, label.title.clone(), count)
        };
        lists.with(|lists| lists.labels.iter().filter(|label| label.show_on_sidebar).map(label).collect_view())
    };
    view! {
        <Group title=text::layout::views(lang) is_empty=Signal::stored(false)>
            {link(
                View::Unattended,
                view! { <Glyph icon=Icon::Clock/> }.into_any(),
                text::list::unattended(lang).to_owned(),
                Signal::stored(0),
            )}
            {views}
        </Group>
        <Group title=text::layout::inboxes(lang) is_empty=move || lists.with(|lists| lists.inboxes.is_empty())>
            {inboxes}
        </Group>
        <Group title=text::layout::teams(lang) is_empty=move || lists.with(|lists| lists.teams.is_empty())>
            {teams}
        </Group>
        <Group
            title=text::layout::labels(lang)
            is_empty=move || lists.with(|lists| !lists.labels.iter().any(|label| label.show_on_sidebar))
        >
            {labels}
        </Group>
    }
    .into_any()
}

fn is_of_conversations(view: &SavedView) -> bool {
    view.kind == Subject::Conversation
}

fn found<K: PartialEq>(counts: &[(K, i64)], key: &K) -> i64 {
    counts.iter().find(|(known, _)| known == key).map_or(0, |(_, count)| *count)
}

/// How many conversations are behind the links: asked for when the rail shows them, and again when something happened, but seldom.
fn follow_counts(account: AccountId) -> RwSignal<FolderCounts> {
    /// From a change to the next question; what happens meanwhile is counted with it.
    const PAUSE: Duration = Duration::from_secs(20);

    let counts = RwSignal::new(FolderCounts::default());
    let frame = use_frame();
    let is_due = StoredValue::new(false);
    let ask = move || {
        let _ = is_due.try_set_value(false);
        let is_shown = frame.is_rail_wide.try_get_untracked().unwrap_or_default()
            || frame.shows_rail.try_get_untracked().unwrap_or_default();
        if is_shown {
            spawn_local(async move {
                if let Ok(answer) = crate::saved_view::calls::counts(account).await {
                    let _ = counts.try_set(answer);
                }
            });
        }
    };
    let ask_later = move || {
        if is_due.try_update_value(|is_due| std::mem::replace(is_due, true)) == Some(false) {
            set_timeout(ask, PAUSE);
        }
    };
    let views = use_workplace().map(|workplace| {
        Memo::new(move |_| workplace.lists.with(|lists| lists.views.iter().map(|view| view.id).collect::<Vec<_>>()))
    });
    Effect::new(move |_| {
        views.inspect(|views| views.track());
        if frame.has_words() {
            ask();
        }
    });
    if let Some(live) = use_live() {
        live.listen(move |heard| {
            if matches!(heard, Heard::Change(_) | Heard::Reload) {
                ask_later();
            }
        });
    }
    counts
}

#[component]
fn Group(title: &'static str, #[prop(into)] is_empty: Signal<bool>, children: Children) -> impl IntoView {
    view! {
        <div class="rail-group" hidden=is_empty>
            <h2 class="rail-heading">{title}</h2>
            {children()}
        </div>
    }
}
