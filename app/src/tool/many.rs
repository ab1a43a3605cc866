//! The bar for many conversations: what can be done with the ticked ones.

use leptos::prelude::*;
use model::bulk::BulkAct;
use model::{ConversationStatus, Permission};
use text::bulk as t;
use ui::{Icon, IconButton, Menu, MenuItem, Side, Size};

use super::{Page, Tool, Tools, use_tools};
use crate::conversation::desk::{Desk, use_desk};
use crate::store::Chosen;

/// The bar; over the list while something is ticked.
#[component]
pub fn Bar() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let Some(tools) = use_tools() else { return ().into_any() };
    let count = move || {
        let all = desk.list.with(crate::store::List::total);
        desk.chosen.with(
            |chosen| {
                if chosen.is_everything() { all } else { i64::try_from(chosen.len()).unwrap_or_default() }
            },
        )
    };
    let loaded = move || desk.list.with(crate::store::List::len);
    let has_all = move || desk.chosen.with(Chosen::len) >= loaded();
    let is_everything = move || desk.chosen.with(Chosen::is_everything);
    let is_more = move || {
        has_all()
            && !is_everything()
            && desk.list.with(crate::store::List::total) > i64::try_from(loaded()).unwrap_or(i64::MAX)
    };
    view! {
        <div class="bulk-bar" role="toolbar" aria-label=t::title(lang)>
            <div class="bulk-top">
                <span class="bulk-count" role="status">{move || t::chosen(lang, count())}</span>
                <Show when=move || !has_all()>
                    <button type="button" class="bulk-all" on:click=move |_| desk.tick_all()>
                        {t::all_loaded(lang)}
                    </button>
                </Show>
                <Show when=is_more>
                    <button
                        type="button"
                        class="bulk-all"
                        on:click=move |_| desk.chosen.update(Chosen::everything)
                    >
                        {move || t::all_matching(lang, desk.list.with(crate::store::List::total))}
                    </button>
                </Show>
                <IconButton
                    icon=Icon::Close
                    size=Size::Small
                    label=t::clear(lang)
                    shortcut="Esc"
                    side=Side::Bottom
                    on_click=move |_| desk.chosen.update(Chosen::clear)
                />
            </div>
            <Acts tools desk/>
        </div>
    }
    .into_any()
}

#[component]
fn Acts(tools: Tools, desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let may_assign = desk.workplace.may(Permission::Assign);
    let me = desk.me();
    let act = move |act: BulkAct| desk.act_on_chosen(vec![act]);
    let page = move |page: Page| tools.show(Tool::Palette(page));
    let status = move |status: ConversationStatus| act(BulkAct::Status(status, None));
    let assign = if may_assign {
        view! {
            <IconButton icon=Icon::UserPlus label=t::assign(lang) side=Side::Bottom on_click=move |_| page(Page::Agents)/>
            <IconButton icon=Icon::Users label=t::team(lang) side=Side::Bottom on_click=move |_| page(Page::Teams)/>
        }
        .into_any()
    } else {
        view! {
            <IconButton
                icon=Icon::UserPlus
                label=t::assign_me(lang)
                side=Side::Bottom
                on_click=move |_| act(BulkAct::Agent(Some(me)))
            />
        }
        .into_any()
    };
    view! {
        <div class="bulk-acts">
            <IconButton
                icon=Icon::Check
                label=t::resolve(lang)
                side=Side::Bottom
                on_click=move |_| status(ConversationStatus::Resolved)
            />
            <IconButton icon=Icon::AlarmClock label=t::snooze(lang) side=Side::Bottom on_click=move |_| page(Page::Snooze)/>
            {assign}
            <IconButton icon=Icon::Tag label=t::labels(lang) side=Side::Bottom opens="bulk-labels"/>
            <IconButton icon=Icon::Flag label=t::priority(lang) side=Side::Bottom on_click=move |_| page(Page::Priorities)/>
            <IconButton icon=Icon::Ellipsis label=t::more(lang) side=Side::Bottom opens="bulk-more"/>
        </div>
        <Menu id="bulk-more" label=t::more(lang)>
            <MenuItem icon=Icon::Reopen label=t::open(lang) on_select=move |()| status(ConversationStatus::Open)/>
            <MenuItem icon=Icon::CircleDashed label=t::pending(lang) on_select=move |()| status(ConversationStatus::Pending)/>
            <MenuItem icon=Icon::Eye label=t::read(lang) on_select=move |()| act(BulkAct::Seen(true))/>
            <MenuItem icon=Icon::Mail label=t::unread(lang) on_select=move |()| act(BulkAct::Seen(false))/>
        </Menu>
        <LabelMenu desk/>
    }
    .into_any()
}

#[component]
fn LabelMenu(desk: Desk) -> impl IntoView {
    let lang = desk.lang;
    let items = move || {
        let item = |label: &model::label::Label| {
            let (add, remove) = (label.title.clone(), label.title.clone());
            view! {
                <div class="bulk-label">
                    <MenuItem
                        icon=Icon::Plus
                        label=label.title.clone()
                        on_select=move |()| desk.act_on_chosen(vec![BulkAct::AddLabels(vec![add.clone()])])
                    />
                    <MenuItem
                        icon=Icon::Trash
                        label=t::remove_label(lang, &label.title)
                        on_select=move |()| desk.act_on_chosen(vec![BulkAct::RemoveLabels(vec![remove.clone()])])
                    />
                </div>
            }
        };
        desk.workplace.lists.with(|lists| lists.labels.iter().map(item).collect_view())
    };
    view! {
        <Menu id="bulk-labels" label=t::labels(lang)>
            {items}
        </Menu>
    }
    .into_any()
}
