//! What stands over the rows while many conversations are changed, or are about to be.

use leptos::prelude::*;
use model::bulk::BulkState;
use text::bulk as t;

use crate::conversation::desk::use_desk;
use crate::store::Chosen;
use crate::tool::{Piece, use_tools};

/// The bar for the ticked rows, and how far the server is with what was asked for earlier.
#[component]
pub fn Many() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let is_ticking = Memo::new(move |_| desk.chosen.with(|chosen: &Chosen| !chosen.is_empty()));
    let progress = Memo::new(move |_| {
        desk.runs.with(|runs| {
            let running = runs.iter().filter(|run| run.state == BulkState::Running);
            running.fold((0, 0), |(done, total), run| (done + run.done + run.skipped, total + run.total))
        })
    });
    let bar = move || {
        let tools = use_tools().filter(|_| is_ticking.get())?;
        Some(tools.draw(Piece::Many))
    };
    let line = move || {
        let (done, total) = progress.get();
        (total > 0).then(|| {
            view! {
                <div class="bulk-progress" role="status">
                    <span>{t::progress(lang, total, &done.to_string())}</span>
                    <progress max=total.to_string() value=done.to_string() aria-label=t::title(lang)></progress>
                </div>
            }
        })
    };
    view! {
        {bar}
        {line}
    }
    .into_any()
}
