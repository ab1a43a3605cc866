//! Values of custom attributes: one check, wherever they come from.

use db::Conn;
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::{AccountId, ErrorCode};
use serde_json::{Map, Number, Value};

use super::{pattern, store};
use crate::Result;

/// Longest text of a value.
const MAX_TEXT: usize = 1_500;
/// Beyond this numbers are no longer exact.
const MAX_NUMBER: f64 = 9_007_199_254_740_991.0;

/// How strictly values are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// From agents and integrations: a wrong value is refused, and keys that nobody defined are kept as they are.
    Strict,
    /// From a page: what is unknown or wrong is left out.
    Lenient,
}

/// Checks changes of custom attributes against what the account defined. In the result null means: taken away.
pub(crate) async fn checked<'c>(
    on: impl Into<Conn<'c>>,
    account: AccountId,
    model: AttributeModel,
    given: Map<String, Value>,
    manner: Manner,
) -> Result<Map<String, Value>> {
    if given.is_empty() {
        return Ok(given);
    }
    let definitions = store::list(on, account, Some(model)).await?;
    sort_out(&definitions, given, manner)
}

fn sort_out(
    definitions: &[AttributeDefinition],
    given: Map<String, Value>,
    manner: Manner,
) -> Result<Map<String, Value>> {
    let mut checked = Map::new();
    for (key, value) in given {
        let definition = definitions.iter().find(|definition| definition.key == key);
        match (definition, manner) {
            (Some(definition), _) => match (check(definition, &value), manner) {
                (Ok(value), _) => {
                    checked.insert(key, value);
                }
                (Err(error), Manner::Strict) => return Err(error),
                (Err(_), Manner::Lenient) => {}
            },
            (None, Manner::Strict) => {
                checked.insert(key, value);
            }
            (None, Manner::Lenient) => {}
        }
    }
    Ok(checked)
}

/// Puts checked changes over what is there.
pub(crate) fn put(into: &mut Value, changes: Map<String, Value>) {
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    let Some(map) = into.as_object_mut() else { return };
    for (key, value) in changes {
        if value.is_null() {
            map.remove(&key);
        } else {
            map.insert(key, value);
        }
    }
}

/// A value in the form in which it is kept; null for one that is taken away. The error names the attribute, and its detail is the
/// account's hint.
pub fn check(definition: &AttributeDefinition, value: &Value) -> Result<Value> {
    if value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty()) {
        return Ok(Value::Null);
    }
    let outcome = match definition.kind {
        AttributeKind::Text => text(definition, value),
        AttributeKind::Number => number(value),
        AttributeKind::Link => link(value),
        AttributeKind::Date => date(value),
        AttributeKind::List => choice(definition, value),
        AttributeKind::Checkbox => checkbox(value),
    };
    outcome.map_err(|code| {
        let hint = definition.regex_cue.clone().filter(|_| code == ErrorCode::PatternMismatch);
        let field = format!("custom_attributes.{}", definition.key);
        model::Error::field(code, field).with_detail(hint).into()
    })
}

type Checked = std::result::Result<Value, ErrorCode>;

/// A text, or what is easily written as one.
fn words(value: &Value) -> std::result::Result<String, ErrorCode> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Bool(on) => on.to_string(),
        _ => return Err(ErrorCode::Invalid),
    };
    if text.chars().count() > MAX_TEXT {
        return Err(ErrorCode::TooLong);
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(ErrorCode::Invalid);
    }
    Ok(text)
}

fn text(definition: &AttributeDefinition, value: &Value) -> Checked {
    let text = words(value)?;
    match &definition.regex_pattern {
        Some(pattern) if !pattern::matches(pattern, &text) => Err(ErrorCode::PatternMismatch),
        _ => Ok(Value::String(text)),
    }
}

fn number(value: &Value) -> Checked {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.parse::<i64>().ok().map(Number::from);
            let broken = || text.parse::<f64>().ok().and_then(Number::from_f64);
            whole.or_else(broken).ok_or(ErrorCode::InvalidNumber)?
        }
        _ => return Err(ErrorCode::InvalidNumber),
    };
    let size = number.as_f64().map_or(f64::INFINITY, f64::abs);
    if size > MAX_NUMBER { Err(ErrorCode::InvalidNumber) } else { Ok(Value::Number(number)) }
}

fn link(value: &Value) -> Checked {
    let text = words(value).map_err(|_| ErrorCode::InvalidUrl)?;
    let address = if text.contains("://") { text } else { format!("https://{text}") };
    let url = reqwest::Url::parse(&address).map_err(|_| ErrorCode::InvalidUrl)?;
    let is_web = matches!(url.scheme(), "http" | "https");
    let has_host = url.host_str().is_some_and(|host| host.contains('.') || host == "localhost");
    if is_web && has_host { Ok(Value::String(url.into())) } else { Err(ErrorCode::InvalidUrl) }
}

/// `2026-01-31`, or a point in time whose date is meant.
fn date(value: &Value) -> Checked {
    let text = words(value).map_err(|_| ErrorCode::InvalidDate)?;
    let day = text.split_once(['T', ' ']).map_or(text.as_str(), |(day, _)| day);
    let is_whole = day.len() == 10 && day.is_ascii();
    let date: jiff::civil::Date = day.parse().ok().filter(|_| is_whole).ok_or(ErrorCode::InvalidDate)?;
    Ok(Value::String(date.to_string()))
}

fn choice(definition: &AttributeDefinition, value: &Value) -> Checked {
    let text = words(value).map_err(|_| ErrorCode::NotInList)?;
    let exact = definition.values.iter().find(|choice| **choice == text);
    let folded = crate::search::fold(&text);
    let found = exact.or_else(|| definition.values.iter().find(|choice| crate::search::fold(choice) == folded));
    found.map(|choice| Value::String(choice.clone())).ok_or(ErrorCode::NotInList)
}

fn checkbox(value: &Value) -> Checked {
    let on = match value {
        Value::Bool(on) => Some(*on),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "1" | "on" => Some(true),
            "false" | "0" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    };
    on.map(Value::Bool).ok_or(ErrorCode::Invalid)
}

#[cfg(test)]
mod tests {
    use model::AttributeId;
    use serde_json::json;

    use super::*;
    use crate::Error;

    fn definition(kind: AttributeKind) -> AttributeDefinition {
        AttributeDefinition {
            id: AttributeId(1),
            model: AttributeModel::Contact,
            key: "campo".to_owned(),
            name: "Campo".to_owned(),
            description: String::new(),
            kind,
            values: vec!["Ouro".to_owned(), "Avião".to_owned()],
            regex_pattern: (kind == AttributeKind::Text).then(|| r"^(?=.*\d).{3,}$".to_owned()),
            regex_cue: Some("Pelo menos um número".to_owned()),
            created_at: 0,
            updated_at: 0,
        }
    }

    #[test]
    fn values_are_kept_in_one_form() {
        use AttributeKind as K;
        for (kind, given, kept) in [
            (K::Text, json!("  abc1 "), json!("abc1")),
            (K::Text, json!(1234), json!("1234")),
            (K::Number, json!("12.5"), json!(12.5)),
            (K::Number, json!(7), json!(7)),
            (K::Link, json!("www.loja.com.br/a?b=c"), json!("https://www.loja.com.br/a?b=c")),
            (K::Date, json!("2026-02-28"), json!("2026-02-28")),
            (K::Date, json!("2026-02-28T03:00:00.000Z"), json!("2026-02-28")),
            (K::List, json!("aviao"), json!("Avião")),
            (K::Checkbox, json!("true"), json!(true)),
            (K::Checkbox, json!(false), json!(false)),
            (K::Number, json!(""), json!(null)),
            (K::Checkbox, json!(null), json!(null)),
        ] {
            assert_eq!(check(&definition(kind), &given).unwrap(), kept, "{kind} {given}");
        }
    }

    #[test]
    fn wrong_values_are_refused_with_the_hint() {
        use AttributeKind as K;
        for (kind, given, code) in [
            (K::Text, json!("abc"), ErrorCode::PatternMismatch),
            (K::Text, json!({"a": 1}), ErrorCode::Invalid),
            (K::Text, json!("1".repeat(1_501)), ErrorCode::TooLong),
            (K::Number, json!("doze"), ErrorCode::InvalidNumber),
            (K::Number, json!("NaN"), ErrorCode::InvalidNumber),
            (K::Number, json!(1e300), ErrorCode::InvalidNumber),
            (K::Link, json!("javascript:alert(1)"), ErrorCode::InvalidUrl),
            (K::Link, json!("javascript://a.b/%0aalert(1)"), ErrorCode::InvalidUrl),
            (K::Link, json!("nada"), ErrorCode::InvalidUrl),
            (K::Date, json!("2026-02-30"), ErrorCode::InvalidDate),
            (K::Date, json!("31/12/2026"), ErrorCode::InvalidDate),
            (K::List, json!("Prata"), ErrorCode::NotInList),
            (K::Checkbox, json!("talvez"), ErrorCode::Invalid),
            (K::Checkbox, json!(2), ErrorCode::Invalid),
        ] {
            let Error::Known(error) = check(&definition(kind), &given).unwrap_err() else { unreachable!() };
            assert_eq!(error.code, code, "{kind} {given}");
            assert_eq!(error.field.as_deref(), Some("custom_attributes.campo"));
            let has_hint = error.detail.as_deref() == Some("Pelo menos um número");
            assert_eq!(has_hint, code == ErrorCode::PatternMismatch);
        }
    }

    #[test]
    fn a_page_says_what_it_likes() {
        let definitions = [definition(AttributeKind::Number)];
        let given = || json!({"campo": "x", "outro": 1}).as_object().cloned().unwrap_or_default();
        assert!(sort_out(&definitions, given(), Manner::Lenient).unwrap().is_empty());
        assert!(sort_out(&definitions, given(), Manner::Strict).is_err());
        let mut kept = json!({"a": 1, "b": 2});
        put(&mut kept, json!({"a": null, "c": 3}).as_object().cloned().unwrap_or_default());
        assert_eq!(kept, json!({"b": 2, "c": 3}));
    }
}
