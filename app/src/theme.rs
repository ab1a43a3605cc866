//! Light or dark, by the reader's choice or the system's.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::browser;

/// The cookie that remembers the choice, per browser.
pub const COOKIE: &str = "cloudchat_theme";

/// The reader's choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Theme {
    /// As the system is.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// Every choice, in the order of menus.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word in the cookie and in `<html data-theme>`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Reads the cookie; anything unknown is the system's.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == name).unwrap_or_default()
    }

    /// The attribute on `<html>`; none for the system's choice.
    #[must_use]
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then(|| self.name())
    }
}

/// The choice in force, to be changed with [`choose`].
#[must_use]
pub fn use_theme() -> RwSignal<Theme> {
    use_context::<RwSignal<Theme>>().unwrap_or_default()
}

/// Switches at once and remembers it in this browser.
pub fn choose(theme: RwSignal<Theme>, choice: Theme) {
    theme.set(choice);
    browser::set_root_attribute("data-theme", choice.attribute());
    browser::set_cookie(COOKIE, choice.name());
}
