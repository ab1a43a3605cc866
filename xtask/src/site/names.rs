//! Short names for what a module takes from its glue: wasm-bindgen's are long, end in a hash, and stand in both.

use std::collections::HashMap;

use anyhow::{Context, Result};

use super::binary::{HEADER, IMPORT, imports, put, sections, write};

/// How wasm-bindgen's names begin.
const LONG: &str = "__wb";

/// Renames the imports of a module that come from its glue, in both.
pub fn shorten(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut names = HashMap::new();
    let mut out = HEADER.to_vec();
    for (id, body) in sections(module).context("no module")? {
        out.push(id);
        if id == IMPORT {
            put(&mut out, &renamed(body, &mut names).context("the imports cannot be read")?);
        } else {
            put(&mut out, body);
        }
    }
    Ok((out, with_keys(glue, &names)))
}

/// The section with new names, which are added to `names`.
fn renamed(body: &[u8], names: &mut HashMap<String, String>) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len());
    let imports = imports(body)?;
    write(&mut out, imports.len());
    for import in imports {
        put(&mut out, import.module);
        let name = std::str::from_utf8(import.name).ok()?;
        if name.starts_with(LONG) {
            let next = names.len();
            let short = names.entry(name.to_owned()).or_insert_with(|| format!("_{next}"));
            put(&mut out, short.as_bytes());
        } else {
            put(&mut out, import.name);
        }
        out.extend_from_slice(import.what);
    }
    Some(out)
}

/// The script with its keys renamed. It is minified: a key and its colon stand together.
fn with_keys(glue: &str, names: &HashMap<String, String>) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    let mut out = String::with_capacity(glue.len());
    let mut rest = glue;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(names.get(word).filter(|_| after.starts_with(':')).map_or(word, String::as_str));
        let next = after.find(is_part).unwrap_or(after.len());
        out.push_str(&after[..next]);
        rest = &after[next..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_and_its_glue_agree_on_short_names() {
        let module = |name: &[u8]| {
            let mut body = vec![2];
            for (name, what) in [(name, [0, 3].as_slice()), (b"memory", &[2, 0, 1])] {
                put(&mut body, b"glue");
                put(&mut body, name);
                body.extend_from_slice(what);
            }
            let mut out = [HEADER.as_slice(), &[IMPORT]].concat();
            put(&mut out, &body);
            out
        };
        let glue = "({__wbg_é:1,__wbg_a_12:function(){a.__wbg_a_12;x__wbg_a_12:0},memory:m})";
        let (short, glue) = shorten(&module(b"__wbg_a_12"), glue).unwrap();
        assert_eq!(short, module(b"_0"));
        assert_eq!(glue, "({__wbg_é:1,_0:function(){a.__wbg_a_12;x__wbg_a_12:0},memory:m})");
    }
}
