//! The configuration of an inbox that signs in at its provider: there are no servers to set up.

use leptos::prelude::*;
use model::InboxId;
use model::mailbox::{AfterReading, MailState, SignIn, Way};
use ui::{Badge, Button, FormSection, Tone, use_toasts};

use super::super::sign_in::{Refused, sign_in_again};
use super::after::{After, after_of};
use super::imap::OnOff;
use crate::boot::{WorkplaceContext, use_lang};
use crate::mailbox::calls;

/// Who is signed in, and the switches.
#[component]
pub fn SignedIn(
    workplace: WorkplaceContext,
    id: InboxId,
    state: RwSignal<MailState>,
    sign_in: SignIn,
) -> impl IntoView {
    let lang = use_lang();
    use text::mail_sign_in as t;
    let account = workplace.account_id;
    let again = sign_in_again(workplace, id, sign_in.provider);
    let known = state.with_untracked(|state| state.connection.as_ref().map(|one| one.after));
    let after = RwSignal::new(known.unwrap_or(AfterReading::Leave).to_string());
    let keep = Action::new(move |after: &AfterReading| calls::set_after(account, id, *after));
    let kept = keep.value();
    let toasts = use_toasts();
    Effect::new(move |_| match kept.get() {
        Some(Ok(now)) => {
            state.set(now);
            toasts.done(text::common::state::saved(lang));
        }
        Some(Err(error)) => toasts.fail(error.words(lang)),
        None => {}
    });
    // Kept as it is chosen: there is nothing else here that could be saved with it.
    Effect::new(move |before: Option<AfterReading>| {
        let chosen = after.with(|word| after_of(word));
        if before.is_some_and(|before| before != chosen) {
            keep.dispatch(chosen);
        }
        chosen
    });
    let name = text::mail_sign_in::by_key(lang, sign_in.provider.as_str()).unwrap_or_default();
    view! {
        <Refused/>
        <FormSection title=name text=t::connected_text(lang, name, &sign_in.email)>
            <p class="signed-in table-who">
                <span>{sign_in.email.clone()}</span>
                {(!sign_in.is_lost).then(|| view! { <Badge tone=Tone::Success>{t::connected(lang)}</Badge> })}
            </p>
            <OnOff account id way=Way::Imap state label=t::read_on(lang)/>
            <OnOff account id way=Way::Smtp state label=t::send_on(lang)/>
            <After value=after/>
            <div>
                <Button
                    loading=again.pending()
                    on_click=move |_| {
                        again.dispatch(());
                    }
                >
                    {t::reconnect_again(lang)}
                </Button>
            </div>
        </FormSection>
    }
}
