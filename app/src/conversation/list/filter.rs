//! Choosing which conversations the list shows: by status and by inbox.

use leptos::prelude::*;
use model::ConversationStatus;
use text::list as t;
use ui::{ChannelGlyph, Glyph, Icon, IconButton, Popover, Side};

use crate::command::Command;
use crate::conversation::desk::use_desk;
use crate::conversation::place::{Place, Status, View};
use crate::tool::use_tools;

/// Every status one can filter by, in the order of the list.
pub const STATUSES: [Status; 5] = [
    Status::Only(ConversationStatus::Open),
    Status::Only(ConversationStatus::Pending),
    Status::Only(ConversationStatus::Snoozed),
    Status::Only(ConversationStatus::Resolved),
    Status::Any,
];

/// Opens the choice. Its choices are addresses: they can be opened in another tab, and the back button takes them back.
#[component]
pub fn FilterButton() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let open = RwSignal::new(false);
    let status = move |status: Status| {
        let label = t::by_key(lang, &["status.", status.as_str()].concat()).unwrap_or_default();
        let href = move || Place { status: Some(status), ..desk.place.get() }.href();
        let is_chosen = move || desk.place.read().status() == status;
        view! { <FilterOption label href=Signal::derive(href) is_chosen=Signal::derive(is_chosen) open/> }
    };
    let inboxes = move || {
        let inbox = move |inbox: &model::inbox::Inbox| {
            let id = inbox.id;
            let href = move || Place { view: View::Inbox(id), ..desk.place.get() }.href();
            let is_chosen = move || desk.place.read().view == View::Inbox(id);
            view! {
                <FilterOption
                    label=inbox.name.clone()
                    channel=inbox.channel.clone()
                    href=Signal::derive(href)
                    is_chosen=Signal::derive(is_chosen)
                    open
                />
            }
        };
        desk.workplace.lists.with(|lists| lists.inboxes.iter().map(inbox).collect_view())
    };
    let any_href = move || Place { view: View::All, ..desk.place.get() }.href();
    let is_any = move || !matches!(desk.place.read().view, View::Inbox(_));
    let is_filtered =
        Signal::derive(move || desk.place.with(|place| place.status.is_some() || !place.conditions.is_empty()));
    view! {
        <IconButton icon=Icon::Filter label=t::filter(lang) side=Side::Bottom opens="list-filter" pressed=is_filtered/>
        <Popover id="list-filter" label=t::filter(lang) open class="is-list">
            <div class="filter-group" role="group" aria-label=t::status_label(lang)>
                <div class="menu-label">{t::status_label(lang)}</div>
                {STATUSES.map(status).collect_view()}
            </div>
            <hr class="menu-separator"/>
            {use_tools()
                .map(|tools| {
                    let build = move |_| {
                        open.set(false);
                        tools.run(Command::Filter);
                    };
                    view! {
                        <button type="button" class="menu-item" on:click=build>
                            <Glyph icon=Icon::Sliders/>
                            <span class="choice-words">
                                <span class="truncate">{t::more_filters(lang)}</span>
                            </span>
                            <ui::Kbd keys="F"/>
                        </button>
                    }
                })}
            <hr class="menu-separator"/>
            <div class="filter-group" role="group" aria-label=t::inbox_label(lang)>
                <div class="menu-label">{t::inbox_label(lang)}</div>
                <FilterOption
                    label=t::any_inbox(lang).to_owned()
                    href=Signal::derive(any_href)
                    is_chosen=Signal::derive(is_any)
                    open
                />
                {inboxes}
            </div>
        </Popover>
    }
    .into_any()
}

#[component]
fn FilterOption(
    #[prop(into)] label: String,
    #[prop(optional, into)] channel: Option<String>,
    href: Signal<String>,
    is_chosen: Signal<bool>,
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <a class="menu-item" href=href aria-current=move || is_chosen.get().then_some("true") on:click=move |_| open.set(false)>
            {channel.map(|channel| view! { <ChannelGlyph channel/> })}
            <span class="choice-words">
                <span class="truncate">{label}</span>
            </span>
            {move || is_chosen.get().then(|| view! { <Glyph icon=Icon::Check/> })}
        </a>
    }
    .into_any()
}
