//! Writing the site: hashed names, compressed siblings, the manifest.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::cache::{Cache, short_hash};
use super::{Size, files_below};
use crate::build::Mode;

/// Files that are compressed already, or too rare to matter.
const INCOMPRESSIBLE: [&str; 9] = ["woff2", "png", "jpg", "jpeg", "gif", "webp", "avif", "mp3", "ogg"];

/// Brotli's window: the largest every browser accepts.
const BROTLI_WINDOW: u32 = 24;

/// A site being written beside the old one, which it replaces in the end.
pub struct Site {
    place: PathBuf,
    aside: PathBuf,
    mode: Mode,
    cache: Cache,
    names: BTreeMap<String, String>,
    sizes: BTreeMap<String, Size>,
}

impl Site {
    pub fn start(place: PathBuf, mode: Mode, cache: Cache) -> Result<Self> {
        let aside = place.with_extension("new");
        if aside.exists() {
            fs::remove_dir_all(&aside)?;
        }
        fs::create_dir_all(&aside)?;
        Ok(Self { place, aside, mode, cache, names: BTreeMap::new(), sizes: BTreeMap::new() })
    }

    /// Where a logical name ended up, relative to the site's root.
    pub fn path_of(&self, name: &str) -> Option<&str> {
        self.names.get(name).map(String::as_str)
    }

    /// Adds a file under a name that changes with its content.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let hash = short_hash(content);
        let path = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("pkg/{stem}.{hash}.{extension}"),
            None => format!("pkg/{name}.{hash}"),
        };
        let brotli = self.write(&path, content)?;
        self.sizes.insert(name.to_owned(), Size { raw: content.len(), brotli });
        if self.names.insert(name.to_owned(), path).is_some() {
            bail!("two files of the site are called {name}");
        }
        Ok(())
    }

    /// Adds a file under exactly this path; it is not in the manifest.
    pub fn add_as_is(&mut self, path: &str, content: &[u8]) -> Result<()> {
        self.write(path, content).map(drop)
    }

    /// Adds a file for the server alone.
    pub fn add_data(&mut self, path: &str, content: &[u8]) -> Result<()> {
        Ok(fs::write(self.aside.join(path), content)?)
    }

    /// Writes the manifest and puts the new site in the old one's place.
    pub fn finish(self) -> Result<BTreeMap<String, Size>> {
        fs::write(self.aside.join("manifest.json"), serde_json::to_vec_pretty(&self.names)?)?;
        if is_same(&self.aside, &self.place)? {
            // Left untouched: a release is compiled anew whenever its site is.
            fs::remove_dir_all(&self.aside)?;
        } else {
            if self.place.exists() {
                fs::remove_dir_all(&self.place)?;
            }
            fs::rename(&self.aside, &self.place)?;
        }
        self.cache.sweep()?;
        Ok(self.sizes)
    }

    /// Returns the number of bytes that travel to a modern browser.
    fn write(&mut self, path: &str, content: &[u8]) -> Result<usize> {
        let file = self.aside.join(path);
        fs::create_dir_all(file.parent().context("a file without a folder")?)?;
        fs::write(&file, content)?;
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if INCOMPRESSIBLE.contains(&extension) {
            return Ok(content.len());
        }
        let mode = self.mode;
        let step = match mode {
            Mode::Dev => "quick",
            Mode::Release => "small",
        };
        let packed = self.cache.folder(step, content, |dir| compress(content, mode, dir))?;
        fs::copy(packed.join("gz"), sibling(&file, "gz"))?;
        Ok(usize::try_from(fs::copy(packed.join("br"), sibling(&file, "br"))?)?)
    }
}

/// Whether two folders hold the same files.
fn is_same(one: &Path, other: &Path) -> Result<bool> {
    let names = |dir: &Path| -> Result<Vec<PathBuf>> {
        files_below(dir)?.into_iter().map(|file| Ok(file.strip_prefix(dir)?.to_owned())).collect()
    };
    let own = names(one)?;
    if own != names(other)? {
        return Ok(false);
    }
    for name in own {
        if fs::read(one.join(&name))? != fs::read(other.join(&name))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sibling(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// Best in a release, fast in daily work.
fn compress(content: &[u8], mode: Mode, dir: &Path) -> Result<()> {
    let (quality, level) = match mode {
        Mode::Dev => (2, Compression::fast()),
        Mode::Release => (11, Compression::best()),
    };
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, quality, BROTLI_WINDOW);
    brotli.write_all(content)?;
    fs::write(dir.join("br"), brotli.into_inner())?;
    let mut gzip = GzEncoder::new(Vec::new(), level);
    gzip.write_all(content)?;
    fs::write(dir.join("gz"), gzip.finish()?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_replaced_only_when_it_changed() {
        let dir = tempfile::tempdir().unwrap();
        let build = |text: &str| {
            let cache = Cache::open(dir.path().join("cache")).unwrap();
            let mut site = Site::start(dir.path().join("site"), Mode::Dev, cache).unwrap();
            site.add("a.css", text.as_bytes()).unwrap();
            site.finish().unwrap();
            let manifest = dir.path().join("site/manifest.json");
            (fs::metadata(&manifest).unwrap().modified().unwrap(), fs::read_to_string(&manifest).unwrap())
        };
        let first = build("a{}");
        assert_eq!(build("a{}"), first);
        assert_ne!(build("b{}").1, first.1);
        assert!(!dir.path().join("site.new").exists());
    }
}
