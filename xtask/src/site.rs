//! What the browser downloads: `server/site/`.
//!
//! Every file gets a name with its content's hash (it may be cached for ever) and, where it helps,
//! `.br` and `.gz` siblings. `manifest.json` maps logical names to these:
//! `{"app.js": "pkg/app.1f2e3d4c5b6a.js", …}`; paths are relative to the site's root.
//! `app.js` and `widget.js` do not know their WASM's name: the page passes it to their `init`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::build::Mode;
use crate::command::say;
use crate::project::Project;
use crate::setup::WasmCompiler;

mod binary;
pub mod budget;
mod cache;
mod css;
mod loader;
mod names;
mod pack;
mod script;
mod snip;
mod split;
mod wasm;

use cache::Cache;
use pack::Site;
use wasm::Program;

/// The two WASM programs: logical name and crate. Parts of both are loaded later.
const PROGRAMS: [(&str, &str); 2] = [("app", "frontend"), ("widget", "widget")];

/// The style sheets; each lists its parts as `@import`s.
const SHEETS: [&str; 3] = ["app.css", "survey.css", "widget.css"];

/// Sizes of one file of the site, in bytes.
pub struct Size {
    pub raw: usize,
    pub brotli: usize,
}

/// Builds `server/site/` anew; returns the sizes by logical name.
pub fn build(project: &Project, mode: Mode, compiler: &WasmCompiler) -> Result<BTreeMap<String, Size>> {
    let mut cache = Cache::open(project.target.join("site-cache"))?;
    let programs = PROGRAMS
        .iter()
        .map(|(name, package)| {
            say(format!("Building {package} for the browser"));
            let built = wasm::compile(project, mode, compiler, package)?;
            wasm::bind(project, mode, &mut cache, name, &built)
        })
        .collect::<Result<Vec<_>>>()?;

    say("Packing server/site");
    let mut site = Site::start(project.site(), mode, cache)?;
    static_files(&mut site, &project.root.join("style"))?;
    for sheet in SHEETS {
        let path = project.root.join("style").join(sheet);
        if path.is_file() {
            let text = css::bundle(&path, &site)?;
            site.add(sheet, script::shrink(project, mode, &["--loader=css"], text)?.as_bytes())?;
        }
    }
    let mut needs = BTreeMap::new();
    for program in &programs {
        needs.extend(add(&mut site, program)?);
        for (path, code) in &program.snippets {
            site.add_as_is(&format!("pkg/{path}"), code)?;
        }
    }
    site.add_data("parts.json", &serde_json::to_vec_pretty(&needs)?)?;
    for (language, text) in loader::scripts(project, mode)? {
        site.add(&format!("sdk.{language}.js"), text.as_bytes())?;
    }
    let sizes = site.finish()?;
    for (name, size) in &sizes {
        eprintln!("  {name:<32} {:>8} bytes {:>8} brotli", size.raw, size.brotli);
    }
    Ok(sizes)
}

/// Adds a program; returns the paths of the modules of its parts, by `program/part`.
fn add(site: &mut Site, program: &Program) -> Result<BTreeMap<String, Vec<String>>> {
    let name = &program.name;
    let mut glue = program.js.clone();
    let mut paths = BTreeMap::new();
    for (file, content) in &program.parts {
        let logical = format!("{name}_{file}");
        site.add(&logical, content)?;
        let path = site.path_of(&logical).context("a part without a name")?.to_owned();
        // The glue fetches it by its new name.
        glue = glue.replace(&format!("./{file}"), &format!("./{}", path.trim_start_matches("pkg/")));
        paths.insert(file, path);
    }
    site.add(&format!("{name}.wasm"), &program.wasm)?;
    site.add(&format!("{name}.js"), glue.as_bytes())?;
    let named = |files: &Vec<String>| files.iter().filter_map(|file| paths.get(file)).cloned().collect();
    Ok(program.needs.iter().map(|(part, files)| (format!("{name}/{part}"), named(files))).collect())
}

/// The icon sprite and everything below `style/public/`, under the name it has there.
fn static_files(site: &mut Site, style: &Path) -> Result<()> {
    let icons = style.join("icons.svg");
    if icons.is_file() {
        site.add("icons.svg", &fs::read(&icons)?)?;
    }
    let public = style.join("public");
    for path in files_below(&public)? {
        let name = path.strip_prefix(&public)?.to_str().context("a file name that is not UTF-8")?;
        site.add(name, &fs::read(&path)?)?;
    }
    Ok(())
}

/// All files below a folder in a fixed order; none if the folder is missing.
fn files_below(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    if !dir.is_dir() {
        return Ok(files);
    }
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
