//! The description as a page: groups, calls, and the shapes of what goes in and comes out.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use text::api::docs as t;

use super::LANG;
use crate::health::VERSION;

/// Colours are the system's own, light or dark; nothing is loaded.
const STYLE: &str = include_str!("page.css");

/// Writes the page.
pub fn page(json: &Value) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Cloud Chat {title}</title><style>{STYLE}</style><header><h1>Cloud Chat {title} <small>{VERSION}</small></h1>\
         <p>{introduction}</p><p><a href=\"/api-docs/openapi.json\">openapi.json</a></p><nav>",
        title = t::title(LANG),
        introduction = escaped(t::introduction(LANG)),
    );
    let mut groups: Vec<(&str, String)> = Vec::new();
    for (path, item) in json["paths"].as_object().into_iter().flatten() {
        for (method, call) in item.as_object().into_iter().flatten() {
            let group = call["tags"][0].as_str().unwrap_or_default();
            let text = call_text(json, method, path, call);
            match groups.iter_mut().find(|(name, _)| *name == group) {
                Some((_, calls)) => calls.push_str(&text),
                None => groups.push((group, text)),
            }
        }
    }
    for (name, _) in &groups {
        let name = escaped(name);
        let _ = write!(out, "<a href=\"#{name}\">{name}</a> ");
    }
    out.push_str("</nav></header><main>");
    for (name, calls) in groups {
        let name = escaped(name);
        let _ = write!(out, "<section><h2 id=\"{name}\">{name}</h2>{calls}</section>");
    }
    out.push_str("</main></html>");
    out
}

fn call_text(json: &Value, method: &str, path: &str, call: &Value) -> String {
    let mut out = format!(
        "<details id=\"{}\"><summary><b class=\"{method}\">{}</b><code>{}</code><span>{}</span></summary>",
        escaped(call["operationId"].as_str().unwrap_or_default()),
        escaped(&method.to_uppercase()),
        // Long addresses may break where they are read as separate words.
        escaped(path).replace('/', "<wbr>/"),
        escaped(call["summary"].as_str().or(call["description"].as_str()).unwrap_or_default()),
    );
    let parameters = call["parameters"].as_array().into_iter().flatten();
    let lines: Vec<String> = parameters.map(parameter_text).collect();
    if !lines.is_empty() {
        let _ = write!(out, "<h3>{}</h3><dl>{}</dl>", t::parameters(LANG), lines.concat());
    }
    for (title, content) in
        [(t::body(LANG), &call["requestBody"]["content"]), (t::answer(LANG), &call["responses"]["200"]["content"])]
    {
        let schema = content.as_object().and_then(|content| content.values().next()).map(|media| &media["schema"]);
        if let Some(schema) = schema {
            let shape = serde_json::to_string_pretty(&shape(json, schema, 0)).unwrap_or_default();
            let _ = write!(out, "<h3>{title}</h3><pre tabindex=\"0\">{}</pre>", escaped(&shape));
        }
    }
    let refusals: Vec<String> =
        call["responses"].as_object().into_iter().flatten().filter_map(|(status, _)| refusal(json, status)).collect();
    let _ = write!(out, "<h3>{}</h3><dl>{}</dl></details>", t::refusals(LANG), refusals.concat());
    out
}

fn refusal(json: &Value, status: &str) -> Option<String> {
    let said = json["components"]["responses"][status]["description"].as_str()?;
    Some(format!("<dt><code>{}</code></dt><dd>{}</dd>", escaped(status), escaped(said)))
}

fn parameter_text(parameter: &Value) -> String {
    let text = |key: &str| escaped(parameter[key].as_str().unwrap_or_default());
    let needed = if parameter["required"] == true { format!(", {}", t::needed(LANG)) } else { String::new() };
    format!(
        "<dt><code>{}</code> <small>{}{needed}</small></dt><dd>{}</dd>",
        text("name"),
        text("in"),
        text("description")
    )
}

/// Deepest nesting that is written out.
const DEEPEST: usize = 5;

/// An example-like picture of a schema: names and types.
fn shape(json: &Value, schema: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::from("…");
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()) {
        return shape(json, &json["components"]["schemas"][name], depth);
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[key].as_array().and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return shape(json, first, depth);
        }
    }
    if let Some(properties) = schema["properties"].as_object() {
        let fields = properties.iter().map(|(name, inner)| (name.clone(), shape(json, inner, depth + 1)));
        return Value::Object(fields.collect::<Map<_, _>>());
    }
    if schema["items"].is_object() {
        return Value::Array(vec![shape(json, &schema["items"], depth + 1)]);
    }
    match &schema["type"] {
        Value::Array(types) => {
            let names: Vec<&str> = types.iter().filter_map(Value::as_str).collect();
            Value::from(names.join(" | "))
        }
        name => name.clone(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
