//! What one is told by mail, each thing with a switch; at once.

use leptos::prelude::*;
use model::AccountId;
use model::notification::{NotificationKind, NotificationSwitch};
use text::Lang;
use text::profile as t;
use ui::{FormSection, Skeleton, SkeletonKind, Switch, use_toasts};

use crate::boot::{use_lang, use_workplace};
use crate::call;
use crate::notification::calls;

/// The switches of the account that one works in.
#[component]
pub fn OwnNotifications() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let account = workplace.account_id;
    let switches = crate::json::resource(|| (), move |()| calls::settings(account));
    let fallback =
        move || view! { <Skeleton kind=SkeletonKind::Rows count=3 label=text::common::state::loading(lang)/> };
    view! {
        <FormSection title=t::mails(lang) text=t::mails_text(lang)>
            <Transition fallback>
                {move || Suspend::new(async move {
                    match switches.await {
                        Ok(switches) => {
                            let one = |given| view! { <OwnSwitch account given/> };
                            switches.into_iter().map(one).collect_view().into_any()
                        }
                        Err(error) => view! { <p class="field-error">{error.words(lang)}</p> }.into_any(),
                    }
                })}
            </Transition>
        </FormSection>
    }
    .into_any()
}

#[component]
fn OwnSwitch(account: AccountId, given: NotificationSwitch) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let kind = given.kind;
    let checked = RwSignal::new(given.on);
    let change = move |on: bool| {
        leptos::task::spawn_local(async move {
            if let Err(error) = calls::switch(account, NotificationSwitch { kind, on }).await {
                let _ = checked.try_set(!on);
                toasts.fail(call::words(lang, error.0.code));
            }
        });
    };
    match words(lang, kind) {
        (label, "") => view! { <Switch checked label on_change=change/> }.into_any(),
        (label, detail) => view! { <Switch checked label detail on_change=change/> }.into_any(),
    }
}

/// What a switch is for, and a second line where it takes one.
fn words(lang: Lang, kind: NotificationKind) -> (&'static str, &'static str) {
    match kind {
        NotificationKind::Assignment => (t::mail_assignment(lang), ""),
        NotificationKind::Mention => (t::mail_mention(lang), ""),
        NotificationKind::NewMessage => (t::mail_new_message(lang), t::mail_new_message_hint(lang)),
        NotificationKind::InboxLost => (t::mail_inbox_lost(lang), t::mail_inbox_lost_hint(lang)),
    }
}
