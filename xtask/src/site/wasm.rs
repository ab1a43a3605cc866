//! From a crate to `<name>.js` and `<name>.wasm`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use super::cache::Cache;
use super::{files_below, script};
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

pub struct Program {
    pub name: String,
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
    /// Modules the glue imports by relative path; none in a release, where they are bundled.
    pub snippets: Vec<(String, Vec<u8>)>,
}

/// Compiles a crate; returns the path of the raw module.
pub fn compile(project: &Project, mode: Mode, compiler: &WasmCompiler, package: &str) -> Result<PathBuf> {
    let profile = mode.wasm_profile();
    let mut cargo = compiler.cargo(project, "build");
    run(cargo.args(["--package", package, "--lib", "--profile", profile]))?;
    let folder = project.wasm_target().join("wasm32-unknown-unknown").join(profile);
    Ok(folder.join(format!("{package}.wasm")))
}

/// Makes the JavaScript glue and, for a release, makes both small.
pub fn bind(project: &Project, mode: Mode, cache: &mut Cache, name: &str, module: &Path) -> Result<Program> {
    let raw = fs::read(module).with_context(|| format!("cannot read {}", module.display()))?;
    let step = format!("{name}-{}", mode.wasm_profile());
    let dir = cache.folder(&step, &raw, |dir| {
        bindgen(name, module, dir)?;
        if mode == Mode::Release {
            optimise(project, &dir.join(format!("{name}_bg.wasm")))?;
            script::bundle(project, &dir.join(format!("{name}.js")))?;
        }
        Ok(())
    })?;
    let mut snippets = Vec::new();
    if mode == Mode::Dev {
        for path in files_below(&dir.join("snippets"))? {
            let relative = path.strip_prefix(&dir)?.to_str().context("a file name that is not UTF-8")?;
            snippets.push((relative.to_owned(), fs::read(&path)?));
        }
    }
    Ok(Program {
        name: name.to_owned(),
        js: fs::read(dir.join(format!("{name}.js")))?,
        wasm: fs::read(dir.join(format!("{name}_bg.wasm")))?,
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
        // The page names the module, because its name carries a hash.
        .omit_default_module_path(true)
        .generate(dir)
        .context("wasm-bindgen")
}

fn optimise(project: &Project, module: &Path) -> Result<()> {
    run(Command::new(project.npm_tool("wasm-opt")).arg("-Oz").args(WASM_FEATURES).arg(module).arg("-o").arg(module))
}
