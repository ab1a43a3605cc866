//! The few icons of the chat, drawn in place so that no other file is needed.

use crate::dom::{El, el, svg};

/// An outline on a grid of 24.
#[derive(Clone, Copy)]
pub struct Icon(&'static str);

pub const BACK: Icon = Icon("M15 5l-7 7 7 7");
pub const CLOSE: Icon = Icon("M6 6l12 12M18 6L6 18");
pub const POP_OUT: Icon = Icon("M14 4h6v6M20 4l-9 9M18 14v4a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2h4");
pub const SEND: Icon = Icon("M12 20V5M5.5 11.5L12 5l6.5 6.5");
pub const ATTACH: Icon =
    Icon("M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8");
pub const SMILE: Icon = Icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5a4.3 4.3 0 0 0 7 0M9 9.5v.01M15 9.5v.01");
pub const FILE: Icon = Icon("M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5");
pub const DOWN: Icon = Icon("M12 5v14M6 13l6 6 6-6");
pub const END: Icon = Icon("M5 12.5l4.5 4.5L19 7.5");
pub const FORWARD: Icon = Icon("M9 5l7 7-7 7");

pub fn icon(icon: Icon) -> El {
    svg("svg")
        .attr("class", "icon")
        .attr("viewBox", "0 0 24 24")
        .attr("aria-hidden", "true")
        .child(svg("path").attr("d", icon.0))
}

/// A button that does what its listener does and nothing else.
pub fn button(class: &str, press: impl Fn() + 'static) -> El {
    el("button").attr("type", "button").attr("class", class).on("click", move |_| press())
}

/// A button that is only an icon, with its name for those who do not see it.
pub fn icon_button(shape: Icon, name: impl Fn() -> &'static str + Copy + 'static, press: impl Fn() + 'static) -> El {
    named(button("icon-button", press), name).child(icon(shape))
}

/// Gives something its name, spoken and on hovering.
pub fn named(element: El, name: impl Fn() -> &'static str + Copy + 'static) -> El {
    element.live_attr("aria-label", move || Some(name().to_owned())).live_attr("title", move || Some(name().to_owned()))
}
