//! The front door of somebody who belongs to no account. Everybody else is led past it.

use leptos::form::ActionForm;
use leptos::prelude::*;
use ui::{Button, Size};

use super::{Door, FormFault};
use crate::boot::{use_boot, use_lang};
use crate::form::{Faults, follow};
use crate::session::calls::SignOut;

/// Says so, and lets them sign out.
#[component]
pub fn Home() -> impl IntoView {
    let lang = use_lang();
    use text::session::no_account as t;
    let sign_out = ServerAction::<SignOut>::new();
    let outcome = sign_out.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    let email = use_boot().profile.map(|profile| profile.email).unwrap_or_default();
    view! {
        <Door title=t::title(lang) text=t::text(lang, &email)>
            <ActionForm action=sign_out attr:class="auth-form">
                <FormFault words=faults.beside(&[])/>
                <Button size=Size::Large wide=true submit=true loading=sign_out.pending()>
                    {text::session::sign_out(lang)}
                </Button>
            </ActionForm>
        </Door>
    }
}
