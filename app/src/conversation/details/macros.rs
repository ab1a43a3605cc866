//! Macros: run with one press, and what became of it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::action::{Macro, MacroRun, RunState, StepResult};
use text::Lang;
use text::macros as t;
use ui::{Glyph, Icon, RelativeTime, Skeleton, SkeletonKind};

use crate::call::CallError;
use crate::conversation::desk::use_desk;
use crate::macros::calls;
use crate::macros::step::step_name;

/// The macros that the agent can use, read when they are looked at; and what they did here.
#[component]
pub fn Macros() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let macros = RwSignal::new(None::<Result<Vec<Macro>, CallError>>);
    Effect::new(move |_| {
        spawn_local(async move {
            let answer = calls::list(desk.account()).await;
            let _ = macros.try_set(Some(answer));
        });
    });
    let busy = RwSignal::new(None::<model::MacroId>);
    let run = move |id: model::MacroId, name: String| {
        let Some(place) = untrack(|| desk.open_id()) else { return };
        busy.set(Some(id));
        let toasts = ui::use_toasts();
        spawn_local(async move {
            match calls::execute(desk.account(), id, vec![place]).await {
                Ok(()) => toasts.tell(t::started(lang, &name)),
                Err(error) => toasts.fail(error.words(lang)),
            }
            let _ = busy.try_set(None);
        });
    };
    let row = move |found: Macro| {
        let (id, name) = (found.id, found.name.clone());
        let hint = found.actions.iter().map(|action| step_name(lang, action.kind())).collect::<Vec<_>>().join(" · ");
        view! {
            <button
                type="button"
                class="macro-row"
                data-hint=hint
                disabled=move || busy.get() == Some(id)
                on:click=move |_| run(id, name.clone())
            >
                <Glyph icon=Icon::Play/>
                <span class="truncate">{found.name.clone()}</span>
            </button>
        }
    };
    let list = move || match macros.get() {
        None => {
            view! { <Skeleton kind=SkeletonKind::Lines count=2 label=text::common::state::loading(lang)/> }.into_any()
        }
        Some(Err(error)) => view! { <p class="fact-empty">{error.words(lang)}</p> }.into_any(),
        Some(Ok(all)) if all.is_empty() => view! {
            <p class="fact-empty">
                {t::none(lang)} " "
                <a class="link" href=crate::place::settings(desk.account(), "macros")>{t::make_first(lang)}</a>
            </p>
        }
        .into_any(),
        Some(Ok(all)) => all.into_iter().map(row).collect_view().into_any(),
    };
    let runs = Memo::new(move |_| desk.runs());
    view! {
        <div class="macro-list">{list}</div>
        <Show when=move || !runs.read().is_empty()>
            <ul class="macro-runs" aria-label=t::runs(lang) aria-live="polite">
                {move || runs.get().into_iter().take(3).map(|run| view! { <Run run/> }).collect_view()}
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn Run(run: MacroRun) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let (icon, words) = match run.state {
        RunState::Running => {
            (Icon::CircleDashed, t::running(lang, &run.results.len().to_string(), &run.total.to_string()))
        }
        RunState::Done => (Icon::CircleCheck, t::done(lang).to_owned()),
        RunState::Partly => (Icon::CircleAlert, t::partly(lang).to_owned()),
    };
    let failed: Vec<String> = run.results.iter().filter_map(|result| failure(lang, result)).collect();
    view! {
        <li class="macro-run" class:is-failed=run.state == RunState::Partly>
            <Glyph icon/>
            <span class="macro-run-words">
                <b class="truncate">{run.macro_name}</b>
                <span>{words} " · " <RelativeTime at=run.created_at lang/></span>
                {failed.into_iter().map(|words| view! { <span class="waiting-error">{words}</span> }).collect_view()}
            </span>
        </li>
    }
    .into_any()
}

fn failure(lang: Lang, result: &StepResult) -> Option<String> {
    let words = crate::call::words(lang, result.error?);
    Some([step_name(lang, result.kind), ": ", words].concat())
}
