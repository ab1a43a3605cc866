//! Reading a filter as integrators write it: values alone or in a list, numbers or texts, choices as objects with an id.

use serde_json::Value;

use super::{Condition, Join, MAX_CONDITIONS, MAX_VALUE, MAX_VALUES, Operator, Owner};
use crate::{Error, ErrorCode};

/// The conditions in a payload.
///
/// # Errors
/// Names what is wrong by its place: `payload[1].filter_operator`.
pub fn read(payload: &Value) -> Result<Vec<Condition>, Error> {
    let wrong = |code| Error::field(code, "payload");
    let list = match payload {
        Value::Null => return Err(wrong(ErrorCode::Required)),
        Value::Array(list) => list,
        _ => return Err(wrong(ErrorCode::Invalid)),
    };
    if list.len() > MAX_CONDITIONS {
        return Err(wrong(ErrorCode::TooLong));
    }
    list.iter().enumerate().map(|(place, condition)| one(place, condition)).collect()
}

fn one(place: usize, condition: &Value) -> Result<Condition, Error> {
    let wrong = |name: &str, code| Error::field(code, ["payload[", &place.to_string(), "].", name].concat());
    let text = |name: &str| condition.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let key = text("attribute_key").ok_or_else(|| wrong("attribute_key", ErrorCode::Required))?;
    let operator = text("filter_operator").ok_or_else(|| wrong("filter_operator", ErrorCode::Required))?;
    let operator: Operator = operator.parse().map_err(|_| wrong("filter_operator", ErrorCode::Invalid))?;
    let join = match text("query_operator").map(str::to_ascii_uppercase) {
        None => None,
        Some(word) => Some(word.parse::<Join>().map_err(|_| wrong("query_operator", ErrorCode::Invalid))?),
    };
    let owner = match text("custom_attribute_type") {
        None => None,
        Some(word) => Some(word.parse::<Owner>().map_err(|_| wrong("custom_attribute_type", ErrorCode::Invalid))?),
    };
    let values = values(condition.get("values").unwrap_or(&Value::Null));
    let values = values.ok_or_else(|| wrong("values", ErrorCode::Invalid))?;
    if values.len() > MAX_VALUES || values.iter().any(|value| value.chars().count() > MAX_VALUE) {
        return Err(wrong("values", ErrorCode::TooLong));
    }
    Ok(Condition {
        attribute_key: key.to_owned(),
        filter_operator: operator,
        values,
        query_operator: join,
        custom_attribute_type: owner,
    })
}

fn values(given: &Value) -> Option<Vec<String>> {
    match given {
        Value::Null => Some(Vec::new()),
        Value::Array(list) => list.iter().map(scalar).collect(),
        one => scalar(one).map(|value| vec![value]),
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Object(choice) => choice.get("id").filter(|id| !id.is_object()).and_then(scalar),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_come_in_many_forms() {
        let payload = json!([
            {"attribute_key": "status", "filter_operator": "equal_to", "values": ["open", "pending"], "query_operator": "and", "attribute_model": "standard"},
            {"attribute_key": "assignee_id", "filter_operator": "equal_to", "values": {"id": 7, "name": "Ana"}, "query_operator": "OR"},
            {"attribute_key": "team_id", "filter_operator": "is_not_present"},
        ]);
        let read = read(&payload).unwrap();
        assert_eq!(read[0].values, ["open", "pending"]);
        assert_eq!((read[1].values.as_slice(), read[1].query_operator), (&["7".to_owned()][..], Some(Join::Or)));
        assert_eq!((read[0].query_operator, read[2].query_operator), (Some(Join::And), None));
        let again: Vec<Condition> = serde_json::from_value(serde_json::to_value(&read).unwrap()).unwrap();
        assert_eq!(again, read);
    }

    #[test]
    fn what_is_wrong_is_named_by_its_place() {
        let good = json!({"attribute_key": "status", "filter_operator": "equal_to", "values": ["open"]});
        for (change, field) in [
            (json!({"attribute_key": ""}), "payload[1].attribute_key"),
            (json!({"filter_operator": "is"}), "payload[1].filter_operator"),
            (json!({"query_operator": "XOR"}), "payload[1].query_operator"),
            (json!({"values": [[1]]}), "payload[1].values"),
            (json!({"values": "x".repeat(501)}), "payload[1].values"),
            (json!({"custom_attribute_type": "table"}), "payload[1].custom_attribute_type"),
        ] {
            let mut second = good.clone();
            second.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let error = read(&json!([good, second])).unwrap_err();
            assert_eq!(error.field.as_deref(), Some(field));
        }
        assert_eq!(read(&json!({})).unwrap_err().field.as_deref(), Some("payload"));
        assert_eq!(read(&json!(vec![good; 21])).unwrap_err().code, ErrorCode::TooLong);
    }
}
