//! The company at the top of the rail, and the way to another one.

use leptos::prelude::*;
use ui::{BrandMark, Menu, MenuItem, MenuLabel};

use crate::boot::{use_lang, use_workplace};
use crate::{browser, place};

/// Name of the account; a menu for somebody who belongs to several.
#[component]
pub fn AccountMenu() -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let name = move || workplace.account.with(|account| account.name.clone());
    let memberships = workplace.profile.with_untracked(|profile| profile.memberships.clone());
    let memberships = StoredValue::new(memberships);
    view! {
        <button
            type="button"
            class="rail-button"
            aria-haspopup="true"
            aria-label=move || text::layout::account_menu(lang, &name())
            data-hint=name
            data-hint-side="end"
            popovertarget="account-menu"
        >
            <BrandMark/>
            <span class="rail-label truncate">{name}</span>
        </button>
        <Menu id="account-menu" label=text::layout::accounts(lang)>
            <MenuLabel label=text::layout::accounts(lang)/>
            {memberships
                .get_value()
                .into_iter()
                .map(|membership| {
                    let id = membership.account_id;
                    // Another account is another page: everything on this one belongs to the account at hand.
                    let enter = move || {
                        if id != workplace.account_id {
                            browser::go(&place::account(id));
                        }
                    };
                    view! {
                        <MenuItem
                            label=membership.account_name
                            detail=text::agent::by_key(lang, &["role.", membership.role.as_str()].concat()).unwrap_or_default()
                            checked=Signal::derive(move || id == workplace.account_id)
                            on_select=enter
                        />
                    }
                })
                .collect_view()}
        </Menu>
    }
    .into_any()
}
