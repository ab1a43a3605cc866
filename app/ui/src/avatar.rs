//! Faces.

use leptos::prelude::*;

use crate::{ChannelGlyph, IconSize};

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// There and free.
    Online,
    /// There, but asked not to be disturbed.
    Busy,
    /// Away.
    #[default]
    Offline,
}

impl Presence {
    const fn class(self) -> &'static str {
        match self {
            Self::Online => "presence is-online",
            Self::Busy => "presence is-busy",
            Self::Offline => "presence is-offline",
        }
    }
}

/// Diameter of an avatar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AvatarSize {
    /// 16 px, in rows.
    Tiny,
    /// 24 px, beside messages and in menus.
    Small,
    /// 32 px.
    #[default]
    Medium,
    /// 40 px, in lists.
    Large,
    /// 64 px, on top of a page.
    Huge,
}

impl AvatarSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Tiny => "is-tiny",
            Self::Small => "is-small",
            Self::Medium => "is-medium",
            Self::Large => "is-large",
            Self::Huge => "is-huge",
        }
    }
}

/// A picture, or initials on a tone that stays the same for the name. Decoration: the name must stand beside it or be
/// given as its hint.
#[component]
pub fn Avatar(
    /// Whose face.
    #[prop(into)]
    name: Signal<String>,
    /// Address of the picture; initials without one.
    #[prop(optional, into)]
    picture: Signal<Option<String>>,
    /// How large.
    #[prop(optional)]
    size: AvatarSize,
    /// Key of the channel whose sign is put on its corner.
    #[prop(optional, into)]
    channel: Option<String>,
    /// Whether they are there; no dot without it.
    #[prop(optional, into)]
    presence: Signal<Option<Presence>>,
    /// Shows the name as a hint and reads it aloud, for faces that stand alone.
    #[prop(optional)]
    hint: bool,
) -> impl IntoView {
    let face = move || match picture.get() {
        Some(address) => {
            view! { <img class="avatar-picture" src=address alt="" loading="lazy" decoding="async"/> }.into_any()
        }
        // Drawn by the styles: they are a picture, not words of the button or link around them.
        None => view! { <span class="avatar-initials" data-initials=initials(&name.read())></span> }.into_any(),
    };
    let class = move || ["avatar ", size.class(), " ", tone(&name.read())].concat();
    let spoken = move || hint.then(|| name.get());
    view! {
        <span
            class=class
            role=hint.then_some("img")
            aria-label=spoken
            aria-hidden=(!hint).then_some("true")
            data-hint=spoken
        >
            {face}
            {channel
                .map(|channel| {
                    view! {
                        <span class="avatar-channel">
                            <ChannelGlyph channel size=IconSize::Tiny/>
                        </span>
                    }
                })}
            {move || presence.get().map(|presence| view! { <span class=presence.class()></span> })}
        </span>
    }
    .into_any()
}

/// The dot of an availability by itself, e.g. in a menu.
#[component]
pub fn PresenceDot(
    /// Whether they are there.
    #[prop(into)]
    presence: Signal<Presence>,
) -> impl IntoView {
    view! { <span class=move || presence.get().class() aria-hidden="true"></span> }.into_any()
}

/// Several faces, overlapping, and how many more there are.
#[component]
pub fn AvatarStack(
    /// Names and pictures, most important first.
    people: Vec<(String, Option<String>)>,
    /// How many are drawn.
    #[prop(default = 3)]
    shown: usize,
    /// How large.
    #[prop(default = AvatarSize::Small)]
    size: AvatarSize,
) -> impl IntoView {
    let more = people.len().saturating_sub(shown);
    view! {
        <span class="avatar-stack">
            {people
                .into_iter()
                .take(shown)
                .map(|(name, picture)| view! { <Avatar name picture size hint=true/> })
                .collect_view()}
            {(more > 0).then(|| view! { <span class="avatar-more">{["+", &more.to_string()].concat()}</span> })}
        </span>
    }
    .into_any()
}

/// First letters of the first and the last word; the first letter or digit for anything else, `?` for nothing.
#[must_use]
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let Some(first) = words.next() else { return "?".to_owned() };
    first.to_uppercase().chain(words.next_back().into_iter().flat_map(char::to_uppercase)).collect()
}

/// One of the eight tones, always the same for a name.
#[must_use]
pub fn tone(name: &str) -> &'static str {
    const TONES: [&str; 8] = ["tone-0", "tone-1", "tone-2", "tone-3", "tone-4", "tone-5", "tone-6", "tone-7"];
    let hash = name.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    TONES[(hash >> 8) as usize % TONES.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_come_from_the_first_and_the_last_word() {
        assert_eq!(initials("Ana Beatriz de Souza"), "AS");
        assert_eq!(initials("ângela"), "Â");
        assert_eq!(initials("+55 11 98765-4321"), "59");
        assert_eq!(initials("(sem nome)"), "SN");
        assert_eq!(initials("  "), "?");
        assert_eq!(initials("🙂"), "?");
    }

    #[test]
    fn a_name_keeps_its_tone() {
        assert_eq!(tone("Ana"), tone("Ana"));
        let tones = ["Ana", "Bruno", "Carla", "Diego", "Elisa", "Fábio", "Gabi", "Hugo"].map(tone);
        assert!(tones.iter().collect::<std::collections::HashSet<_>>().len() >= 4, "{tones:?}");
    }
}
