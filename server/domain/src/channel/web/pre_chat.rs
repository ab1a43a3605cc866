//! The form before the first message, as it may be kept.

use model::pre_chat::{FieldOf, PreChat, STANDARD};
use serde_json::Value;

/// Most fields of a form.
const MOST: usize = 40;
/// Longest label or placeholder, in characters.
const LONGEST: usize = 255;
/// Longest text above the fields, in characters.
const LONGEST_MESSAGE: usize = 2_000;

/// A form whose fields are known, once each; `None` for anything else.
pub(super) fn checked(value: &Value) -> Option<Value> {
    let form: PreChat = serde_json::from_value(value.clone()).ok()?;
    let is_short = |text: &str| text.chars().count() <= LONGEST;
    let is_known = |kind: FieldOf, name: &str| match kind {
        FieldOf::Standard => STANDARD.iter().any(|(known, _)| *known == name),
        FieldOf::Contact | FieldOf::Conversation => !name.is_empty() && is_short(name),
    };
    let fits = form.fields.len() <= MOST
        && form.message.chars().count() <= LONGEST_MESSAGE
        && form.fields.iter().enumerate().all(|(at, field)| {
            let is_first = !form.fields[..at]
                .iter()
                .any(|other| (other.field_type, &other.name) == (field.field_type, &field.name));
            is_first
                && is_known(field.field_type, &field.name)
                && [&field.label, &field.placeholder, &field.kind].iter().all(|text| is_short(text))
        });
    if fits { serde_json::to_value(form).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::checked;

    #[test]
    fn forms_are_kept_only_when_they_can_be_asked() {
        let field =
            |kind: &str, name: &str| json!({"field_type": kind, "name": name, "required": true, "enabled": true});
        let form = |fields: Vec<serde_json::Value>| json!({"pre_chat_message": "Oi", "pre_chat_fields": fields});
        let kept =
            checked(&form(vec![field("standard", "emailAddress"), field("contact_attribute", "plano")])).unwrap();
        assert_eq!(kept["pre_chat_fields"][1]["label"], "");
        assert!(checked(&json!({})).is_some(), "nothing is asked yet");
        for wrong in [
            form(vec![field("standard", "password")]),
            form(vec![field("elsewhere", "x")]),
            form(vec![field("standard", "fullName"), field("standard", "fullName")]),
            form(vec![field("contact_attribute", "")]),
            form((0..41).map(|n| field("contact_attribute", &n.to_string())).collect()),
            json!({"pre_chat_fields": "all"}),
            json!({"pre_chat_message": "x".repeat(2_001)}),
        ] {
            assert_eq!(checked(&wrong), None, "{wrong}");
        }
    }
}
