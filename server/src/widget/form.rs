//! Bodies: JSON, or the form encodings with Rails' bracketed names (`message[attachments][]`), as one JSON value and files.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{HeaderMap, Method, header};
use domain::message::attachment::Upload;
use model::content::MAX_ATTACHMENTS;
use serde_json::{Map, Value};

use super::failure::{Answer, Failure};
use crate::middleware::body::PLAIN;
use crate::state::AppState;

/// Levels of brackets in a name; deeper ones are nobody's.
const DEPTH: usize = 4;

/// What a request carries.
#[derive(Debug, Default)]
pub struct Form {
    pub fields: Value,
    pub files: Vec<Upload>,
}

impl Form {
    /// A field, `null` when it is missing.
    pub fn get(&self, name: &str) -> &Value {
        &self.fields[name]
    }

    /// A text field at the top.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_str()
    }
}

/// A text or a number as text; clients send identifiers as either.
pub fn loose_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Reads a body. None at all is an empty form.
pub async fn read(headers: &HeaderMap, body: Body, state: &AppState) -> Answer<Form> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return multipart(kind, body, state).await;
    }
    let bytes = axum::body::to_bytes(body, PLAIN).await.map_err(|_| too_large())?;
    if bytes.is_empty() {
        return Ok(Form::default());
    }
    if kind.starts_with("application/x-www-form-urlencoded") {
        let mut fields = Map::new();
        for (name, value) in pairs(&bytes) {
            put(&mut fields, &name, Value::String(value));
        }
        return Ok(Form { fields: Value::Object(fields), files: Vec::new() });
    }
    let fields = serde_json::from_slice(&bytes).map_err(|error| unreadable("body", &error))?;
    match fields {
        Value::Object(_) => Ok(Form { fields, files: Vec::new() }),
        _ => Err(Failure::Unreadable("body", "The body must be a JSON object".to_owned())),
    }
}

async fn multipart(kind: &str, body: Body, state: &AppState) -> Answer<Form> {
    let request = Request::builder().method(Method::POST).header(header::CONTENT_TYPE, kind).body(body);
    let request = request.map_err(|error| unreadable("body", &error))?;
    let mut parts = Multipart::from_request(request, state).await.map_err(|error| unreadable("body", &error))?;
    let mut fields = Map::new();
    let mut files = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| unreadable("body", &error))? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let text = part.text().await.map_err(|error| unreadable("body", &error))?;
            put(&mut fields, &name, Value::String(text));
            continue;
        };
        let content_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
        let bytes = part.bytes().await.map_err(|_| too_large())?;
        // One more than allowed, so that the rule that counts them refuses them.
        if files.len() <= MAX_ATTACHMENTS {
            files.push(Upload { file_name, content_type, bytes });
        }
    }
    Ok(Form { fields: Value::Object(fields), files })
}

fn too_large() -> Failure {
    Failure::Unreadable("body", "The request is too large".to_owned())
}

fn unreadable(field: &'static str, error: &dyn std::fmt::Display) -> Failure {
    Failure::Unreadable(field, format!("The body cannot be read: {error}"))
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let spaced = text.replace('+', " ");
        percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
    };
    String::from_utf8_lossy(bytes)
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        })
        .collect()
}

/// Puts a value where its bracketed name says. A name that contradicts an earlier one is left out.
fn put(fields: &mut Map<String, Value>, name: &str, value: Value) {
    let (first, rest) = name.split_once('[').map_or((name, ""), |(first, rest)| (first, rest));
    let keys: Vec<&str> = rest.split('[').map(|key| key.trim_end_matches(']')).filter(|_| !rest.is_empty()).collect();
    if keys.len() > DEPTH {
        return;
    }
    let mut place = fields.entry(first).or_insert(Value::Null);
    for key in keys {
        if place.is_null() {
            *place = if key.is_empty() { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        }
        place = match place {
            Value::Array(list) if key.is_empty() => {
                list.push(Value::Null);
                match list.last_mut() {
                    Some(last) => last,
                    None => return,
                }
            }
            Value::Object(map) if !key.is_empty() => map.entry(key).or_insert(Value::Null),
            _ => return,
        };
    }
    if place.is_null() {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bracketed_names_make_a_tree() {
        let mut fields = Map::new();
        for (name, value) in
            pairs(b"message[content]=Ol%C3%A1+a&message[content]=again&a=1&a[b]=2&l[]=x&l[]=y&c[d][e]=3")
        {
            put(&mut fields, &name, Value::String(value));
        }
        assert_eq!(
            Value::Object(fields),
            json!({"message": {"content": "Olá a"}, "a": "1", "l": ["x", "y"], "c": {"d": {"e": "3"}}})
        );
    }

    #[test]
    fn odd_names_do_no_harm() {
        let mut fields = Map::new();
        for name in ["", "[", "]", "a[", "[[[[[[[[[[", "a[b][c][d][e][f][g]", "x[]][y"] {
            put(&mut fields, name, Value::Bool(true));
        }
        assert!(fields.len() <= 6, "{fields:?}");
    }
}
