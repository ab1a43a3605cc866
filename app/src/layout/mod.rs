//! The frame around an account's pages: the rail, or on a phone the bar at the bottom.

mod account_menu;
mod bottom_bar;
mod person_menu;
mod rail;
mod viewing;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

pub use person_menu::{availability_words, presence};

use crate::boot::{use_boot, use_lang, use_workplace};
use crate::browser;
use crate::live::provide_live;
use crate::notify::provide_notify;
use crate::public::trouble::NotFound;
use crate::tool::{ToolHost, provide_tools};

/// The cookie that remembers a wide rail, per browser.
pub const RAIL_COOKIE: &str = "cloudchat_rail";

/// The cookie that remembers that the details are shut, per browser.
pub const DETAILS_COOKIE: &str = "cloudchat_details";

/// Below this width in CSS pixels the wide rail and the details lie over the page, and the next step closes them
/// (style/layout.css).
const ROOM: f64 = 1180.0;

/// What pages may say to the frame around them.
#[derive(Clone, Copy)]
pub struct FrameContext {
    /// The rail shows words and lists beside its icons, where it has a place of its own.
    pub is_rail_wide: RwSignal<bool>,
    /// The rail lies over the page.
    pub shows_rail: RwSignal<bool>,
    /// The details of a conversation are open, where they have a place of their own.
    pub has_details: RwSignal<bool>,
    /// The details lie over the page.
    pub shows_details: RwSignal<bool>,
}

impl FrameContext {
    fn new(is_rail_wide: bool, has_details: bool) -> Self {
        Self {
            is_rail_wide: RwSignal::new(is_rail_wide),
            shows_rail: RwSignal::new(false),
            has_details: RwSignal::new(has_details),
            shows_details: RwSignal::new(false),
        }
    }

    /// Whether the rail shows words, wherever it lies.
    pub fn has_words(self) -> bool {
        self.is_rail_wide.get() || self.shows_rail.get()
    }

    /// Widens the rail or makes it narrow again, and remembers it where it has a place of its own.
    pub fn toggle_rail(self) {
        if !has_room() {
            self.shows_rail.update(|shows_rail| *shows_rail = !*shows_rail);
            return;
        }
        let is_wide = !self.is_rail_wide.get_untracked();
        self.is_rail_wide.set(is_wide);
        browser::set_cookie(RAIL_COOKIE, if is_wide { "wide" } else { "narrow" });
    }

    /// Opens or shuts the details, and remembers it where they have a place of their own.
    pub fn toggle_details(self) {
        if !has_room() {
            self.shows_details.update(|shows_details| *shows_details = !*shows_details);
            return;
        }
        let has_details = !self.has_details.get_untracked();
        self.has_details.set(has_details);
        browser::set_cookie(DETAILS_COOKIE, if has_details { "open" } else { "shut" });
    }

    /// Shuts what lies over the page.
    pub fn clear(self) {
        self.shows_rail.set(false);
        self.shows_details.set(false);
    }
}

/// The frame around the page.
#[must_use]
pub fn use_frame() -> FrameContext {
    use_context::<FrameContext>().unwrap_or_else(|| FrameContext::new(false, false))
}

/// The frame of an account's pages. Whoever does not belong to the account sees that there is no such page.
#[component]
pub fn Frame() -> impl IntoView {
    let Some(workplace) = use_workplace() else { return view! { <NotFound/> }.into_any() };
    let live = provide_live(workplace.account_id);
    provide_notify(live, workplace);
    let lang = use_lang();
    let boot = use_boot();
    let frame = FrameContext::new(boot.is_rail_wide, boot.has_details);
    provide_context(frame);
    provide_tools(frame);
    let path = use_location().pathname;
    let pane = Memo::new(move |_| path.with(|path| pane_of(path)));
    // What lies over a narrow page closes once it has led somewhere.
    Effect::new(move |_| {
        path.track();
        frame.clear();
    });
    view! {
        <a class="skip-link" href="#content">
            {text::common::skip_to_content(lang)}
        </a>
        <viewing::ViewingBar/>
        <div
            class="dashboard"
            class:has-wide-rail=frame.is_rail_wide
            class:shows-rail=frame.shows_rail
            class:has-details=frame.has_details
            class:shows-details=frame.shows_details
            data-pane=move || pane.get()
            data-link=move || live.link().get().as_str()
        >
            <div class="veil" on:click=move |_| frame.clear()></div>
            <rail::Rail/>
            <Outlet/>
            <bottom_bar::BottomBar/>
            <ToolHost/>
        </div>
    }
    .into_any()
}

fn has_room() -> bool {
    ui::browser::window_size().0 >= ROOM
}

/// Which pane a phone shows, by the address: a conversation, a page of the settings, or what leads there.
fn pane_of(path: &str) -> Option<&'static str> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').skip(3).collect();
    match parts.as_slice() {
        [.., "conversations", _] => Some("conversation"),
        ["settings", _, ..] => Some("page"),
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
        assert_eq!(pane_of("/app/accounts/1/label/vip/conversations/7"), Some("conversation"));
        assert_eq!(pane_of("/app/accounts/1/settings"), None);
        assert_eq!(pane_of("/app/accounts/1/settings/inboxes/3"), Some("page"));
    }
}
