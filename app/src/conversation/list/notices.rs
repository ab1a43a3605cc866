//! Switching notifications and their tone.

use leptos::prelude::*;
use text::conversation::notify as t;
use ui::{Choice, Icon, IconButton, Popover, RadioGroup, Side, Switch};

use crate::conversation::desk::use_desk;
use crate::device::{self, Permission};
use crate::notify::Scope;

/// Opens the switches.
#[component]
pub fn NoticesButton() -> impl IntoView {
    let desk = use_desk();
    let (lang, notify) = (desk.lang, desk.notify);
    let icon = Signal::derive(move || {
        let wishes = notify.wishes.get();
        if wishes.desktop || wishes.sound { Icon::Bell } else { Icon::BellOff }
    });
    view! {
        <IconButton icon label=t::title(lang) side=Side::Bottom opens="list-notices"/>
        <Popover id="list-notices" label=t::title(lang) class="notices">
            <Notices/>
        </Popover>
    }
    .into_any()
}

#[component]
fn Notices() -> impl IntoView {
    let desk = use_desk();
    let (lang, notify) = (desk.lang, desk.notify);
    let wishes = notify.wishes.get_untracked();
    let desktop = RwSignal::new(wishes.desktop);
    let sound = RwSignal::new(wishes.sound);
    let scope = RwSignal::new(wishes.scope.as_str().to_owned());
    // The browser may refuse: the switch follows what came of it.
    Effect::new(move |_| desktop.set(notify.wishes.get().desktop));
    let is_blocked = move || matches!(notify.permission.get(), Permission::Denied | Permission::Missing);
    let scopes = Scope::ALL.map(|scope| {
        Choice::new(
            scope.as_str(),
            text::conversation::by_key(lang, &["notify.", scope.as_str()].concat()).unwrap_or_default(),
        )
    });
    view! {
        <Switch
            checked=desktop
            label=t::desktop(lang)
            detail=t::desktop_detail(lang)
            disabled=Signal::derive(is_blocked)
            on_change=move |on| notify.switch_desktop(on)
        />
        {move || is_blocked().then(|| view! { <p class="notices-blocked">{t::blocked(lang)}</p> })}
        <Switch
            checked=sound
            label=t::sound(lang)
            detail=t::sound_detail(lang)
            on_change=move |on| {
                notify.wish(|wishes| wishes.sound = on);
                if on {
                    device::tone();
                }
            }
        />
        <RadioGroup
            value=scope
            name="notify-scope"
            label=t::scope(lang)
            options=scopes.to_vec()
            on_change=move |word: String| {
                if let Some(scope) = Scope::ALL.into_iter().find(|scope| scope.as_str() == word) {
                    notify.wish(|wishes| wishes.scope = scope);
                }
            }
        />
    }
    .into_any()
}
