//! The account's own facts.

use leptos::prelude::*;
use text::Lang;
use ui::{Choice, Combobox, CopyField, Field, FormSection, Select, TextInput, use_toasts};

use super::part::{Page, Save, on_done};
use crate::account::calls::{self, AccountInput};
use crate::boot::{use_boot, use_lang, use_workplace};
use crate::form::Faults;

/// Name, language and time zone of the company, and what integrators need.
#[expect(clippy::too_many_lines, reason = "one view, read from top to bottom")]
#[component]
pub fn Account() -> impl IntoView {
    let lang = use_lang();
    use text::account as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let saved = Memo::new(move |_| {
        workplace.account.with(|account| AccountInput {
            name: account.name.clone(),
            locale: account.locale.clone(),
            timezone: account.timezone.clone(),
        })
    });
    let name = RwSignal::new(saved.get_untracked().name);
    let locale = RwSignal::new(saved.get_untracked().locale);
    let timezone = RwSignal::new(vec![saved.get_untracked().timezone]);
    let draft = move || AccountInput {
        name: name.get(),
        locale: locale.get(),
        timezone: timezone.with(|zones| zones.first().cloned().unwrap_or_default()),
    };
    let changed = Memo::new(move |_| draft() != saved.get());
    let save = Action::new(move |input: &AccountInput| calls::update(workplace.account_id, input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |account| {
            workplace.account.set(account);
            toasts.done(text::common::state::saved(lang));
        },
    );
    let discard = move || {
        let saved = saved.get_untracked();
        name.set(saved.name);
        locale.set(saved.locale);
        timezone.set(vec![saved.timezone]);
    };
    let languages = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())).to_vec();
    let zones = Resource::new(|| (), |()| calls::timezones());
    let zone_choices = Signal::derive(move || {
        let mut names = zones.get().and_then(Result::ok).unwrap_or_default();
        // The one that is set stays readable until the list is there, and when this machine does not know it.
        let current = saved.get().timezone;
        if !names.contains(&current) {
            names.push(current);
        }
        names.into_iter().map(|zone| Choice::new(zone.clone(), zone.replace('_', " "))).collect::<Vec<_>>()
    });

    view! {
        <Page title=t::title(lang).to_owned() text=t::text(lang)>
            <FormSection title=t::general(lang)>
                <Field id="account-name" label=t::name(lang) required=true error=faults.at("name")>
                    <TextInput value=name autocomplete="organization" max=120_u32/>
                </Field>
                <Field id="account-locale" label=t::locale(lang) hint=t::locale_hint(lang) error=faults.at("locale")>
                    <Select value=locale options=languages/>
                </Field>
                <Field
                    id="account-timezone"
                    label=t::timezone(lang)
                    hint=t::timezone_hint(lang)
                    error=faults.at("timezone")
                >
                    <Combobox
                        id="account-timezones"
                        value=timezone
                        options=zone_choices
                        placeholder=t::timezone(lang)
                        label=t::timezone(lang)
                        search_label=text::common::search(lang)
                        empty=text::common::no_results(lang)
                    />
                </Field>
            </FormSection>
            <FormSection title=t::integration(lang) text=t::integration_text(lang)>
                <Field id="account-id" label=t::id(lang)>
                    <CopyField
                        value=workplace.account_id.to_string()
                        label=t::id(lang)
                        copy_label=text::common::copy(lang)
                        copied_label=text::common::copied(lang)
                    />
                </Field>
                <Field id="account-api" label=t::api(lang)>
                    <CopyField
                        value=[&use_boot().base_url, "/api/v1/accounts/", &workplace.account_id.to_string()].concat()
                        label=t::api(lang)
                        copy_label=text::common::copy(lang)
                        copied_label=text::common::copied(lang)
                    />
                </Field>
            </FormSection>
            <Save
                changed
                saving=save.pending()
                fault=faults.beside(&["name", "locale", "timezone"])
                on_save=move || {
                    save.dispatch(untrack(draft));
                }
                on_discard=discard
            />
        </Page>
    }
    .into_any()
}
