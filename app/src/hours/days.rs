//! The days of a week, each with its spans.

use leptos::prelude::*;
use model::hours::{MOST_SPANS, Span, is_sound};
use text::hours as t;
use ui::{Choice, Glyph, Icon, IconButton, InputKind, Select, TextInput};

use super::{span, written};
use crate::boot::use_lang;

const CLOSED: &str = "closed";
const ALL_DAY: &str = "all_day";
const SPANS: &str = "spans";

/// The order of a working week, 0 = Sunday.
const ORDER: [usize; 7] = [1, 2, 3, 4, 5, 6, 0];

/// A span being written.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Draft {
    number: u32,
    from: RwSignal<String>,
    until: RwSignal<String>,
}

/// A day being written. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Day {
    kind: RwSignal<String>,
    drafts: RwSignal<Vec<Draft>>,
    /// Keeps drafts apart.
    next: StoredValue<u32>,
}

impl Day {
    /// A closed day.
    #[must_use]
    pub fn new() -> Self {
        Self { kind: RwSignal::new(CLOSED.to_owned()), drafts: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Takes all changes back.
    pub fn set(self, spans: &[Span]) {
        let kind = match spans {
            [] => CLOSED,
            [one] if *one == Span::DAY => ALL_DAY,
            _ => SPANS,
        };
        let drafts = if kind == SPANS { spans.iter().map(|span| self.draft(*span)).collect() } else { Vec::new() };
        self.drafts.set(drafts);
        self.kind.set(kind.to_owned());
    }

    /// What is written; follows changes.
    #[must_use]
    pub fn spans(self) -> Vec<Span> {
        match self.kind.get().as_str() {
            CLOSED => Vec::new(),
            ALL_DAY => vec![Span::DAY],
            _ => self.drafts.get().iter().map(|draft| span(&draft.from.read(), &draft.until.read())).collect(),
        }
    }

    fn draft(self, span: Span) -> Draft {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        Draft { number, from: RwSignal::new(written(span.from)), until: RwSignal::new(written(span.until)) }
    }

    /// One more span: after the last, or the usual day.
    fn add(self) {
        let last = untrack(|| self.spans()).last().copied();
        let span = match last {
            Some(last) if last.until + 120 < model::hours::DAY => {
                Span { from: last.until + 60, until: (last.until + 180).min(model::hours::DAY - 60) }
            }
            Some(_) => Span { from: 0, until: 60 },
            None => Span { from: 9 * 60, until: 18 * 60 },
        };
        let draft = self.draft(span);
        self.drafts.update(|drafts| drafts.push(draft));
    }
}

impl Default for Day {
    fn default() -> Self {
        Self::new()
    }
}

/// The week, Monday first.
#[component]
pub fn Days(
    /// Sunday first.
    days: [Day; 7],
    /// What the server said is wrong.
    fault: Signal<Option<String>>,
) -> impl IntoView {
    let lang = use_lang();
    let rows = ORDER.map(|weekday| view! { <Row weekday day=days[weekday] all=days/> });
    view! {
        <div class="hours-days">
            {rows.into_iter().collect_view()} <p class="field-error" role="alert" hidden=move || fault.read().is_none()>
                <Glyph icon=Icon::CircleAlert/>
                <span>{t::wrong(lang)}</span>
            </p>
        </div>
    }
    .into_any()
}

#[component]
fn Row(weekday: usize, day: Day, all: [Day; 7]) -> impl IntoView {
    let lang = use_lang();
    let name = text::time::weekday(lang, u8::try_from(weekday).unwrap_or_default());
    let kinds = vec![
        Choice::new(CLOSED, t::closed(lang)),
        Choice::new(SPANS, t::open(lang)),
        Choice::new(ALL_DAY, t::all_day(lang)),
    ];
    let choose = move |kind: String| {
        if kind == SPANS && day.drafts.read_untracked().is_empty() {
            day.add();
        }
    };
    let is_wrong = Memo::new(move |_| !is_sound(&day.spans()));
    let has_spans = move || day.kind.with(|kind| kind == SPANS);
    let may_add = move || has_spans() && day.drafts.read().len() < MOST_SPANS;
    let copy = move |_| {
        let spans = untrack(|| day.spans());
        // To the other working days.
        all[1..6].iter().for_each(|other| other.set(&spans));
        day.set(&spans);
    };
    view! {
        <div class="hours-day" role="group" aria-label=name>
            <span class="hours-name">{name}</span>
            <Select value=day.kind options=kinds label=name on_change=choose/>
            <div class="hours-spans">
                <Show when=has_spans>
                    <For each=move || day.drafts.get() key=|draft| draft.number let:draft>
                        <SpanFields name day draft/>
                    </For>
                </Show>
                <p class="field-error" role="alert" hidden=move || !is_wrong.get()>
                    <Glyph icon=Icon::CircleAlert/>
                    <span>{t::wrong(lang)}</span>
                </p>
            </div>
            <span class="hours-tools">
                <Show when=may_add>
                    <IconButton icon=Icon::Plus label=t::add(lang) on_click=move |_| day.add()/>
                </Show>
                {(weekday == 1).then(|| view! { <IconButton icon=Icon::Copy label=t::copy(lang) on_click=copy/> })}
            </span>
        </div>
    }
    .into_any()
}

#[component]
fn SpanFields(name: &'static str, day: Day, draft: Draft) -> impl IntoView {
    let lang = use_lang();
    let remove = move |_| {
        day.drafts.update(|drafts| drafts.retain(|other| other.number != draft.number));
        if day.drafts.read_untracked().is_empty() {
            day.kind.set(CLOSED.to_owned());
        }
    };
    let may_remove = move || day.drafts.read().len() > 1;
    view! {
        <span class="hours-span">
            <TextInput value=draft.from kind=InputKind::Time label=t::from(lang, name)/>
            <span aria-hidden="true">"–"</span>
            <TextInput value=draft.until kind=InputKind::Time label=t::until(lang, name)/>
            <Show when=may_remove>
                <IconButton icon=Icon::Close label=t::remove(lang) on_click=remove/>
            </Show>
        </span>
    }
    .into_any()
}
