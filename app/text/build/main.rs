//! Turns `locales/<lang>/<noun>.json` into one Rust module per noun, one function per key.
//!
//! Anything that differs between the languages (a missing key, a file, a placeholder) stops the build and is named.

#![expect(clippy::expect_used, reason = "a panic here is a failed build")]

mod catalogue;
mod entries;
mod generate;

use std::{env, fs, path::Path};

fn main() {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=build");
    let root = env::var("CARGO_MANIFEST_DIR").expect("set by cargo");
    let out = env::var("OUT_DIR").expect("set by cargo");

    match catalogue::read(&Path::new(&root).join("locales")) {
        Ok(nouns) => {
            fs::write(Path::new(&out).join("texts.rs"), generate::source(&nouns)).expect("OUT_DIR is writable");
        }
        Err(problems) => {
            for problem in problems {
                println!("cargo::error={problem}");
            }
        }
    }
}
