//! One clock for the page, and times that follow it.

use std::time::Duration;

use leptos::prelude::*;
use text::Lang;

use crate::browser;

/// The page's idea of now and of the reader's time zone.
///
/// Server and browser must draw the same first page, so both start from the moment the server rendered at; after that the browser's
/// own clock takes over and ticks once a minute, for all times on the page together.
#[derive(Clone, Copy)]
pub struct Clock {
    /// Unix milliseconds.
    pub now: RwSignal<i64>,
    /// Minutes the reader is ahead of UTC.
    pub offset: RwSignal<i32>,
}

/// Makes the clock available below; call once at the root. `offset` is the reader's offset from UTC as far as the server knows
/// it (a cookie, the profile), else 0 until the page comes alive.
pub fn provide_clock(offset: i32) -> Clock {
    let rendered_at = SharedValue::new(current_time).into_inner();
    let offset = SharedValue::new(move || offset).into_inner();
    let clock = Clock { now: RwSignal::new(rendered_at), offset: RwSignal::new(offset) };
    provide_context(clock);
    Effect::new(move |_| {
        clock.tick();
        let ticking = set_interval_with_handle(move || clock.tick(), Duration::from_secs(60));
        on_cleanup(move || {
            if let Ok(ticking) = ticking {
                ticking.clear();
            }
        });
    });
    clock
}

/// The page's clock.
#[must_use]
pub fn use_clock() -> Clock {
    use_context::<Clock>().unwrap_or_else(|| Clock { now: RwSignal::new(0), offset: RwSignal::new(0) })
}

impl Clock {
    fn tick(self) {
        let _ = self.now.try_set(browser::now());
        if self.offset.try_get_untracked() != Some(browser::utc_offset()) {
            let _ = self.offset.try_set(browser::utc_offset());
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn current_time() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(target_arch = "wasm32")]
fn current_time() -> i64 {
    browser::now()
}

/// How a moment is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimeStyle {
    /// Age where room is scarce: `5 min`, `3 d`, `Nov 11`.
    #[default]
    Age,
    /// Age as a phrase: `5 min ago`.
    Ago,
    /// Time of day: `2:05 PM`.
    Clock,
    /// Day as a heading: `Today`, `Wednesday`.
    Day,
    /// Date and time of day.
    Full,
}

/// A moment in the reader's words and time zone; the exact moment is its hint.
#[component]
pub fn RelativeTime(
    /// Unix milliseconds.
    #[prop(into)]
    at: Signal<i64>,
    /// The reader's language.
    lang: Lang,
    /// How it is written.
    #[prop(optional)]
    style: TimeStyle,
) -> impl IntoView {
    let Clock { now, offset } = use_clock();
    let words = move || {
        let (at, offset) = (at.get(), offset.get());
        match style {
            TimeStyle::Age => text::time::short_age(lang, at, now.get(), offset),
            TimeStyle::Ago => text::time::ago(lang, at, now.get(), offset),
            TimeStyle::Day => text::time::day(lang, at, now.get(), offset),
            TimeStyle::Clock => text::time::clock(lang, at, offset),
            TimeStyle::Full => text::time::date_time(lang, at, offset),
        }
    };
    view! {
        <time
            datetime=move || text::time::iso(at.get())
            title=move || text::time::date_time(lang, at.get(), offset.get())
        >
            {words}
        </time>
    }
    .into_any()
}
