//! One style sheet from many: `@import "part.css";` lines are replaced by the part, each part once,
//! and `url(…)`s by the hashed names of the files they mean.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::pack::Site;

pub fn bundle(sheet: &Path, site: &Site) -> Result<String> {
    let mut text = String::new();
    inline(sheet, &mut BTreeSet::new(), &mut text)?;
    resolve(&text, |reference| hashed(reference, site))
}

fn inline(sheet: &Path, seen: &mut BTreeSet<PathBuf>, out: &mut String) -> Result<()> {
    if !seen.insert(sheet.to_path_buf()) {
        return Ok(());
    }
    let text = fs::read_to_string(sheet).with_context(|| format!("cannot read {}", sheet.display()))?;
    for line in text.lines() {
        match imported(line) {
            Some(part) => inline(&sheet.with_file_name(part), seen, out)?,
            None => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    Ok(())
}

/// The file a line imports: `@import "part.css";` or `@import url("part.css");`.
fn imported(line: &str) -> Option<&str> {
    let reference = line.trim().strip_prefix("@import")?.trim().strip_suffix(';')?;
    let reference = reference.strip_prefix("url(").and_then(|rest| rest.strip_suffix(')')).unwrap_or(reference);
    Some(unquoted(reference))
}

/// Replaces what stands in every `url(…)`, except for embedded data and fragments.
fn resolve(text: &str, name: impl Fn(&str) -> Result<String>) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("url(") {
        let (before, after) = rest.split_at(start + "url(".len());
        let end = end_of_url(after).context("a url( without its )")?;
        let reference = unquoted(&after[..end]);
        out.push_str(before);
        if reference.starts_with("data:") || reference.starts_with('#') {
            out.push_str(&after[..end]);
        } else {
            out.push('"');
            out.push_str(&name(reference)?);
            out.push('"');
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Where the closing bracket is; a quoted reference may hold brackets of its own.
fn end_of_url(after: &str) -> Option<usize> {
    let start = after.len() - after.trim_start().len();
    let quote = after[start..].chars().next().filter(|first| ['"', '\''].contains(first));
    let from = match quote {
        Some(quote) => start + 1 + after[start + 1..].find(quote)?,
        None => 0,
    };
    Some(from + after[from..].find(')')?)
}

/// Sheets and files lie side by side in `pkg/`, so a relative name is enough.
fn hashed(reference: &str, site: &Site) -> Result<String> {
    let name = reference.trim_start_matches("./").trim_start_matches('/').trim_start_matches("public/");
    let Some(path) = site.path_of(name) else {
        bail!("the CSS names {reference}, which is not in style/public");
    };
    Ok(path.trim_start_matches("pkg/").to_owned())
}

fn unquoted(text: &str) -> &str {
    text.trim().trim_matches(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_recognised_with_and_without_url() {
        assert_eq!(imported("@import \"tokens.css\";"), Some("tokens.css"));
        assert_eq!(imported("  @import url('page/list.css');"), Some("page/list.css"));
        assert_eq!(imported(".imported { color: red }"), None);
    }

    #[test]
    fn every_url_is_replaced() {
        let text = "a{src:url(x.woff2) format('woff2'),url(\"y.png\")}";
        let out = resolve(text, |name| Ok(format!("<{name}>"))).unwrap();
        assert_eq!(out, "a{src:url(\"<x.woff2>\") format('woff2'),url(\"<y.png>\")}");
    }

    #[test]
    fn embedded_data_stays_as_it_is() {
        let text = "a{mask:url('data:image/svg+xml,<g filter=\"url(#b)\"/>')}b{filter:url(#c)}";
        assert_eq!(resolve(text, |name| bail!("{name} was looked up")).unwrap(), text);
    }

    #[test]
    fn a_url_without_end_is_an_error() {
        assert!(resolve("a{src:url(x", |name| Ok(name.to_owned())).is_err());
    }
}
