//! Draws every primitive in all its states, and mock screens that show which classes the pages use, into a folder:
//! `cargo run -p ui --features ssr --example gallery -- FOLDER`. One file per screen, everything inside, no server needed.

#![recursion_limit = "256"]

mod auth;
mod frame;
mod inbox;
mod primitives;
mod settings;

use std::{env, error::Error, fs, path::Path};

use leptos::prelude::*;

const STYLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../style");

/// Draws one screen.
type Screen = fn() -> AnyView;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder)?;
    let styles = styles()?;
    let screens: [(&str, Screen); 8] = [
        ("primitives", primitives::page),
        ("floating", primitives::floating),
        ("inbox", inbox::page),
        ("empty", inbox::empty),
        ("phone", inbox::phone),
        ("settings", settings::page),
        ("wizard", settings::wizard),
        ("auth", auth::page),
    ];
    for (name, screen) in screens {
        let owner = Owner::new();
        let body = owner.with(|| {
            provide_context(clock());
            screen().to_html()
        });
        // The sprite stands in the page itself: a file cannot use another file's symbols.
        let body = body.split("/icons.svg?v=").collect::<Vec<_>>();
        let body = body[0].to_owned()
            + &body[1..]
                .iter()
                .map(|rest| rest.split_once('#').map_or("", |(_, rest)| rest))
                .map(|rest| format!("#{rest}"))
                .collect::<String>();
        for theme in ["light", "dark"] {
            let page = format!(
                "<!doctype html><html lang=\"pt-BR\" data-theme=\"{theme}\"><meta charset=\"utf-8\">\
                 <meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">\
                 <title>{name}</title><style>{styles}</style><div hidden>{SPRITE}</div>{body}</html>"
            );
            fs::write(folder.join(format!("{name}-{theme}.html")), page)?;
        }
    }
    Ok(())
}

const SPRITE: &str = include_str!("../../../../style/icons.svg");

/// Keys of the channels that have a sign, in the order of the sprite; only a channel's own file names it.
pub fn channels() -> impl Iterator<Item = &'static str> {
    SPRITE.split("id=\"channel-").skip(1).filter_map(|rest| rest.split('"').next())
}

/// The key of one of them.
pub fn channel(index: usize) -> &'static str {
    channels().nth(index).unwrap_or_default()
}

/// A fixed moment, so that two runs draw the same pictures: Saturday, 21 November 2026, 11:05 in Brasília.
fn clock() -> ui::Clock {
    ui::Clock { now: RwSignal::new(NOW), offset: RwSignal::new(-180) }
}

pub const NOW: i64 = 1_795_269_909_000;
pub const MINUTE: i64 = 60_000;

/// The dashboard's style sheet in one piece, with the gallery's own few rules.
fn styles() -> Result<String, Box<dyn Error>> {
    let style = Path::new(STYLE);
    let mut styles = String::new();
    for line in fs::read_to_string(style.join("app.css"))?.lines() {
        if let Some(part) = line.strip_prefix("@import \"./").and_then(|rest| rest.strip_suffix("\";")) {
            styles.push_str(&fs::read_to_string(style.join(part))?);
        }
    }
    let fonts = style.join("public/fonts").canonicalize()?;
    Ok(styles.replace("/fonts/", &format!("file://{}/", fonts.display())) + include_str!("gallery.css"))
}
