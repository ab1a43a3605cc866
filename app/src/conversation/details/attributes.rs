//! Custom attributes of the contact and of the conversation.

use leptos::prelude::*;
use serde_json::Value;
use text::Lang;
use text::contact as t;

use crate::conversation::desk::use_desk;

/// The attributes, those of the conversation first.
#[component]
pub fn Attributes() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let pairs = Memo::new(move |_| {
        desk.with_conversation(|conversation| {
            let mut pairs = pairs(lang, &conversation.custom_attributes);
            pairs.extend(self::pairs(lang, &conversation.contact.custom_attributes));
            pairs
        })
        .unwrap_or_default()
    });
    let line = |(key, words): (String, String)| {
        view! {
            <dt>{key}</dt>
            <dd dir="auto">{words}</dd>
        }
    };
    let content = move || match pairs.get() {
        pairs if pairs.is_empty() => view! { <p class="fact-empty">{t::no_attributes(lang)}</p> }.into_any(),
        pairs => view! { <dl class="facts">{pairs.into_iter().map(line).collect_view()}</dl> }.into_any(),
    };
    view! { {content} }.into_any()
}

fn pairs(lang: Lang, attributes: &Value) -> Vec<(String, String)> {
    let words = |value: &Value| match value {
        Value::Null => None,
        Value::Bool(true) => Some(t::yes(lang).to_owned()),
        Value::Bool(false) => Some(t::no(lang).to_owned()),
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    let pair = |(key, value): (&String, &Value)| Some((key.replace('_', " "), words(value)?));
    attributes.as_object().map(|map| map.iter().filter_map(pair).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_as_people_read_them() {
        let given = json!({ "plano_atual": "Pro", "vip": true, "pedidos": 12, "vazio": "", "nulo": null });
        let pairs = pairs(Lang::PtBr, &given);
        let pairs: Vec<_> = pairs.iter().map(|(key, words)| (key.as_str(), words.as_str())).collect();
        assert!(
            pairs.contains(&("plano atual", "Pro"))
                && pairs.contains(&("vip", "Sim"))
                && pairs.contains(&("pedidos", "12"))
        );
        assert_eq!(pairs.len(), 3);
    }
}
