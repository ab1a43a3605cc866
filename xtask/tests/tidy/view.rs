//! What views may not do.

use crate::source::{Source, assert_none, pattern, sources};

fn views() -> Vec<Source> {
    sources(&["rs"]).into_iter().filter(|source| source.is_below(&["app/src/", "app/ui/src/", "widget/src/"])).collect()
}

#[test]
fn no_textarea_has_children() {
    let whole = pattern(r"(?s)<textarea\b.*?(/>|</textarea>)");
    let mut broken = Vec::new();
    for source in views() {
        let code = source.code();
        for found in whole.find_iter(&code) {
            let inside = found.as_str().strip_suffix("</textarea>").map(str::trim_end);
            if inside.is_some_and(|inside| !inside.ends_with('>')) {
                broken.push(source.place(&code, found.start(), "<textarea> with children"));
            }
        }
        broken.extend(source.find(&pattern(r"\btextarea\(\)\s*\.child\(")));
    }
    assert_none("The server writes a textarea's children unescaped; use prop:value:", broken);
}

#[test]
fn markup_from_outside_is_shown_in_one_place() {
    let raw = pattern(r"\binner_html\b|\bset_inner_html\b|\bset_outer_html\b|\binsert_adjacent_html\b");
    let broken =
        views().iter().filter(|source| !source.is_below(&["app/ui/"])).flat_map(|source| source.find(&raw)).collect();
    assert_none("Markup enters the page only through the primitive in app/ui:", broken);
}

#[test]
fn texts_are_in_the_language_files() {
    let attribute = pattern(r#"\b(aria-label|placeholder|title|alt)="[^"]*\p{L}{2,}[^"]*""#);
    // A word in quotes right after a tag; `=>` and `->` are no tags.
    let child = pattern(r#"[\w"})]>\s*"[^"<>]*\p{L}{2,}[^"]*"\s*</"#);
    let broken = views()
        .iter()
        .flat_map(|source| {
            [&attribute, &child].into_iter().flat_map(|pattern| source.find(pattern)).collect::<Vec<_>>()
        })
        .collect();
    assert_none("What people read is in app/text/locales:", broken);
}
