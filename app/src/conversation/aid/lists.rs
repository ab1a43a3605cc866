//! The list over the composer while something typed asks for it. Arrows move in it, Enter takes, Escape closes; the keyboard stays in
//! the text.

use leptos::task::spawn_local;
use leptos::{html, prelude::*};
use model::canned::CannedResponse;
use model::variable::{Values, render};
use text::composer as t;
use ui::{Glyph, Icon};

use super::offer::{self, Offer};
use crate::canned::calls;
use crate::conversation::beside;
use crate::conversation::composer::trigger::{Kind, Trigger};
use crate::conversation::composer::{PickKey, Writing, use_writing};
use crate::device;

/// What the list knows.
#[derive(Clone, Copy)]
struct State {
    writing: Writing,
    /// What variables stand for; `None` until they were read.
    values: RwSignal<Option<Values>>,
    /// Texts, for what is typed after the mark; `None` until some came.
    canned: RwSignal<Option<Vec<CannedResponse>>>,
    offers: Memo<Option<Vec<Offer>>>,
    /// Which offer is marked.
    at: RwSignal<usize>,
}

/// The list.
#[component]
pub fn Lists() -> impl IntoView {
    let writing = use_writing();
    let values = RwSignal::new(None);
    let canned = RwSignal::new(None);
    let offers = Memo::new(move |_| offered(writing, &writing.trigger.read(), &values.read(), &canned.read()));
    let state = State { writing, values, canned, offers, at: RwSignal::new(0) };
    state.follow();
    let lang = writing.desk.lang;
    let view = move || {
        let trigger = writing.trigger.get()?;
        let offers = offers.get()?;
        // A text may begin with any mark; a list of nothing would only be in the way.
        if offers.is_empty() && !trigger.query.is_empty() {
            return None;
        }
        Some(view! { <Offers state kind=trigger.kind offers/> })
    };
    view! {
        <div class="composer-lists" aria-live="polite">
            {view}
        </div>
        <span class="visually-hidden" id="composer-lists-hint">{t::lists::hint(lang)}</span>
    }
    .into_any()
}

fn offered(
    writing: Writing,
    trigger: &Option<Trigger>,
    values: &Option<Values>,
    canned: &Option<Vec<CannedResponse>>,
) -> Option<Vec<Offer>> {
    let trigger = trigger.as_ref()?;
    let desk = writing.desk;
    Some(match trigger.kind {
        Kind::Canned => offer::canned(canned.as_ref()?, values.as_ref()?),
        Kind::Variable => offer::variables(desk.lang, &trigger.query, values.as_ref()?),
        Kind::Mention => {
            let members = desk.with_thread(|thread| thread.members.clone()).unwrap_or_default();
            desk.workplace.lists.with(|lists| offer::people(desk.lang, &trigger.query, lists, &members, desk.me()))
        }
    })
}

impl State {
    fn follow(self) {
        let writing = self.writing;
        // Values are read anew for each list: a contact may have got another name meanwhile.
        let kind = Memo::new(move |_| writing.trigger.with(|trigger| trigger.as_ref().map(|trigger| trigger.kind)));
        Effect::new(move |_| {
            if matches!(kind.get(), Some(Kind::Canned | Kind::Variable)) {
                self.read_values();
            }
        });
        Effect::new(move |_| {
            self.at.set(0);
            if let Some(Trigger { kind: Kind::Canned, query, .. }) = writing.trigger.get() {
                self.find(query);
            }
        });
        Effect::new(move |_| {
            if let Some((from, expression)) = writing.completed.get() {
                self.complete(from, expression);
            }
        });
        writing.picker.set_value(Some(Callback::new(move |key| self.press(key))));
        on_cleanup(move || {
            let _ = writing.picker.try_update_value(|picker| *picker = None);
        });
    }

    fn read_values(self) {
        let (account, id) = (self.writing.desk.account(), self.writing.id);
        spawn_local(async move {
            if let Ok(values) = beside::values(account, id).await {
                let _ = self.values.try_set(Some(values));
            }
        });
    }

    fn find(self, query: String) {
        let account = self.writing.desk.account();
        spawn_local(async move {
            let Ok(found) = calls::offer(account, query.clone()).await else { return };
            let is_asked = |trigger: &Option<Trigger>| {
                trigger.as_ref().is_some_and(|trigger| trigger.kind == Kind::Canned && trigger.query == query)
            };
            // An answer to what was typed before comes too late.
            if self.writing.trigger.try_with_untracked(is_asked) == Some(true) {
                self.canned.set(Some(found));
            }
        });
    }

    /// A variable was written to its end: its value takes its place, where the writer sees it.
    fn complete(self, from: u32, expression: String) {
        let writing = self.writing;
        let (account, id) = (writing.desk.account(), writing.id);
        spawn_local(async move {
            let Ok(values) = beside::values(account, id).await else { return };
            let words = render(&expression, &values.shielded());
            if !is_known(&expression, &values) {
                return;
            }
            let Some(area) = writing.area.try_get_untracked().flatten() else { return };
            let text = area.value();
            let end = from + utf16(&expression);
            if slice(&text, from, end).as_deref() == Some(expression.as_str()) {
                device::replace(&area, from, end, &words, (from + utf16(&words), from + utf16(&words)));
            }
            let _ = self.values.try_set(Some(values));
        });
    }

    fn press(self, key: PickKey) -> bool {
        let Some(offers) = self.offers.get_untracked() else {
            // On its way: a code must not be sent as a message because somebody types fast.
            return key == PickKey::Take;
        };
        let count = offers.len();
        if count == 0 {
            return false;
        }
        match key {
            PickKey::Down => self.at.update(|at| *at = (*at + 1) % count),
            PickKey::Up => self.at.update(|at| *at = (*at + count - 1) % count),
            PickKey::Take => self.take(&offers[self.at.get_untracked().min(count - 1)]),
            PickKey::Close => return false,
        }
        true
    }

    fn take(self, offer: &Offer) {
        self.writing.take(&offer.insert);
        self.writing.bring(offer.files.clone());
        self.canned.set(None);
    }
}

fn is_known(expression: &str, values: &Values) -> bool {
    use model::variable::{Piece, pieces};
    pieces(expression).all(|piece| match piece {
        Piece::Variable { expression, .. } => values.get(expression.name).is_some(),
        Piece::Text(_) => false,
    })
}

fn utf16(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

fn slice(text: &str, from: u32, to: u32) -> Option<String> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let part = units.get(usize::try_from(from).ok()?..usize::try_from(to).ok()?)?;
    String::from_utf16(part).ok()
}

/// The offers, the marked one with all of its text.
#[component]
fn Offers(state: State, kind: Kind, offers: Vec<Offer>) -> impl IntoView {
    let lang = state.writing.desk.lang;
    let list = NodeRef::<html::Div>::new();
    let label = match kind {
        Kind::Canned => t::lists::canned(lang),
        Kind::Variable => t::lists::variable(lang),
        Kind::Mention => t::lists::mention(lang),
    };
    let icon = match kind {
        Kind::Canned => Icon::Zap,
        Kind::Variable => Icon::Braces,
        Kind::Mention => Icon::AtSign,
    };
    Effect::new(move |_| {
        let index = state.at.get();
        let Some(list) = list.get() else { return };
        if let Some(option) = list.get_elements_by_class_name("offer").item(u32::try_from(index).unwrap_or(0)) {
            option.scroll_into_view_with_bool(false);
        }
    });
    let row = move |(index, offer): (usize, Offer)| {
        let taken = offer.clone();
        let names = offer.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ");
        let is_marked = move || state.at.get() == index;
        view! {
            <div
                class="offer"
                role="option"
                id=["composer-offer-", &index.to_string()].concat()
                class:is-active=is_marked
                aria-selected=move || if is_marked() { "true" } else { "false" }
                // The keyboard stays in the text.
                on:mousedown=move |event| event.prevent_default()
                on:mousemove=move |_| {
                    if state.at.get_untracked() != index {
                        state.at.set(index);
                    }
                }
                on:click=move |_| state.take(&taken)
            >
                <b class="truncate">{offer.name}</b>
                <span class="offer-detail" dir="auto">{offer.detail}</span>
                {(!names.is_empty())
                    .then(|| {
                        view! {
                            <span class="offer-files">
                                <Glyph icon=Icon::Attach/>
                                <span class="truncate">{names}</span>
                            </span>
                        }
                    })}
            </div>
        }
    };
    let is_empty = offers.is_empty();
    let empty = match kind {
        Kind::Canned => t::lists::no_canned(lang),
        Kind::Variable | Kind::Mention => t::lists::nothing(lang),
    };
    view! {
        <div class="offers" class:is-canned=kind == Kind::Canned>
            <div class="offers-title" aria-hidden="true">
                <Glyph icon/>
                <span>{label}</span>
                <kbd>"↑↓"</kbd>
                <kbd>"↵"</kbd>
            </div>
            <div class="offers-list" role="listbox" aria-label=label tabindex="-1" node_ref=list>
                {offers.into_iter().enumerate().map(row).collect_view()}
            </div>
            {is_empty.then(|| view! { <p class="pick-empty">{empty}</p> })}
        </div>
    }
    .into_any()
}
