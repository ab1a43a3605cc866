//! The second step of signing in: a code from the app, or one of those on paper.

use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use ui::{Button, Field, Size, TextInput, Variant};

use super::{Door, FormFault};
use crate::boot::use_lang;
use crate::form::{Faults, follow};
use crate::place;
use crate::session::calls::SecondStep as Call;

/// Asks for the code.
#[component]
pub fn SecondStep() -> impl IntoView {
    let lang = use_lang();
    use text::session::{self as words, second_step as t};
    let enter = ServerAction::<Call>::new();
    let outcome = enter.value();
    let faults = Faults::of(move || outcome.get());
    follow(move || outcome.get(), |address| address);
    // Stays busy until the next page is there.
    let is_busy = Signal::derive(move || enter.pending().get() || matches!(outcome.get(), Some(Ok(_))));
    let next = use_query_map().read_untracked().get("next").unwrap_or_default();
    let code = RwSignal::new(String::new());

    view! {
        <Door title=t::title(lang) text=t::text(lang)>
            <ActionForm action=enter attr:class="auth-form">
                <FormFault words=faults.beside(&["code"])/>
                <input type="hidden" name="next" value=next/>
                <Field id="code" label=t::code(lang) hint=t::hint(lang) required=true error=faults.at("code")>
                    <TextInput
                        value=code
                        size=Size::Large
                        name="code"
                        autocomplete="one-time-code"
                        autofocus=true
                        max=20_u32
                    />
                </Field>
                <Button variant=Variant::Primary size=Size::Large wide=true submit=true loading=is_busy>
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
