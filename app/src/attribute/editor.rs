//! Values of custom attributes, each changed in the control for its kind.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use model::contact::Contact;
use model::conversation::Conversation;
use model::{AccountId, ContactId, DisplayId, ErrorCode};
use serde_json::Value;
use text::attribute as t;
use ui::{Choice, Icon, IconButton, InputKind, Select, Size, Switch, use_toasts};

use super::calls;
use super::words::value_words;
use crate::boot::{use_lang, use_workplace};
use crate::call::CallError;
use crate::contact::{InPlace, Kept};

/// Whose values they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    Contact(ContactId),
    Conversation(DisplayId),
}

impl Owner {
    fn model(self) -> AttributeModel {
        match self {
            Self::Contact(_) => AttributeModel::Contact,
            Self::Conversation(_) => AttributeModel::Conversation,
        }
    }

    async fn set(self, account: AccountId, key: String, value: Value) -> Result<Changed, CallError> {
        Ok(match self {
            Self::Contact(id) => Changed::Contact(Box::new(calls::set_of_contact(account, id, key, value).await?)),
            Self::Conversation(id) => {
                Changed::Conversation(Box::new(calls::set_of_conversation(account, id, key, value).await?))
            }
        })
    }
}

/// What came of a change.
#[derive(Clone, Debug)]
pub enum Changed {
    Contact(Box<Contact>),
    Conversation(Box<Conversation>),
}

/// The attributes that the account defined, with what they are; then values of no definition, which can only be taken away.
#[component]
pub fn AttributeEditor(
    /// Whose.
    owner: Owner,
    /// The object of values.
    values: Signal<Value>,
    /// Whether they may be changed.
    may_edit: bool,
    /// Called with what came of a change.
    #[prop(into)]
    on_change: Callback<Changed>,
) -> impl IntoView {
    let lang = use_lang();
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let definitions = Memo::new(move |_| {
        workplace.lists.with(|lists| {
            let own = lists.attributes.iter().filter(|definition| definition.model == owner.model());
            own.cloned().collect::<Vec<_>>()
        })
    });
    let toasts = use_toasts();
    let set = Callback::new(move |(key, value, kept): (String, Value, Option<Kept>)| {
        spawn_local(async move {
            let outcome = owner.set(workplace.account_id, key, value).await;
            let answer = match outcome {
                Ok(changed) => {
                    on_change.run(changed);
                    Ok(())
                }
                Err(error) => Err(fault(lang, &error)),
            };
            match (kept, answer) {
                (Some(kept), answer) => kept.done(answer),
                (None, Err(words)) => toasts.fail(words),
                (None, Ok(())) => {}
            }
        });
    });
    let others = Memo::new(move |_| {
        let known = definitions.get();
        let is_other = |key: &String| known.iter().all(|definition| definition.key != *key);
        values.with(|values| {
            let map = values.as_object();
            let other = map.into_iter().flatten().filter(|(key, value)| is_other(key) && !value.is_null());
            other.map(|(key, value)| (key.clone(), value_words(lang, None, value))).collect::<Vec<_>>()
        })
    });
    let row = move |definition: AttributeDefinition| {
        let key = definition.key.clone();
        let value = Signal::derive(move || values.with(|values| values.get(&key).cloned().unwrap_or_default()));
        view! { <Row owner definition value may_edit set/> }
    };
    let other = move |(key, words): (String, String)| {
        let own = StoredValue::new(key.clone());
        view! {
            <div class="attribute">
                <span class="attribute-name">{key.replace('_', " ")}</span>
                <span class="attribute-value" dir="auto">{words}</span>
                {may_edit
                    .then(|| {
                        view! {
                            <IconButton
                                icon=Icon::Close
                                size=Size::Small
                                label=t::remove(lang, &key)
                                class="attribute-remove"
                                on_click=move |_| set.run((own.get_value(), Value::Null, None))
                            />
                        }
                    })}
            </div>
        }
    };
    let is_empty = move || definitions.read().is_empty() && others.read().is_empty();
    view! {
        <div class="attributes">
            <For each=move || definitions.get() key=|definition| (definition.id, definition.updated_at) children=row/>
            {move || others.get().into_iter().map(other).collect_view()}
            <Show when=is_empty>
                <p class="fact-empty">{text::contact::no_attributes(lang)}</p>
            </Show>
        </div>
    }
    .into_any()
}

/// What went wrong; for a text of the wrong form, the account's own hint.
fn fault(lang: text::Lang, error: &CallError) -> String {
    match (&error.0.code, &error.0.detail) {
        (ErrorCode::PatternMismatch, Some(hint)) => hint.clone(),
        _ => error.words(lang),
    }
}

type Setting = Callback<(String, Value, Option<Kept>)>;

#[component]
fn Row(
    owner: Owner,
    definition: AttributeDefinition,
    value: Signal<Value>,
    may_edit: bool,
    set: Setting,
) -> impl IntoView {
    let lang = use_lang();
    let own = StoredValue::new(definition.clone());
    let words = Signal::derive(move || value.with(|value| own.with_value(|own| value_words(lang, Some(own), value))));
    let key = move || own.with_value(|own| own.key.clone());
    let prefix = match owner {
        Owner::Contact(_) => "contact-attribute-",
        Owner::Conversation(_) => "conversation-attribute-",
    };
    let id = [prefix, &definition.id.to_string()].concat();
    let name = definition.name.clone();
    let control = match definition.kind {
        _ if !may_edit => view! { <span class="attribute-value" dir="auto">{words}</span> }.into_any(),
        AttributeKind::Checkbox => {
            let checked = RwSignal::new(value.with_untracked(|value| value == &Value::Bool(true)));
            Effect::new(move |_| checked.set(value.with(|value| value == &Value::Bool(true))));
            let change = move |is_on: bool| set.run((key(), Value::Bool(is_on), None));
            view! { <Switch checked label=name.clone() hide_label=true on_change=change/> }.into_any()
        }
        AttributeKind::List => {
            let chosen = move |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let picked = RwSignal::new(value.with_untracked(chosen));
            Effect::new(move |_| picked.set(value.with(chosen)));
            let mut options = vec![Choice::new("", t::none(lang))];
            options.extend(definition.values.iter().map(|value| Choice::new(value.clone(), value.clone())));
            // A value that is no longer in the list is still theirs.
            let now = picked.get_untracked();
            if !now.is_empty() && !definition.values.contains(&now) {
                options.push(Choice::new(now.clone(), now));
            }
            let change = move |text: String| {
                let value = if text.is_empty() { Value::Null } else { Value::String(text) };
                set.run((key(), value, None));
            };
            view! { <Select value=picked options=options size=Size::Small label=name.clone() on_change=change/> }
                .into_any()
        }
        kind => {
            let typed = Signal::derive(move || value.with(as_typed));
            let keep = move |kept: Kept| {
                let value = as_value(kind, kept.text());
                set.run((key(), value, Some(kept)));
            };
            let input = match kind {
                AttributeKind::Number => InputKind::Number,
                AttributeKind::Link => InputKind::Url,
                AttributeKind::Date => InputKind::Date,
                _ => InputKind::Text,
            };
            let links = kind == AttributeKind::Link;
            let label = name.clone();
            view! { <InPlace id label kind=input value=typed shown=words links may_edit=true on_keep=keep/> }.into_any()
        }
    };
    view! {
        <div class="attribute">
            <span class="attribute-name" title=definition.description>
                {definition.name}
            </span>
            <div class="attribute-control">{control}</div>
        </div>
    }
}

/// A value as it is typed.
fn as_typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// What was typed as a value; nothing typed takes it away.
fn as_value(kind: AttributeKind, text: &str) -> Value {
    match kind {
        _ if text.is_empty() => Value::Null,
        AttributeKind::Number => Value::String(text.replace(',', ".")),
        _ => Value::String(text.to_owned()),
    }
}
