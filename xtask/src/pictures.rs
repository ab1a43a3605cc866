//! `cargo xtask pictures`: the pictures of the README, taken of the demo company.

use std::process::Command;

use anyhow::Result;

use crate::build::{self, Mode};
use crate::command::{run, say};
use crate::project::Project;
use crate::setup;

/// Builds the product, fills it with the demo company and writes `docs/images/`.
pub fn pictures(project: &Project) -> Result<()> {
    let server = build::build_all(project, Mode::Dev)?;
    setup::npm_packages(project)?;
    let chromium = setup::chromium()?;
    run(Command::new("node")
        .arg(project.end2end().join("pictures.mjs"))
        .env("CLOUDCHAT_BIN", &server)
        .env("CHROMIUM", chromium))?;
    say("Wrote docs/images");
    Ok(())
}
