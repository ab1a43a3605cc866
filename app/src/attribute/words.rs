//! Custom attributes in words.

use model::attribute::{AttributeDefinition, AttributeKind};
use serde_json::Value;
use text::Lang;
use text::attribute as t;

/// What a kind is called.
#[must_use]
pub fn kind_name(lang: Lang, kind: AttributeKind) -> &'static str {
    match kind {
        AttributeKind::Text => t::kinds::text(lang),
        AttributeKind::Number => t::kinds::number(lang),
        AttributeKind::Link => t::kinds::link(lang),
        AttributeKind::Date => t::kinds::date(lang),
        AttributeKind::List => t::kinds::list(lang),
        AttributeKind::Checkbox => t::kinds::checkbox(lang),
    }
}

/// A value as people read it; empty for none. Without a definition it is shown for what it is.
#[must_use]
pub fn value_words(lang: Lang, definition: Option<&AttributeDefinition>, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => text::contact::yes(lang).to_owned(),
        Value::Bool(false) => text::contact::no(lang).to_owned(),
        Value::String(text) if definition.is_some_and(|known| known.kind == AttributeKind::Date) => {
            day_words(lang, text).unwrap_or_else(|| text.clone())
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// `2026-01-31` as the language writes it.
fn day_words(lang: Lang, text: &str) -> Option<String> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_day = [year, month, day].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    is_day.then(|| t::day(lang, year, month, day))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_people_read_them() {
        assert_eq!(value_words(Lang::PtBr, None, &json!(true)), "Sim");
        assert_eq!(value_words(Lang::PtBr, None, &json!(12)), "12");
        assert_eq!(value_words(Lang::PtBr, None, &json!("2026-01-31")), "2026-01-31");
        assert_eq!(day_words(Lang::PtBr, "2026-01-31").as_deref(), Some("31/01/2026"));
        assert_eq!(day_words(Lang::En, "x"), None);
    }
}
