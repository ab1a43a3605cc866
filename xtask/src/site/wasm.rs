//! From a crate to `<name>.js`, `<name>.wasm` and the parts that are loaded later.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::cache::Cache;
use super::{files_below, names, script, snip, split};
use crate::build::Mode;
use crate::command::run;
use crate::project::Project;
use crate::setup::WasmCompiler;

/// What the compiler emits today and every supported browser has; wasm-opt must not use more.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// How it is done; a result that was made in another way is not taken from the cache.
const RECIPE: &str = concat!(
    include_str!("wasm.rs"),
    include_str!("split.rs"),
    include_str!("snip.rs"),
    include_str!("names.rs"),
    include_str!("script.rs")
);

pub struct Program {
    pub name: String,
    pub js: String,
    pub wasm: Vec<u8>,
    /// Modules that are loaded when they are needed, by the file names under which the glue fetches them.
    pub parts: Vec<(String, Vec<u8>)>,
    /// The modules that each part of the program is made of.
    pub needs: BTreeMap<String, Vec<String>>,
    /// Modules the glue imports by relative path; none in a release, where they are bundled.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Compiles a crate; returns the path of the raw module. It keeps its relocations, by which it is cut up.
pub fn compile(project: &Project, mode: Mode, compiler: &WasmCompiler, package: &str) -> Result<PathBuf> {
    let profile = mode.wasm_profile();
    let mut cargo = compiler.cargo(project, "rustc");
    run(cargo.args(["--package", package, "--lib", "--profile", profile, "--", "-Clink-arg=--emit-relocs"]))?;
    let folder = project.wasm_target().join("wasm32-unknown-unknown").join(profile);
    Ok(folder.join(format!("{package}.wasm")))
}

/// Makes the JavaScript glue and, for a release, makes both small.
pub fn bind(project: &Project, mode: Mode, cache: &mut Cache, name: &str, module: &Path) -> Result<Program> {
    let raw = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let step = format!("{name}-{}", mode.wasm_profile());
    let made_from = [raw.as_slice(), RECIPE.as_bytes()].concat();
    let dir = cache.folder(&step, &made_from, |dir| {
        let script = dir.join(format!("{name}.js"));
        let main = split::split(&raw, dir)?;
        for file in split::parts(dir)?.iter().map(|part| dir.join(part)).chain([main.clone()]) {
            fs::write(&file, snip::snip(&fs::read(&file)?)?)?;
        }
        bindgen(name, &main, dir)?;
        split::inline_loader(&script, dir)?;
        if mode == Mode::Release {
            for part in split::parts(dir)? {
                optimise(project, &dir.join(part))?;
            }
            let module = dir.join(format!("{name}_bg.wasm"));
            optimise(project, &module)?;
            script::bundle(project, &script)?;
            let (short, glue) = names::shorten(&fs::read(&module)?, &fs::read_to_string(&script)?)?;
            fs::write(&module, short)?;
            fs::write(&script, glue)?;
        }
        Ok(())
    })?;
    let parts = split::parts(&dir)?.into_iter().map(|file| {
        let content = fs::read(dir.join(&file))?;
        Ok((file, content))
    });
    let mut snippets = Vec::new();
    if mode == Mode::Dev {
        for path in files_below(&dir.join("snippets"))? {
            let relative = path.strip_prefix(&dir)?.to_str().context("a file name that is not UTF-8")?;
            snippets.push((relative.to_owned(), fs::read(&path)?));
        }
    }
    Ok(Program {
        name: name.to_owned(),
        js: fs::read_to_string(dir.join(format!("{name}.js")))?,
        wasm: fs::read(dir.join(format!("{name}_bg.wasm")))?,
        parts: parts.collect::<Result<_>>()?,
        needs: split::needs(&dir)?,
        snippets,
    })
}

fn bindgen(name: &str, module: &Path, dir: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        // The parts import what the main module exports to them, by the linker's names.
        .keep_lld_exports(true)
        .demangle(false)
        // The page names the module, because its name carries a hash.
        .omit_default_module_path(true)
        .generate(dir)
        .context("wasm-bindgen")
}

fn optimise(project: &Project, module: &Path) -> Result<()> {
    run(Command::new(project.npm_tool("wasm-opt")).arg("-Oz").args(WASM_FEATURES).arg(module).arg("-o").arg(module))
}
