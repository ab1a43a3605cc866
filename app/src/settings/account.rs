//! The account's own facts.

use leptos::prelude::*;
use model::account::AutoResolve;
use text::Lang;
use text::account as t;
use ui::{Choice, Combobox, CopyField, Field, FormSection, InputKind, Select, Switch, TextArea, TextInput, use_toasts};

use super::part::{Page, Save, on_done};
use crate::account::calls::{self, AccountInput};
use crate::boot::{WorkplaceContext, use_boot, use_lang, use_workplace};
use crate::form::{Faults, number};

/// Units of the time until a conversation is resolved, in minutes, the longest first.
const UNITS: [(&str, i64); 3] = [("days", 24 * 60), ("hours", 60), ("minutes", 1)];

/// Names of the fields that have a place of their own for what is wrong with them.
const FIELDS: &[&str] = &[
    "name",
    "domain",
    "support_email",
    "industry",
    "company_size",
    "locale",
    "timezone",
    "assignment_limit",
    "auto_resolve_after",
    "auto_resolve_message",
    "auto_resolve_label",
];

/// Sizes of companies, in people, as they are kept.
const SIZES: [&str; 5] = ["1-10", "11-50", "51-200", "201-500", "501+"];

/// What is written into the form. Cheap to copy.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    domain: RwSignal<String>,
    support_email: RwSignal<String>,
    industry: RwSignal<String>,
    company_size: RwSignal<String>,
    locale: RwSignal<String>,
    timezone: RwSignal<Vec<String>>,
    limit: RwSignal<String>,
    resolves: RwSignal<bool>,
    after: RwSignal<String>,
    unit: RwSignal<String>,
    message: RwSignal<String>,
    ignore_waiting: RwSignal<bool>,
    label: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            name: text(),
            domain: text(),
            support_email: text(),
            industry: text(),
            company_size: text(),
            locale: text(),
            timezone: RwSignal::new(Vec::new()),
            limit: text(),
            resolves: RwSignal::new(false),
            after: text(),
            unit: text(),
            message: text(),
            ignore_waiting: RwSignal::new(false),
            label: text(),
        }
    }

    fn fill(self, saved: AccountInput) {
        let auto = saved.auto_resolve;
        self.name.set(saved.name);
        self.domain.set(saved.domain);
        self.support_email.set(saved.support_email);
        self.industry.set(saved.industry);
        self.company_size.set(saved.company_size);
        self.locale.set(saved.locale);
        self.timezone.set(vec![saved.timezone]);
        self.limit.set(saved.assignment_limit.map(|limit| limit.to_string()).unwrap_or_default());
        self.resolves.set(auto.after.is_some());
        let (count, unit) = in_units(auto.after.unwrap_or(7 * 24 * 60));
        self.after.set(count.to_string());
        self.unit.set(unit.to_owned());
        self.message.set(auto.message);
        self.ignore_waiting.set(auto.ignore_waiting);
        self.label.set(auto.label.unwrap_or_default());
    }

    fn read(self) -> AccountInput {
        let unit = self.unit.get();
        let minutes = UNITS.iter().find(|(name, _)| *name == unit).map_or(1, |(_, minutes)| *minutes);
        // An empty field is no "never": that is what the switch is for.
        let after = number(&self.after.read()).unwrap_or(-1).saturating_mul(minutes);
        AccountInput {
            name: self.name.get(),
            domain: self.domain.get(),
            support_email: self.support_email.get(),
            industry: self.industry.get(),
            company_size: self.company_size.get(),
            locale: self.locale.get(),
            timezone: self.timezone.with(|zones| zones.first().cloned().unwrap_or_default()),
            assignment_limit: number(&self.limit.read()),
            auto_resolve: AutoResolve {
                after: self.resolves.get().then_some(after),
                message: self.message.get(),
                ignore_waiting: self.ignore_waiting.get(),
                label: Some(self.label.get()).filter(|label| !label.is_empty()),
            },
        }
    }
}

/// Minutes in the longest unit that tells them without a rest.
fn in_units(minutes: i64) -> (i64, &'static str) {
    let fitting = UNITS.iter().find(|(_, unit)| minutes % unit == 0);
    fitting.map_or((minutes, "minutes"), |(name, unit)| (minutes / unit, name))
}

/// Name, language and time zone of the company, how work is shared out, and what integrators need.
#[component]
pub fn Account() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let saved = Memo::new(move |_| {
        workplace.account.with(|account| AccountInput {
            name: account.name.clone(),
            locale: account.locale.clone(),
            timezone: account.timezone.clone(),
            assignment_limit: account.assignment_limit,
            auto_resolve: account.auto_resolve.clone(),
            domain: account.details.domain.clone(),
            support_email: account.details.support_email.clone(),
            industry: account.details.industry.clone(),
            company_size: account.details.company_size.clone(),
        })
    });
    let draft = Draft::new();
    draft.fill(saved.get_untracked());
    let changed = Memo::new(move |_| draft.read() != saved.get());
    let save = Action::new(move |input: &AccountInput| calls::update(workplace.account_id, input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |account| {
            workplace.account.set(account);
            draft.fill(saved.get_untracked());
            toasts.done(text::common::state::saved(lang));
        },
    );
    view! {
        <Page title=t::title(lang).to_owned() text=t::text(lang)>
            <Company draft faults saved=Signal::derive(move || saved.get().timezone)/>
            <About draft faults saved=Signal::derive(move || saved.get().company_size)/>
            <Limits draft faults/>
            <AutoResolving workplace draft faults/>
            <Integration workplace/>
            <Save
                changed
                saving=save.pending()
                fault=faults.beside(FIELDS)
                on_save=move || {
                    save.dispatch(untrack(|| draft.read()));
                }
                on_discard=move || draft.fill(saved.get_untracked())
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Company(draft: Draft, faults: Faults, saved: Signal<String>) -> impl IntoView {
    let lang = use_lang();
    let languages = Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())).to_vec();
    let zones = crate::json::resource(|| (), |()| calls::timezones());
    let zone_choices = Signal::derive(move || {
        let mut names = zones.get().and_then(Result::ok).unwrap_or_default();
        // The one that is set stays readable until the list is there, and when this machine does not know it.
        let current = saved.get();
        if !names.contains(&current) {
            names.push(current);
        }
        names.into_iter().map(|zone| Choice::new(zone.clone(), zone.replace('_', " "))).collect::<Vec<_>>()
    });
    view! {
        <FormSection title=t::general(lang)>
            <Field id="account-name" label=t::name(lang) required=true error=faults.at("name")>
                <TextInput value=draft.name autocomplete="organization" max=120_u32/>
            </Field>
            <Field id="account-locale" label=t::locale(lang) hint=t::locale_hint(lang) error=faults.at("locale")>
                <Select value=draft.locale options=languages/>
            </Field>
            <Field id="account-timezone" label=t::timezone(lang) hint=t::timezone_hint(lang) error=faults.at("timezone")>
                <Combobox
                    id="account-timezones"
                    value=draft.timezone
                    options=zone_choices
                    placeholder=t::timezone(lang)
                    label=t::timezone(lang)
                    search_label=text::common::search(lang)
                    empty=text::common::no_results(lang)
                />
            </Field>
        </FormSection>
    }
}

/// What the company says about itself.
#[component]
fn About(draft: Draft, faults: Faults, saved: Signal<String>) -> impl IntoView {
    let lang = use_lang();
    let sizes = Signal::derive(move || {
        let mut all = vec![Choice::new("", t::no_size(lang))];
        all.extend(SIZES.map(|size| Choice::new(size, t::people(lang, size))));
        // What an integration wrote stays readable.
        let current = saved.get();
        if !current.is_empty() && !SIZES.contains(&current.as_str()) {
            all.push(Choice::new(current.clone(), current));
        }
        all
    });
    let optional = text::common::optional(lang);
    view! {
        <FormSection title=t::about(lang) text=t::about_text(lang)>
            <Field
                id="account-domain"
                label=t::domain(lang)
                hint=t::domain_hint(lang)
                optional=optional
                error=faults.at("domain")
            >
                <TextInput value=draft.domain autocomplete="off" max=100_u32/>
            </Field>
            <Field
                id="account-support-email"
                label=t::support_email(lang)
                hint=t::support_email_hint(lang)
                optional=optional
                error=faults.at("support_email")
            >
                <TextInput value=draft.support_email kind=InputKind::Email autocomplete="off" max=254_u32/>
            </Field>
            <Field id="account-industry" label=t::industry(lang) optional=optional error=faults.at("industry")>
                <TextInput value=draft.industry autocomplete="off" max=100_u32/>
            </Field>
            <Field id="account-size" label=t::company_size(lang) optional=optional error=faults.at("company_size")>
                <Select value=draft.company_size options=sizes/>
            </Field>
        </FormSection>
    }
}

#[component]
fn Limits(draft: Draft, faults: Faults) -> impl IntoView {
    let lang = use_lang();
    view! {
        <FormSection title=t::limits(lang) text=t::limits_text(lang)>
            <Field
                id="account-limit"
                label=t::limit(lang)
                hint=t::limit_hint(lang)
                optional=text::common::optional(lang)
                error=faults.at("assignment_limit")
            >
                <TextInput value=draft.limit kind=InputKind::Number autocomplete="off"/>
            </Field>
        </FormSection>
    }
}

#[component]
fn AutoResolving(workplace: WorkplaceContext, draft: Draft, faults: Faults) -> impl IntoView {
    let lang = use_lang();
    let units = StoredValue::new(vec![
        Choice::new("minutes", t::minutes(lang)),
        Choice::new("hours", t::hours(lang)),
        Choice::new("days", t::days(lang)),
    ]);
    let labels = Signal::derive(move || {
        let mut all = vec![Choice::new("", t::no_label(lang))];
        let titles =
            workplace.lists.with(|lists| lists.labels.iter().map(|label| label.title.clone()).collect::<Vec<_>>());
        all.extend(titles.into_iter().map(|title| Choice::new(title.clone(), title)));
        all
    });
    view! {
        <FormSection title=t::auto_resolve(lang) text=t::auto_resolve_text(lang)>
            <Switch checked=draft.resolves label=t::resolves(lang)/>
            <Show when=move || draft.resolves.get()>
                <Field id="account-after" label=t::after(lang) error=faults.at("auto_resolve_after")>
                    <span class="input-with-unit">
                        <TextInput value=draft.after kind=InputKind::Number autocomplete="off"/>
                        <Select value=draft.unit options=units.get_value() label=t::unit(lang)/>
                    </span>
                </Field>
                <Field
                    id="account-resolve-message"
                    label=t::message(lang)
                    hint=t::message_hint(lang)
                    optional=text::common::optional(lang)
                    error=faults.at("auto_resolve_message")
                >
                    <TextArea value=draft.message max=1000_u32/>
                </Field>
                <Field id="account-resolve-label" label=t::label(lang) error=faults.at("auto_resolve_label")>
                    <Select value=draft.label options=labels/>
                </Field>
                <Switch checked=draft.ignore_waiting label=t::ignore_waiting(lang) detail=t::ignore_waiting_hint(lang)/>
            </Show>
        </FormSection>
    }
}

#[component]
fn Integration(workplace: WorkplaceContext) -> impl IntoView {
    let lang = use_lang();
    view! {
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
    }
}

#[cfg(test)]
mod tests {
    use super::in_units;

    #[test]
    fn minutes_are_told_in_the_longest_unit_that_fits() {
        assert_eq!(in_units(7 * 24 * 60), (7, "days"));
        assert_eq!(in_units(90 * 60), (90, "hours"));
        assert_eq!(in_units(90), (90, "minutes"));
    }
}
