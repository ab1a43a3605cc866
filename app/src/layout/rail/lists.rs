//! The lists of the wide rail: beside conversations their views, inboxes, teams and labels; beside contacts segments and labels.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use model::conversation::Involvement;
use model::filter::Subject;
use ui::{ChannelGlyph, Count, Dot, Glyph, Icon};

use super::counts::{follow_counts, found};
use super::views::Views;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::contact::ContactQuery;
use crate::conversation::place::{Place, View};

/// The lists for the page that is shown.
#[component]
pub fn Lists() -> impl IntoView {
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let path = use_location().pathname;
    let contacts = crate::place::contacts(workplace.account_id);
    let is_contacts = Memo::new(move |_| path.with(|path| path.starts_with(&contacts)));
    let lists = move || {
        if is_contacts.get() {
            view! { <OfContacts workplace/> }.into_any()
        } else {
            view! { <OfConversations workplace/> }.into_any()
        }
    };
    view! { {lists} }.into_any()
}

/// A link with a sign, a name and a count.
pub(super) fn link(
    href: String,
    is_current: Signal<bool>,
    mark: AnyView,
    label: String,
    count: Signal<i64>,
) -> impl IntoView {
    view! {
        <a class="rail-link" href=href aria-current=move || is_current.get().then_some("page")>
            {mark}
            <span class="rail-label truncate">{label}</span>
            <Show when=move || { count.get() > 0 }>
                <Count value=count/>
            </Show>
        </a>
    }
}

fn icon(icon: Icon) -> AnyView {
    view! { <Glyph icon/> }.into_any()
}

#[component]
fn OfConversations(workplace: WorkplaceContext) -> impl IntoView {
    let lang = use_lang();
    let account = workplace.account_id;
    let lists = workplace.lists;
    let counts = follow_counts(account);
    let path = use_location().pathname;
    let current = Memo::new(move |_| path.with(|path| Place::read(path, |_| None).map(|place| place.view)));
    let link = move |view: View, mark: AnyView, label: String, count: Signal<i64>| {
        let href = Place::of(account, view.clone()).href();
        link(href, Signal::derive(move || current.read().as_ref() == Some(&view)), mark, label, count)
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
            link(View::Team(id), icon(Icon::Layers), team.name.clone(), count)
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
    let of_view = Callback::new(move |id| {
        (
            Place::of(account, View::Saved(id)).href(),
            current.get() == Some(View::Saved(id)),
            found(&counts.read().views, &id),
        )
    });
    view! {
        <Group title=text::layout::views(lang) is_empty=Signal::stored(false)>
            {link(
                View::Involved(Involvement::Mentioned),
                icon(Icon::AtSign),
                text::list::mentions(lang).to_owned(),
                Signal::derive(move || counts.read().mentioned),
            )}
            {link(
                View::Involved(Involvement::Participating),
                icon(Icon::Eye),
                text::list::participating(lang).to_owned(),
                Signal::derive(move || counts.read().participating),
            )}
            {link(
                View::Unattended,
                icon(Icon::Clock),
                text::list::unattended(lang).to_owned(),
                Signal::derive(move || counts.read().unattended),
            )}
            <Views workplace subject=Subject::Conversation of_view/>
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
}

#[component]
fn OfContacts(workplace: WorkplaceContext) -> impl IntoView {
    let lang = use_lang();
    let account = workplace.account_id;
    let lists = workplace.lists;
    let map = use_query_map();
    let current = Memo::new(move |_| map.with(|map| ContactQuery::read(|name| map.get(name))));
    let of_view = Callback::new(move |id| {
        (ContactQuery::of_segment(id).href(account), current.with(|query| query.segment == Some(id)), 0)
    });
    let labels = move || {
        let label = |label: &model::label::Label| {
            let title = label.title.clone();
            let is_current = Signal::derive(move || current.with(|query| query.label == title));
            let mark = view! { <Dot colour=label.color.clone()/> }.into_any();
            let href = ContactQuery::of_label(&label.title).href(account);
            link(href, is_current, mark, label.title.clone(), Signal::stored(0))
        };
        lists.with(|lists| lists.labels.iter().filter(|label| label.show_on_sidebar).map(label).collect_view())
    };
    let is_segmented = move || lists.with(|lists| lists.views.iter().any(|view| view.kind == Subject::Contact));
    view! {
        <Group title=text::people::segments(lang) is_empty=move || !is_segmented()>
            <Views workplace subject=Subject::Contact of_view/>
        </Group>
        <Group
            title=text::people::tagged(lang)
            is_empty=move || lists.with(|lists| !lists.labels.iter().any(|label| label.show_on_sidebar))
        >
            {labels}
        </Group>
    }
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
