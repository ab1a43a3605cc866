//! Messages that ask something: what an integrator may send, and what a contact may answer. Both are checked here, field by field: what
//! is not known is refused, so nothing odd reaches another person's screen.

use std::collections::HashSet;

use model::{ContentKind, ErrorCode};
use serde_json::{Map, Value, json};

use crate::attribute::pattern;
use crate::{Error, Result, input};

/// Where the things stand that a message offers, the answer, and the answer to a question for an address.
pub const ITEMS: &str = "items";
pub const SUBMITTED: &str = "submitted_values";
pub const SUBMITTED_EMAIL: &str = "submitted_email";

/// Most items of a message, options of a field, and buttons of a card.
const MOST: usize = 50;
/// Most characters of a heading or a value, of a text, and of an address.
const LINE: usize = 500;
const TEXT: usize = 5_000;
const ADDRESS: usize = 2_048;

/// Whether messages of this kind are made of items.
pub fn has_items(kind: ContentKind) -> bool {
    matches!(kind, ContentKind::InputSelect | ContentKind::Cards | ContentKind::Form | ContentKind::Article)
}

/// Keeps what an integrator may say of such a message.
pub(crate) fn keep(kind: ContentKind, given: &Value, kept: &mut Value) -> Result<()> {
    if kind == ContentKind::InputCsat {
        kept["display_type"] = json!("emoji");
    }
    if !has_items(kind) {
        return Ok(());
    }
    kept[ITEMS] = items(kind, &given[ITEMS])?;
    if let Some(label) = given["button_label"].as_str().filter(|_| kind == ContentKind::Form) {
        kept["button_label"] = json!(input::optional_line("content_attributes.button_label", label, LINE)?);
    }
    Ok(())
}

fn invalid() -> Error {
    Error::field("content_attributes.items", ErrorCode::Invalid)
}

fn items(kind: ContentKind, given: &Value) -> Result<Value> {
    let given = given.as_array().filter(|items| !items.is_empty());
    let given = given.ok_or_else(|| Error::field("content_attributes.items", ErrorCode::Required))?;
    if given.len() > MOST {
        return Err(Error::field("content_attributes.items", ErrorCode::TooMany));
    }
    let one = match kind {
        ContentKind::InputSelect => option,
        ContentKind::Cards => card,
        ContentKind::Form => field,
        _ => article,
    };
    let items = given.iter().map(one).collect::<Result<Vec<Value>>>()?;
    let mut names = HashSet::new();
    if kind == ContentKind::Form && !items.iter().all(|item| names.insert(item["name"].as_str())) {
        return Err(invalid());
    }
    Ok(Value::Array(items))
}

/// An object's fields one by one; whatever is left over was none of ours.
struct Fields<'a> {
    given: &'a Map<String, Value>,
    kept: Map<String, Value>,
    known: usize,
}

impl<'a> Fields<'a> {
    fn of(given: &'a Value) -> Result<Self> {
        let given = given.as_object().ok_or_else(invalid)?;
        Ok(Self { given, kept: Map::new(), known: 0 })
    }

    fn take(&mut self, key: &str) -> Option<&'a Value> {
        let found = self.given.get(key)?;
        self.known += 1;
        Some(found).filter(|value| !value.is_null())
    }

    /// A text; numbers are read as such.
    fn text(&mut self, key: &str, max: usize, is_required: bool) -> Result<()> {
        let text = match self.take(key) {
            None => String::new(),
            Some(Value::String(text)) => input::optional_lines("content_attributes.items", text, max)?,
            Some(Value::Number(number)) => number.to_string(),
            Some(_) => return Err(invalid()),
        };
        if is_required && text.is_empty() {
            return Err(invalid());
        }
        if !text.is_empty() {
            self.kept.insert(key.to_owned(), text.into());
        }
        Ok(())
    }

    fn address(&mut self, key: &str, is_required: bool, schemes: &[&str]) -> Result<()> {
        self.text(key, ADDRESS, is_required)?;
        let Some(text) = self.kept.get(key).and_then(Value::as_str) else { return Ok(()) };
        let is_right = reqwest::Url::parse(text).is_ok_and(|url| schemes.contains(&url.scheme()));
        if is_right { Ok(()) } else { Err(Error::field("content_attributes.items", ErrorCode::InvalidUrl)) }
    }

    fn list(&mut self, key: &str, one: fn(&Value) -> Result<Value>) -> Result<()> {
        let Some(given) = self.take(key) else { return Ok(()) };
        let given = given.as_array().filter(|list| list.len() <= MOST).ok_or_else(invalid)?;
        let list = given.iter().map(one).collect::<Result<Vec<_>>>()?;
        self.kept.insert(key.to_owned(), list.into());
        Ok(())
    }

    fn done(self) -> Result<Value> {
        if self.known == self.given.len() { Ok(Value::Object(self.kept)) } else { Err(invalid()) }
    }
}

fn option(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("title", LINE, true)?;
    fields.text("value", LINE, true)?;
    fields.done()
}

const LINKS: [&str; 2] = ["https", "http"];
const WAYS: [&str; 4] = ["https", "http", "mailto", "tel"];

fn article(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("title", LINE, true)?;
    fields.text("description", TEXT, false)?;
    fields.address("link", true, &LINKS)?;
    fields.done()
}

fn card(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("title", LINE, true)?;
    fields.text("description", TEXT, false)?;
    fields.address("media_url", false, &LINKS)?;
    fields.list("actions", action)?;
    let has_actions = fields.kept.get("actions").and_then(Value::as_array).is_some_and(|actions| !actions.is_empty());
    if has_actions { fields.done() } else { Err(invalid()) }
}

fn action(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("type", LINE, true)?;
    fields.text("text", LINE, true)?;
    let is_link = fields.kept["type"] == "link";
    fields.address("uri", is_link, &WAYS)?;
    fields.text("payload", LINE, !is_link)?;
    if is_link || fields.kept["type"] == "postback" { fields.done() } else { Err(invalid()) }
}

const KINDS: [&str; 4] = ["text", "email", "text_area", "select"];

fn field(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("name", LINE, true)?;
    fields.text("type", LINE, true)?;
    for key in ["label", "placeholder", "title", "pattern_error"] {
        fields.text(key, LINE, false)?;
    }
    fields.text("default", TEXT, false)?;
    fields.text("pattern", pattern::MAX_PATTERN, false)?;
    if let Some(pattern) = fields.kept.get("pattern").and_then(Value::as_str) {
        pattern::read(pattern).map_err(|_| invalid())?;
    }
    let required = match fields.take("required") {
        None => false,
        Some(Value::Bool(required)) => *required,
        // What the program that this dialect is from shows in its examples.
        Some(Value::String(word)) => matches!(word.as_str(), "required" | "true"),
        Some(_) => return Err(invalid()),
    };
    fields.kept.insert("required".to_owned(), required.into());
    fields.list("options", choice)?;
    let kind = fields.kept["type"].as_str().unwrap_or_default();
    let has_options = fields.kept.get("options").and_then(Value::as_array).is_some_and(|options| !options.is_empty());
    if !KINDS.contains(&kind) || (kind == "select" && !has_options) {
        return Err(invalid());
    }
    fields.done()
}

fn choice(given: &Value) -> Result<Value> {
    let mut fields = Fields::of(given)?;
    fields.text("label", LINE, true)?;
    fields.text("value", LINE, true)?;
    fields.done()
}

/// What is kept of an answer to a message with items. The error names the field of the form.
pub(crate) fn answer(kind: ContentKind, attributes: &Value, given: &Value) -> Result<Value> {
    let nothing = Vec::new();
    let items = attributes[ITEMS].as_array().unwrap_or(&nothing);
    let given = given.as_array().filter(|given| !given.is_empty());
    let given = given.ok_or_else(|| Error::field(SUBMITTED, ErrorCode::Required))?;
    match kind {
        ContentKind::InputSelect => chosen(items.iter().map(|item| (&item["title"], &item["value"])), given),
        ContentKind::Cards => {
            let actions = items.iter().filter_map(|item| item["actions"].as_array()).flatten();
            let pressed = actions.filter(|action| action["type"] == "postback");
            chosen(pressed.map(|action| (&action["text"], &action["payload"])), given)
        }
        ContentKind::Form => filled(items, given),
        _ => Err(Error::field(SUBMITTED, ErrorCode::Invalid)),
    }
}

/// The one thing that was chosen of those offered, in the words of the offer.
fn chosen<'a>(mut offered: impl Iterator<Item = (&'a Value, &'a Value)>, given: &[Value]) -> Result<Value> {
    let [one] = given else { return Err(Error::field(SUBMITTED, ErrorCode::TooMany)) };
    let found = offered.find(|(_, value)| **value == one["value"]);
    let (title, value) = found.ok_or_else(|| Error::field(SUBMITTED, ErrorCode::NotInList))?;
    Ok(json!([{ "title": title, "value": value }]))
}

fn filled(items: &[Value], given: &[Value]) -> Result<Value> {
    let mut answers = Vec::new();
    for item in items {
        let name = item["name"].as_str().unwrap_or_default();
        let found = given.iter().find(|answer| answer["name"] == name).map(|answer| &answer["value"]);
        let text = match found {
            None | Some(Value::Null) => "",
            Some(value) => value.as_str().ok_or_else(|| Error::field(name, ErrorCode::Invalid))?,
        };
        let text = checked(item, name, text)?;
        if !text.is_empty() {
            answers.push(json!({ "name": name, "title": item["label"].as_str().unwrap_or(name), "value": text }));
        }
    }
    let is_known = |answer: &Value| items.iter().any(|item| item["name"] == answer["name"]);
    if given.iter().all(is_known) {
        Ok(Value::Array(answers))
    } else {
        Err(Error::field(SUBMITTED, ErrorCode::Invalid))
    }
}

fn checked(item: &Value, name: &str, text: &str) -> Result<String> {
    let text = input::optional_lines(name, text, TEXT)?;
    if text.is_empty() {
        let is_required = item["required"] == true;
        return if is_required { Err(Error::field(name, ErrorCode::Required)) } else { Ok(text) };
    }
    match item["type"].as_str() {
        Some("email") => return input::email(name, &text),
        Some("select") => {
            let options = item["options"].as_array();
            let is_offered = options.is_some_and(|options| options.iter().any(|option| option["value"] == *text));
            if !is_offered {
                return Err(Error::field(name, ErrorCode::NotInList));
            }
        }
        _ => {}
    }
    if let Some(pattern) = item["pattern"].as_str()
        && !pattern::matches(pattern, &text)
    {
        let hint = item["pattern_error"].as_str().map(str::to_owned);
        return Err(Error::Known(model::Error::field(ErrorCode::PatternMismatch, name).with_detail(hint)));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(kind: ContentKind, items: Value) -> Result<Value> {
        let mut kept = json!({});
        keep(kind, &json!({ "items": items, "evil": 1 }), &mut kept)?;
        Ok(kept)
    }

    #[test]
    fn what_is_not_known_is_refused() {
        use ContentKind::{Article, Cards, Form, InputSelect};
        let link = json!({"type": "link", "text": "Ver", "uri": "https://loja.example"});
        for (kind, item) in [
            (InputSelect, json!({"title": "Sim", "value": "yes"})),
            (InputSelect, json!({"title": "Um", "value": 1})),
            (Cards, json!({"title": "Vaso", "media_url": "https://loja.example/v.png", "actions": [link]})),
            (Cards, json!({"title": "Vaso", "actions": [{"type": "postback", "text": "Quero", "payload": "buy"}]})),
            (Form, json!({"name": "cor", "type": "select", "options": [{"label": "Azul", "value": "azul"}]})),
            (Form, json!({"name": "a", "label": "A", "type": "text", "required": "required", "pattern": "^a+$"})),
            (Article, json!({"title": "Trocas", "description": "Como trocar", "link": "https://loja.example/t"})),
        ] {
            assert!(sent(kind, json!([item])).is_ok(), "{item}");
        }
        let twice = json!([{"name": "a", "type": "text"}, {"name": "a", "type": "text"}]);
        for (kind, items) in [
            (InputSelect, json!([])),
            (InputSelect, json!({})),
            (InputSelect, json!(["Sim"])),
            (InputSelect, json!([{"title": "Sim"}])),
            (InputSelect, json!([{"title": {"a": 1}, "value": "x"}])),
            (InputSelect, json!([{"title": "Sim", "value": "yes", "onclick": "x"}])),
            (InputSelect, Value::Array(vec![json!({"title": "a", "value": "b"}); MOST + 1])),
            (Cards, json!([{"title": "Vaso"}])),
            (
                Cards,
                json!([{"title": "Vaso", "actions": [{"type": "link", "text": "x", "uri": "javascript:alert(1)"}]}]),
            ),
            (Cards, json!([{"title": "Vaso", "actions": [{"type": "eval", "text": "x", "payload": "y"}]}])),
            (Cards, json!([{"title": "V", "media_url": "data:text/html,x", "actions": [link]}])),
            (Form, twice),
            (Form, json!([{"name": "a", "type": "file"}])),
            (Form, json!([{"name": "a", "type": "select"}])),
            (Form, json!([{"name": "a", "type": "text", "pattern": "("}])),
            (Article, json!([{"title": "x", "link": "/relative"}])),
            (Article, json!([{"title": "x".repeat(LINE + 1), "link": "https://a.b"}])),
        ] {
            assert!(sent(kind, items.clone()).is_err(), "{items}");
        }
        assert_eq!(sent(ContentKind::Text, json!([{"a": 1}])).unwrap(), json!({}));
    }

    #[test]
    fn an_answer_is_one_of_those_offered() {
        let offer = json!({"items": [{"title": "Sim", "value": "yes"}, {"title": "Não", "value": "no"}]});
        let read = |given: Value| answer(ContentKind::InputSelect, &offer, &given);
        assert_eq!(read(json!([{"title": "<b>", "value": "no"}])).unwrap(), json!([{"title": "Não", "value": "no"}]));
        for wrong in [json!([]), json!("no"), json!([{"value": "maybe"}]), json!([{"value": "yes"}, {"value": "no"}])] {
            assert!(read(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_form_is_checked_field_by_field() {
        let form = json!({"items": [
            {"name": "mail", "label": "E-mail", "type": "email", "required": true},
            {"name": "cor", "type": "select", "options": [{"label": "Azul", "value": "azul"}]},
            {"name": "cep", "type": "text", "pattern": "^\\d{5}-\\d{3}$", "pattern_error": "Como 01310-100"},
        ]});
        let read = |given: Value| answer(ContentKind::Form, &form, &given);
        let good =
            read(json!([{"name": "cor", "value": "azul"}, {"name": "mail", "value": "Bia@Loja.example"}])).unwrap();
        let mail = json!({"name": "mail", "title": "E-mail", "value": "bia@loja.example"});
        assert_eq!(good, json!([mail, {"name": "cor", "title": "cor", "value": "azul"}]));
        for (field, given) in [
            ("mail", json!([{"name": "cor", "value": "azul"}])),
            ("mail", json!([{"name": "mail", "value": "bia"}])),
            ("mail", json!([{"name": "mail", "value": {"a": 1}}])),
            ("cor", json!([{"name": "mail", "value": "b@c.example"}, {"name": "cor", "value": "rosa"}])),
            ("cep", json!([{"name": "mail", "value": "b@c.example"}, {"name": "cep", "value": "1"}])),
            (SUBMITTED, json!([{"name": "mail", "value": "b@c.example"}, {"name": "admin", "value": "1"}])),
        ] {
            let Err(Error::Known(error)) = read(given.clone()) else { panic!("{given}") };
            assert_eq!(error.field.as_deref(), Some(field), "{given}");
        }
    }
}
