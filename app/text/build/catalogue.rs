//! Reads the language files and checks them against English, the language they are written in first.

use std::{collections::BTreeMap, fs, path::Path};

use crate::entries::{Entries, Entry};

/// Languages in the order of `VisitorLang`; the first is the one the others are checked against.
pub const LANGUAGES: [&str; 12] = ["en", "pt-BR", "es", "fr", "de", "it", "nl", "pl", "tr", "ru", "ar", "ja"];

/// How many of them, from the first on, the whole product speaks, in the order of `Lang`.
pub const OF_PRODUCT: usize = 2;

/// What visitors read: these files exist in every language, the others in those of the product.
pub const OF_VISITORS: [&str; 4] = ["launcher", "survey", "visitor_mail", "widget"];

/// The languages of a file.
fn languages_of(noun: &str) -> &'static [&'static str] {
    if OF_VISITORS.contains(&noun) { &LANGUAGES } else { &LANGUAGES[..OF_PRODUCT] }
}

/// The forms of a count, in the order of `Form`.
pub const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// The forms that whole numbers take in a language (CLDR); `zero` may be written besides, for none at all.
fn needed_forms(lang: &str) -> &'static [&'static str] {
    match lang {
        "ja" => &["other"],
        "pl" | "ru" => &["one", "few", "many", "other"],
        "ar" => &FORMS,
        _ => &["one", "other"],
    }
}

/// All texts of one file, e.g. `conversation.json`.
#[derive(Debug)]
pub struct Noun {
    pub name: String,
    /// Keys outside any group, then groups by name; the key `""` holds the former.
    pub groups: BTreeMap<String, BTreeMap<String, Text>>,
}

/// One key in every language.
#[derive(Debug)]
pub struct Text {
    /// Placeholders in order of first appearance in English, without the count of a plural.
    pub placeholders: Vec<String>,
    pub forms: Forms,
}

#[derive(Debug)]
pub enum Forms {
    /// One string per language.
    Plain(Vec<String>),
    /// One set of forms per language.
    Plural(Vec<Plural>),
}

/// The forms of one language, in the order of `FORMS`.
pub type Plural = [Option<String>; FORMS.len()];

/// Reads every noun; the errors are complete sentences that name file and key.
pub fn read(locales: &Path) -> Result<Vec<Noun>, Vec<String>> {
    let mut problems = Vec::new();
    let files = LANGUAGES.map(|lang| read_language(&locales.join(lang), lang, &mut problems));
    let mut nouns = Vec::new();

    for (name, english) in &files[0] {
        let languages = languages_of(name);
        let mut translations = vec![english];
        for (lang, nouns) in languages.iter().zip(&files).skip(1) {
            match nouns.get(name) {
                Some(file) => translations.push(file),
                None => problems.push(format!("locales/{lang}/{name}.json is missing (locales/en/{name}.json exists)")),
            }
        }
        if translations.len() == languages.len() {
            nouns.push(join(name, &translations, &mut problems));
        }
    }
    for (lang, nouns) in LANGUAGES.iter().zip(&files).skip(1) {
        for name in nouns.keys() {
            if !files[0].contains_key(name) {
                problems.push(format!("locales/{lang}/{name}.json has no English original locales/en/{name}.json"));
            } else if !languages_of(name).contains(lang) {
                problems.push(format!("locales/{lang}/{name}.json: only visitors are spoken to in this language"));
            }
        }
    }
    if problems.is_empty() { Ok(nouns) } else { Err(problems) }
}

/// `group.key` (or `.key`) to the string as written.
type File = BTreeMap<(String, String), String>;

fn read_language(folder: &Path, lang: &str, problems: &mut Vec<String>) -> BTreeMap<String, File> {
    let mut files = BTreeMap::new();
    let Ok(entries) = fs::read_dir(folder) else {
        problems.push(format!("locales/{lang}: the folder cannot be read"));
        return files;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_none_or(|extension| extension != "json") || !is_name(&stem) {
            problems.push(format!("{}: only lower_case.json files belong here", path.display()));
            continue;
        }
        let place = format!("locales/{lang}/{stem}.json");
        let source = fs::read_to_string(&path).unwrap_or_default();
        match serde_json::from_str::<Entries>(&source) {
            Ok(entries) => {
                files.insert(stem, flatten(entries, &place, problems));
            }
            Err(error) => problems.push(format!("{place}: {error}")),
        }
    }
    files
}

fn flatten(entries: Entries, place: &str, problems: &mut Vec<String>) -> File {
    let mut file = File::new();
    for (key, entry) in entries.0 {
        if !is_name(&key) {
            problems.push(format!("{place}: key \"{key}\" is not lower_case with letters, digits and _"));
            continue;
        }
        match entry {
            Entry::Text(text) => {
                file.insert((String::new(), key), text);
            }
            Entry::Group(group) => {
                for (name, entry) in group.0 {
                    match entry {
                        Entry::Text(text) if is_name(&name) => {
                            file.insert((key.clone(), name), text);
                        }
                        Entry::Text(_) => problems.push(format!("{place}: key \"{key}.{name}\" is not lower_case")),
                        Entry::Group(_) => {
                            problems.push(format!("{place}: key \"{key}.{name}\" is nested twice, once is the limit"));
                        }
                    }
                }
            }
        }
    }
    file
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn join(noun: &str, files: &[&File], problems: &mut Vec<String>) -> Noun {
    let mut groups: BTreeMap<String, BTreeMap<String, Text>> = BTreeMap::new();
    let keys = files.iter().map(|file| text_keys(file)).collect::<Vec<_>>();
    for (lang, found) in LANGUAGES.iter().zip(&keys) {
        compare(noun, lang, &keys[0], found, problems);
    }
    for ((group, key), is_plural) in &keys[0] {
        if keys.iter().any(|keys| keys.get(&(group.clone(), key.clone())) != Some(is_plural)) {
            continue;
        }
        let text = text(noun, group, key, *is_plural, files, problems);
        groups.entry(group.clone()).or_default().insert(key.clone(), text);
    }
    Noun { name: noun.to_owned(), groups }
}

/// Keys of a file, plural forms folded into one key marked `true`.
fn text_keys(file: &File) -> BTreeMap<(String, String), bool> {
    let mut keys = BTreeMap::new();
    for (group, key) in file.keys() {
        let form =
            |key: &str| key.rsplit_once('_').filter(|(_, form)| FORMS.contains(form)).map(|(stem, _)| stem.len());
        let stem = form(key).map(|end| &key[..end]);
        let plural = stem.filter(|stem| file.contains_key(&(group.clone(), format!("{stem}_other"))));
        match plural {
            Some(stem) => keys.insert((group.clone(), stem.to_owned()), true),
            None => keys.insert((group.clone(), key.clone()), false),
        };
    }
    keys
}

fn compare(
    noun: &str,
    lang: &str,
    english: &BTreeMap<(String, String), bool>,
    other: &BTreeMap<(String, String), bool>,
    problems: &mut Vec<String>,
) {
    for (key, is_plural) in english {
        match other.get(key) {
            None => problems.push(format!("locales/{lang}/{noun}.json: key \"{}\" is missing", dotted(key))),
            Some(found) if found != is_plural => problems.push(format!(
                "locales/{lang}/{noun}.json: key \"{}\" must have the forms of a count (_one, _other …) in every language or in none",
                dotted(key)
            )),
            Some(_) => {}
        }
    }
    for key in other.keys().filter(|key| !english.contains_key(*key)) {
        problems.push(format!("locales/{lang}/{noun}.json: key \"{}\" does not exist in English", dotted(key)));
    }
}

fn dotted((group, key): &(String, String)) -> String {
    if group.is_empty() { key.clone() } else { format!("{group}.{key}") }
}

fn text(noun: &str, group: &str, key: &str, is_plural: bool, files: &[&File], problems: &mut Vec<String>) -> Text {
    let get = |file: &File, ending: &str| file.get(&(group.to_owned(), format!("{key}{ending}"))).cloned();
    let at =
        |lang: &str| format!("locales/{lang}/{noun}.json: key \"{}\"", dotted(&(group.to_owned(), key.to_owned())));

    if !is_plural {
        let strings = files.iter().map(|file| get(file, "").unwrap_or_default()).collect::<Vec<_>>();
        let wanted = placeholders(&strings[0]);
        for (lang, string) in LANGUAGES.iter().zip(&strings) {
            check_placeholders(&at(lang), &wanted, string, true, problems);
        }
        return Text { placeholders: wanted, forms: Forms::Plain(strings) };
    }

    let mut wanted = get(files[0], "_other").map(|other| placeholders(&other)).unwrap_or_default();
    wanted.retain(|name| name != "n");
    let mut with_count = wanted.clone();
    with_count.push("n".to_owned());
    let mut forms = Vec::new();
    for (lang, file) in LANGUAGES.iter().zip(files) {
        let needed = needed_forms(lang);
        let plural: Plural = FORMS.map(|form| get(file, &format!("_{form}")));
        for (form, text) in FORMS.iter().zip(&plural) {
            match text {
                Some(text) => {
                    // One and two may be said in words; whatever stands for many numbers names the number.
                    let counts = matches!(*form, "few" | "many" | "other");
                    check_placeholders(&at(lang), &with_count, text, counts, problems);
                    if !needed.contains(form) && *form != "zero" {
                        problems.push(format!("{}: this language has no form _{form}", at(lang)));
                    }
                }
                None if needed.contains(form) => problems.push(format!("{}: the form _{form} is missing", at(lang))),
                None => {}
            }
        }
        forms.push(plural);
    }
    Text { placeholders: wanted, forms: Forms::Plural(forms) }
}

fn check_placeholders(at: &str, wanted: &[String], string: &str, must_use_all: bool, problems: &mut Vec<String>) {
    if string.trim().is_empty() {
        problems.push(format!("{at}: the text is empty"));
        return;
    }
    if string.matches("{{").count() != string.matches("}}").count() {
        problems.push(format!("{at}: unbalanced {{{{ }}}} in \"{string}\""));
    }
    let found = placeholders(string);
    let is_brace = |piece: &Piece| matches!(piece, Piece::Words(words) if words.contains(['{', '}']));
    if !found.is_empty() && pieces(string).iter().any(is_brace) {
        problems.push(format!("{at}: a single {{ or }} beside a placeholder in \"{string}\""));
    }
    for name in found.iter().filter(|name| !wanted.contains(name)) {
        problems.push(format!(
            "{at}: placeholder {{{{{name}}}}} is unknown (a count is {{{{n}}}}, names are as in English)"
        ));
    }
    for name in wanted.iter().filter(|name| must_use_all && !found.contains(name)) {
        problems.push(format!("{at}: placeholder {{{{{name}}}}} is missing"));
    }
}

/// Names between `{{` and `}}`, each once, in order.
pub fn placeholders(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for piece in pieces(text) {
        if let Piece::Value(name) = piece
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

pub enum Piece {
    Words(String),
    Value(String),
}

/// Splits a text into fixed words and placeholders.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Words(before.to_owned()));
        }
        pieces.push(Piece::Value(name.trim().to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest.to_owned()));
    }
    pieces
}
