//! What visitors of an inbox are asked before they write.

use leptos::prelude::*;
use model::attribute::{AttributeDefinition, AttributeModel};
use model::inbox::Inbox;
use model::pre_chat::{EMAIL, FieldOf, NAME, PreChat, PreChatField};
use serde_json::{Map, Value, json};
use text::Lang;
use text::inbox as t;
use ui::{
    Badge, Button, Checkbox, Choice, Field, FormSection, Icon, IconButton, Select, Switch, TextArea, TextInput,
    use_toasts,
};

use super::super::part::{Save, on_done};
use super::InboxPage;
use crate::boot::{WorkplaceContext, use_lang};
use crate::form::Faults;
use crate::inbox::calls::{self, InboxInput};
use crate::inbox::preview_form::{Drawn, FormPreview};

/// The page of an inbox with its form.
#[component]
pub fn PreChatForm() -> impl IntoView {
    view! { <InboxPage tab="pre-chat" content=|workplace, inbox| view! { <Content workplace inbox/> }.into_any()/> }
}

/// A field as it stands on the page.
#[derive(Clone, Copy)]
struct Row {
    key: usize,
    field: StoredValue<PreChatField>,
    enabled: RwSignal<bool>,
    required: RwSignal<bool>,
    label: RwSignal<String>,
    placeholder: RwSignal<String>,
}

impl Row {
    fn new(key: usize, field: PreChatField) -> Self {
        Self {
            key,
            enabled: RwSignal::new(field.enabled),
            required: RwSignal::new(field.required),
            label: RwSignal::new(field.label.clone()),
            placeholder: RwSignal::new(field.placeholder.clone()),
            field: StoredValue::new(field),
        }
    }

    /// As it is sent; follows changes.
    fn field(&self) -> PreChatField {
        PreChatField {
            enabled: self.enabled.get(),
            required: self.required.get(),
            label: self.label.get(),
            placeholder: self.placeholder.get(),
            ..self.field.get_value()
        }
    }
}

/// The whole form as it stands on the page.
#[derive(Clone, Copy)]
struct Draft {
    is_on: RwSignal<bool>,
    message: RwSignal<String>,
    rows: RwSignal<Vec<Row>>,
    next: StoredValue<usize>,
}

impl Draft {
    fn new(inbox: &Inbox) -> Self {
        let draft = Self {
            is_on: RwSignal::new(false),
            message: RwSignal::default(),
            rows: RwSignal::default(),
            next: StoredValue::new(0),
        };
        draft.set(inbox);
        draft
    }

    fn set(&self, inbox: &Inbox) {
        let stored = inbox.config.get("pre_chat_form_options").cloned().unwrap_or_default();
        let form = serde_json::from_value::<PreChat>(stored).unwrap_or_default().completed();
        self.is_on.set(inbox.config_bool("pre_chat_form_enabled"));
        self.message.set(form.message);
        self.rows.set(form.fields.into_iter().map(|field| self.row(field)).collect());
    }

    fn row(&self, field: PreChatField) -> Row {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        Row::new(key, field)
    }

    /// As it is sent; follows changes.
    fn config(&self) -> Map<String, Value> {
        let form = PreChat { message: self.message.get(), fields: self.rows.get().iter().map(Row::field).collect() };
        let mut config = Map::new();
        config.insert("pre_chat_form_enabled".to_owned(), json!(self.is_on.get()));
        config.insert("pre_chat_form_options".to_owned(), json!(form));
        config
    }

    /// The fields that are switched on as visitors will see them; follows changes.
    fn drawn(&self, lang: Lang, workplace: WorkplaceContext) -> Vec<Drawn> {
        let drawn = |row: &Row| {
            let field = row.field();
            let usual = || workplace.lists.with(|lists| usual(lang, &field, &lists.attributes));
            let label = if field.label.trim().is_empty() { usual() } else { field.label.clone() };
            Drawn { label, placeholder: field.placeholder.clone(), kind: field.kind.clone(), required: field.required }
        };
        self.rows.get().iter().filter(|row| row.enabled.get()).map(drawn).collect()
    }

    /// Moves a field one place up or down.
    fn shift(&self, key: usize, down: bool) {
        self.rows.update(|rows| {
            let Some(at) = rows.iter().position(|row| row.key == key) else { return };
            let to = if down { at + 1 } else { at.wrapping_sub(1) };
            if to < rows.len() {
                rows.swap(at, to);
            }
        });
    }

    fn add(&self, definition: &AttributeDefinition) {
        let field = PreChatField {
            field_type: field_of(definition.model),
            name: definition.key.clone(),
            label: definition.name.clone(),
            placeholder: String::new(),
            kind: definition.kind.as_str().to_owned(),
            required: false,
            enabled: true,
            values: Vec::new(),
        };
        let row = self.row(field);
        self.rows.update(|rows| rows.push(row));
    }
}

fn field_of(model: AttributeModel) -> FieldOf {
    match model {
        AttributeModel::Contact => FieldOf::Contact,
        AttributeModel::Conversation => FieldOf::Conversation,
    }
}

/// What a field is called when it has no words of its own.
fn usual(lang: Lang, field: &PreChatField, known: &[AttributeDefinition]) -> String {
    if field.field_type == FieldOf::Standard {
        use text::widget::form as words;
        let words = match field.name.as_str() {
            EMAIL => words::email(lang),
            NAME => words::name(lang),
            _ => words::phone(lang),
        };
        return words.to_owned();
    }
    let is_it = |definition: &&AttributeDefinition| {
        field_of(definition.model) == field.field_type && definition.key == field.name
    };
    known.iter().find(is_it).map_or_else(|| field.name.clone(), |definition| definition.name.clone())
}

#[component]
fn Content(workplace: WorkplaceContext, inbox: Inbox) -> impl IntoView {
    let lang = use_lang();
    let id = inbox.id;
    let draft = Draft::new(&inbox);
    let config = Memo::new(move |_| draft.config());
    let saved = RwSignal::new(config.get_untracked());
    let changed = Memo::new(move |_| config.get() != saved.get());
    let colour = inbox.config_str("widget_color").to_owned();
    let drawn = Signal::derive(move || draft.drawn(lang, workplace));
    let last = StoredValue::new(inbox);
    let save = Action::new(move |input: &InboxInput| calls::update(workplace.account_id, id, input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |inbox: Inbox| {
            draft.set(&inbox);
            saved.set(config.get_untracked());
            last.set_value(inbox.clone());
            super::show::replace(workplace, inbox);
            toasts.done(text::common::state::saved(lang));
        },
    );
    view! {
        <FormSection title=t::pre_chat(lang) text=t::pre_chat_text(lang)>
            <Switch checked=draft.is_on label=t::pre_chat_switch(lang) detail=t::pre_chat_switch_text(lang)/>
            <Field id="pre-chat-message" label=t::pre_chat_message(lang)>
                <TextArea value=draft.message rows=3 max=2_000_u32/>
            </Field>
        </FormSection>
        <FormSection title=t::pre_chat_fields(lang) text=t::pre_chat_fields_text(lang)>
            <ol class="ask-rows">
                <For each=move || draft.rows.get() key=|row| row.key let:row>
                    <Asked workplace draft row/>
                </For>
            </ol>
            <AddField workplace draft/>
        </FormSection>
        <FormSection title=t::pre_chat_preview(lang) text=t::pre_chat_preview_text(lang)>
            <FormPreview colour message=draft.message fields=drawn/>
        </FormSection>
        <Save
            changed
            saving=save.pending()
            fault=faults.beside(&[])
            on_save=move || {
                save.dispatch(InboxInput { config: Some(config.get_untracked()), ..InboxInput::default() });
            }
            on_discard=move || draft.set(&last.get_value())
        />
    }
}

#[component]
fn Asked(workplace: WorkplaceContext, draft: Draft, row: Row) -> impl IntoView {
    let lang = use_lang();
    let field = row.field.get_value();
    let name = workplace.lists.with_untracked(|lists| usual(lang, &field, &lists.attributes));
    let about = match field.field_type {
        FieldOf::Standard => None,
        FieldOf::Contact => Some(t::pre_chat_of_contact(lang)),
        FieldOf::Conversation => Some(t::pre_chat_of_conversation(lang)),
    };
    let key = row.key;
    let id = |part: &str| ["ask-", part, "-", &key.to_string()].concat();
    let is_first = Signal::derive(move || draft.rows.with(|rows| rows.first().is_some_and(|first| first.key == key)));
    let is_last = Signal::derive(move || draft.rows.with(|rows| rows.last().is_some_and(|last| last.key == key)));
    let remove = (field.field_type != FieldOf::Standard).then(|| {
        view! {
            <IconButton
                icon=Icon::Trash
                label=t::pre_chat_remove(lang, &name)
                on_click=move |_| draft.rows.update(|rows| rows.retain(|row| row.key != key))
            />
        }
    });
    view! {
        <li class="ask-row" class:is-off=move || !row.enabled.get()>
            <div class="ask-head">
                <Switch checked=row.enabled label=name.clone()/>
                {about.map(|about| view! { <Badge>{about}</Badge> })}
                <span class="ask-tools">
                    <IconButton
                        icon=Icon::ArrowUp
                        label=t::pre_chat_up(lang, &name)
                        disabled=is_first
                        on_click=move |_| draft.shift(key, false)
                    />
                    <IconButton
                        icon=Icon::ArrowDown
                        label=t::pre_chat_down(lang, &name)
                        disabled=is_last
                        on_click=move |_| draft.shift(key, true)
                    />
                    {remove}
                </span>
            </div>
            <div class="ask-fields" hidden=move || !row.enabled.get()>
                <Field id=id("label") label=t::pre_chat_label(lang)>
                    <TextInput value=row.label placeholder=name.clone() autocomplete="off" max=255_u32/>
                </Field>
                <Field id=id("example") label=t::pre_chat_placeholder(lang)>
                    <TextInput value=row.placeholder autocomplete="off" max=255_u32/>
                </Field>
                <Checkbox checked=row.required label=t::pre_chat_required(lang)/>
            </div>
        </li>
    }
}

/// The account's attributes that are not asked for yet.
#[component]
fn AddField(workplace: WorkplaceContext, draft: Draft) -> impl IntoView {
    let lang = use_lang();
    let value = RwSignal::new(String::new());
    let free = Memo::new(move |_| {
        let asked: Vec<_> = draft.rows.with(|rows| {
            let name = |field: &PreChatField| (field.field_type, field.name.clone());
            rows.iter().map(|row| row.field.with_value(name)).collect()
        });
        workplace.lists.with(|lists| {
            let is_free = |definition: &&AttributeDefinition| {
                !asked.contains(&(field_of(definition.model), definition.key.clone()))
            };
            lists.attributes.iter().filter(is_free).cloned().collect::<Vec<_>>()
        })
    });
    let options = Signal::derive(move || {
        let choice = |definition: &AttributeDefinition| Choice::new(definition.id.to_string(), definition.name.clone());
        let first = Choice::new("", t::pre_chat_choose(lang));
        std::iter::once(first).chain(free.get().iter().map(choice)).collect::<Vec<_>>()
    });
    let add = move |_| {
        let chosen = value.get_untracked();
        let found = free.with_untracked(|free| free.iter().find(|it| it.id.to_string() == chosen).cloned());
        if let Some(definition) = found {
            draft.add(&definition);
            value.set(String::new());
        }
    };
    let is_empty = Signal::derive(move || value.with(String::is_empty));
    view! {
        <div class="ask-add">
            <Field id="ask-add" label=t::pre_chat_add(lang) hint=t::pre_chat_add_hint(lang)>
                <Select value options/>
            </Field>
            <Button icon=Icon::Plus disabled=is_empty on_click=add>{t::pre_chat_add_button(lang)}</Button>
        </div>
    }
}
