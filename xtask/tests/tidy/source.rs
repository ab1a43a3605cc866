//! The files of the repository, and how a broken rule is reported.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

/// One text file of the repository.
pub struct Source {
    /// Relative to the repository's root, with `/`.
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is_below(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// Integration tests and the test modules beside the code, by their names.
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.ends_with("/tests.rs") || self.path.ends_with("/testing.rs")
    }

    /// The text with line comments blanked and, in Rust, without the unit tests at the end of the file.
    pub fn code(&self) -> String {
        let text = match self.text.find("\n#[cfg(test)]\nmod ") {
            Some(end) if self.path.ends_with(".rs") => &self.text[..end],
            _ => &self.text,
        };
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        text.lines().map(|line| if is_comment(line) { "" } else { line }).collect::<Vec<_>>().join("\n")
    }

    /// `path:line: what matched`, for every match in the code.
    pub fn find(&self, pattern: &Regex) -> Vec<String> {
        let code = self.code();
        pattern.find_iter(&code).map(|found| self.place(&code, found.start(), found.as_str())).collect()
    }

    pub fn place(&self, text: &str, at: usize, what: &str) -> String {
        let line = text[..at].matches('\n').count() + 1;
        format!("{}:{line}: {}", self.path, what.trim())
    }
}

/// Every text file with one of these extensions that a person wrote.
pub fn sources(extensions: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    collect(&root, &root, extensions, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no {extensions:?} below {}", root.display());
    found
}

pub fn root() -> PathBuf {
    Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").unwrap()).parent().unwrap().to_path_buf()
}

/// Built or fetched things.
fn is_foreign(name: &str) -> bool {
    matches!(name, "target" | "node_modules" | "out" | "site" | "site.new" | "data") || name.starts_with(".git")
}

fn collect(root: &Path, dir: &Path, extensions: &[&str], found: &mut Vec<Source>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // `xtask/src/site` is ours.
            if !is_foreign(name) || path.ends_with("src/site") {
                collect(root, &path, extensions, found);
            }
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted)) {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { path, text });
        }
    }
}

/// Fails with the rule and every place that breaks it.
pub fn assert_none(rule: &str, broken: Vec<String>) {
    assert!(broken.is_empty(), "{rule}\n  {}\n", broken.join("\n  "));
}

/// A pattern written in this test.
pub fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap()
}
