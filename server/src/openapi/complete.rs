//! What is the same for all calls is said here once: ids in addresses, refusals, names that are unique.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use text::api::docs as t;

use super::{LANG, TOKEN};

/// Completes the description that was made from the handlers.
pub fn complete(description: &mut Value) {
    description["components"]["responses"] = refusals();
    description["components"]["schemas"]["Refusal"] = json!({
        "type": "object",
        "required": ["error"],
        "properties": {
            "error": { "type": "string" },
            "message": { "type": "string", "description": t::refused_message(LANG) },
            "attributes": { "type": "array", "items": { "type": "string" }, "description": t::refused_attributes(LANG) },
        },
    });
    let mut ids = BTreeSet::new();
    let mut tags = Vec::new();
    for (path, item) in description["paths"].as_object_mut().into_iter().flatten() {
        for (method, call) in item.as_object_mut().into_iter().flatten() {
            let tag = call["tags"][0].as_str().unwrap_or_default().to_owned();
            let name = call["operationId"].as_str().unwrap_or_default();
            let mut id = format!("{tag}_{name}");
            if ids.contains(&id) {
                id = format!("{id}_{method}");
            }
            call["operationId"] = Value::from(id.as_str());
            ids.insert(id);
            name_ids(path, call);
            name_answers(path, call);
            if call["security"].is_null() {
                call["security"] = json!([{ TOKEN: [] }]);
            }
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    description["tags"] = tags.iter().map(|tag| json!({ "name": tag })).collect();
}

/// Every `{…_id}` of an address is a number, what is called otherwise a text; handlers read them by their type and need not say so.
fn name_ids(path: &str, call: &mut Value) {
    let names = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0));
    let mut parameters: Vec<Value> = names
        .map(|name| {
            let noun = name.trim_end_matches("_id");
            let is_number = name.ends_with("_id");
            let schema =
                if is_number { json!({ "type": "integer", "format": "int64" }) } else { json!({ "type": "string" }) };
            json!({ "name": name, "in": "path", "required": true, "schema": schema, "description": t::id(LANG, noun) })
        })
        .collect();
    parameters.extend(call["parameters"].as_array().cloned().unwrap_or_default());
    call["parameters"] = Value::Array(parameters);
}

/// Answers have words, and refusals are the same everywhere.
fn name_answers(path: &str, call: &mut Value) {
    let is_open = call["security"][0].as_object().is_some_and(Map::is_empty);
    let takes_input = call["requestBody"].is_object()
        || call["parameters"].as_array().is_some_and(|all| all.iter().any(|one| one["in"] == "query"));
    let Some(answers) = call["responses"].as_object_mut() else { return };
    for answer in answers.values_mut() {
        if answer["description"].is_null() {
            let is_empty = answer["content"].is_null();
            answer["description"] = Value::from(if is_empty { t::done(LANG) } else { t::answer(LANG) });
        }
    }
    let mut refuse = |status: &str| {
        answers.insert(status.to_owned(), json!({ "$ref": format!("#/components/responses/{status}") }));
    };
    if !is_open || takes_input {
        refuse("401");
    }
    if path.contains('{') {
        refuse("404");
    }
    if takes_input {
        refuse("400");
        refuse("422");
    }
    refuse("429");
    refuse("503");
}

fn refusals() -> Value {
    let said = [
        ("400", t::refused_400(LANG)),
        ("401", t::refused_401(LANG)),
        ("404", t::refused_404(LANG)),
        ("422", t::refused_422(LANG)),
        ("429", t::refused_429(LANG)),
        ("503", t::refused_503(LANG)),
    ];
    let schema = json!({ "$ref": "#/components/schemas/Refusal" });
    let refusal = |said: &str| json!({ "description": said, "content": { "application/json": { "schema": schema } } });
    Value::Object(said.into_iter().map(|(status, said)| (status.to_owned(), refusal(said))).collect())
}
