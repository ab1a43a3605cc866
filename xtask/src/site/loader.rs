//! `sdk.js`, the script a site pastes: one file, so its style, its few words and the colour it has before it knows
//! the inbox are put into it here. Once for each language: nobody loads the words of twelve.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::script;
use crate::build::Mode;
use crate::project::Project;

/// The finished script in every language, by the language's tag; none while there is no script.
pub fn scripts(project: &Project, mode: Mode) -> Result<BTreeMap<String, String>> {
    let dir = project.root.join("widget/loader");
    let Ok(mut text) = fs::read_to_string(dir.join("sdk.js")) else {
        return Ok(BTreeMap::new());
    };
    if text.contains("= __CSS__") {
        let css = fs::read_to_string(dir.join("sdk.css")).context("widget/loader/sdk.css")?;
        let css = script::shrink(project, mode, &["--loader=css"], css)?;
        text = text.replace("= __CSS__", &format!("= {}", Value::from(css.trim_end())));
    }
    if text.contains("|| __ACCENT__") {
        let accent = accent(&project.root.join("style/tokens.css"))?;
        text = text.replace("|| __ACCENT__", &format!("|| {}", Value::from(accent)));
    }
    let text = script::shrink(project, mode, &["--loader=js", "--target=es2017"], text)?;
    let words = words(&project.root.join("app/text/locales"))?;
    Ok(words.into_iter().map(|(language, words)| (language, text.replace("__WORDS__", &words.to_string()))).collect())
}

/// The texts of each language's `launcher.json` and its two letters, by its tag.
fn words(locales: &Path) -> Result<BTreeMap<String, Value>> {
    let mut words = BTreeMap::new();
    for entry in fs::read_dir(locales)? {
        let dir = entry?.path();
        let language = dir.file_name().and_then(|name| name.to_str()).context("a folder without a name")?;
        let Ok(file) = fs::read_to_string(dir.join("launcher.json")) else {
            continue;
        };
        let mut texts: Value = serde_json::from_str(&file).with_context(|| format!("{language}/launcher.json"))?;
        texts["lang"] = Value::from(language.chars().take(2).collect::<String>());
        words.insert(language.to_owned(), texts);
    }
    Ok(words)
}

/// The light accent of the tokens as `#rrggbb`: the script reckons with it, so a CSS function would not do.
fn accent(tokens: &Path) -> Result<String> {
    let text = fs::read_to_string(tokens).context("style/tokens.css")?;
    let (_, rest) = text.split_once("--accent: light-dark(oklch(").context("style/tokens.css has no --accent")?;
    let (numbers, _) = rest.split_once(')').context("--accent does not end")?;
    let numbers: Vec<f64> = numbers.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
    match numbers.as_slice() {
        [lightness, chroma, hue] => Ok(oklch_to_hex(*lightness, *chroma, *hue)),
        _ => bail!("--accent is not oklch(lightness chroma hue)"),
    }
}

/// Björn Ottosson's OKLab matrices, then sRGB's transfer curve (IEC 61966-2-1); out of gamut is cut off.
fn oklch_to_hex(lightness: f64, chroma: f64, hue: f64) -> String {
    let (sin, cos) = hue.to_radians().sin_cos();
    let (a, b) = (chroma * cos, chroma * sin);
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    let encoded = linear.map(|value| {
        let value = value.clamp(0.0, 1.0);
        let curved = if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
        format!("{:02x}", (curved * 255.0).round() as u8)
    });
    format!("#{}", encoded.concat())
}

#[cfg(test)]
mod tests {
    use super::oklch_to_hex;

    #[test]
    fn known_colours_are_converted() {
        assert_eq!(oklch_to_hex(1.0, 0.0, 0.0), "#ffffff");
        assert_eq!(oklch_to_hex(0.0, 0.0, 0.0), "#000000");
        assert_eq!(oklch_to_hex(0.627_955, 0.257_683, 29.2339), "#ff0000");
        assert_eq!(oklch_to_hex(0.452_014, 0.313_214, 264.052), "#0000ff");
    }
}
