//! The description of the REST API, made from its code: `/api-docs` for people, `/api-docs/openapi.json` for programs.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::header;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value};
use text::Lang;
use text::api::docs as t;
use utoipa::openapi::path::{ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, RefOr, Required, Type};

use crate::health::VERSION;
use crate::state::AppState;

/// Name of the scheme in which the token is sent.
const TOKEN: &str = "api_access_token";

/// Language of the description: it is for programmers, like the code it is made from.
const LANG: Lang = Lang::En;

/// What is said of the whole.
pub fn frame() -> OpenApi {
    let token = SecurityScheme::ApiKey(ApiKey::Header(ApiKeyValue::new(TOKEN)));
    let scopes: [&str; 0] = [];
    OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Cloud Chat").version(VERSION).description(Some(t::introduction(LANG))))
        .components(Some(ComponentsBuilder::new().security_scheme(TOKEN, token).build()))
        .security(Some([SecurityRequirement::new(TOKEN, scopes)]))
        .build()
}

/// The routes of the description.
pub fn router(mut description: OpenApi) -> Router<AppState> {
    name_path_parameters(&mut description);
    let json = Arc::new(serde_json::to_value(&description).unwrap_or_default());
    let page: Arc<str> = page(&json).into();
    Router::new()
        .route("/api-docs", get(move || std::future::ready(shown(&page))))
        .route("/api-docs/openapi.json", get(move || std::future::ready(Json(json.as_ref().clone()))))
}

/// Every `{id}` of an address is a number; handlers read them by their type and need not say so.
fn name_path_parameters(description: &mut OpenApi) {
    for (path, item) in &mut description.paths.paths {
        let names: Vec<String> =
            path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
        for operation in operations(item) {
            let parameters = operation.parameters.get_or_insert_default();
            for (index, name) in names.iter().enumerate() {
                let number = ObjectBuilder::new().schema_type(Type::Integer);
                let parameter = ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(number));
                parameters.insert(index, RefOr::T(parameter.build()));
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut utoipa::openapi::path::Operation> {
    let PathItem { get, put, post, patch, delete, .. } = item;
    [get, put, post, patch, delete].into_iter().filter_map(Option::as_mut)
}

fn shown(page: &Arc<str>) -> Response {
    // No script, and styles only in the page itself.
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(page.to_string())).into_response()
}

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}\
summary{cursor:pointer;padding:.3rem 0}code,pre{font:13px/1.5 ui-monospace,monospace}pre{overflow:auto;padding:.75rem;border:1px solid;border-radius:.5rem}\
.method{display:inline-block;min-width:4.5rem;font-weight:600}details{border-bottom:1px solid}";

/// The description as a page: groups, calls, and the shapes of what goes in and comes out.
fn page(json: &Value) -> String {
    let mut out = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>Cloud Chat {title}</title><style>{STYLE}</style><h1>Cloud Chat {title} {VERSION}</h1><p>{introduction}</p>",
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
    for (name, calls) in groups {
        let _ = write!(out, "<h2>{}</h2>{calls}", escaped(name));
    }
    out
}

fn call_text(json: &Value, method: &str, path: &str, call: &Value) -> String {
    let mut out = format!(
        "<details><summary><span class=\"method\">{}</span> <code>{}</code> {}</summary>",
        escaped(&method.to_uppercase()),
        escaped(path),
        escaped(call["summary"].as_str().or(call["description"].as_str()).unwrap_or_default()),
    );
    let parameters = call["parameters"].as_array().into_iter().flatten();
    let lines: Vec<String> = parameters.map(parameter_text).collect();
    if !lines.is_empty() {
        let _ = write!(out, "<h4>{}</h4><ul>{}</ul>", t::parameters(LANG), lines.concat());
    }
    for (title, content) in
        [(t::body(LANG), &call["requestBody"]["content"]), (t::answer(LANG), &call["responses"]["200"]["content"])]
    {
        let schema = content.as_object().and_then(|content| content.values().next()).map(|media| &media["schema"]);
        if let Some(schema) = schema {
            let shape = serde_json::to_string_pretty(&shape(json, schema, 0)).unwrap_or_default();
            let _ = write!(out, "<h4>{title}</h4><pre>{}</pre>", escaped(&shape));
        }
    }
    out.push_str("</details>");
    out
}

fn parameter_text(parameter: &Value) -> String {
    let text = |key: &str| escaped(parameter[key].as_str().unwrap_or_default());
    let needed = if parameter["required"] == true { format!(", {}", t::needed(LANG)) } else { String::new() };
    format!("<li><code>{}</code> ({}{needed}) {}</li>", text("name"), text("in"), text("description"))
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
