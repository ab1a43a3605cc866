//! Where things are.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout this command works on, and the folder its builds go to.
pub struct Project {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Project {
    /// The workspace `cargo xtask` was called in; builds go to `CARGO_TARGET_DIR` or `target/`.
    ///
    /// Asked when it runs: checkouts that share a target folder share this binary too.
    pub fn find() -> Result<Self> {
        let here = std::env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&here).parent().context("xtask has no parent folder")?.to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => std::path::absolute(PathBuf::from(dir))?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// WASM has its own target folder: its compiler and flags may differ from the server's.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("front")
    }

    /// What the browser downloads; embedded in a release binary, read from disk by a debug one.
    pub fn site(&self) -> PathBuf {
        self.root.join("server/site")
    }

    pub fn end2end(&self) -> PathBuf {
        self.root.join("end2end")
    }

    /// A tool installed by `npm ci`.
    pub fn npm_tool(&self, name: &str) -> PathBuf {
        self.end2end().join("node_modules/.bin").join(name)
    }
}
