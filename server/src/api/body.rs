//! What requests bring: JSON, forms and queries, all read into the same typed inputs.
//!
//! JSON may be flat or nested under the name of its noun. Forms write nesting with brackets: `contact[name]`, `labels[]`.

use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header;
use axum::http::request::Parts;
use bytes::Bytes;
use domain::avatar::Picture;
use domain::message::attachment::Upload;
use model::ErrorCode;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::state::AppState;

/// Deepest nesting in a form's names.
const DEEPEST: usize = 5;
/// Most fields of a form.
const MOST_FIELDS: usize = 500;

/// An input that requests bring.
pub trait Input: DeserializeOwned {
    /// The name under which it may be nested.
    const NAME: &'static str;
}

/// An input.
pub struct Body<T>(pub T);

/// An input with files, each with the name of its field.
pub struct Form<T> {
    pub input: T,
    pub files: Vec<(String, Upload)>,
}

impl<T> Form<T> {
    /// The picture in the field `avatar`, found good.
    pub async fn picture(&mut self) -> domain::Result<Option<Picture>> {
        let Some(index) = self.files.iter().position(|(name, _)| name == "avatar") else { return Ok(None) };
        Ok(Some(Picture::of(self.files.swap_remove(index).1).await?))
    }

    /// The files of a list, `attachments[]`.
    pub fn list(self, name: &str) -> (T, Vec<Upload>) {
        let listed = |field: &str| field.trim_end_matches("[]") == name;
        let files = self.files.into_iter().filter(|(field, _)| listed(field)).map(|(_, upload)| upload);
        (self.input, files.collect())
    }
}

/// What the address says behind the question mark.
pub struct Params<T>(pub T);

impl<T: Input> FromRequest<AppState> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        Ok(Self(Form::from_request(request, state).await?.input))
    }
}

impl<T: Input> FromRequest<AppState> for Form<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Refusal> {
        let mut map = pairs(request.uri().query().unwrap_or_default())?;
        let mut files = Vec::new();
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        match content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim() {
            "multipart/form-data" => read_multipart(request, state, &mut map, &mut files).await?,
            "application/x-www-form-urlencoded" => {
                let text = read_text(request, state).await?;
                merge(&mut map, pairs(&text)?);
            }
            _ => {
                let text = read_text(request, state).await?;
                merge(&mut map, json(&text)?);
            }
        }
        // `profile[avatar]` is a file of the noun like `avatar`.
        for (name, _) in &mut files {
            let inner = name.strip_prefix(T::NAME).and_then(|rest| rest.strip_prefix('['));
            if let Some((first, rest)) = inner.and_then(|inner| inner.split_once(']')) {
                *name = format!("{first}{rest}");
            }
        }
        let input = typed(unnest(map, T::NAME))?;
        Ok(Self { input, files })
    }
}

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Refusal> {
        typed(pairs(parts.uri.query().unwrap_or_default())?).map(Self)
    }
}

async fn read_text(request: Request, state: &AppState) -> Result<String, Refusal> {
    let bytes =
        Bytes::from_request(request, state).await.map_err(|error| Refusal::new(error.status(), error.body_text()))?;
    String::from_utf8(bytes.into()).map_err(|error| Refusal::bad_json(&error.to_string()))
}

fn json(text: &str) -> Result<Map<String, Value>, Refusal> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(_) => Err(Refusal::wrong_type()),
        Err(error) => Err(Refusal::bad_json(&error.to_string())),
    }
}

async fn read_multipart(
    request: Request,
    state: &AppState,
    map: &mut Map<String, Value>,
    files: &mut Vec<(String, Upload)>,
) -> Result<(), Refusal> {
    let mut multipart = Multipart::from_request(request, state)
        .await
        .map_err(|error| Refusal::new(error.status(), error.body_text()))?;
    let broken = |error: axum::extract::multipart::MultipartError| {
        Refusal::bad_form(&error.body_text()).with_status(error.status())
    };
    for _ in 0..MOST_FIELDS {
        let Some(field) = multipart.next_field().await.map_err(broken)? else { return Ok(()) };
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file_name) => {
                let content_type = field.content_type().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(broken)?;
                // An input without a chosen file arrives as an empty file without a name.
                if !(file_name.is_empty() && bytes.is_empty()) {
                    files.push((name, Upload { file_name, content_type, bytes }));
                }
            }
            None => insert(map, &name, field.text().await.map_err(broken)?)?,
        }
    }
    Err(Refusal::field("base", ErrorCode::TooMany))
}

/// Pairs as addresses and forms write them.
fn pairs(text: &str) -> Result<Map<String, Value>, Refusal> {
    let mut map = Map::new();
    for (index, pair) in text.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        if index >= MOST_FIELDS {
            return Err(Refusal::field("base", ErrorCode::TooMany));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        insert(&mut map, &decoded(name)?, decoded(value)?)?;
    }
    Ok(map)
}

fn decoded(text: &str) -> Result<String, Refusal> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|error| Refusal::bad_form(&error.to_string()))
}

/// Puts `a[b][c]` where it belongs; `a[]` adds to a list.
fn insert(map: &mut Map<String, Value>, name: &str, value: String) -> Result<(), Refusal> {
    let (first, rest) = name.split_once('[').unwrap_or((name, ""));
    let mut path = vec![first];
    if !rest.is_empty() {
        let inner = rest.strip_suffix(']').ok_or_else(|| Refusal::field(name, ErrorCode::Invalid))?;
        path.extend(inner.split("]["));
    }
    if path.len() > DEEPEST {
        return Err(Refusal::field(name, ErrorCode::Invalid));
    }
    place(map, &path, value).ok_or_else(|| Refusal::field(name, ErrorCode::Invalid))
}

fn place(map: &mut Map<String, Value>, path: &[&str], value: String) -> Option<()> {
    match path {
        [name] => match map.insert((*name).to_owned(), Value::String(value)) {
            // The last of several wins; what is a tree and a text at once is neither.
            None | Some(Value::String(_)) => {}
            Some(_) => return None,
        },
        [name, ""] => {
            let list = map.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
            list.as_array_mut()?.push(Value::String(value));
        }
        [name, rest @ ..] => {
            let inner = map.entry(*name).or_insert_with(|| Value::Object(Map::new()));
            place(inner.as_object_mut()?, rest, value)?;
        }
        [] => {}
    }
    Some(())
}

fn merge(map: &mut Map<String, Value>, over: Map<String, Value>) {
    map.extend(over);
}

/// Takes what is nested under the noun's name to the top, where it wins.
fn unnest(mut map: Map<String, Value>, name: &str) -> Map<String, Value> {
    if let Some(Value::Object(inner)) = map.get(name).cloned() {
        map.remove(name);
        map.extend(inner);
    }
    map
}

fn typed<T: DeserializeOwned>(map: Map<String, Value>) -> Result<T, Refusal> {
    for (name, value) in &map {
        // The databases keep no such character.
        if has_nul(value) || name.contains('\0') {
            return Err(Refusal::field(&name.replace('\0', ""), ErrorCode::Invalid));
        }
    }
    serde_path_to_error::deserialize(Value::Object(map)).map_err(|error| {
        let path = error.path().to_string();
        let missing = error.inner().to_string();
        match missing.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
            Some(field) => Refusal::field(field, ErrorCode::Required),
            None => Refusal::field(if path == "." { "base" } else { &path }, ErrorCode::Invalid),
        }
    })
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(list) => list.iter().any(has_nul),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn form(text: &str) -> Value {
        Value::Object(pairs(text).unwrap())
    }

    #[test]
    fn brackets_nest() {
        assert_eq!(
            form("a=1&b[c]=x%20y+z&b[d][e]=2&labels[]=um&labels%5B%5D=dois"),
            json!({"a": "1", "b": {"c": "x y z", "d": {"e": "2"}}, "labels": ["um", "dois"]})
        );
        for wrong in ["a=1&a[b]=2", "a[b]=1&a=2", "a[]=1&a=2", "a[b=1", "a[1][2][3][4][5]=x", "a=%ff"] {
            assert!(pairs(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nested_json_is_as_good_as_flat() {
        let nested = json!({"label": {"title": "vip"}, "title": "no"});
        let flat = unnest(nested.as_object().unwrap().clone(), "label");
        assert_eq!(Value::Object(flat), json!({"title": "vip"}));
        // A field that happens to have the noun's name stays.
        let kept = unnest(json!({"name": "x"}).as_object().unwrap().clone(), "name");
        assert_eq!(Value::Object(kept), json!({"name": "x"}));
    }
}
