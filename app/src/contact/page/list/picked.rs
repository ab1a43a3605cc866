//! What can be done with contacts that are ticked.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::Permission;
use text::contact as t;
use text::people as p;
use ui::{Button, Choice, ConfirmTyped, Glyph, Icon, PickList, Popover, Size, Variant, use_toasts};

use super::People;
use crate::boot::use_lang;
use crate::contact::calls;

/// What can be done with those that are ticked.
#[component]
pub fn Picked(people: People) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let options = Signal::derive(move || {
        people.workplace.lists.with(|lists| {
            let choice = |label: &model::label::Label| {
                Choice::new(label.title.clone(), label.title.clone()).mark(ui::Mark::Dot(label.color.clone()))
            };
            lists.labels.iter().map(choice).collect::<Vec<_>>()
        })
    });
    // Labels that all of them have.
    let shared = Signal::derive(move || {
        let picked = people.picked.get();
        people.rows.with(|rows| {
            let mut those = rows.iter().filter(|row| picked.contains(&row.contact.id)).map(|row| &row.labels);
            let first = those.next().cloned().unwrap_or_default();
            those.fold(first, |mut shared, labels| {
                shared.retain(|title| labels.contains(title));
                shared
            })
        })
    });
    let toggle = move |title: String| {
        let (ids, is_shared) = (people.picked.get_untracked(), shared.get_untracked().contains(&title));
        let (add, remove) =
            if is_shared { (Vec::new(), vec![title.clone()]) } else { (vec![title.clone()], Vec::new()) };
        spawn_local(async move {
            match calls::label_many(people.workplace.account_id, ids.clone(), add, remove).await {
                Ok(count) => {
                    people.rows.update(|rows| {
                        for row in rows.iter_mut().filter(|row| ids.contains(&row.contact.id)) {
                            row.labels.retain(|label| *label != title);
                            if !is_shared {
                                row.labels.push(title.clone());
                                row.labels.sort();
                            }
                        }
                    });
                    toasts.done(if is_shared { p::unlabelled(lang, count) } else { p::labelled(lang, count) });
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    let count = move || i64::try_from(people.picked.read().len()).unwrap_or_default();
    let may_erase = people.workplace.may(Permission::DeleteData);
    let is_erasing = RwSignal::new(false);
    view! {
        <Show when=move || !people.picked.read().is_empty()>
            <div class="people-picked">
                <span role="status">{move || p::picked(lang, count())}</span>
                <button type="button" class="button is-small" popovertarget="people-labels" aria-haspopup="dialog">
                    <Glyph icon=Icon::Tag/>
                    <span class="button-label">{t::labels(lang)}</span>
                </button>
                <Popover id="people-labels" label=t::labels(lang) class="is-list">
                    <PickList
                        id="people-labels-list"
                        options
                        picked=shared
                        label=t::labels(lang)
                        search_label=text::conversation::search_labels(lang)
                        empty=text::conversation::no_label(lang)
                        on_pick=toggle
                    />
                </Popover>
                {may_erase
                    .then(|| {
                        view! {
                            <Button size=Size::Small icon=Icon::Trash on_click=move |_| is_erasing.set(true)>
                                {p::erase_many(lang)}
                            </Button>
                        }
                    })}
                <Button size=Size::Small variant=Variant::Ghost on_click=move |_| people.picked.set(Vec::new())>
                    {p::unpick(lang)}
                </Button>
            </div>
        </Show>
        <EraseMany people open=is_erasing/>
    }
}

/// Asks whether to erase those that are ticked, and does it.
#[component]
fn EraseMany(people: People, open: RwSignal<bool>) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let count = move || i64::try_from(people.picked.read().len()).unwrap_or_default();
    let busy = RwSignal::new(false);
    let erase = move || {
        let ids = people.picked.get_untracked();
        busy.set(true);
        spawn_local(async move {
            let answer = calls::erase_many(people.workplace.account_id, ids.clone()).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(count) => {
                    open.set(false);
                    people.picked.set(Vec::new());
                    people.refresh();
                    let kept = i64::try_from(ids.len()).unwrap_or_default() - count;
                    toasts.done(p::were_erased(lang, count));
                    if kept > 0 {
                        toasts.fail(p::were_here(lang, kept));
                    }
                }
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    view! {
        <ConfirmTyped
            open
            title=move || p::erase_many_title(lang, count())
            description=p::erase_many_text(lang)
            phrase=Signal::derive(move || p::count(lang, count()))
            phrase_label=move || text::common::type_to_confirm(lang, &p::count(lang, count()))
            confirm_label=p::erase_many(lang)
            cancel_label=text::common::cancel(lang)
            busy
            on_confirm=move |()| erase()
        />
    }
}
