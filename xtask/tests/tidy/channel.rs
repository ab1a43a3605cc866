//! A channel is one file: nothing else may know its name.

use std::collections::BTreeSet;

use regex::Regex;

use crate::source::{assert_none, pattern, sources};

const HOME: &str = "server/domain/src/channel/";

#[test]
fn no_channel_is_named_outside_its_file() {
    let all = sources(&["rs"]);
    let homes: Vec<_> = all.iter().filter(|source| source.is_below(&[HOME])).collect();
    let names: BTreeSet<String> = homes.iter().flat_map(|home| declared(&home.code())).collect();
    let Some(named) = literal_of(&names) else {
        return;
    };
    let broken = all
        .iter()
        // The widget is the browser's half of one channel; the demo company has inboxes of several.
        .filter(|source| source.is_below(&["server/", "app/"]) && !source.is_below(&[HOME]))
        .filter(|source| !source.is_test() && !source.path.contains("/demo/"))
        .flat_map(|source| source.find(&named))
        .collect();
    assert_none("Only a channel's own file in server/domain/src/channel/ names it:", broken);
}

/// What a channel's file says its key and its type on the wire are.
fn declared(code: &str) -> Vec<String> {
    let key = pattern(r#"(?s)fn key\(&self\)[^{]*\{\s*"([^"]+)""#);
    let wire = pattern(r#""(Channel::\w+)""#);
    [key, wire].iter().flat_map(|pattern| pattern.captures_iter(code).map(|found| found[1].to_owned())).collect()
}

/// Matches any of these as a whole string literal, except words that mean other things too.
fn literal_of(names: &BTreeSet<String>) -> Option<Regex> {
    const AMBIGUOUS: [&str; 3] = ["email", "api", "line"];
    let names: Vec<_> =
        names.iter().filter(|name| !AMBIGUOUS.contains(&name.as_str())).map(|name| regex::escape(name)).collect();
    (!names.is_empty()).then(|| pattern(&format!(r#""({})""#, names.join("|"))))
}
