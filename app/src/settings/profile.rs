//! One's own profile.

use leptos::prelude::*;
use text::Lang;
use ui::{Choice, Field, FormSection, Icon, Mark, Segmented, Select, Switch, TextArea, TextInput, use_toasts};

use super::email::OwnEmail;
use super::notifications::OwnNotifications;
use super::part::{Page, Save, on_done};
use super::picture::OwnPicture;
use crate::agent::UndoTime;
use crate::agent::calls::{self, ProfileInput};
use crate::boot::{use_lang, use_workplace};
use crate::form::Faults;
use crate::theme::{self, Theme, use_theme};
use crate::{browser, call};

/// Name, signature, language and looks.
#[component]
pub fn Profile() -> impl IntoView {
    let lang = use_lang();
    use text::profile as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let saved = Memo::new(move |_| {
        workplace.profile.with(|profile| ProfileInput {
            name: profile.name.clone(),
            display_name: profile.display_name.clone(),
            message_signature: profile.message_signature.clone(),
            locale: profile.locale.clone().unwrap_or_default(),
        })
    });
    let field = |text: String| RwSignal::new(text);
    let start = saved.get_untracked();
    let (name, display_name) = (field(start.name), field(start.display_name));
    let (signature, locale) = (field(start.message_signature), field(start.locale));
    let draft = move || ProfileInput {
        name: name.get(),
        display_name: display_name.get(),
        message_signature: signature.get(),
        locale: locale.get(),
    };
    let changed = Memo::new(move |_| draft() != saved.get());
    let save = Action::new(|input: &ProfileInput| calls::update_profile(input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |profile| {
            let is_new_language = profile.locale != workplace.profile.with_untracked(|profile| profile.locale.clone());
            workplace.profile.set(profile);
            if is_new_language {
                browser::go(&browser::here());
            }
            toasts.done(text::common::state::saved(lang));
        },
    );
    let discard = move || {
        let saved = saved.get_untracked();
        name.set(saved.name);
        display_name.set(saved.display_name);
        signature.set(saved.message_signature);
        locale.set(saved.locale);
    };
    let mut languages = vec![Choice::new("", t::locale_of_account(lang))];
    languages.extend(Lang::ALL.map(|lang| Choice::new(lang.code(), lang.name())));

    view! {
        <Page title=t::title(lang).to_owned() text=t::text(lang)>
            <FormSection title=t::person(lang)>
                <OwnPicture/>
                <Field id="profile-name" label=t::name(lang) required=true error=faults.at("name")>
                    <TextInput value=name autocomplete="name" max=120_u32/>
                </Field>
                <Field
                    id="profile-display-name"
                    label=t::display_name(lang)
                    hint=t::display_name_hint(lang)
                    optional=text::common::optional(lang)
                    error=faults.at("display_name")
                >
                    <TextInput value=display_name autocomplete="nickname" max=120_u32/>
                </Field>
                <Field
                    id="profile-signature"
                    label=t::signature(lang)
                    hint=t::signature_hint(lang)
                    optional=text::common::optional(lang)
                    error=faults.at("message_signature")
                >
                    <TextArea value=signature max=2000_u32/>
                </Field>
                <Field id="profile-locale" label=t::locale(lang) error=faults.at("locale")>
                    <Select value=locale options=languages/>
                </Field>
            </FormSection>
            <OwnEmail/>
            <Looks/>
            <Presence/>
            <OwnNotifications/>
            <Undo/>
            <Save
                changed
                saving=save.pending()
                fault=faults.beside(&["name", "display_name", "message_signature", "locale"])
                on_save=move || {
                    save.dispatch(untrack(draft));
                }
                on_discard=discard
            />
        </Page>
    }
    .into_any()
}

/// Light or dark; at once, and only in this browser.
#[component]
fn Looks() -> impl IntoView {
    let lang = use_lang();
    let current = use_theme();
    let value = RwSignal::new(current.get_untracked().name().to_owned());
    Effect::new(move |_| value.set(current.get().name().to_owned()));
    let options = vec![
        Choice::new(Theme::System.name(), text::common::theme::system(lang)).mark(Mark::Icon(Icon::Monitor)),
        Choice::new(Theme::Light.name(), text::common::theme::light(lang)).mark(Mark::Icon(Icon::Sun)),
        Choice::new(Theme::Dark.name(), text::common::theme::dark(lang)).mark(Mark::Icon(Icon::Moon)),
    ];
    view! {
        <FormSection title=text::layout::theme(lang) text=text::profile::theme_text(lang)>
            <Segmented
                value
                name="theme"
                label=text::layout::theme(lang)
                options
                on_change=move |name: String| theme::choose(current, Theme::parse(&name))
            />
        </FormSection>
    }
}

/// For how long a reply can be taken back; at once.
#[component]
fn Undo() -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let profile = workplace.profile;
    let value = RwSignal::new(profile.with_untracked(UndoTime::of).seconds().to_string());
    let options = UndoTime::CHOICES.map(|choice| Choice::new(choice.seconds().to_string(), choice.name(lang))).to_vec();
    let change = move |seconds: String| {
        let before = profile.with_untracked(UndoTime::of);
        let chosen = UndoTime::parse(&seconds);
        profile.update(|profile| chosen.put(profile));
        leptos::task::spawn_local(async move {
            if let Err(error) = calls::save_ui_settings(chosen.settings()).await {
                let _ = profile.try_update(|profile| before.put(profile));
                let _ = value.try_set(before.seconds().to_string());
                toasts.fail(call::words(lang, error.0.code));
            }
        });
    };
    view! {
        <FormSection title=text::composer::undo::label(lang) text=text::profile::undo_text(lang)>
            <Segmented value name="undo-send" label=text::composer::undo::label(lang) options on_change=change/>
        </FormSection>
    }
    .into_any()
}

/// Whether one counts as away while no page is open; at once.
#[component]
fn Presence() -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let checked = RwSignal::new(workplace.me.with_untracked(|me| me.auto_offline));
    let change = move |is_on: bool| {
        leptos::task::spawn_local(async move {
            if let Err(error) = calls::set_auto_offline(workplace.account_id, is_on).await {
                let _ = checked.try_set(!is_on);
                toasts.fail(call::words(lang, error.0.code));
            }
        });
    };
    view! {
        <FormSection title=text::layout::availability(lang)>
            <Switch
                checked
                label=text::profile::auto_offline(lang)
                detail=text::profile::auto_offline_hint(lang)
                on_change=change
            />
        </FormSection>
    }
    .into_any()
}
