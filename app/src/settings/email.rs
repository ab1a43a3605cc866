//! The address that one signs in with, and the way to another.

use leptos::prelude::*;
use model::agent::EmailChange;
use text::profile as t;
use ui::{
    Banner, Button, Dialog, DialogBody, DialogFooter, Field, FormSection, InputKind, TextInput, Tone, Variant,
    use_toasts,
};

use super::part::{Fault, on_done};
use crate::agent::calls;
use crate::boot::{use_lang, use_workplace};
use crate::form::Faults;

/// The address, one that waits to be confirmed, and the dialog that asks for another.
#[component]
pub fn OwnEmail() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let is_asking = RwSignal::new(false);
    let pending = crate::json::resource(|| (), |()| calls::pending_email());
    let email = move || workplace.profile.with(|profile| profile.email.clone());
    view! {
        <FormSection title=t::email(lang) text=t::email_text(lang)>
            <p class="own-email">
                <b class="truncate">{email}</b>
                <Button on_click=move |_| is_asking.set(true)>{t::change_email(lang)}</Button>
            </p>
            <Transition>
                {move || Suspend::new(async move {
                    pending.await.ok().flatten().map(|change| view! { <Waiting change on_changed=move || pending.refetch()/> })
                })}
            </Transition>
            <Ask open=is_asking on_changed=move || pending.refetch()/>
        </FormSection>
    }
    .into_any()
}

/// What still has to be confirmed.
#[component]
fn Waiting(change: EmailChange, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let cancel = Action::new(|(): &()| calls::cancel_email());
    let outcome = cancel.value();
    let faults = Faults::of(move || outcome.get());
    on_done(move || outcome.get(), move |()| on_changed.run(()));
    view! {
        <Fault words=faults.beside(&[])/>
        <Banner tone=Tone::Info>
            <span class="own-email">
                <span>{t::email_waits(lang, &change.email)}</span>
                <Button
                    loading=cancel.pending()
                    on_click=move |_| {
                        cancel.dispatch(());
                    }
                >
                    {t::keep_email(lang)}
                </Button>
            </span>
        </Banner>
    }
}

/// Asks for the new address and for the password.
#[component]
fn Ask(open: RwSignal<bool>, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let ask = Action::new(|(email, password): &(String, String)| calls::request_email(email.clone(), password.clone()));
    let outcome = ask.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |change| {
            open.set(false);
            toasts.done(t::email_sent(lang, &change.email));
            on_changed.run(());
        },
    );
    Effect::new(move |_| {
        if open.get() {
            email.set(String::new());
            password.set(String::new());
            ask.clear();
        }
    });
    let submit = move || {
        ask.dispatch((email.get_untracked(), password.get_untracked()));
    };
    view! {
        <Dialog open title=t::change_email(lang) close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(&["email", "current_password"])/>
                    <Field
                        id="new-email"
                        label=t::new_email(lang)
                        hint=t::new_email_hint(lang)
                        required=true
                        error=faults.at("email")
                    >
                        <TextInput value=email kind=InputKind::Email autocomplete="email" max=254_u32 on_enter=submit/>
                    </Field>
                    <Field
                        id="email-password"
                        label=text::security::current_password(lang)
                        required=true
                        error=faults.at("current_password")
                    >
                        <TextInput value=password kind=InputKind::Password autocomplete="current-password" on_enter=submit/>
                    </Field>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=ask.pending() on_click=move |_| submit()>
                    {t::send_link(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}
