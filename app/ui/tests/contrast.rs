//! What is read can be read: contrast of every pair of text and ground in both schemes (WCAG 2.2, 1.4.3 and 1.4.11).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic here is a failed test")]

use std::collections::HashMap;

const TOKENS: &str = include_str!("../../../style/tokens.css");

const GROUNDS: [&str; 4] = ["page", "surface", "sunken", "raised"];

#[test]
fn body_text_reaches_seven_to_one() {
    let bubbles = ["bubble-own", "success-soft", "warning-soft", "accent-soft", "danger-soft", "info-soft", "mark"];
    for ground in GROUNDS.iter().chain(&bubbles) {
        assert_contrast("text", ground, 7.0);
    }
}

#[test]
fn quieter_text_reaches_four_and_a_half() {
    for ground in GROUNDS {
        for text in [
            "text-2",
            "muted",
            "placeholder",
            "accent-text",
            "danger-text",
            "success-text",
            "warning-text",
            "info-text",
        ] {
            assert_contrast(text, ground, 4.5);
        }
    }
    for ground in ["bubble-own", "success-soft", "warning-soft", "accent-soft"] {
        assert_contrast("muted", ground, 4.5);
        assert_contrast("text-2", ground, 4.5);
    }
}

#[test]
fn words_on_their_own_colour_reach_four_and_a_half() {
    for name in ["accent", "success", "warning", "danger", "info"] {
        assert_contrast(&format!("{name}-text"), &format!("{name}-soft"), 4.5);
    }
    for ground in ["accent-solid", "accent-solid-hover", "accent-solid-press", "danger-solid", "danger-solid-hover"] {
        assert_contrast("on-accent", ground, 4.5);
    }
    for tone in 0..8 {
        assert_contrast(&format!("on-tone-{tone}"), &format!("tone-{tone}"), 4.5);
    }
}

#[test]
fn marks_and_edges_reach_three_to_one() {
    for ground in GROUNDS {
        for mark in ["accent", "danger", "success", "focus"] {
            assert_contrast(mark, ground, 3.0);
        }
    }
}

#[track_caller]
fn assert_contrast(text: &str, ground: &str, least: f64) {
    let tokens = tokens();
    for (scheme, index) in [("light", 0), ("dark", 1)] {
        let found = contrast(resolve(&tokens, text)[index], resolve(&tokens, ground)[index]);
        assert!(found >= least, "{text} on {ground} in {scheme}: {found:.2}, wanted {least}");
    }
}

type Oklch = [f64; 3];

/// Declarations of the form `--name: value;`, values as written.
fn tokens() -> HashMap<&'static str, &'static str> {
    let declaration = |line: &'static str| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": ");
    TOKENS.lines().filter_map(declaration).collect()
}

/// The light and the dark colour of a token.
#[track_caller]
fn resolve(tokens: &HashMap<&str, &str>, name: &str) -> [Oklch; 2] {
    let value = tokens.get(name).unwrap_or_else(|| panic!("--{name} is no token"));
    if let Some(other) = value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
        return resolve(tokens, other);
    }
    let both = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(value);
    let colours = both.split("oklch(").skip(1).map(oklch).collect::<Vec<_>>();
    [colours[0], *colours.last().unwrap()]
}

fn oklch(text: &str) -> Oklch {
    let numbers = text.split(')').next().unwrap().split_whitespace().map(|number| number.parse().unwrap());
    let numbers = numbers.collect::<Vec<f64>>();
    assert_eq!(numbers.len(), 3, "only opaque colours are compared: {text}");
    [numbers[0], numbers[1], numbers[2]]
}

fn contrast(a: Oklch, b: Oklch) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance; out of gamut values are clipped as a screen does (matrices: Björn Ottosson, "A perceptual color space").
fn luminance([lightness, chroma, hue]: Oklch) -> f64 {
    let (sine, cosine) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cosine, chroma * sine);
    let long = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let medium = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
    let red = 4.076_741_662_1 * long - 3.307_711_591_3 * medium + 0.230_969_929_2 * short;
    let green = -1.268_438_004_6 * long + 2.609_757_401_1 * medium - 0.341_319_396_5 * short;
    let blue = -0.004_196_086_3 * long - 0.703_418_614_7 * medium + 1.707_614_701_0 * short;
    0.2126 * red.clamp(0.0, 1.0) + 0.7152 * green.clamp(0.0, 1.0) + 0.0722 * blue.clamp(0.0, 1.0)
}
