//! The configuration of an inbox that signs in at its provider: there are no servers to set up.

use leptos::prelude::*;
use model::InboxId;
use model::mailbox::{MailState, SignIn, Way};
use ui::{Badge, Button, FormSection, Tone};

use super::super::sign_in::{Refused, sign_in_again};
use super::imap::OnOff;
use crate::boot::{WorkplaceContext, use_lang};

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
    let name = text::mail_sign_in::by_key(lang, sign_in.provider.as_str()).unwrap_or_default();
    view! {
        <Refused/>
        <FormSection title=name text=t::connected_text(lang, name, &sign_in.email)>
            <p class="signed-in">
                <span>{sign_in.email.clone()}</span>
                {(!sign_in.is_lost).then(|| view! { <Badge tone=Tone::Success>{t::connected(lang)}</Badge> })}
            </p>
            <OnOff account id way=Way::Imap state label=t::read_on(lang)/>
            <OnOff account id way=Way::Smtp state label=t::send_on(lang)/>
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
