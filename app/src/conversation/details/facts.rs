//! How the conversation stands, in a list of facts.

use leptos::prelude::*;
use text::contact as t;
use ui::{RelativeTime, TimeStyle};

use crate::conversation::desk::use_desk;
use crate::conversation::header::{OwnerFacts, status_name};

/// The facts.
#[component]
pub fn Facts() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let row = Memo::new(move |_| desk.with_conversation(|conversation| conversation.row.clone()));
    let status = move || row.with(|row| row.as_ref().map(|row| status_name(lang, row.status)));
    let number = move || row.with(|row| row.as_ref().map(|row| ["#", &row.display_id.to_string()].concat()));
    let inbox = move || row.with(|row| row.as_ref().and_then(|row| desk.inbox(row.inbox_id))).map(|(name, _)| name);
    let first_reply = desk.conversation_memo(|conversation| conversation.first_reply_created_at);
    let waiting = Memo::new(move |_| row.with(|row| row.as_ref().and_then(|row| row.waiting_since)));
    let created = Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.created_at)));
    let active = Signal::derive(move || row.with(|row| row.as_ref().map_or(0, |row| row.last_activity_at)));
    let reply = move || match first_reply.get() {
        Some(at) => view! { <RelativeTime at lang style=TimeStyle::Full/> }.into_any(),
        None => view! { <span class="fact-empty">{t::first_reply_none(lang)}</span> }.into_any(),
    };
    let wait = move || {
        waiting.get().map(|at| {
            view! {
                <dt>{t::waiting(lang)}</dt>
                <dd>
                    <RelativeTime at lang style=TimeStyle::Ago/>
                </dd>
            }
        })
    };
    view! {
        <div class="owner-facts">
            <OwnerFacts/>
        </div>
        <dl class="facts">
            <dt>{t::number(lang)}</dt>
            <dd class="tabular">{number}</dd>
            <dt>{t::status(lang)}</dt>
            <dd>{status}</dd>
            <dt>{t::inbox(lang)}</dt>
            <dd>{inbox}</dd>
            <dt>{t::created(lang)}</dt>
            <dd>
                <RelativeTime at=created lang style=TimeStyle::Full/>
            </dd>
            <dt>{t::first_reply(lang)}</dt>
            <dd>{reply}</dd>
            <dt>{t::last_activity(lang)}</dt>
            <dd>
                <RelativeTime at=active lang style=TimeStyle::Ago/>
            </dd>
            {wait}
        </dl>
    }
    .into_any()
}
