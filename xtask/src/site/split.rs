//! Cutting a program into the module that starts it and the parts that it loads later (`app/src/part.rs`,
//! `widget/src/view/part.rs`).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

/// The module that fetches parts, by the name under which the glue imports it.
const LOADER: &str = "./__split.js";

/// What the parts are made of, kept beside them.
const NEEDS: &str = "needs.json";

/// Cuts a module up; returns the module that starts the program. The parts are left beside it, and the loader.
pub fn split(module: &[u8], dir: &Path) -> Result<PathBuf> {
    let main = dir.join("main.wasm");
    let mut options = Options::new(module);
    options.output_dir = dir;
    options.main_out_path = &main;
    options.link_name = LOADER;
    let done = transform(options).map_err(|report| anyhow!("cannot cut the program up: {report:#}"))?;
    let files = |modules: Vec<String>| modules.into_iter().map(|module| module + ".wasm").collect::<Vec<_>>();
    let needs: BTreeMap<_, _> = done.prefetch_map.into_iter().map(|(part, modules)| (part, files(modules))).collect();
    fs::write(dir.join(NEEDS), serde_json::to_vec(&needs)?)?;
    Ok(main)
}

/// Puts the loader into the glue: the two import each other, which names with hashes do not allow.
pub fn inline_loader(glue: &Path, dir: &Path) -> Result<()> {
    let loader = fs::read_to_string(dir.join(LOADER))?;
    fs::write(glue, inlined(&fs::read_to_string(glue)?, &loader)?)?;
    Ok(())
}

fn inlined(glue: &str, loader: &str) -> Result<String> {
    let (_, body) = loader.split_once(";\n").context("the loader does not begin with its import")?;
    let names = body.lines().filter_map(|line| line.strip_prefix("export const ")?.split(' ').next());
    let names = names.collect::<Vec<_>>().join(", ");
    // What does not come is told on the page; a page that is left while it loads has nothing to complain about.
    let body = body.replace("export const ", "const ").replace("console.error(", "console.debug(");
    let mut out = String::new();
    let mut aliases = String::new();
    for line in glue.lines() {
        match line.strip_prefix("import * as ").and_then(|rest| rest.split_once(" from ")) {
            Some((alias, from)) if from.contains(LOADER) => aliases.push_str(&format!("const {alias} = loader;\n")),
            _ => out.extend([line, "\n"]),
        }
    }
    Ok(format!("{out}const loader = (() => {{\n{body}return {{ {names} }};\n}})();\n{aliases}"))
}

/// The modules of the parts, by file name, in a fixed order.
pub fn parts(dir: &Path) -> Result<Vec<String>> {
    let mut files: Vec<String> = needs(dir)?.into_values().flatten().collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The modules that each part is made of, by file name.
pub fn needs(dir: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    Ok(serde_json::from_slice(&fs::read(dir.join(NEEDS))?)?)
}

#[cfg(test)]
mod tests {
    use super::inlined;

    #[test]
    fn the_loader_moves_into_the_glue() {
        let glue = "import * as import1 from \"./__split.js\"\nimport { x } from './snippets/x.js';\nuse(import1);\n";
        let loader =
            "import { initSync } from \"./main.js\";\n\nexport const load_a = make(initSync);\nconsole.error(1);\n";
        let expected = "import { x } from './snippets/x.js';\nuse(import1);\nconst loader = (() => {\n\nconst load_a = make(initSync);\nconsole.debug(1);\n\
            return { load_a };\n})();\nconst import1 = loader;\n";
        assert_eq!(inlined(glue, loader).unwrap(), expected);
    }
}
