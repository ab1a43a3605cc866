//! The frame around an account's pages: the rail, or on a phone the bar at the bottom.

mod account_menu;
mod bottom_bar;
mod person_menu;
mod rail;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::boot::{use_boot, use_lang, use_workplace};
use crate::browser;
use crate::public::trouble::NotFound;

/// The cookie that remembers a wide rail, per browser.
pub const RAIL_COOKIE: &str = "cloudchat_rail";

/// Below this width in CSS pixels a wide rail lies over the page and is closed by the next step (style/layout.css).
const ROOM_FOR_WIDE_RAIL: f64 = 1180.0;

/// What pages may say to the frame around them.
#[derive(Clone, Copy)]
pub struct FrameContext {
    /// The rail shows words and lists beside its icons.
    pub is_rail_wide: RwSignal<bool>,
    /// The details of a conversation are open.
    pub has_details: RwSignal<bool>,
}

/// The frame around the page.
#[must_use]
pub fn use_frame() -> FrameContext {
    use_context::<FrameContext>()
        .unwrap_or_else(|| FrameContext { is_rail_wide: RwSignal::new(false), has_details: RwSignal::new(false) })
}

/// The frame of an account's pages. Whoever does not belong to the account sees that there is no such page.
#[component]
pub fn Frame() -> impl IntoView {
    if use_workplace().is_none() {
        return view! { <NotFound/> }.into_any();
    }
    let lang = use_lang();
    let frame = FrameContext { is_rail_wide: RwSignal::new(use_boot().is_rail_wide), has_details: RwSignal::new(true) };
    provide_context(frame);
    let path = use_location().pathname;
    let pane = Memo::new(move |_| path.with(|path| pane_of(path)));
    // Over a narrow page the wide rail is a drawer: it closes once it has led somewhere.
    Effect::new(move |_| {
        path.track();
        if !has_room() {
            frame.is_rail_wide.set(false);
        }
    });
    view! {
        <a class="skip-link" href="#content">
            {text::common::skip_to_content(lang)}
        </a>
        <div
            class="dashboard"
            class:has-wide-rail=frame.is_rail_wide
            class:has-details=frame.has_details
            data-pane=move || pane.get()
        >
            <rail::Rail/>
            <Outlet/>
            <bottom_bar::BottomBar/>
        </div>
    }
    .into_any()
}

/// Widens the rail or makes it narrow again, and remembers it where it has a place of its own.
pub(crate) fn toggle_rail(frame: FrameContext) {
    let is_wide = !frame.is_rail_wide.get_untracked();
    frame.is_rail_wide.set(is_wide);
    if has_room() {
        browser::set_cookie(RAIL_COOKIE, if is_wide { "wide" } else { "narrow" });
    }
}

fn has_room() -> bool {
    ui::browser::window_size().0 >= ROOM_FOR_WIDE_RAIL
}

/// Which pane a phone shows, by the address: a conversation, a page of the settings, or what leads there.
fn pane_of(path: &str) -> Option<&'static str> {
    let mut parts = path.trim_matches('/').split('/').skip(3);
    match (parts.next(), parts.next()) {
        (Some("conversations"), Some(_)) => Some("conversation"),
        (Some("settings"), Some(_)) => Some("page"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::pane_of;

    #[test]
    fn the_address_decides_which_pane_a_phone_shows() {
        assert_eq!(pane_of("/app/accounts/1/conversations"), None);
        assert_eq!(pane_of("/app/accounts/1/conversations/7"), Some("conversation"));
        assert_eq!(pane_of("/app/accounts/1/settings"), None);
        assert_eq!(pane_of("/app/accounts/1/settings/inboxes/3"), Some("page"));
    }
}
