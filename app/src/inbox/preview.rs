//! The chat as visitors will see it, drawn beside the form that sets it up.

use leptos::prelude::*;
use ui::{Avatar, AvatarSize, Glyph, Icon};

use crate::boot::use_lang;

/// A picture of the chat that follows the form. Nothing in it can be pressed.
#[component]
pub fn Preview(
    /// Name of the inbox.
    #[prop(into)]
    name: Signal<String>,
    /// The chat's colour, `#rrggbb`.
    #[prop(into)]
    colour: Signal<String>,
    /// Heading of the chat; the usual one when empty.
    #[prop(into)]
    title: Signal<String>,
    /// Sentence under the heading; the usual one when empty.
    #[prop(into)]
    tagline: Signal<String>,
    /// The first message; none when empty.
    #[prop(into)]
    greeting: Signal<String>,
    /// Names of those who answer.
    #[prop(into)]
    team: Signal<Vec<String>>,
    /// When an answer can be expected, in words.
    #[prop(into)]
    reply_time: Signal<String>,
) -> impl IntoView {
    let lang = use_lang();
    use text::widget as t;
    let or = |own: Signal<String>, usual: &'static str| {
        move || own.with(|own| if own.trim().is_empty() { usual.to_owned() } else { own.clone() })
    };
    let style = move || colour.with(|colour| ["--brand:", colour].concat());
    let faces = move || {
        let mut names = team.get();
        if names.is_empty() {
            names.push(name.get());
        }
        names.truncate(4);
        names.into_iter().map(|name| view! { <Avatar name size=AvatarSize::Large/> }).collect_view()
    };
    view! {
        <div class="chat-preview" class:has-dark-ink=move || colour.with(|colour| wants_dark_ink(colour)) style=style aria-hidden="true">
            <div class="chat-panel">
                <div class="chat-hero">
                    <div class="chat-faces">{faces}</div>
                    <p class="chat-title">{or(title, t::welcome_title(lang))}</p>
                    <p class="chat-tagline">{or(tagline, t::welcome_tagline(lang))}</p>
                </div>
                <div class="chat-cards">
                    <div class="chat-card">
                        <p class="chat-availability">
                            <span class="presence is-online"></span>
                            <b>{t::online(lang)}</b>
                            <span>{reply_time}</span>
                        </p>
                        <p class="chat-enter">
                            <span>
                                <b>{t::start(lang)}</b>
                                <span>{t::start_help(lang)}</span>
                            </span>
                            <Glyph icon=Icon::ChevronRight/>
                        </p>
                    </div>
                    <Show when=move || greeting.with(|greeting| !greeting.trim().is_empty())>
                        <div class="chat-greeting">
                            <Avatar name size=AvatarSize::Small/>
                            <p class="chat-bubble">{greeting}</p>
                        </div>
                    </Show>
                </div>
            </div>
            <span class="chat-launcher">
                <Glyph icon=Icon::Message size=ui::IconSize::Huge/>
            </span>
        </div>
    }
    .into_any()
}

/// Whether dark words read better on a colour than white ones: by its relative luminance, as the chat itself decides.
pub(super) fn wants_dark_ink(colour: &str) -> bool {
    let channel = |at: usize| {
        let digits = colour.strip_prefix('#').and_then(|digits| digits.get(at..at + 2))?;
        let value = u8::from_str_radix(digits, 16).ok()?;
        Some((f64::from(value) / 255.0).powf(2.2))
    };
    let (Some(red), Some(green), Some(blue)) = (channel(0), channel(2), channel(4)) else { return false };
    0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.4
}

#[cfg(test)]
mod tests {
    use super::wants_dark_ink;

    #[test]
    fn ink_is_chosen_by_the_ground() {
        assert!(wants_dark_ink("#ffe14a"));
        assert!(!wants_dark_ink("#1f93ff"));
        assert!(!wants_dark_ink("red"));
        assert!(!wants_dark_ink("#é0000"));
    }
}
