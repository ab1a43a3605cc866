//! `cargo xtask build`: the browser's half first, because the server embeds it.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::command::{cargo, run, say};
use crate::project::Project;
use crate::setup::{self, WasmCompiler};
use crate::site;

/// How much work a build puts into small and fast results.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Dev,
    Release,
}

impl Mode {
    pub fn parse(args: &[String]) -> Result<Self> {
        match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            [] => Ok(Self::Dev),
            ["--release"] => Ok(Self::Release),
            other => bail!("only --release is understood here, not {}", other.join(" ")),
        }
    }

    /// The cargo profile for WASM.
    pub fn wasm_profile(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm",
        }
    }

    /// The folder cargo puts the server's binary in.
    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// Builds the site and the server; returns the binary.
pub fn build_all(project: &Project, mode: Mode) -> Result<PathBuf> {
    let wasm = prepare(project, mode)?;
    site::build(project, mode, &wasm)?;
    server(project, mode)
}

pub fn build(project: &Project, mode: Mode) -> Result<()> {
    let binary = build_all(project, mode)?;
    match mode {
        Mode::Dev => say(format!("Built {} (assets are read from server/site)", binary.display())),
        Mode::Release => say(format!("Built {}: one file, all assets inside", binary.display())),
    }
    Ok(())
}

/// Installs what a build of that kind needs.
pub fn prepare(project: &Project, mode: Mode) -> Result<WasmCompiler> {
    let wasm = setup::wasm(project)?;
    if mode == Mode::Release {
        setup::npm_packages(project)?;
    }
    Ok(wasm)
}

/// Builds the binary `cloudchat`.
pub fn server(project: &Project, mode: Mode) -> Result<PathBuf> {
    say("Building the server");
    let mut command = cargo(&project.root);
    command.args(["build", "--package", "server", "--bin", "cloudchat", "--target-dir"]);
    command.arg(&project.target);
    if mode == Mode::Release {
        command.arg("--release");
    }
    run(&mut command)?;
    Ok(binary(project, mode))
}

/// Where `server` leaves the binary.
pub fn binary(project: &Project, mode: Mode) -> PathBuf {
    project.target.join(mode.folder()).join("cloudchat")
}
