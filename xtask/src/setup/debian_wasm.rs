//! The browser target where rustup's own server can't be reached: Debian packages a newer compiler
//! with the standard library's sources (`rustc-web`, `rust-web-src`), from which we build the
//! target once and lay it beside that compiler as a sysroot of our own.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::WasmCompiler;
use super::wasm::TARGET;
use crate::command::{cargo, output, run, say};
use crate::project::Project;

const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_RUSTLIB: &str = "/usr/lib/rustlib";

/// The sysroot made by an earlier `install`.
pub fn find(project: &Project, rustup_sysroot: &Path) -> Option<WasmCompiler> {
    let rustc = sysroot(project).join("bin/rustc");
    rustc.is_file().then_some(())?;
    let linker = rust_lld(rustup_sysroot)?;
    Some(WasmCompiler::Linked { rustc, linker })
}

pub fn install(project: &Project, rustup_sysroot: &Path) -> Result<WasmCompiler> {
    say("Installing rustc-web and rust-web-src");
    super::install(&["rustc-web", "rust-web-src"], &[])?;
    let linker = rust_lld(rustup_sysroot).context("the toolchain has no rust-lld")?;
    let built = build_std(project, &linker)?;
    lay_out(&sysroot(project), &built)?;
    find(project, rustup_sysroot).context("the browser target was built but is not usable")
}

fn sysroot(project: &Project) -> PathBuf {
    project.target.join("wasm-sysroot")
}

fn rust_lld(rustup_sysroot: &Path) -> Option<PathBuf> {
    fs::read_dir(rustup_sysroot.join("lib/rustlib"))
        .ok()?
        .filter_map(|host| Some(host.ok()?.path().join("bin/rust-lld")))
        .find(|path| path.is_file())
}

/// Builds an empty crate with the standard library from source; the libraries are the by-product.
fn build_std(project: &Project, linker: &Path) -> Result<PathBuf> {
    say("Building the standard library for the browser (about a minute, once)");
    let dir = project.target.join("wasm-std");
    fs::create_dir_all(dir.join("src"))?;
    fs::write(
        dir.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n",
    )?;
    fs::write(dir.join("src/lib.rs"), "")?;
    run(cargo(&dir)
        .args(["build", "-Zbuild-std=std,panic_abort,proc_macro", "--release", "--target", TARGET])
        .arg("--target-dir")
        .arg(dir.join("target"))
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Release builds optimise across crates, which needs the standard library's bitcode.
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker))?;
    Ok(dir.join("target").join(TARGET).join("release/deps"))
}

/// `bin/rustc` is Debian's compiler told to look here; everything but the new target is a link.
fn lay_out(sysroot: &Path, built: &Path) -> Result<()> {
    if sysroot.exists() {
        fs::remove_dir_all(sysroot)?;
    }
    let rustlib = sysroot.join("lib/rustlib");
    let libraries = rustlib.join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    for entry in fs::read_dir(DEBIAN_RUSTLIB)? {
        let entry = entry?;
        if entry.file_name() != TARGET {
            symlink(entry.path(), rustlib.join(entry.file_name()))?;
        }
    }
    for entry in fs::read_dir(built)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if name.ends_with(".rlib") && !name.starts_with("libempty-") {
            fs::copy(&path, libraries.join(name))?;
        }
    }
    // Written last: its presence says that the sysroot is complete.
    let rustc = sysroot.join("bin/rustc");
    fs::create_dir_all(sysroot.join("bin"))?;
    let script = format!("#!/bin/sh\nexec {DEBIAN_RUSTC} --sysroot '{}' \"$@\"\n", sysroot.display());
    fs::write(&rustc, script)?;
    fs::set_permissions(&rustc, fs::Permissions::from_mode(0o755))?;
    output(Command::new(&rustc).arg("--version")).map(drop)
}
