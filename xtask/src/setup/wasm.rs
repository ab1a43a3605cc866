//! A compiler for `wasm32-unknown-unknown`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use super::debian_wasm;
use crate::command::{cargo, output, run, say};
use crate::project::Project;

pub const TARGET: &str = "wasm32-unknown-unknown";

/// How to compile for the browser.
pub enum WasmCompiler {
    /// The toolchain in use has the target.
    Installed,
    /// Another compiler whose standard library we built ourselves.
    Linked { rustc: PathBuf, linker: PathBuf },
}

impl WasmCompiler {
    /// `cargo SUBCOMMAND` with target, compiler and target folder set.
    pub fn cargo(&self, project: &Project, subcommand: &str) -> Command {
        let mut command = cargo(&project.root);
        command.args([subcommand, "--target", TARGET, "--target-dir"]);
        command.arg(project.wasm_target());
        if let Self::Linked { rustc, linker } = self {
            command.env("RUSTC", rustc).env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        command
    }

    /// Whether clippy can check the browser's half: it must come with the compiler in use.
    pub fn has_clippy(&self) -> bool {
        matches!(self, Self::Installed)
    }
}

pub fn find_or_install(project: &Project) -> Result<WasmCompiler> {
    let sysroot = PathBuf::from(output(Command::new("rustc").args(["--print", "sysroot"]))?);
    if has_target(&sysroot) {
        return Ok(WasmCompiler::Installed);
    }
    if let Some(linked) = debian_wasm::find(project, &sysroot) {
        return Ok(linked);
    }
    say(format!("Installing the compiler's browser target (rustup target add {TARGET})"));
    let added = run(Command::new("rustup").args(["target", "add", TARGET]));
    if has_target(&sysroot) {
        return Ok(WasmCompiler::Installed);
    }
    let reason = added.err().map_or_else(|| "another toolchain got it".to_owned(), |error| format!("{error:#}"));
    say(format!("That did not work ({reason}); building the target from Debian's sources instead"));
    debian_wasm::install(project, &sysroot)
}

fn has_target(sysroot: &Path) -> bool {
    sysroot.join("lib/rustlib").join(TARGET).join("lib").is_dir()
}
