//! JSON without derives: what arrives is read field by field, what leaves is put together the same way. Here and nowhere
//! else, because generated readers would double the size of the program.

use js_sys::{Array, JSON, Object, Reflect};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

/// A JSON value that arrived.
#[derive(Clone, Debug)]
pub struct Json(JsValue);

impl Json {
    /// Reads a text; anything that is no JSON is `null`.
    pub fn parse(text: &str) -> Self {
        Self(JSON::parse(text).unwrap_or(JsValue::NULL))
    }

    /// The field of that name, `null` when there is none.
    pub fn get(&self, key: &str) -> Self {
        Self(Reflect::get(&self.0, &JsValue::from_str(key)).unwrap_or(JsValue::NULL))
    }

    pub fn is_null(&self) -> bool {
        self.0.is_null() || self.0.is_undefined()
    }

    /// The value itself as a string, a whole number or a truth.
    pub fn as_text(&self) -> Option<String> {
        self.0.as_string()
    }

    /// A text field that is not empty.
    pub fn text(&self, key: &str) -> Option<String> {
        self.get(key).as_text().filter(|text| !text.is_empty())
    }

    /// A text field, empty when it is missing.
    pub fn string(&self, key: &str) -> String {
        self.get(key).as_text().unwrap_or_default()
    }

    /// A whole number, also when it was sent as text.
    pub fn int(&self, key: &str) -> Option<i64> {
        let field = self.get(key);
        let number = field.0.as_f64().map(|number| number as i64);
        number.or_else(|| field.as_text()?.parse().ok())
    }

    pub fn flag(&self, key: &str) -> bool {
        self.get(key).0.is_truthy()
    }

    /// The elements of an array field, none when it is missing.
    pub fn list(&self, key: &str) -> Vec<Self> {
        let field = self.get(key).0;
        if Array::is_array(&field) { Array::from(&field).iter().map(Self).collect() } else { Vec::new() }
    }

    /// The fields of an object, each with its value as text.
    pub fn fields(&self) -> Vec<(String, String)> {
        let Some(object) = self.0.dyn_ref::<Object>() else { return Vec::new() };
        let field = |key: JsValue| {
            let key = key.as_string()?;
            let value = self.get(&key);
            let text = value.as_text().unwrap_or_else(|| value.stringify());
            Some((key, text))
        };
        Object::keys(object).iter().filter_map(field).collect()
    }

    /// The value as it is, to hand it on.
    pub fn raw(&self) -> &JsValue {
        &self.0
    }

    /// The value as text.
    pub fn stringify(&self) -> String {
        stringify(&self.0)
    }
}

impl From<JsValue> for Json {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

/// An object with these fields.
pub fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in fields {
        // Setting a field of a fresh object can't fail.
        let _ = Reflect::set(&object, &JsValue::from_str(key), value);
    }
    object.into()
}

/// An array of these values.
pub fn array(values: impl IntoIterator<Item = JsValue>) -> JsValue {
    values.into_iter().collect::<Array>().into()
}

pub fn stringify(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}
