//! What a machine must have. Only what is missing is installed, and each step is said plainly.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::command::{find, output, run, say};
use crate::project::Project;

mod debian_wasm;
mod wasm;

pub use wasm::WasmCompiler;

/// The oldest Node the browser tests' packages accept.
const OLDEST_NODE: u32 = 18;

/// Everything `run` and `test` need.
pub fn everything(project: &Project) -> Result<()> {
    wasm(project)?;
    rust_components()?;
    npm_packages(project)?;
    chromium()?;
    fonts()?;
    postgres()?;
    dovecot()?;
    say("This machine has everything that `cargo xtask run` and `cargo xtask test` need.");
    Ok(())
}

/// A compiler for the browser's half.
pub fn wasm(project: &Project) -> Result<WasmCompiler> {
    wasm::find_or_install(project)
}

/// rustfmt and clippy: absent from rustup's minimal profile.
pub fn rust_components() -> Result<()> {
    for (component, program) in [("rustfmt", "cargo-fmt"), ("clippy", "cargo-clippy")] {
        let works = Command::new(program).arg("--version").output();
        if works.is_ok_and(|done| done.status.success()) {
            continue;
        }
        say(format!("Installing {component} (rustup component)"));
        run(Command::new("rustup").args(["component", "add", component]))?;
    }
    Ok(())
}

/// Node and npm from the system, then the locked packages of `end2end/`: wasm-opt and esbuild
/// for release builds, the browser driver for the tests.
pub fn npm_packages(project: &Project) -> Result<()> {
    node_major()?;
    let dir = project.end2end();
    let lock = fs::read(dir.join("package-lock.json")).context("end2end/package-lock.json")?;
    let digest = hex(&Sha256::digest(&lock));
    let stamp = dir.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == digest) {
        return Ok(());
    }
    say("Installing the npm packages of end2end/ (npm ci)");
    run(Command::new("npm").args(["ci", "--loglevel=error"]).current_dir(&dir))?;
    fs::write(stamp, digest)?;
    Ok(())
}

/// Node's major version, after installing it where there is none.
pub fn node_major() -> Result<u32> {
    if find("node").is_none() || find("npm").is_none() {
        say("Installing Node.js and npm");
        install(&["nodejs", "npm"], &["node"])?;
    }
    let version = output(Command::new("node").arg("--version"))?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|n| n.parse().ok());
    match major {
        Some(major) if major >= OLDEST_NODE => Ok(major),
        _ => bail!("Node {version} is too old, {OLDEST_NODE} or newer is needed"),
    }
}

/// A real browser for the tests.
pub fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    say("Installing Chromium, in which the browser tests run");
    install(&["chromium"], &["--cask", "chromium"])?;
    find_chromium().context("Chromium was installed but is not on the PATH; set CHROMIUM to its path")
}

fn find_chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let mac = ["Chromium", "Google Chrome"].map(|name| format!("/Applications/{name}.app/Contents/MacOS/{name}"));
    named
        .into_iter()
        .chain(["chromium", "chromium-browser", "google-chrome"].into_iter().filter_map(find))
        .chain(mac.into_iter().map(PathBuf::from))
        .find(|path| path.is_file())
}

/// Letters and emoji for the screenshots; the product itself ships its own font.
pub fn fonts() -> Result<()> {
    let emoji = Path::new("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf");
    let letters = Path::new("/usr/share/fonts/truetype/dejavu");
    if cfg!(target_os = "macos") || (emoji.exists() && letters.exists()) {
        return Ok(());
    }
    say("Installing fonts for the browser tests");
    install(&["fonts-noto-color-emoji", "fonts-dejavu"], &[])
}

/// The folder with `initdb` and `postgres`; the tests start a private cluster from it.
pub fn postgres() -> Result<PathBuf> {
    if let Some(found) = find_postgres() {
        return Ok(found);
    }
    say("Installing PostgreSQL, for a private throw-away cluster in the tests");
    install(&["postgresql"], &["postgresql@17"])?;
    find_postgres().context("PostgreSQL was installed but `initdb` was not found")
}

/// An IMAP server; the tests start private ones from it.
pub fn dovecot() -> Result<()> {
    let places = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot", "/opt/homebrew/sbin/dovecot"];
    if places.iter().any(|place| Path::new(place).is_file()) {
        return Ok(());
    }
    say("Installing Dovecot, for private throw-away mailboxes in the tests");
    install(&["dovecot-imapd"], &["dovecot"])
}

fn find_postgres() -> Option<PathBuf> {
    let has_initdb = |dir: &PathBuf| dir.join("initdb").is_file();
    let mut found: Vec<PathBuf> = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
        .into_iter()
        .filter_map(|dir| fs::read_dir(dir).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(has_initdb)
        .collect();
    found.sort();
    found.pop().or_else(|| find("initdb")?.parent().map(Path::to_path_buf))
}

/// Installs system packages: apt on Debian and Ubuntu, Homebrew on macOS.
fn install(apt: &[&str], brew: &[&str]) -> Result<()> {
    if cfg!(target_os = "macos") {
        if brew.is_empty() {
            return Ok(());
        }
        return run(Command::new("brew").arg("install").args(brew));
    }
    if find("apt-get").is_none() {
        bail!("please install these yourself, there is no apt-get here: {}", apt.join(" "));
    }
    // Fresh images have no package lists, old lists name packages that are gone.
    run(&mut as_root(&["apt-get", "update", "-qq"])?)?;
    let mut command = as_root(&["apt-get", "install", "-y", "-qq", "--no-install-recommends"])?;
    run(command.args(apt))
}

fn as_root(words: &[&str]) -> Result<Command> {
    let mut command = if is_root()? {
        Command::new(words[0])
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", words[0]]);
        sudo
    };
    command.args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive");
    Ok(command)
}

/// Whether we run as the super-user (PostgreSQL refuses to).
pub fn is_root() -> Result<bool> {
    Ok(output(Command::new("id").arg("-u"))? == "0")
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
