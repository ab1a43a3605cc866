//! What waits to be sent in the open conversation, over the composer.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::scheduled::Scheduled;
use model::{Permission, UserId};
use text::composer::later as t;
use ui::{Glyph, Icon, IconButton, Size};

use crate::conversation::beside;
use crate::conversation::desk::{Asked, Desk, use_desk};

/// One line for each message.
#[component]
pub fn Waiting() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let waiting = Memo::new(move |_| desk.waiting());
    view! {
        <Show when=move || !waiting.read().is_empty()>
            <ul class="waiting" aria-label=t::waiting(lang)>
                <For
                    each=move || waiting.get()
                    key=|scheduled| (scheduled.id, scheduled.updated_at)
                    children=move |scheduled| view! { <Line desk scheduled/> }
                />
            </ul>
        </Show>
    }
    .into_any()
}

#[component]
fn Line(desk: Desk, scheduled: Scheduled) -> impl IntoView {
    let lang = desk.lang;
    let clock = ui::use_clock();
    let (id, place, at) = (scheduled.id, scheduled.display_id, scheduled.send_at);
    let is_own = scheduled.user_id == desk.me();
    let may_act = is_own || desk.workplace.may(Permission::DeleteMessages);
    let when = move || text::time::date_time(lang, at, clock.offset.get());
    let error = scheduled.error.map(|code| t::failed(lang, crate::call::words(lang, code)));
    let is_failed = error.is_some();
    let who = (!is_own).then(|| name_of(desk, scheduled.user_id));
    let words = if scheduled.content.is_empty() {
        scheduled.files.iter().map(|file| file.name.as_str()).collect::<Vec<_>>().join(", ")
    } else {
        scheduled.content.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let busy = RwSignal::new(false);
    let cancel = move |_| {
        busy.set(true);
        spawn_local(async move {
            if let Err(error) = beside::cancel_waiting(desk.account(), place, id).await {
                desk.tell_failure(&error);
                let _ = busy.try_set(false);
            }
        });
    };
    let send = move |_| {
        busy.set(true);
        spawn_local(async move {
            match beside::send_waiting(desk.account(), place, id).await {
                Ok(message) => desk.put_message(&message),
                Err(error) => {
                    desk.tell_failure(&error);
                    let _ = busy.try_set(false);
                }
            }
        });
    };
    let change = StoredValue::new(scheduled.clone());
    view! {
        <li class="waiting-line" class:is-failed=is_failed class:is-busy=busy>
            <Glyph icon=if is_failed { Icon::CircleAlert } else { Icon::Calendar }/>
            <span class="waiting-words">
                <b>
                    {when}
                    {who.map(|who| [" · ", &who].concat())}
                </b>
                <span class="truncate" dir="auto">{words}</span>
                {error.map(|words| view! { <span class="waiting-error">{words}</span> })}
            </span>
            {may_act
                .then(|| {
                    view! {
                        <span class="waiting-acts">
                            <IconButton icon=Icon::Send size=Size::Small label=t::now(lang) disabled=busy on_click=send/>
                            {is_own
                                .then(|| {
                                    view! {
                                        <IconButton
                                            icon=Icon::Edit
                                            size=Size::Small
                                            label=t::change(lang)
                                            disabled=busy
                                            on_click=move |_| {
                                                desk.asked_for.set(Some(Asked::ChangeWaiting(change.get_value())));
                                            }
                                        />
                                    }
                                })}
                            <IconButton
                                icon=Icon::Close
                                size=Size::Small
                                label=t::cancel(lang)
                                disabled=busy
                                on_click=cancel
                            />
                        </span>
                    }
                })}
        </li>
    }
    .into_any()
}

fn name_of(desk: Desk, user: UserId) -> String {
    desk.workplace.lists.with_untracked(|lists| {
        lists.agents.iter().find(|agent| agent.id == user).map(|agent| agent.name.clone()).unwrap_or_default()
    })
}
