//! The mail servers of an inbox: where it reads, where it sends, and how it goes.

mod after;
pub mod how_far;
mod imap;
mod server;
mod signed_in;
mod smtp;

use std::time::Duration;

use leptos::prelude::*;
use model::inbox::Inbox;
use model::mailbox::{MailState, Trouble, TroubleKind, Way};
use text::Lang;
use ui::{Banner, ProgressBar, Skeleton, SkeletonKind, Tone};

use super::super::part::Fault;
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::mailbox::calls;

/// How often is looked while old mail is read.
const LOOK: Duration = Duration::from_secs(3);

/// The page of the mail servers.
#[component]
pub fn MailServers() -> impl IntoView {
    view! { <InboxPage tab="mail" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let (account, id, address) = (workplace.account_id, inbox.id, inbox.identifier.clone());
    let first = crate::json::blocking(
        || (),
        move |()| {
            let address = address.clone();
            async move { Ok::<_, crate::call::CallError>((calls::state(account, id).await?, calls::preset(address).await?)) }
        },
    );
    view! {
        <Suspense fallback=move || {
            view! { <Skeleton kind=SkeletonKind::Fields count=4 label=text::common::state::loading(lang)/> }
        }>
            {move || Suspend::new(async move {
                match first.await {
                    Ok((state, preset)) => {
                        let state = RwSignal::new(state);
                        let look = Callback::new(move |()| {
                            leptos::task::spawn_local(async move {
                                // What is shown stays when the server does not answer.
                                if let Ok(now) = calls::state(account, id).await {
                                    state.try_set(now);
                                }
                            });
                        });
                        if let Some(sign_in) = state.with_untracked(|state| state.sign_in.clone()) {
                            return view! {
                                <Standing state look/>
                                <signed_in::SignedIn workplace id state sign_in/>
                            }
                            .into_any();
                        }
                        view! {
                            <Standing state look/>
                            <imap::Reading workplace id state preset=preset.clone() look/>
                            <smtp::Sending workplace id state preset look/>
                        }
                        .into_any()
                    }
                    Err(error) => view! { <Fault words=Signal::stored(Some(error.words(lang)))/> }.into_any(),
                }
            })}
        </Suspense>
    }
}

/// What is in the way, and how far old mail is read.
#[component]
fn Standing(state: RwSignal<MailState>, look: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let progress = Memo::new(move |_| {
        state.with(|state| state.progress.filter(|progress| state.reads && progress.taken < progress.waiting))
    });
    Effect::new(move |before: Option<Option<IntervalHandle>>| {
        if let Some(Some(handle)) = before {
            handle.clear();
        }
        let is_reading = progress.with(Option::is_some);
        is_reading.then(|| set_interval_with_handle(move || look.run(()), LOOK).ok()).flatten()
    });
    let troubles = move || {
        let words = |trouble: &Trouble| sentence(lang, trouble);
        state.with(|state| state.troubles.iter().map(words).collect::<Vec<_>>())
    };
    view! {
        {move || {
            let banner = |words| view! { <Banner tone=Tone::Danger>{words}</Banner> };
            troubles().into_iter().map(banner).collect_view()
        }}
        {move || {
            progress
                .get()
                .map(|progress| {
                    let percent = u8::try_from(progress.taken * 100 / progress.waiting.max(1)).ok();
                    let words = text::mailbox::reading(
                        lang,
                        &text::number::integer(lang, progress.taken),
                        &text::number::integer(lang, progress.waiting),
                    );
                    view! {
                        <div class="mail-progress">
                            <p>{words.clone()}</p>
                            <ProgressBar percent=Signal::stored(percent) label=words/>
                        </div>
                    }
                })
        }}
    }
}

/// What is wrong, and the server's own words.
fn sentence(lang: Lang, trouble: &Trouble) -> String {
    use text::mailbox as t;
    let place = match trouble.way {
        Way::Imap => t::imap(lang),
        Way::Smtp => t::smtp(lang),
    };
    let what = t::by_key(lang, &["trouble.", trouble.kind.as_str()].concat()).unwrap_or_default();
    if trouble.said.is_empty() || trouble.kind == TroubleKind::HostNotFound {
        return t::trouble_at(lang, place, what);
    }
    t::trouble_said(lang, place, what, &trouble.said)
}
