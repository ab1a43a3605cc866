//! Cutting off what is never called. Every view holds a pointer to the code that would bring it to life step by step
//! (`hydrate_async`), for pages that wait for parts while they do so. Ours wait before (`app/src/start.rs`), but no linker
//! can know that the pointers are never followed; it is nearly a tenth of the program.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::binary::{CODE, CUSTOM, HEADER, IMPORT, imports, put, read, sections, take, write};

/// What the linker's names of these functions contain.
const UNUSED: &str = "hydrate_async";

/// Small functions stay: the compiler may have merged one with another of the same content, under either name. So does what
/// drops, for the same reason.
const SMALL: usize = 150;
const DROPS: &str = "drop_in_place";

/// No variables, `unreachable`, the end.
const TRAP: [u8; 3] = [0, 0, 0x0b];

/// Replaces unused functions of a module by a trap; what only they called is then dropped by `wasm-opt`.
pub fn snip(module: &[u8]) -> Result<Vec<u8>> {
    let sections = sections(module).context("no module")?;
    let imported = sections.iter().find(|(id, _)| *id == IMPORT).map_or(Some(Vec::new()), |(_, body)| imports(body));
    // They are numbered before the module's own functions.
    let imported = imported.context("the imports cannot be read")?.iter().filter(|import| import.is_function()).count();
    let unused = sections.iter().filter(|(id, _)| *id == CUSTOM).find_map(|(_, body)| unused(body)).unwrap_or_default();
    let mut out = HEADER.to_vec();
    for (id, body) in sections {
        let code =
            if id == CODE { Some(without(body, imported, &unused).context("the code cannot be read")?) } else { None };
        let body = code.as_deref().unwrap_or(body);
        out.push(id);
        put(&mut out, body);
    }
    Ok(out)
}

/// The numbers of unused functions, by the section `name`.
fn unused(mut body: &[u8]) -> Option<BTreeSet<usize>> {
    if take(&mut body)? != b"name" {
        return None;
    }
    while let Some((id, rest)) = body.split_first() {
        body = rest;
        let mut names = take(&mut body)?;
        if *id != 1 {
            continue;
        }
        let mut found = BTreeSet::new();
        for _ in 0..read(&mut names)? {
            let number = read(&mut names)?;
            let name = String::from_utf8_lossy(take(&mut names)?);
            if name.contains(UNUSED) && !name.contains(DROPS) {
                found.insert(number);
            }
        }
        return Some(found);
    }
    None
}

fn without(mut body: &[u8], imported: usize, unused: &BTreeSet<usize>) -> Option<Vec<u8>> {
    let count = read(&mut body)?;
    let mut out = Vec::with_capacity(body.len());
    write(&mut out, count);
    for number in imported..imported + count {
        let function = take(&mut body)?;
        let kept = if unused.contains(&number) && function.len() > SMALL { &TRAP } else { function };
        put(&mut out, kept);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: u8, body: &[u8]) -> Vec<u8> {
        let mut out = vec![id];
        put(&mut out, body);
        out
    }

    #[test]
    fn only_large_unused_functions_are_cut_off() {
        let large = [vec![0], vec![1; 200], vec![0x0b]].concat();
        let code = |first: &[u8]| {
            let mut body = vec![3];
            for function in [first, large.as_slice(), &TRAP] {
                put(&mut body, function);
            }
            section(CODE, &body)
        };
        let import = section(IMPORT, b"\x01\x01a\x01b\x00\x00");
        // The import is function 0.
        let names = [b"\x04name\x01\x1c\x02\x01\x0dhydrate_async".as_slice(), b"\x03\x0ahydrate_as"].concat();
        let names = section(CUSTOM, &names);
        let module = |code: Vec<u8>| [HEADER.to_vec(), import.clone(), code, names.clone()].concat();
        assert_eq!(snip(&module(code(&large))).unwrap(), module(code(&TRAP)));
    }
}
