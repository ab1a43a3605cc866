//! Signing in.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Button, Field, InputKind, Size, TextInput, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::{Faults, follow};
use crate::place;
use crate::session::calls::SignIn;

/// E-mail, password, and the way to a new one.
#[component]
pub fn Login() -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, sign_in as t};
    let sign_in = ServerAction::<SignIn>::new();
    let outcome = sign_in.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    // Stays busy until the next page is there.
    let is_busy = Signal::derive(move || sign_in.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));

    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ActionForm action=sign_in attr:class="auth-form">
                <FormFault words=faults.beside(&[])/>
                <input type="hidden" name="next" value=next/>
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
                <Field id="password" label=words::password(lang) required=true>
                    <TextInput
                        value=password
                        kind=InputKind::Password
                        size=Size::Large
                        name="password"
                        autocomplete="current-password"
                    />
                </Field>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=is_busy>
                    {t::button(lang)}
                </Button>
            </ActionForm>
            <p class="auth-aside">
                <a class="link" href=place::FORGOT_PASSWORD>
                    {t::forgot(lang)}
                </a>
            </p>
        </Door>
    }
}
