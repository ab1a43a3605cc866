//! Writes the Rust source for the checked texts.

use std::fmt::Write as _;

use crate::carried;
use crate::catalogue::{FORMS, Forms, Noun, OF_VISITORS, Piece, Plural, Text, pieces};

/// Variants of `Lang`, and of `VisitorLang`, in the order of `LANGUAGES`.
const VARIANTS: [&str; 12] = ["En", "PtBr", "Es", "Fr", "De", "It", "Nl", "Pl", "Tr", "Ru", "Ar", "Ja"];

/// Words that cannot name a function as they are.
const RESERVED: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// One module per noun, one function per key, and `by_key` for keys known only at run time.
pub fn source(nouns: &[Noun]) -> String {
    let mut out = String::new();
    for noun in nouns {
        if noun.name == carried::NOUN {
            carried::module(&mut out, noun);
            continue;
        }
        let _ = writeln!(
            out,
            "/// Texts of `{}.json`.\n#[allow(unused_variables, unreachable_code, clippy::too_many_lines)]\npub mod {} {{",
            noun.name,
            identifier(&noun.name)
        );
        for (group, texts) in &noun.groups {
            if !group.is_empty() {
                let _ = writeln!(out, "/// Texts under `{group}`.\npub mod {} {{", identifier(group));
            }
            for (key, text) in texts {
                function(&mut out, key, text, OF_VISITORS.contains(&noun.name.as_str()));
            }
            if !group.is_empty() {
                out.push_str("}\n");
            }
        }
        let lang = if OF_VISITORS.contains(&noun.name.as_str()) { "crate::VisitorLang" } else { "crate::Lang" };
        by_key(&mut out, noun, lang);
        out.push_str("}\n");
    }
    out
}

pub fn identifier(name: &str) -> String {
    match name {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if RESERVED.contains(&name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

fn function(out: &mut String, key: &str, text: &Text, of_visitors: bool) {
    let lang = if of_visitors { "VisitorLang" } else { "Lang" };
    let arguments = text.placeholders.iter().map(|name| format!(", {}: &str", identifier(name))).collect::<String>();
    let name = identifier(key);
    let (doc, head) = match &text.forms {
        Forms::Plain(strings) if text.placeholders.is_empty() => {
            (&strings[0], format!("{name}(lang: crate::{lang}) -> &'static str"))
        }
        Forms::Plain(strings) => (&strings[0], format!("{name}(lang: crate::{lang}{arguments}) -> String")),
        Forms::Plural(forms) => (other(&forms[0]), format!("{name}(lang: crate::{lang}, n: i64{arguments}) -> String")),
    };
    let _ = writeln!(out, "#[doc = {:?}]\n#[must_use]\npub fn {head} {{", doc_line(doc));
    if matches!(text.forms, Forms::Plural(_)) {
        out.push_str("let count = crate::number::integer(lang, n);\nlet form = lang.plural(n);\n");
    }
    out.push_str("match lang {\n");
    let languages = match &text.forms {
        Forms::Plain(strings) => strings.len(),
        Forms::Plural(forms) => forms.len(),
    };
    for (index, variant) in VARIANTS.iter().take(languages).enumerate() {
        let body = match &text.forms {
            Forms::Plain(strings) if text.placeholders.is_empty() => {
                format!("{:?}", strings[index])
            }
            Forms::Plain(strings) => joined(&strings[index]),
            Forms::Plural(forms) => format!("match form {{\n{}}}", arms(&forms[index])),
        };
        let _ = writeln!(out, "crate::{lang}::{variant} => {body},");
    }
    out.push_str("}\n}\n");
}

/// The form every language has.
pub fn other(plural: &Plural) -> &String {
    static NONE: String = String::new();
    plural[FORMS.len() - 1].as_ref().unwrap_or(&NONE)
}

fn arms(plural: &Plural) -> String {
    let mut arms = String::new();
    for (form, text) in ["Zero", "One", "Two", "Few", "Many"].iter().zip(plural) {
        let Some(text) = text else { continue };
        // None at all may have words of its own in every language.
        let pattern = if *form == "Zero" { "_ if n == 0".to_owned() } else { format!("crate::Form::{form}") };
        let _ = writeln!(arms, "{pattern} => {},", joined(text));
    }
    let _ = writeln!(arms, "_ => {},", joined(other(plural)));
    arms
}

/// Square brackets would be read as links to code.
pub fn doc_line(text: &str) -> String {
    format!(" `{}`", text.replace('`', "'").replace('\n', " "))
}

/// An expression that joins the pieces of a text without the formatting machinery, which is heavy in a browser.
fn joined(text: &str) -> String {
    let parts = pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => format!("{words:?}"),
            Piece::Value(name) if name == "n" => "count.as_str()".to_owned(),
            Piece::Value(name) => identifier(&name),
        })
        .collect::<Vec<_>>();
    format!("[{}].concat()", parts.join(", "))
}

pub fn by_key(out: &mut String, noun: &Noun, lang: &str) {
    let _ = write!(
        out,
        "/// The text under a key known only at run time (an error code, a settings field); `None` for an unknown key\n\
         /// and for texts with placeholders.\n#[must_use]\n\
         pub fn by_key(lang: {lang}, key: &str) -> Option<&'static str> {{\nSome(match key {{\n",
    );
    for (group, texts) in &noun.groups {
        for (key, text) in texts {
            if matches!(text.forms, Forms::Plural(_)) || !text.placeholders.is_empty() {
                continue;
            }
            let (path, call) = match group.as_str() {
                "" => (key.clone(), identifier(key)),
                group => (format!("{group}.{key}"), format!("{}::{}", identifier(group), identifier(key))),
            };
            let _ = writeln!(out, "{path:?} => {call}(lang),");
        }
    }
    out.push_str("_ => return None,\n})\n}\n");
}
