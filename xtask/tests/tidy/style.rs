//! Colours are decided once.

use crate::source::{Source, assert_none, pattern, sources};

const TOKENS: &str = "style/tokens.css";

#[test]
fn colours_are_only_in_the_tokens() {
    // `oklch(from var(--x) …)` and `color-mix(…)` derive a colour and are no new one.
    let colour = pattern(
        r"(?x) :[^;{}]*? (
            \#[0-9a-fA-F]{3,8}\b
          | \b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(\s*[^f\s]
          | \b(white|black|red|green|blue|gray|grey|orange|yellow|purple)\b\s*(;|!|,|\))
        )",
    );
    let broken = sources(&["css"])
        .iter()
        // The script draws on other people's pages, where our tokens are not.
        .filter(|source| source.path != TOKENS && !source.is_below(&["widget/loader/"]))
        .flat_map(|source| find_outside_comments(source, &colour))
        .collect();
    assert_none("A colour is written in style/tokens.css and used by its name:", broken);
}

#[test]
fn views_have_no_colours() {
    let colour = pattern(r#"style(:[\w-]+)?=\s*"[^"]*(#[0-9a-fA-F]{3,8}\b|\b(rgba?|hsla?|oklch)\()"#);
    let broken = sources(&["rs"])
        .iter()
        .filter(|source| source.is_below(&["app/", "widget/"]))
        .flat_map(|source| source.find(&colour))
        .collect();
    assert_none("A view uses classes and tokens, no colours of its own:", broken);
}

fn find_outside_comments(source: &Source, wanted: &regex::Regex) -> Vec<String> {
    let comment = pattern(r"(?s)/\*.*?\*/");
    // Blanked line by line, so that the places stay right.
    let text = comment.replace_all(&source.text, |found: &regex::Captures<'_>| {
        found[0].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect::<String>()
    });
    // Embedded pictures are masks: their colours are never seen.
    let text = pattern(r#"url\("data:[^"]*"\)"#).replace_all(&text, "url()").into_owned();
    wanted.find_iter(&text).map(|found| source.place(&text, found.start(), found.as_str())).collect()
}
