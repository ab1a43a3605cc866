//! Values as clients write them: numbers and switches in quotes, lists with commas, null where nothing is meant.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

fn wrong<E: serde::de::Error>() -> E {
    E::custom("of the wrong type")
}

fn is_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty() || text.trim() == "null")
}

fn to_int<E: serde::de::Error>(value: &Value) -> Result<i64, E> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).ok_or_else(wrong)
}

fn to_text<E: serde::de::Error>(value: Value) -> Result<String, E> {
    match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(wrong()),
    }
}

/// A number; blank and null are none.
pub fn int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if is_nothing(&value) { Ok(None) } else { to_int(&value).map(Some) }
}

/// A switch.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if is_nothing(&value) {
        return Ok(None);
    }
    let on = match &value {
        Value::Bool(on) => Some(*on),
        Value::Number(number) => {
            number.as_i64().and_then(|number| [false, true].get(usize::try_from(number).ok()?).copied())
        }
        Value::String(text) => match text.trim() {
            "true" | "1" | "on" => Some(true),
            "false" | "0" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    };
    on.map(Some).ok_or_else(wrong)
}

/// A text; null is none.
pub fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_null() { Ok(None) } else { to_text(value).map(Some) }
}

/// A text that null erases.
pub fn erasable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if value.is_null() { Ok(Some(String::new())) } else { to_text(value).map(Some) }
}

/// A number that null or blank takes away.
pub fn erasable_int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    int(deserializer).map(Some)
}

/// Numbers in a list.
pub fn ints<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<i64>>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Array(list) => list.iter().map(to_int).collect::<Result<_, _>>().map(Some),
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, _>>().map(Some)
        }
        one => Ok(Some(vec![to_int(&one)?])),
    }
}

/// Texts in a list.
pub fn texts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<String>>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Null => Ok(None),
        Value::Array(list) => list.into_iter().map(to_text).collect::<Result<_, _>>().map(Some),
        Value::String(text) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Ok(Some(parts.map(str::to_owned).collect()))
        }
        _ => Err(wrong()),
    }
}

/// An object, also as JSON in a form's text.
pub fn object<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    match Value::deserialize(deserializer)? {
        value if is_nothing(&value) => Ok(None),
        value @ Value::Object(_) => Ok(Some(value)),
        Value::String(text) => serde_json::from_str(&text).ok().filter(Value::is_object).map(Some).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

/// Objects in a list; what they hold is for their reader.
pub fn objects<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Value>>, D::Error> {
    let value = match Value::deserialize(deserializer)? {
        value if is_nothing(&value) => return Ok(None),
        // In a form.
        Value::String(text) => serde_json::from_str(&text).map_err(|_| wrong())?,
        value => value,
    };
    match value {
        Value::Array(list) if list.iter().all(Value::is_object) => Ok(Some(list)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct All {
        #[serde(deserialize_with = "int")]
        int: Option<i64>,
        #[serde(deserialize_with = "flag")]
        flag: Option<bool>,
        #[serde(deserialize_with = "erasable")]
        text: Option<String>,
        #[serde(deserialize_with = "ints")]
        ints: Option<Vec<i64>>,
        #[serde(deserialize_with = "texts")]
        texts: Option<Vec<String>>,
        #[serde(deserialize_with = "object")]
        object: Option<Value>,
        #[serde(deserialize_with = "objects")]
        objects: Option<Vec<Value>>,
    }

    fn read(value: Value) -> Option<All> {
        serde_json::from_value(value).ok()
    }

    #[test]
    fn quotes_do_not_matter() {
        let plain = read(json!({"int": 7, "flag": true, "ints": [1, 2], "object": {"a": 1}, "texts": ["a", "b"]}));
        let quoted = read(json!({"int": "7", "flag": "true", "ints": "1,2", "object": "{\"a\":1}", "texts": "a, b"}));
        assert!(plain.is_some());
        assert_eq!(plain, quoted);
        assert_eq!(read(json!({"int": "", "flag": null})), Some(All::default()));
        assert_eq!(read(json!({"text": null})).unwrap().text.as_deref(), Some(""));
    }

    #[test]
    fn what_is_of_another_type_is_refused() {
        for wrong in [
            json!({"int": "seven"}),
            json!({"int": 1.5}),
            json!({"flag": 2}),
            json!({"flag": "perhaps"}),
            json!({"text": {}}),
            json!({"ints": ["x"]}),
            json!({"texts": [{}]}),
            json!({"object": [1]}),
            json!({"object": "{"}),
            json!({"objects": [1]}),
            json!({"objects": {}}),
        ] {
            assert!(read(wrong.clone()).is_none(), "{wrong}");
        }
    }
}
