//! Asking for a link to a new password.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Banner, Button, Field, InputKind, Size, TextInput, Tone, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::Faults;
use crate::place;
use crate::session::calls::RequestReset;

/// Asks for the address; the answer is the same for every address.
#[component]
pub fn ForgotPassword() -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, forgot_password as t};
    let request = ServerAction::<RequestReset>::new();
    let outcome = request.value();
    let faults = Faults::of(move || outcome.get());
    let sent_before = use_query_map().read_untracked().get("sent").is_some();
    let is_sent = move || match outcome.get() {
        Some(outcome) => outcome.is_ok(),
        None => sent_before,
    };
    let email = RwSignal::new(String::new());

    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ActionForm action=request attr:class="auth-form">
                <FormFault words=faults.beside(&[])/>
                {move || is_sent().then(|| view! { <Banner tone=Tone::Success>{t::sent(lang)}</Banner> })}
                <Field id="email" label=words::email(lang) required=true>
                    <TextInput
                        value=email
                        kind=InputKind::Email
                        size=Size::Large
                        name="email"
                        autocomplete="username"
                        autofocus=true
                    />
                </Field>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=request.pending()>
                    {t::button(lang)}
                </Button>
            </ActionForm>
            <p class="auth-aside">
                <a class="link" href=place::LOGIN>
                    {words::back_to_sign_in(lang)}
                </a>
            </p>
        </Door>
    }
}
