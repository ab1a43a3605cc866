//! Results of slow steps, kept by the hash of what went in.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::setup::hex;

/// Entries that no build used for so long are deleted.
const KEEP: Duration = Duration::from_secs(7 * 24 * 60 * 60);

pub struct Cache {
    dir: PathBuf,
    used: BTreeSet<PathBuf>,
}

impl Cache {
    pub fn open(dir: PathBuf) -> Result<Self> {
        fs::create_dir_all(&dir)?;
        Ok(Self { dir, used: BTreeSet::new() })
    }

    /// The folder that `make` filled for this step and input, now or in an earlier build.
    pub fn folder(&mut self, step: &str, input: &[u8], make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let entry = self.dir.join(format!("{step}-{}", digest(input)));
        if !entry.is_dir() {
            // Built aside and renamed: a build that is killed leaves no half entry.
            let aside = self.dir.join(format!("{step}-{}.part", std::process::id()));
            if aside.exists() {
                fs::remove_dir_all(&aside)?;
            }
            fs::create_dir_all(&aside)?;
            make(&aside)?;
            if let Err(error) = fs::rename(&aside, &entry)
                && !entry.is_dir()
            {
                return Err(error).context("cannot keep a build step's result");
            }
        }
        self.used.insert(entry.clone());
        Ok(entry)
    }

    /// Deletes what has been unused for long.
    pub fn sweep(&self) -> Result<()> {
        let now = SystemTime::now();
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let age = now.duration_since(entry.metadata()?.modified()?).unwrap_or_default();
            if age > KEEP && !self.used.contains(&entry.path()) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Twelve hexadecimal digits of the content's hash: short in a URL, no accidental twins.
pub fn short_hash(content: &[u8]) -> String {
    digest(content)[..12].to_owned()
}

fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}
