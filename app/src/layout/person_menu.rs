//! The signed-in person at the end of the rail: availability, looks, language, sign-out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::Availability;
use text::Lang;
use ui::{Avatar, AvatarSize, Icon, Menu, MenuItem, MenuLabel, MenuSeparator, Presence, use_toasts};

use crate::agent::calls;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::theme::{self, Theme, use_theme};
use crate::{browser, place, session};

/// How an availability is drawn.
#[must_use]
pub fn presence(availability: Availability) -> Presence {
    match availability {
        Availability::Online => Presence::Online,
        Availability::Busy => Presence::Busy,
        Availability::Offline => Presence::Offline,
    }
}

/// What an availability is called.
#[must_use]
pub fn availability_words(lang: Lang, availability: Availability) -> &'static str {
    match availability {
        Availability::Online => text::common::state::online(lang),
        Availability::Busy => text::common::state::busy(lang),
        Availability::Offline => text::common::state::offline(lang),
    }
}

/// Face and menu of the signed-in person.
#[component]
pub fn PersonMenu() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let name = move || workplace.profile.with(|profile| profile.name.clone());
    let picture = move || workplace.profile.with(|profile| profile.avatar_url.clone());
    let chosen = workplace.chosen_availability;
    let dot = Signal::derive(move || Some(presence(chosen.get())));
    view! {
        <button
            type="button"
            class="rail-button"
            aria-haspopup="true"
            aria-label=move || {
                text::layout::person_menu(lang, &name(), availability_words(lang, chosen.get()))
            }
            data-hint=name
            data-hint-side="end"
            popovertarget="person-menu"
        >
            <Avatar
                name=Signal::derive(name)
                picture=Signal::derive(picture)
                size=AvatarSize::Small
                presence=dot
            />
            <span class="rail-label truncate">{name}</span>
        </button>
        <Menu id="person-menu" label=text::layout::your_menu(lang)>
            <Availabilities workplace/>
            <MenuSeparator/>
            <MenuItem
                icon=Icon::User
                label=text::settings::profile(lang)
                href=place::settings(workplace.account_id, "profile")
            />
            <MenuSeparator/>
            <Themes/>
            <MenuSeparator/>
            <Languages/>
            <MenuSeparator/>
            <SignOutItem/>
        </Menu>
    }
    .into_any()
}

#[component]
fn Availabilities(workplace: WorkplaceContext) -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let chosen = workplace.chosen_availability;
    let choose = move |availability: Availability| {
        let before = chosen.get_untracked();
        // Shown at once; taken back when the server did not hear it.
        chosen.set(availability);
        spawn_local(async move {
            if let Err(error) = calls::set_availability(workplace.account_id, availability).await {
                let _ = chosen.try_set(before);
                toasts.fail(error.words(lang));
            }
        });
    };
    view! {
        <MenuLabel label=text::layout::availability(lang)/>
        {Availability::ALL
            .iter()
            .map(|availability| {
                let availability = *availability;
                view! {
                    <MenuItem
                        label=availability_words(lang, availability)
                        checked=Signal::derive(move || chosen.get() == availability)
                        on_select=move || choose(availability)
                    />
                }
            })
            .collect_view()}
    }
}

#[component]
fn Themes() -> impl IntoView {
    let lang = use_lang();
    let current = use_theme();
    let face = |theme: Theme| match theme {
        Theme::System => (Icon::Monitor, text::common::theme::system(lang)),
        Theme::Light => (Icon::Sun, text::common::theme::light(lang)),
        Theme::Dark => (Icon::Moon, text::common::theme::dark(lang)),
    };
    view! {
        <MenuLabel label=text::layout::theme(lang)/>
        {Theme::ALL
            .into_iter()
            .map(|theme| {
                let (icon, label) = face(theme);
                view! {
                    <MenuItem
                        icon
                        label
                        checked=Signal::derive(move || current.get() == theme)
                        on_select=move || theme::choose(current, theme)
                    />
                }
            })
            .collect_view()}
    }
}

#[component]
fn Languages() -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let choose = move |choice: Lang| {
        if choice == lang {
            return;
        }
        spawn_local(async move {
            match calls::set_locale(choice.code().to_owned()).await {
                // Every word of the page changes: it is drawn anew.
                Ok(()) => browser::go(&browser::here()),
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    view! {
        <MenuLabel label=text::layout::language(lang)/>
        {Lang::ALL
            .into_iter()
            .map(|choice| {
                view! {
                    <MenuItem
                        label=choice.name()
                        checked=Signal::derive(move || choice == lang)
                        on_select=move || choose(choice)
                    />
                }
            })
            .collect_view()}
    }
}

#[component]
fn SignOutItem() -> impl IntoView {
    let lang = use_lang();
    let toasts = use_toasts();
    let sign_out = move || {
        spawn_local(async move {
            match session::calls::sign_out().await {
                Ok(address) => browser::go(&address),
                Err(error) => toasts.fail(error.words(lang)),
            }
        });
    };
    view! { <MenuItem icon=Icon::LogOut label=text::session::sign_out(lang) on_select=sign_out/> }
}
