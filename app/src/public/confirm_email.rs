//! Confirming a new address by a link. The page alone changes nothing: mail programs open links to look at them.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Button, ButtonLink, Size, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::{Faults, follow};
use crate::place;
use crate::session::calls::{self, ConfirmEmail as Confirm};

/// Asks to confirm, says that it is done, or that the link no longer works.
#[component]
pub fn ConfirmEmail() -> impl IntoView {
    let query = use_query_map().read_untracked();
    let token = query.get("token").unwrap_or_default();
    if query.get("done").is_some() {
        return view! { <Done/> }.into_any();
    }
    let address = crate::json::blocking(
        {
            let token = token.clone();
            move || token.clone()
        },
        calls::read_email_change,
    );
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match address.await {
                        Ok(Some(email)) => view! { <Ask token email/> }.into_any(),
                        _ => view! { <Expired/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Ask(token: String, email: String) -> impl IntoView {
    let lang = use_lang();
    use text::session::confirm_email as t;
    let confirm = ServerAction::<Confirm>::new();
    let outcome = confirm.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let is_busy = Signal::derive(move || confirm.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    view! {
        <Door title=t::title(lang) text=t::text(lang, &email)>
            <ActionForm action=confirm attr:class="auth-form">
                <FormFault words=faults.beside(&[])/>
                <input type="hidden" name="token" value=token/>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=is_busy>
                    {t::button(lang)}
                </Button>
            </ActionForm>
        </Door>
    }
}

#[component]
fn Done() -> impl IntoView {
    let lang = use_lang();
    use text::session::confirm_email as t;
    view! {
        <Door title=t::done_title(lang) text=t::done_text(lang)>
            <ButtonLink href=place::HOME variant=Variant::Primary size=Size::Large wide=true>
                {t::done_button(lang)}
            </ButtonLink>
        </Door>
    }
}

#[component]
fn Expired() -> impl IntoView {
    let lang = use_lang();
    use text::session::confirm_email as t;
    view! {
        <Door title=t::expired_title(lang) text=t::expired_text(lang)>
            <ButtonLink href=place::HOME variant=Variant::Primary size=Size::Large wide=true>
                {t::done_button(lang)}
            </ButtonLink>
        </Door>
    }
}
