//! Turns `locales/<lang>/<noun>.json` into one Rust module per noun, one function per key.
//!
//! Anything that differs between the languages (a missing key, a file, a placeholder) stops the build and is named.

mod carried;
mod catalogue;
mod entries;
mod generate;

use std::{env, fs, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    let folder = |name| env::var(name).map(PathBuf::from).unwrap_or_default();
    let written = catalogue::read(&folder("CARGO_MANIFEST_DIR").join("locales")).and_then(|nouns| {
        fs::write(folder("OUT_DIR").join("texts.rs"), generate::source(&nouns))
            .map_err(|error| vec![format!("the generated texts cannot be written: {error}")])
    });
    for problem in written.err().unwrap_or_default() {
        println!("cargo::error={problem}");
    }
}
