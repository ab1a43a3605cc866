//! Choosing a new password by a link.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Button, ButtonLink, Field, InputKind, Size, TextInput, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::{Faults, follow};
use crate::place;
use crate::session::calls::{self, ResetPassword as Reset};

/// Asks for the new password, or says that the link no longer works.
#[component]
pub fn ResetPassword() -> impl IntoView {
    let token = use_query_map().read_untracked().get("token").unwrap_or_default();
    let is_valid = crate::json::blocking(
        {
            let token = token.clone();
            move || token.clone()
        },
        calls::check_reset,
    );
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match is_valid.await {
                        Ok(true) => view! { <NewPassword token/> }.into_any(),
                        _ => view! { <Expired/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Expired() -> impl IntoView {
    let lang = use_lang();
    use text::session::reset_password as t;
    view! {
        <Door title=t::expired_title(lang) text=t::expired_text(lang)>
            <ButtonLink href=place::FORGOT_PASSWORD variant=Variant::Primary size=Size::Large wide=true>
                {t::expired_button(lang)}
            </ButtonLink>
        </Door>
    }
}

#[component]
fn NewPassword(token: String) -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, reset_password as t};
    let reset = ServerAction::<Reset>::new();
    let outcome = reset.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let is_busy = Signal::derive(move || reset.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    let password = RwSignal::new(String::new());
    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ActionForm action=reset attr:class="auth-form">
                <FormFault words=faults.beside(&["password"])/>
                <input type="hidden" name="token" value=token/>
                <Field
                    id="password"
                    label=words::new_password(lang)
                    hint=words::password_hint(lang)
                    required=true
                    error=faults.at("password")
                >
                    <TextInput
                        value=password
                        kind=InputKind::Password
                        size=Size::Large
                        name="password"
                        autocomplete="new-password"
                        autofocus=true
                    />
                </Field>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=is_busy>
                    {t::button(lang)}
                </Button>
            </ActionForm>
        </Door>
    }
}
