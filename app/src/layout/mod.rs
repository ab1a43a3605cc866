//! The frame around an account's pages: the rail, or on a phone the bar at the bottom.

mod account_menu;
mod bottom_bar;
mod person_menu;
mod rail;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

pub use person_menu::{availability_words, presence};

use crate::boot::{use_boot, use_lang, use_workplace};
use crate::browser;
use crate::public::trouble::NotFound;

/// The cookie that remembers a wide rail, per browser.
pub const RAIL_COOKIE: &str = "cloudchat_rail";

/// From this width in CSS pixels on, the wide rail and the details have a place of their own (style/layout.css).
const ROOM_FOR_ALL: f64 = 1180.0;

/// What pages may say to the frame around them.
#[derive(Clone, Copy)]
pub struct FrameContext {
    /// The rail shows words and lists beside its icons, where there is room.
    pub has_wide_rail: RwSignal<bool>,
    /// The rail lies over the page, where there is less room.
    pub shows_rail: RwSignal<bool>,
    /// The details of a conversation are open, where there is room.
    pub has_details: RwSignal<bool>,
    /// The details lie over the page, where there is less room.
    pub shows_details: RwSignal<bool>,
}

impl FrameContext {
    fn new(has_wide_rail: bool) -> Self {
        Self {
            has_wide_rail: RwSignal::new(has_wide_rail),
            shows_rail: RwSignal::new(false),
            has_details: RwSignal::new(true),
            shows_details: RwSignal::new(false),
        }
    }

    /// Opens or closes the rail with its words, and remembers it where it has a place of its own.
    pub fn toggle_rail(self) {
        if has_room() {
            self.has_wide_rail.update(|is_wide| *is_wide = !*is_wide);
            let word = if self.has_wide_rail.get_untracked() { "wide" } else { "narrow" };
            browser::set_cookie(RAIL_COOKIE, word);
        } else {
            self.shows_rail.update(|is_shown| *is_shown = !*is_shown);
        }
    }

    /// Opens or closes the details of a conversation.
    pub fn toggle_details(self) {
        let signal = if has_room() { self.has_details } else { self.shows_details };
        signal.update(|is_open| *is_open = !*is_open);
    }

    /// Closes what lies over the page.
    pub fn close_drawers(self) {
        self.shows_rail.set(false);
        self.shows_details.set(false);
    }
}

/// The frame around the page.
#[must_use]
pub fn use_frame() -> FrameContext {
    use_context::<FrameContext>().unwrap_or_else(|| FrameContext::new(false))
}

/// The frame of an account's pages. Whoever does not belong to the account sees that there is no such page.
#[component]
pub fn Frame() -> impl IntoView {
    if use_workplace().is_none() {
        return view! { <NotFound/> }.into_any();
    }
    let lang = use_lang();
    let frame = FrameContext::new(use_boot().is_rail_wide);
    provide_context(frame);
    let path = use_location().pathname;
    let pane = Memo::new(move |_| path.with(|path| pane_of(path)));
    // What lies over the page closes once it has led somewhere.
    Effect::new(move |_| {
        path.track();
        frame.close_drawers();
    });
    view! {
        <a class="skip-link" href="#content">
            {text::common::skip_to_content(lang)}
        </a>
        <div
            class="dashboard"
            class:has-wide-rail=frame.has_wide_rail
            class:shows-rail=frame.shows_rail
            class:has-details=frame.has_details
            class:shows-details=frame.shows_details
            data-pane=move || pane.get()
        >
            <div class="veil" on:click=move |_| frame.close_drawers()></div>
            <rail::Rail/>
            <Outlet/>
            <bottom_bar::BottomBar/>
        </div>
    }
    .into_any()
}

fn has_room() -> bool {
    ui::browser::window_size().0 >= ROOM_FOR_ALL
}

/// Which pane a phone shows, by the address: a conversation, a page of the settings, or what leads there.
fn pane_of(path: &str) -> &'static str {
    let mut parts = path.trim_matches('/').split('/').skip(3);
    match (parts.next(), parts.next()) {
        (Some("conversations"), Some(_)) => "conversation",
        (Some("settings"), Some(_)) => "page",
        _ => "list",
    }
}

#[cfg(test)]
mod tests {
    use super::pane_of;

    #[test]
    fn the_address_decides_which_pane_a_phone_shows() {
        assert_eq!(pane_of("/app/accounts/1/conversations"), "list");
        assert_eq!(pane_of("/app/accounts/1/conversations/7"), "conversation");
        assert_eq!(pane_of("/app/accounts/1/settings"), "list");
        assert_eq!(pane_of("/app/accounts/1/settings/inboxes/3"), "page");
    }
}
