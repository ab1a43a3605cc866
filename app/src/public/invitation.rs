//! Accepting an invitation.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use model::session::Invitation;
use ui::{Button, ButtonLink, Field, InputKind, Size, TextInput, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::{Faults, follow};
use crate::place;
use crate::session::calls::{self, AcceptInvitation as Accept};

/// Asks for name and password, or says that the invitation no longer works.
#[component]
pub fn AcceptInvitation() -> impl IntoView {
    let token = use_query_map().read_untracked().get("token").unwrap_or_default();
    let invitation = crate::json::blocking(
        {
            let token = token.clone();
            move || token.clone()
        },
        calls::read_invitation,
    );
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match invitation.await {
                        Ok(invitation) => view! { <Join token invitation/> }.into_any(),
                        Err(_) => view! { <Expired/> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Expired() -> impl IntoView {
    let lang = use_lang();
    use text::session::invitation as t;
    view! {
        <Door title=t::expired_title(lang) text=t::expired_text(lang)>
            <ButtonLink href=place::LOGIN variant=Variant::Primary size=Size::Large wide=true>
                {t::expired_button(lang)}
            </ButtonLink>
        </Door>
    }
}

#[component]
fn Join(token: String, invitation: Invitation) -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, invitation as t};
    let accept = ServerAction::<Accept>::new();
    let outcome = accept.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let is_busy = Signal::derive(move || accept.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    let (name, password) = (RwSignal::new(invitation.name), RwSignal::new(String::new()));
    view! {
        <Door title=t::title(lang, &invitation.account_name) text=t::text(lang, &invitation.email)>
            <ActionForm action=accept attr:class="auth-form">
                <FormFault words=faults.beside(&["name", "password"])/>
                <input type="hidden" name="token" value=token/>
                // For password managers, which keep the two together.
                <input type="email" autocomplete="username" value=invitation.email readonly hidden/>
                <Field id="name" label=words::your_name(lang) required=true error=faults.at("name")>
                    <TextInput value=name size=Size::Large name="name" autocomplete="name" max=120_u32/>
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
