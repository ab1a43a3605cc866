//! The first run: the first account and its administrator.

use leptos::form::ActionForm;
use leptos::prelude::*;
use text::Lang;
use ui::{Button, ButtonLink, Choice, Field, InputKind, Select, Size, TextInput, Variant};

use super::{Door, FormFault};
use crate::account::calls::Install;
use crate::boot::{use_boot, use_lang};
use crate::form::{Faults, follow};
use crate::{browser, place};

/// Asks for company and administrator, or says that this was done already.
#[component]
pub fn Onboarding() -> impl IntoView {
    if use_boot().is_installed { view! { <Refused/> }.into_any() } else { view! { <FirstRun/> }.into_any() }
}

#[component]
fn Refused() -> impl IntoView {
    let lang = use_lang();
    use text::session::installed as t;
    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ButtonLink href=place::LOGIN variant=Variant::Primary size=Size::Large wide=true>
                {t::button(lang)}
            </ButtonLink>
        </Door>
    }
}

#[component]
fn FirstRun() -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, onboarding as t};
    let install = ServerAction::<Install>::new();
    let outcome = install.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let is_busy = Signal::derive(move || install.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    let text = || RwSignal::new(String::new());
    let (account_name, user_name, email, password) = (text(), text(), text(), text());
    let locale = RwSignal::new(lang.code().to_owned());
    let languages = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())).to_vec();
    let timezone = RwSignal::new(String::new());
    Effect::new(move |_| timezone.set(browser::time_zone()));

    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ActionForm action=install attr:class="auth-form">
                <FormFault words=faults.beside(&["account_name", "user_name", "email", "password"])/>
                <Field
                    id="account_name"
                    label=t::account_name(lang)
                    required=true
                    error=faults.at("account_name")
                >
                    <TextInput
                        value=account_name
                        size=Size::Large
                        name="installation[account_name]"
                        autocomplete="organization"
                        max=120_u32
                        autofocus=true
                    />
                </Field>
                <Field id="user_name" label=t::user_name(lang) required=true error=faults.at("user_name")>
                    <TextInput
                        value=user_name
                        size=Size::Large
                        name="installation[user_name]"
                        autocomplete="name"
                        max=120_u32
                    />
                </Field>
                <Field id="email" label=words::email(lang) required=true error=faults.at("email")>
                    <TextInput
                        value=email
                        kind=InputKind::Email
                        size=Size::Large
                        name="installation[email]"
                        autocomplete="username"
                    />
                </Field>
                <Field
                    id="password"
                    label=words::password(lang)
                    hint=words::password_hint(lang)
                    required=true
                    error=faults.at("password")
                >
                    <TextInput
                        value=password
                        kind=InputKind::Password
                        size=Size::Large
                        name="installation[password]"
                        autocomplete="new-password"
                    />
                </Field>
                <Field id="locale" label=t::locale(lang) hint=t::locale_hint(lang)>
                    <Select value=locale options=languages size=Size::Large name="installation[locale]"/>
                </Field>
                <input type="hidden" name="installation[timezone]" prop:value=timezone/>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=is_busy>
                    {t::button(lang)}
                </Button>
            </ActionForm>
        </Door>
    }
}
