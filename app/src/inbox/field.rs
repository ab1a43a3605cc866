//! Settings of a channel as fields of a form. Which ones there are is the channel's business.

use leptos::prelude::*;
use model::channel::{ChannelField, ChannelForm, FieldGroup, FieldKind};
use serde_json::{Map, Value};
use text::Lang;
use ui::{Checkbox, Choice, ColourField, Field, InputKind, RadioGroup, Switch, TextArea, TextInput};

use crate::boot::use_lang;
use crate::form::Faults;

/// Colours offered for a chat; any other can be typed.
pub const COLOURS: [&str; 6] = ["#1f5eff", "#0b7a5c", "#b4232a", "#7a3fd1", "#c2620a", "#1c2430"];

/// A text that the channel brings, such as `name` or the label of a field.
#[must_use]
pub fn words(lang: Lang, channel: &str, key: &str) -> Option<&'static str> {
    text::inbox::by_key(lang, &[channel, ".", key].concat())
}

/// What is in a field.
#[derive(Clone)]
enum Held {
    Text(RwSignal<String>),
    Switch(RwSignal<bool>),
    Flags(Vec<(String, RwSignal<bool>)>),
}

/// A field with what is in it.
#[derive(Clone)]
pub struct FieldState {
    pub field: ChannelField,
    held: Held,
}

impl FieldState {
    fn new(field: &ChannelField) -> Self {
        let held = match field.kind {
            FieldKind::Switch => Held::Switch(RwSignal::new(false)),
            FieldKind::Flags => {
                Held::Flags(field.options.iter().map(|option| (option.clone(), RwSignal::new(false))).collect())
            }
            FieldKind::Color => Held::Text(RwSignal::new(COLOURS[0].to_owned())),
            FieldKind::Choice => Held::Text(RwSignal::new(field.options.first().cloned().unwrap_or_default())),
            _ => Held::Text(RwSignal::new(String::new())),
        };
        Self { field: field.clone(), held }
    }

    /// As it is sent; follows changes.
    fn value(&self) -> Value {
        match &self.held {
            Held::Text(text) => Value::String(text.get()),
            Held::Switch(is_on) => Value::Bool(is_on.get()),
            Held::Flags(flags) => {
                let chosen = flags.iter().filter(|(_, is_on)| is_on.get());
                Value::Array(chosen.map(|(flag, _)| Value::String(flag.clone())).collect())
            }
        }
    }

    fn set(&self, value: &Value) {
        match &self.held {
            Held::Text(text) => text.set(match value {
                Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n"),
                value => value.as_str().unwrap_or_default().to_owned(),
            }),
            Held::Switch(is_on) => is_on.set(value.as_bool().unwrap_or_default()),
            Held::Flags(flags) => {
                let chosen: Vec<_> = value.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
                for (flag, is_on) in flags {
                    is_on.set(chosen.contains(&flag.as_str()));
                }
            }
        }
    }
}

/// All fields of a channel's form.
#[derive(Clone)]
pub struct FormState {
    pub channel: String,
    pub fields: Vec<FieldState>,
}

impl FormState {
    /// A form with nothing filled in.
    #[must_use]
    pub fn new(form: &ChannelForm) -> Self {
        Self { channel: form.key.clone(), fields: form.fields.iter().map(FieldState::new).collect() }
    }

    /// Takes the settings of an inbox.
    pub fn set(&self, config: &Value) {
        for field in &self.fields {
            field.set(config.get(&field.field.key).unwrap_or(&Value::Null));
        }
    }

    /// The settings as they are sent, of fields that `wanted` picks; follows changes.
    pub fn values(&self, wanted: impl Fn(&ChannelField) -> bool) -> Map<String, Value> {
        let fields = self.fields.iter().filter(|field| wanted(&field.field));
        fields.map(|field| (field.field.key.clone(), field.value())).collect()
    }

    /// What is in a field of text; empty for others. Follows changes.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        let field = self.fields.iter().find(|field| field.field.key == key);
        match field.map(|field| &field.held) {
            Some(Held::Text(text)) => text.get(),
            _ => String::new(),
        }
    }

    /// Fields of one group.
    #[must_use]
    pub fn group(&self, group: FieldGroup) -> Vec<FieldState> {
        self.fields.iter().filter(|field| field.field.group == group).cloned().collect()
    }
}

/// One field with its label, hint and error.
#[component]
pub fn ChannelInput(
    /// Key of the channel, which brings the texts.
    channel: String,
    /// The field.
    state: FieldState,
    /// The outcome of the last try.
    faults: Faults,
) -> impl IntoView {
    let lang = use_lang();
    let FieldState { field, held } = state;
    let words = move |key: &str| words(lang, &channel, key);
    let label = words(&field.key).unwrap_or_default();
    let hint = words(&[&field.key, "_hint"].concat());
    let placeholder = words(&[&field.key, "_placeholder"].concat()).unwrap_or_default();
    let option_words = |option: &str| words(&[&field.key, "_", option].concat()).unwrap_or_default();
    let error = faults.at_key(field.key.clone());
    let id = ["field-", &field.key].concat();
    match (field.kind, held.clone()) {
        (FieldKind::Switch, Held::Switch(checked)) => {
            return view! { <Switch checked label detail=hint.unwrap_or_default()/> }.into_any();
        }
        (FieldKind::Flags, Held::Flags(flags)) => {
            let flag = |(flag, checked): (String, RwSignal<bool>)| {
                view! { <Checkbox checked label=option_words(&flag)/> }
            };
            return view! {
                <fieldset class="check-group">
                    <legend class="field-label">{label}</legend>
                    {flags.into_iter().map(flag).collect_view()}
                </fieldset>
            }
            .into_any();
        }
        (FieldKind::Choice, Held::Text(value)) => {
            let options =
                field.options.iter().map(|option| Choice::new(option.clone(), option_words(option))).collect();
            return view! { <RadioGroup value name="choice" label options/> }.into_any();
        }
        _ => {}
    }
    // Made inside its field, from which it takes its id.
    let control = move || match (field.kind, held) {
        (FieldKind::Color, Held::Text(value)) => view! { <ColourField value presets=&COLOURS label/> }.into_any(),
        (FieldKind::Hosts, Held::Text(value)) => view! { <TextArea value placeholder rows=3_u32/> }.into_any(),
        (FieldKind::Url, Held::Text(value)) => {
            view! { <TextInput value kind=InputKind::Url placeholder autocomplete="url" max=2000_u32/> }.into_any()
        }
        (FieldKind::Text, Held::Text(value)) => view! { <TextArea value placeholder rows=3_u32/> }.into_any(),
        (FieldKind::Email, Held::Text(value)) => {
            view! { <TextInput value kind=InputKind::Email placeholder autocomplete="off" max=255_u32/> }.into_any()
        }
        (_, Held::Text(value)) => view! { <TextInput value placeholder max=255_u32/> }.into_any(),
        // A kind and what it holds always fit: both are made from the same field.
        _ => ().into_any(),
    };
    let required = field.is_required;
    match hint {
        Some(hint) => view! { <Field id label hint required error>{control()}</Field> }.into_any(),
        None => view! { <Field id label required error>{control()}</Field> }.into_any(),
    }
}
