//! The texts that the frame's page carries: the visitor's language only, as one list, so that the chat's program holds none.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::catalogue::{FORMS, Forms, LANGUAGES, Noun, OF_PRODUCT, Text};
use crate::generate::{by_key, doc_line, identifier, other};

/// The file whose texts these are.
pub const NOUN: &str = "widget";

/// Writes the module: the lists, and one function per key that knows its place in them.
pub fn module(out: &mut String, noun: &Noun) {
    let texts: Vec<_> = noun.groups.values().flat_map(|texts| texts.values()).collect();
    let lists: Vec<_> = (0..LANGUAGES.len()).map(|index| list(&texts, index)).collect();
    let _ = writeln!(
        out,
        "/// Texts of `{NOUN}.json`, which visitors read.\n#[allow(clippy::too_many_lines)]\npub mod {NOUN} {{\n\
         /// How many texts there are, counting each form of a count.\npub const COUNT: usize = {};\n\
         /// Tells one edition of the texts from another.\npub const EDITION: &str = \"{:016x}\";\n\
         pub(crate) static LISTS: [[&str; COUNT]; {}] = {lists:?};",
        lists[0].len(),
        edition(&lists),
        LANGUAGES.len(),
    );
    let mut place = 0;
    for (group, texts) in &noun.groups {
        if !group.is_empty() {
            let _ = writeln!(out, "/// Texts under `{group}`.\npub mod {} {{", identifier(group));
        }
        for (key, text) in texts {
            place += function(out, key, text, place);
        }
        if !group.is_empty() {
            out.push_str("}\n");
        }
    }
    by_key(out, noun, "impl crate::Speaker");
    out.push_str("}\n");
}

/// The texts of one language in the order of the keys; a form it has not is an empty text.
fn list(texts: &[&Text], index: usize) -> Vec<String> {
    let mut list = Vec::new();
    for text in texts {
        match &text.forms {
            Forms::Plain(strings) => list.push(strings[index].clone()),
            Forms::Plural(forms) => list.extend(forms[index].iter().map(|form| form.clone().unwrap_or_default())),
        }
    }
    list
}

fn edition(lists: &[Vec<String>]) -> u64 {
    let mut hasher = DefaultHasher::new();
    lists.hash(&mut hasher);
    hasher.finish()
}

/// Writes one function and says how many places of the list it takes. What the dashboard shows of the chat is in the
/// languages of the product, written here, so that it holds no more than what it shows.
fn function(out: &mut String, key: &str, text: &Text, place: usize) -> usize {
    let name = identifier(key);
    let arguments = text.placeholders.iter().map(|name| format!(", {}: &str", identifier(name))).collect::<String>();
    let mut values =
        text.placeholders.iter().map(|name| format!("({name:?}, {})", identifier(name))).collect::<Vec<_>>();
    let (doc, head, body, taken) = match &text.forms {
        Forms::Plain(strings) => {
            let said = format!("lang.say({place}, {:?})", &strings[..OF_PRODUCT]);
            if values.is_empty() {
                (&strings[0], "(lang: impl crate::Speaker) -> &'static str".to_owned(), said, 1)
            } else {
                let body = format!("crate::speech::fill({said}, &[{}])", values.join(", "));
                (&strings[0], format!("(lang: impl crate::Speaker{arguments}) -> String"), body, 1)
            }
        }
        Forms::Plural(forms) => {
            values.push("(\"n\", &count)".to_owned());
            let written: Vec<_> = forms[..OF_PRODUCT]
                .iter()
                .map(|plural| plural.each_ref().map(|form| form.as_deref().unwrap_or_default()))
                .collect();
            let body = format!(
                "let count = lang.count(n);\ncrate::speech::fill(lang.say_number({place}, n, {written:?}), &[{}])",
                values.join(", ")
            );
            (other(&forms[0]), format!("(lang: impl crate::Speaker, n: i64{arguments}) -> String"), body, FORMS.len())
        }
    };
    let _ = writeln!(out, "#[doc = {:?}]\n#[must_use]\npub fn {name}{head} {{\n{body}\n}}", doc_line(doc));
    taken
}
