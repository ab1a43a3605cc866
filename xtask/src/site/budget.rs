//! What a visitor downloads, as small as it is shipped, against its bars. Development builds are several times larger and say nothing of
//! that, so the chat alone is built here in its release profile.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Result, bail};

use super::cache::Cache;
use super::pack::Site;
use super::{Size, css, loader, script, wasm};
use crate::build::Mode;
use crate::command::say;
use crate::project::Project;
use crate::setup::WasmCompiler;

/// Bytes of the script that sites paste.
const SCRIPT: usize = 4 * 1024;
/// Bytes of style and program that come when the chat is opened for the first time. The design allows 94 KB beside the page that
/// names them; what is won stays won.
const CHAT: usize = 84 * 1024;
/// Bytes of what follows once somebody begins a conversation, or has several.
const PARTS: usize = 36 * 1024;

/// How the names of the script begin, which there is in every language.
const SCRIPTS: &str = "sdk.";
/// How the names of the parts begin.
const PART: &str = "widget_";

/// Builds what visitors download as it is shipped, and fails when it passes a bar.
pub fn hold(project: &Project, compiler: &WasmCompiler) -> Result<()> {
    say("Building widget for the browser, as it is shipped");
    let mode = Mode::Release;
    let mut cache = Cache::open(project.target.join("site-cache"))?;
    let module = wasm::compile(project, mode, compiler, "widget")?;
    let program = wasm::bind(project, mode, &mut cache, "widget", &module)?;
    let mut site = Site::start(project.target.join("site-budget"), mode, cache)?;
    let style = css::bundle(&project.root.join(Path::new("style/widget.css")), &site)?;
    site.add("widget.css", script::shrink(project, mode, &["--loader=css"], style)?.as_bytes())?;
    super::add(&mut site, &program)?;
    for (language, text) in loader::scripts(project, mode)? {
        site.add(&format!("{SCRIPTS}{language}.js"), text.as_bytes())?;
    }
    let sizes = site.finish()?;
    for (name, size) in &sizes {
        eprintln!("  {name:<32} {:>8} bytes {:>8} brotli", size.raw, size.brotli);
    }
    check(&sizes)
}

fn check(sizes: &BTreeMap<String, Size>) -> Result<()> {
    let of = |names: &[&str]| names.iter().filter_map(|name| sizes.get(*name)).map(|size| size.brotli).sum::<usize>();
    let starting = |start: &str| {
        let these = sizes.iter().filter(move |(name, _)| name.starts_with(start));
        these.map(|(_, size)| size.brotli).collect::<Vec<_>>()
    };
    // Nobody loads it in more than one language.
    let longest = starting(SCRIPTS).into_iter().max().unwrap_or_default();
    let bars = [
        ("the script", longest, SCRIPT),
        ("the chat", of(&["widget.css", "widget.js", "widget.wasm"]), CHAT),
        ("what follows", starting(PART).into_iter().sum(), PARTS),
    ];
    for (what, bytes, bar) in bars {
        if bytes > bar {
            bail!("{what} takes {bytes} bytes, {} more than its bar of {bar}", bytes - bar);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_a_bar_is_named() {
        let sizes = |script: usize, chat: usize| {
            let size = |brotli| Size { raw: 0, brotli };
            BTreeMap::from([("sdk.en.js".to_owned(), size(script)), ("widget.wasm".to_owned(), size(chat))])
        };
        assert!(check(&sizes(SCRIPT, CHAT)).is_ok());
        assert!(check(&sizes(SCRIPT + 1, 0)).unwrap_err().to_string().contains("the script"));
        assert!(check(&sizes(0, CHAT + 1)).unwrap_err().to_string().contains("the chat"));
    }
}
