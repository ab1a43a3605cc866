//! Sizes, crates and habits of files.

use crate::source::{assert_none, pattern, sources};

const LONGEST_FILE: usize = 500;

/// Which of our crates each may use; everything further down the line would be a cycle of ideas.
const MAY_USE: [(&str, &[&str]); 11] = [
    ("app/model/", &[]),
    ("app/text/", &[]),
    ("app/ui/", &["text"]),
    ("server/db/", &["model"]),
    ("server/letter/", &[]),
    ("server/post/", &[]),
    ("server/domain/", &["model", "text", "db", "letter", "post"]),
    ("app/", &["model", "text", "ui", "domain"]),
    ("server/", &["model", "text", "db", "domain", "app"]),
    ("frontend/", &["app"]),
    ("widget/", &["model", "text"]),
];

#[test]
fn no_file_is_too_long() {
    let broken = sources(&["rs", "css", "js", "mjs", "sql", "toml", "sh"])
        .iter()
        .map(|source| (source, source.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(source, lines)| format!("{}: {lines} lines", source.path))
        .collect();
    assert_none("A file ends at 500 lines; split it by what its parts are about:", broken);
}

#[test]
fn every_crate_has_the_workspaces_lints() {
    let broken = sources(&["toml"])
        .iter()
        .filter(|source| source.path.ends_with("/Cargo.toml"))
        .filter(|source| !source.text.contains("[lints]\nworkspace = true"))
        .map(|source| source.path.clone())
        .collect();
    assert_none("Every crate takes the workspace's lints ([lints] workspace = true):", broken);
}

#[test]
fn crates_use_only_those_before_them() {
    let ours = pattern(r"(?m)^(model|text|ui|db|letter|post|domain|app|server|widget|frontend)\b.*=");
    let mut broken = Vec::new();
    for source in sources(&["toml"]).iter().filter(|source| source.path.ends_with("/Cargo.toml")) {
        let folder = source.path.trim_end_matches("Cargo.toml");
        let Some((_, may_use)) = MAY_USE.iter().find(|(name, _)| *name == folder) else {
            continue;
        };
        let body = source.text.split("[features]").next().unwrap_or_default();
        let dependencies = source.text.split("[dependencies]").nth(1).unwrap_or(body);
        for found in ours.captures_iter(dependencies.split("\n[").next().unwrap_or_default()) {
            if !may_use.contains(&&found[1]) {
                broken.push(format!("{} depends on {}", source.path, &found[1]));
            }
        }
    }
    assert_none(
        "Crates form a line (model, text, db, domain, app, server; letter and post below domain; ui below app; widget apart):",
        broken,
    );
}

#[test]
fn tests_wait_for_conditions() {
    let rust = pattern(r"\bsleep\(");
    let script = pattern(r"\bwaitForTimeout\(|\bsetTimeout\(");
    let in_rust = sources(&["rs"]);
    let in_rust = in_rust.iter().filter(|source| source.is_below(&["server/", "app/", "widget/"]) && source.is_test());
    let scripts = sources(&["mjs"]);
    let scripts = scripts.iter().filter(|source| source.is_below(&["end2end/tests/"]));
    let broken =
        in_rust.flat_map(|source| source.find(&rust)).chain(scripts.flat_map(|source| source.find(&script))).collect();
    assert_none("A test waits for a condition, never for a time:", broken);
}

#[test]
fn nothing_is_left_for_later() {
    // Written in two parts, so that this file does not break its own rule.
    let marks = pattern(&["TO", "DO|FIX", "ME|XX", "X:"].concat());
    let broken = sources(&["rs", "css", "js", "mjs", "sql"])
        .iter()
        .flat_map(|source| {
            marks.find_iter(&source.text).map(|mark| source.place(&source.text, mark.start(), mark.as_str()))
        })
        .collect();
    assert_none("Unfinished business belongs in an issue, not in the source:", broken);
}
