//! Whether what is shown is up to date, said plainly.

use std::time::Duration;

use leptos::prelude::*;
use text::conversation::connection as t;
use ui::{Glyph, Icon, IconSize};

use super::desk::use_desk;
use crate::live::Link;

/// How long good news stays.
const GOOD_NEWS: Duration = Duration::from_secs(3);
/// A line that comes back sooner was not worth a word.
const PATIENCE: Duration = Duration::from_millis(1_200);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    Behind,
    Offline,
    BackAgain,
}

/// One line that appears while the connection is lost, and for a moment when it is back.
#[component]
pub fn ConnectionLine() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let link = desk.live.link();
    let shown = RwSignal::new(Shown::Nothing);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let later = move |what: Shown, after: Duration| {
        let next = set_timeout_with_handle(
            move || {
                let _ = shown.try_set(what);
            },
            after,
        );
        let before = waiting.try_update_value(|waiting| std::mem::replace(waiting, next.ok())).flatten();
        before.into_iter().for_each(|before| before.clear());
    };
    Effect::new(move |_| match link.get() {
        Link::Connecting => {}
        Link::Offline => {
            shown.set(Shown::Offline);
            later(Shown::Offline, Duration::ZERO);
        }
        Link::Behind if shown.get_untracked() == Shown::Nothing => later(Shown::Behind, PATIENCE),
        Link::Behind => later(Shown::Behind, Duration::ZERO),
        Link::UpToDate if matches!(shown.get_untracked(), Shown::Behind | Shown::Offline) => {
            shown.set(Shown::BackAgain);
            later(Shown::Nothing, GOOD_NEWS);
        }
        Link::UpToDate => later(Shown::Nothing, Duration::ZERO),
    });
    let line = move || match shown.get() {
        Shown::Nothing => ().into_any(),
        Shown::Behind => view! {
            <div class="connection is-behind">
                <Glyph icon=Icon::Refresh size=IconSize::Tiny/>
                <span>{t::behind(lang)}</span>
                <button type="button" class="connection-action" on:click=move |_| desk.live.try_now()>
                    {t::reconnect(lang)}
                </button>
            </div>
        }
        .into_any(),
        Shown::Offline => view! {
            <div class="connection is-offline">
                <Glyph icon=Icon::WifiOff size=IconSize::Tiny/>
                <span>{t::offline(lang)}</span>
            </div>
        }
        .into_any(),
        Shown::BackAgain => view! {
            <div class="connection is-back">
                <Glyph icon=Icon::Check size=IconSize::Tiny/>
                <span>{t::up_to_date(lang)}</span>
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="connection-place" role="status">
            {line}
        </div>
    }
    .into_any()
}
