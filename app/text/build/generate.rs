//! Writes the Rust source for the checked texts.

use std::fmt::Write as _;

use crate::catalogue::{Forms, LANGUAGES, Noun, Piece, Text, pieces};

/// Variants of `Lang`, in the order of `LANGUAGES`.
const VARIANTS: [&str; LANGUAGES.len()] = ["En", "PtBr"];

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
                function(&mut out, key, text);
            }
            if !group.is_empty() {
                out.push_str("}\n");
            }
        }
        by_key(&mut out, noun);
        out.push_str("}\n");
    }
    out
}

fn identifier(name: &str) -> String {
    match name {
        "self" | "super" | "crate" => format!("{name}_"),
        _ if RESERVED.contains(&name) => format!("r#{name}"),
        _ => name.to_owned(),
    }
}

fn function(out: &mut String, key: &str, text: &Text) {
    let arguments = text.placeholders.iter().map(|name| format!(", {}: &str", identifier(name))).collect::<String>();
    let name = identifier(key);
    let (doc, head) = match &text.forms {
        Forms::Plain(strings) if text.placeholders.is_empty() => {
            (&strings[0], format!("{name}(lang: crate::Lang) -> &'static str"))
        }
        Forms::Plain(strings) => (&strings[0], format!("{name}(lang: crate::Lang{arguments}) -> String")),
        Forms::Plural(forms) => (&forms[0].other, format!("{name}(lang: crate::Lang, n: i64{arguments}) -> String")),
    };
    let _ = writeln!(out, "#[doc = {:?}]\n#[must_use]\npub fn {head} {{", doc_line(doc));
    if matches!(text.forms, Forms::Plural(_)) {
        out.push_str("let count = crate::number::integer(lang, n);\nlet form = lang.plural(n);\n");
    }
    out.push_str("match lang {\n");
    for (index, variant) in VARIANTS.iter().enumerate() {
        let body = match &text.forms {
            Forms::Plain(strings) if text.placeholders.is_empty() => {
                format!("{:?}", strings[index])
            }
            Forms::Plain(strings) => joined(&strings[index]),
            Forms::Plural(forms) => {
                let form = &forms[index];
                let zero =
                    form.zero.as_ref().map(|zero| format!("_ if n == 0 => {},\n", joined(zero))).unwrap_or_default();
                format!(
                    "match form {{\n{zero}crate::Form::One => {},\ncrate::Form::Other => {},\n}}",
                    joined(&form.one),
                    joined(&form.other)
                )
            }
        };
        let _ = writeln!(out, "crate::Lang::{variant} => {body},");
    }
    out.push_str("}\n}\n");
}

/// Square brackets would be read as links to code.
fn doc_line(text: &str) -> String {
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

fn by_key(out: &mut String, noun: &Noun) {
    out.push_str(
        "/// The text under a key known only at run time (an error code, a settings field); `None` for an unknown key\n\
         /// and for texts with placeholders.\n#[must_use]\n\
         pub fn by_key(lang: crate::Lang, key: &str) -> Option<&'static str> {\nSome(match key {\n",
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
