//! The dialog for a new contact.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::ErrorCode;
use text::contact as t;
use text::people as p;
use ui::{Button, Dialog, DialogBody, DialogFooter, Field, InputKind, TextInput, Variant};

use super::super::calls::{self, ContactInput};
use crate::boot::{use_lang, use_workplace};
use crate::form::Faults;
use crate::place;
use crate::settings::part::{Fault, on_done};

/// Asks for what is known, and leads to the new contact.
#[component]
pub fn Create(
    /// Whether it is open, kept in step both ways.
    open: RwSignal<bool>,
) -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let text = || RwSignal::new(String::new());
    let (name, email, phone, company, identifier) = (text(), text(), text(), text(), text());
    let save = Action::new(move |contact: &ContactInput| calls::save(workplace.account_id, None, contact.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let navigate = StoredValue::new(use_navigate());
    on_done(
        move || outcome.get(),
        move |contact| {
            open.set(false);
            let address = place::contact(workplace.account_id, contact.id);
            navigate.with_value(|navigate| navigate(&address, NavigateOptions::default()));
        },
    );
    Effect::new(move |_| {
        if open.get() {
            save.clear();
            [name, email, phone, company, identifier].into_iter().for_each(|field| field.set(String::new()));
        }
    });
    let submit = move || {
        let given = |field: RwSignal<String>| Some(field.get_untracked()).filter(|text| !text.trim().is_empty());
        save.dispatch(ContactInput {
            name: given(name),
            email: given(email),
            phone_number: given(phone),
            company: given(company),
            identifier: given(identifier),
            ..ContactInput::default()
        });
    };
    // The contact who has it already is one press away.
    let other = move || {
        let error = outcome.get()?.err()?.0;
        let id = error.detail.filter(|_| error.code == ErrorCode::Taken)?.parse().ok()?;
        let href = place::contact(workplace.account_id, id);
        Some(view! { <a class="link" href=href>{p::open_holder(lang)}</a> })
    };
    view! {
        <Dialog open title=p::add(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["name", "email", "phone_number", "identifier"])/>
                    <Field id="new-contact-name" label=t::name(lang) error=faults.at("name")>
                        <TextInput value=name autofocus=true autocomplete="off" max=255_u32 on_enter=submit/>
                    </Field>
                    <Field id="new-contact-email" label=t::email(lang) error=faults.at("email")>
                        <TextInput value=email kind=InputKind::Email autocomplete="off" max=254_u32 on_enter=submit/>
                    </Field>
                    <Field
                        id="new-contact-phone"
                        label=t::phone(lang)
                        hint=p::phone_hint(lang)
                        error=faults.at("phone_number")
                    >
                        <TextInput value=phone kind=InputKind::Phone autocomplete="off" max=40_u32 on_enter=submit/>
                    </Field>
                    <Field id="new-contact-company" label=t::company(lang)>
                        <TextInput value=company autocomplete="off" max=255_u32 on_enter=submit/>
                    </Field>
                    <Field
                        id="new-contact-identifier"
                        label=t::identifier(lang)
                        hint=p::identifier_hint(lang)
                        error=faults.at("identifier")
                    >
                        <TextInput value=identifier autocomplete="off" max=255_u32 on_enter=submit/>
                    </Field>
                    {other}
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {p::add(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
    .into_any()
}
