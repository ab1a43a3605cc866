//! Making JavaScript and CSS small, with esbuild; development builds keep them readable.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::build::Mode;
use crate::command::run;
use crate::project::Project;

/// Minifies a text that stands for itself (`options` name its language); in development it stays as it is.
pub fn shrink(project: &Project, mode: Mode, options: &[&str], text: String) -> Result<String> {
    if mode == Mode::Dev {
        return Ok(text);
    }
    let mut esbuild = Command::new(project.npm_tool("esbuild"))
        .args(["--minify", "--legal-comments=none", "--charset=utf8"])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start esbuild")?;
    // Dropped at the end of the statement: esbuild starts when its input ends.
    esbuild.stdin.take().context("esbuild has no input")?.write_all(text.as_bytes())?;
    let done = esbuild.wait_with_output()?;
    if !done.status.success() {
        bail!("esbuild {} failed", options.join(" "));
    }
    Ok(String::from_utf8(done.stdout)?)
}

/// Replaces a module by itself, minified, with all it imports.
pub fn bundle(project: &Project, module: &Path) -> Result<()> {
    run(Command::new(project.npm_tool("esbuild"))
        .arg(module)
        .args(["--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"])
        .args(["--allow-overwrite", "--legal-comments=none"])
        .arg(format!("--outfile={}", module.display())))
}
