//! The build must refuse languages that drifted apart, naming file and key.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

#[path = "../build/catalogue.rs"]
#[expect(dead_code, reason = "the generator's parts are not used here")]
mod catalogue;
#[path = "../build/entries.rs"]
mod entries;

use std::{env, fs, path::PathBuf};

fn problems(test: &str, english: &str, portuguese: &str) -> Vec<String> {
    let root = folder(test);
    fs::write(root.join("en/thing.json"), english).unwrap();
    fs::write(root.join("pt-BR/thing.json"), portuguese).unwrap();
    catalogue::read(&root).err().unwrap_or_default()
}

fn folder(test: &str) -> PathBuf {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    let _ = fs::remove_dir_all(&root);
    for lang in catalogue::LANGUAGES {
        fs::create_dir_all(root.join(lang)).unwrap();
    }
    root
}

#[track_caller]
fn assert_one(problems: &[String], words: &[&str]) {
    assert_eq!(problems.len(), 1, "{problems:?}");
    for word in words {
        assert!(problems[0].contains(word), "{:?} does not say {word:?}", problems[0]);
    }
}

#[test]
fn a_key_missing_in_a_language_is_named() {
    let found = problems("missing", r#"{"a": "A", "g": {"b": "B"}}"#, r#"{"a": "A"}"#);
    assert_one(&found, &["locales/pt-BR/thing.json", "\"g.b\"", "missing"]);
}

#[test]
fn a_key_without_english_original_is_named() {
    let found = problems("extra", r#"{"a": "A"}"#, r#"{"a": "A", "b": "B"}"#);
    assert_one(&found, &["locales/pt-BR/thing.json", "\"b\"", "English"]);
}

#[test]
fn placeholders_must_agree() {
    let found = problems("placeholder", r#"{"a": "Hi {{name}}"}"#, r#"{"a": "Oi {{nome}}"}"#);
    assert_eq!(found.len(), 2);
    assert!(found[0].contains("{{nome}} is unknown") && found[1].contains("{{name}} is missing"), "{found:?}");
}

#[test]
fn a_plural_needs_both_forms_and_its_count() {
    let english = r#"{"a_one": "{{n}} thing", "a_other": "{{n}} things"}"#;
    assert_one(&problems("form", english, r#"{"a_other": "{{n}} coisas"}"#), &["\"a\"", "_one is missing"]);
    assert_one(&problems("plain", english, r#"{"a": "coisas"}"#), &["forms of a count"]);
    assert_one(&problems("count", english, r#"{"a_one": "uma coisa", "a_other": "coisas"}"#), &["{{n}} is missing"]);
    assert!(
        problems("good", english, r#"{"a_zero": "nada", "a_one": "uma coisa", "a_other": "{{n}} coisas"}"#).is_empty()
    );
}

#[test]
fn a_key_written_twice_is_refused() {
    let found = problems("twice", r#"{"a": "A", "a": "B"}"#, r#"{"a": "A"}"#);
    assert!(found[0].contains("locales/en/thing.json") && found[0].contains("\"a\" is written twice"), "{found:?}");
}

#[test]
fn files_must_exist_in_every_language() {
    let root = folder("files");
    fs::write(root.join("en/one.json"), "{}").unwrap();
    fs::write(root.join("pt-BR/two.json"), "{}").unwrap();
    let found = catalogue::read(&root).unwrap_err();
    assert!(found[0].contains("locales/pt-BR/one.json is missing"), "{found:?}");
    assert!(found[1].contains("locales/pt-BR/two.json has no English original"), "{found:?}");
}

#[test]
fn empty_and_unbalanced_texts_are_refused() {
    assert_one(&problems("empty", r#"{"a": " "}"#, r#"{"a": "A"}"#), &["the text is empty"]);
    assert_one(&problems("unbalanced", r#"{"a": "A {{b"}"#, r#"{"a": "A"}"#), &["unbalanced"]);
}

/// `widget.json` in every language, the same but for one.
fn problems_of_visitors(test: &str, english: &str, lang: &str, other: &str) -> Vec<String> {
    let root = folder(test);
    for known in catalogue::LANGUAGES {
        fs::write(root.join(known).join("widget.json"), if known == lang { other } else { english }).unwrap();
    }
    catalogue::read(&root).err().unwrap_or_default()
}

#[test]
fn what_visitors_read_exists_in_every_language() {
    let root = folder("visitors");
    for lang in &catalogue::LANGUAGES[..11] {
        fs::write(root.join(lang).join("widget.json"), r#"{"a": "A"}"#).unwrap();
    }
    assert_one(&catalogue::read(&root).unwrap_err(), &["locales/ja/widget.json is missing"]);
    let found = problems_of_visitors("key", r#"{"a": "A {{b}}", "c": "C"}"#, "tr", r#"{"a": "A"}"#);
    assert!(found.iter().any(|problem| problem.contains("locales/tr/widget.json: key \"c\" is missing")), "{found:?}");
    assert!(
        found.iter().any(|problem| problem.contains("locales/tr/widget.json: key \"a\": placeholder {{b}}")),
        "{found:?}"
    );
    let found = problems_of_visitors("brace", r#"{"a": "A {{b}}"}"#, "ar", r#"{"a": "{ {{b}}"}"#);
    assert_one(&found, &["locales/ar/widget.json", "a single {"]);
}

#[test]
fn languages_of_visitors_have_no_texts_of_the_dashboard() {
    let root = folder("dashboard");
    for lang in ["en", "pt-BR", "fr"] {
        fs::write(root.join(lang).join("thing.json"), r#"{"a": "A"}"#).unwrap();
    }
    assert_one(&catalogue::read(&root).unwrap_err(), &["locales/fr/thing.json", "only visitors"]);
}

#[test]
fn every_language_has_the_forms_of_its_counts() {
    let all = r#"{"a_zero": "-", "a_one": "-", "a_two": "-", "a_few": "{{n}}", "a_many": "{{n}}", "a_other": "{{n}}"}"#;
    let two = r#"{"a_one": "-", "a_other": "{{n}}"}"#;
    let problems = |lang: &str, text: &str| {
        let found = problems_of_visitors(&format!("forms-{lang}"), two, lang, text);
        found.into_iter().filter(|problem| problem.contains(&format!("locales/{lang}/"))).collect::<Vec<_>>()
    };
    assert!(problems("ar", all).is_empty() && problems("de", two).is_empty());
    assert!(problems("ja", r#"{"a_other": "{{n}}"}"#).is_empty());
    assert_eq!(problems("ar", two).len(), 4, "zero, two, few and many");
    assert_eq!(problems("pl", two).len(), 2, "few and many");
    assert_eq!(problems("nl", all).len(), 3, "it has no two, few and many");
    assert_eq!(problems("ru", r#"{"a_one": "-", "a_few": "-", "a_many": "{{n}}", "a_other": "{{n}}"}"#).len(), 1);
}
