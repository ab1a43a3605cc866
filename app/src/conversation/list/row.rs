//! One conversation in the list.

use leptos::prelude::*;
use model::conversation::ConversationRow;
use model::{ConversationId, ConversationStatus, DisplayId, Priority};
use text::list as t;
use ui::{Avatar, AvatarSize, Count, Glyph, Icon, Label, RelativeTime};

use super::preview::{self, Kind, Line};
use crate::conversation::desk::{Desk, contact_name, use_desk};

/// Labels that a row shows as dots; the others are counted in the open conversation.
const MOST_LABELS: usize = 4;

/// A row of the list.
#[component]
pub fn Row(
    /// Whose row.
    id: ConversationId,
    /// Its place, for readers who cannot see the list.
    #[prop(into)]
    index: Signal<usize>,
) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    // A row that has just left the list is drawn once more before it goes.
    let row = Memo::new(move |before: Option<&Option<ConversationRow>>| {
        desk.list.with(|list| list.row(id).cloned()).or_else(|| before.cloned().flatten())
    });
    let Some(first) = row.get_untracked() else { return ().into_any() };
    let display_id = first.display_id;
    let channel = desk.inbox(first.inbox_id).map(|(_, channel)| channel).unwrap_or_default();
    let of =
        move |read: fn(&ConversationRow) -> i64| Signal::derive(move || row.with(|row| row.as_ref().map_or(0, read)));

    let name = Signal::derive(move || {
        row.with(|row| row.as_ref().map(|row| contact_name(lang, &row.contact.name, row.contact.id)))
            .unwrap_or_default()
    });
    let picture = Signal::derive(move || row.with(|row| row.as_ref().and_then(|row| row.contact.avatar_url.clone())));
    let is_selected = Memo::new(move |_| desk.place.read().open == Some(display_id));
    let unread = of(|row| row.unread_count);
    let is_ticked = Memo::new(move |_| desk.chosen.with(|chosen| chosen.has(id)));
    let href = move || desk.place.read().opening(Some(display_id)).href();
    let line = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| line_of(desk, row, is_selected.get()))));
    // -1: nobody knows how many there are.
    let total = move || {
        desk.list.with(|list| {
            let is_known = !list.counts().is_at_least(list.filter().tab);
            if is_known { list.total().max(0).to_string() } else { "-1".to_owned() }
        })
    };
    view! {
        <li
            class="conversation-row"
            class:is-selected=is_selected
            class:is-unread=move || { unread.get() > 0 }
            class:is-ticked=is_ticked
            aria-posinset=move || (index.get() + 1).to_string()
            aria-setsize=total
        >
            <span class="row-face">
                <Tick id number=display_id name is_ticked/>
                <Avatar name picture size=AvatarSize::Large channel/>
            </span>
            <div class="row-body">
                <div class="row-top">
                    <a
                        class="row-link"
                        href=href
                        data-row=id.to_string()
                        aria-current=move || is_selected.get().then_some("true")
                    >
                        {name}
                    </a>
                    <Marks row/>
                    <span class="row-time">
                        <RelativeTime at=of(|row| row.last_activity_at) lang/>
                    </span>
                </div>
                <div class="row-bottom">
                    {move || line.get().map(preview_line)}
                    <Labels row/>
                    <Assignee row/>
                    <Show when=move || { unread.get() > 0 }>
                        <span class="row-unread" role="img" aria-label=move || t::unread(lang, unread.get())>
                            <Count value=unread strong=true/>
                        </span>
                    </Show>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// The box over the face. With Shift everything from the row ticked last is ticked.
#[component]
fn Tick(id: ConversationId, number: DisplayId, name: Signal<String>, is_ticked: Memo<bool>) -> impl IntoView {
    let desk = use_desk();
    view! {
        <span class="row-check">
            <label class="checkbox">
                <input
                    type="checkbox"
                    prop:checked=is_ticked
                    aria-label=move || t::tick(desk.lang, &name.get())
                    on:click=move |event| {
                        // Only what the row is says whether it is ticked.
                        event.prevent_default();
                        let is_range = event.shift_key();
                        set_timeout(move || desk.tick(id, number, is_range), std::time::Duration::ZERO);
                    }
                />
            </label>
        </span>
    }
    .into_any()
}

type RowMemo = Memo<Option<ConversationRow>>;

fn line_of(desk: Desk, row: &ConversationRow, is_selected: bool) -> Line {
    let types = desk.typing.with(|typing| typing.has_contact(row.id));
    desk.drafts.with(|drafts| {
        let draft = drafts.get(&row.display_id).filter(|_| !is_selected);
        desk.workplace.lists.with(|lists| preview::line(desk.lang, row, draft, types, desk.me(), lists))
    })
}

fn preview_line(line: Line) -> AnyView {
    let class = match line.kind {
        Kind::Message | Kind::Draft => "row-preview",
        Kind::Note => "row-preview is-note",
        Kind::Typing => "row-preview is-typing",
        Kind::Failed => "row-preview is-failed",
    };
    let who_class = if line.kind == Kind::Draft { "row-draft" } else { "row-you" };
    let who = (!line.who.is_empty()).then(|| view! { <span class=who_class>{line.who}</span> });
    view! {
        <p class=class>
            {line.icon.map(|icon| view! { <Glyph icon/> })}
            {who}
            " "
            {line.text}
        </p>
    }
    .into_any()
}

#[component]
fn Marks(row: RowMemo) -> impl IntoView {
    let lang = use_desk().lang;
    let clock = ui::use_clock();
    let priority = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.priority)));
    let snoozed = Memo::new(move |_| {
        row.with(|row| {
            let row = row.as_ref().filter(|row| row.status == ConversationStatus::Snoozed)?;
            Some(row.snoozed_until)
        })
    });
    let snooze_words = move |until: Option<i64>| match until {
        Some(until) => t::snoozed_until(lang, &text::time::date_time(lang, until, clock.offset.get())),
        None => t::snoozed_until_reply(lang).to_owned(),
    };
    view! {
        <span class="row-marks">
            {move || priority.get().map(|priority| view! { <PriorityMark priority/> })}
            {move || {
                snoozed
                    .get()
                    .map(|until| {
                        let words = snooze_words(until);
                        view! {
                            <span class="row-mark" role="img" aria-label=words.clone() data-hint=words>
                                <Glyph icon=Icon::AlarmClock/>
                            </span>
                        }
                    })
            }}
        </span>
    }
    .into_any()
}

/// The sign of a priority, with its name.
#[component]
pub fn PriorityMark(
    /// How urgent.
    priority: Priority,
) -> impl IntoView {
    let lang = use_desk().lang;
    let (icon, class, words) = match priority {
        Priority::Urgent => (Icon::PriorityUrgent, "row-mark priority is-urgent", t::priority::urgent(lang)),
        Priority::High => (Icon::PriorityHigh, "row-mark priority is-high", t::priority::high(lang)),
        Priority::Medium => (Icon::PriorityMedium, "row-mark priority is-medium", t::priority::medium(lang)),
        Priority::Low => (Icon::PriorityLow, "row-mark priority is-low", t::priority::low(lang)),
    };
    view! {
        <span class=class role="img" aria-label=words data-hint=words>
            <Glyph icon/>
        </span>
    }
}

#[component]
fn Labels(row: RowMemo) -> impl IntoView {
    let desk = use_desk();
    let titles = Memo::new(move |_| row.with(|row| row.as_ref().map(|row| row.labels.clone()).unwrap_or_default()));
    let labels = move || {
        let titles = titles.get();
        let colour = |title: &str| {
            desk.workplace.lists.with(|lists| {
                let label = lists.labels.iter().find(|label| label.title == title);
                label.map(|label| label.color.clone()).unwrap_or_default()
            })
        };
        let label = |title: String| {
            let colour = colour(&title);
            view! { <Label name=title colour dot=true/> }
        };
        (!titles.is_empty()).then(|| {
            view! { <span class="row-labels">{titles.into_iter().take(MOST_LABELS).map(label).collect_view()}</span> }
        })
    };
    view! { {labels} }.into_any()
}

#[component]
fn Assignee(row: RowMemo) -> impl IntoView {
    let desk = use_desk();
    let assignee = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.assignee.clone())));
    // In one's own tab every face would be the same.
    let is_shown = Memo::new(move |_| desk.place.read().tab != model::conversation::Tab::Mine);
    let face = move || {
        assignee.get().filter(|_| is_shown.get()).map(|agent| {
            let words = t::assigned_to(desk.lang, &agent.name);
            view! {
                <span class="row-assignee" role="img" aria-label=words.clone() data-hint=words>
                    <Avatar name=agent.name picture=agent.avatar_url size=AvatarSize::Tiny/>
                </span>
            }
        })
    };
    view! { {face} }.into_any()
}
