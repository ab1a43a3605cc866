//! Custom attributes.

use leptos::prelude::*;
use model::attribute::{AttributeDefinition, AttributeKind, AttributeModel};
use ui::{
    Badge, Button, Choice, Column, Dialog, DialogBody, DialogFooter, EmptyState, Field, Icon, Select, Tab, Table, Tabs,
    TextArea, TextInput, Variant, use_toasts,
};

use super::list::{AddButton, Editing, ItemDeletion, RowActions};
use super::part::{Fault, Page, SearchField, matches, on_done};
use crate::attribute::calls::{self, AttributeInput};
use crate::attribute::kind_name;
use crate::boot::{WorkplaceContext, use_lang, use_workplace};
use crate::form::Faults;

/// The account's custom attributes, with all that can be done to them.
#[component]
pub fn Attributes() -> impl IntoView {
    let lang = use_lang();
    use text::attribute as t;
    let Some(workplace) = use_workplace() else { return ().into_any() };
    let tab = RwSignal::new(AttributeModel::Contact.to_string());
    let model = Memo::new(move |_| tab.with(|tab| tab.parse().unwrap_or(AttributeModel::Contact)));
    let editing = Editing::<AttributeDefinition>::new();
    let search = RwSignal::new(String::new());
    let own = Memo::new(move |_| {
        let model = model.get();
        workplace.lists.with(|lists| {
            lists.attributes.iter().filter(|attribute| attribute.model == model).cloned().collect::<Vec<_>>()
        })
    });
    let count = move |model: AttributeModel| {
        Signal::derive(move || {
            let count = workplace
                .lists
                .with(|lists| lists.attributes.iter().filter(|attribute| attribute.model == model).count());
            i64::try_from(count).unwrap_or_default()
        })
    };
    let rows = move || {
        let search = search.read();
        let found = own.get().into_iter();
        let found = found.filter(|one| matches(&search, &[&one.name, " ", &one.key, " ", &one.description].concat()));
        found.map(|attribute| view! { <Row attribute editing/> }).collect_view()
    };
    let columns = move || {
        vec![
            Column::new(t::name(lang)),
            Column::new(t::key_name(lang)),
            Column::new(t::kind(lang)),
            Column::quiet(text::common::more_actions(lang)),
        ]
    };
    let tabs = vec![
        Tab::new(AttributeModel::Contact.as_str(), t::of_contacts(lang)).count(count(AttributeModel::Contact)),
        Tab::new(AttributeModel::Conversation.as_str(), t::of_conversations(lang))
            .count(count(AttributeModel::Conversation)),
    ];
    view! {
        <Page
            title=t::title(lang).to_owned()
            text=t::text(lang)
            wide=true
            actions=move || view! { <AddButton editing words=t::add(lang)/> }
        >
            <div class="settings-tabs">
                <Tabs tabs selected=tab label=t::title(lang) on_select=move |value: String| tab.set(value)/>
            </div>
            <Show
                when=move || !own.read().is_empty()
                fallback=move || {
                    view! { <EmptyState icon=Icon::Sliders title=t::empty_title(lang) text=t::empty_text(lang)/> }
                }
            >
                <SearchField value=search label=t::search(lang)/>
                <Table label=t::title(lang) columns=columns()>
                    {rows}
                </Table>
            </Show>
            <Edit workplace model editing/>
            <ItemDeletion
                editing
                title=move |one: &AttributeDefinition| t::delete_title(lang, &one.name)
                text=t::delete_text(lang)
                confirm_label=t::delete(lang)
                delete=move |one: &AttributeDefinition| calls::delete(workplace.account_id, one.id)
                on_deleted=move |()| workplace.refresh()
            />
        </Page>
    }
    .into_any()
}

#[component]
fn Row(attribute: AttributeDefinition, editing: Editing<AttributeDefinition>) -> impl IntoView {
    let lang = use_lang();
    let own = attribute.clone();
    view! {
        <tr>
            <td>
                <span class="table-two">
                    <b class="truncate">{attribute.name}</b>
                    <span class="truncate">{attribute.description}</span>
                </span>
            </td>
            <td class="is-muted">
                <code>{attribute.key}</code>
            </td>
            <td>
                <Badge>{kind_name(lang, attribute.kind)}</Badge>
            </td>
            <RowActions editing item=own/>
        </tr>
    }
}

/// What is in the form.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    key: RwSignal<String>,
    /// The key was written by hand and no longer follows the name.
    has_own_key: RwSignal<bool>,
    description: RwSignal<String>,
    kind: RwSignal<String>,
    /// One a line.
    values: RwSignal<String>,
    pattern: RwSignal<String>,
    cue: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Self {
            name: text(),
            key: text(),
            has_own_key: RwSignal::new(false),
            description: text(),
            kind: RwSignal::new(AttributeKind::Text.to_string()),
            values: text(),
            pattern: text(),
            cue: text(),
        }
    }

    fn set(self, attribute: Option<&AttributeDefinition>) {
        let of = |read: fn(&AttributeDefinition) -> String| attribute.map(read).unwrap_or_default();
        self.name.set(of(|one| one.name.clone()));
        self.key.set(of(|one| one.key.clone()));
        self.has_own_key.set(attribute.is_some());
        self.description.set(of(|one| one.description.clone()));
        self.kind.set(attribute.map_or(AttributeKind::Text, |one| one.kind).to_string());
        self.values.set(of(|one| one.values.join("\n")));
        self.pattern.set(of(|one| one.regex_pattern.clone().unwrap_or_default()));
        self.cue.set(of(|one| one.regex_cue.clone().unwrap_or_default()));
    }

    fn kind(self) -> AttributeKind {
        self.kind.with(|kind| kind.parse().unwrap_or(AttributeKind::Text))
    }

    fn input(self, model: AttributeModel) -> AttributeInput {
        AttributeInput {
            model,
            key: self.key.get_untracked(),
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            kind: untrack(|| self.kind()),
            values: self.values.with_untracked(|values| values.lines().map(str::to_owned).collect()),
            regex_pattern: self.pattern.get_untracked(),
            regex_cue: self.cue.get_untracked(),
        }
    }
}

/// A key out of a name: small letters and digits without accents, joined by `_`.
fn key_of(name: &str) -> String {
    let folded = ui::fold_accents(name);
    let parts = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

const FIELDS: &[&str] = &[
    "attribute_display_name",
    "attribute_key",
    "attribute_description",
    "attribute_display_type",
    "attribute_values",
    "regex_pattern",
    "regex_cue",
];

#[component]
fn Edit(
    workplace: WorkplaceContext,
    /// What a new one is about.
    model: Memo<AttributeModel>,
    editing: Editing<AttributeDefinition>,
) -> impl IntoView {
    let lang = use_lang();
    use text::attribute as t;
    let draft = Draft::new();
    let id = move || editing.of(|attribute| attribute.id);
    let is_new = Signal::derive(move || id().is_none());
    let save = Action::new(move |input: &AttributeInput| calls::save(workplace.account_id, untrack(id), input.clone()));
    let outcome = save.value();
    let faults = Faults::of(move || outcome.get());
    let toasts = use_toasts();
    on_done(
        move || outcome.get(),
        move |_| {
            editing.is_open.set(false);
            toasts.done(text::common::state::saved(lang));
            workplace.refresh();
        },
    );
    Effect::new(move |_| {
        if editing.is_open.get() {
            save.clear();
            editing.item.with_untracked(|attribute| draft.set(attribute.as_ref()));
        }
    });
    let follow = move |name: String| {
        if !draft.has_own_key.get_untracked() {
            draft.key.set(key_of(&name));
        }
    };
    let submit = move || {
        let model = untrack(|| editing.of(|attribute| attribute.model).unwrap_or_else(|| model.get()));
        save.dispatch(draft.input(model));
    };
    let kinds: Vec<Choice> =
        AttributeKind::ALL.iter().map(|kind| Choice::new(kind.as_str(), kind_name(lang, *kind))).collect();
    let kinds = StoredValue::new(kinds);
    let heading = move || if is_new.get() { t::add(lang) } else { t::edit(lang) };
    view! {
        <Dialog open=editing.is_open title=heading close_label=text::common::close(lang)>
            <DialogBody>
                <div class="form-fields">
                    <Fault words=faults.beside(FIELDS)/>
                    <Field
                        id="attribute-name"
                        label=t::name(lang)
                        required=true
                        error=faults.at("attribute_display_name")
                    >
                        <TextInput
                            value=draft.name
                            autofocus=true
                            autocomplete="off"
                            max=120_u32
                            on_input=follow
                            on_enter=submit
                        />
                    </Field>
                    <Field
                        id="attribute-key"
                        label=t::key_name(lang)
                        hint=move || if is_new.get() { t::key_hint(lang) } else { t::key_fixed(lang) }
                        required=true
                        error=faults.at("attribute_key")
                    >
                        <TextInput
                            value=draft.key
                            autocomplete="off"
                            max=60_u32
                            disabled=Signal::derive(move || !is_new.get())
                            on_input=move |_| draft.has_own_key.set(true)
                            on_enter=submit
                        />
                    </Field>
                    <Field id="attribute-kind" label=t::kind(lang) error=faults.at("attribute_display_type")>
                        <Select
                            value=draft.kind
                            options=kinds.get_value()
                            disabled=Signal::derive(move || !is_new.get())
                        />
                    </Field>
                    <Show when=move || draft.kind() == AttributeKind::List>
                        <Field
                            id="attribute-values"
                            label=t::values(lang)
                            hint=t::values_hint(lang)
                            required=true
                            error=faults.at("attribute_values")
                        >
                            <TextArea value=draft.values rows=4/>
                        </Field>
                    </Show>
                    <Show when=move || draft.kind() == AttributeKind::Text>
                        <Field
                            id="attribute-pattern"
                            label=t::pattern(lang)
                            hint=t::pattern_hint(lang)
                            optional=text::common::optional(lang)
                            error=faults.at("regex_pattern")
                        >
                            <TextInput value=draft.pattern autocomplete="off" max=500_u32 on_enter=submit/>
                        </Field>
                        <Show when=move || !draft.pattern.read().trim().is_empty()>
                            <Field
                                id="attribute-cue"
                                label=t::cue(lang)
                                hint=t::cue_hint(lang)
                                optional=text::common::optional(lang)
                                error=faults.at("regex_cue")
                            >
                                <TextInput value=draft.cue autocomplete="off" max=300_u32 on_enter=submit/>
                            </Field>
                        </Show>
                    </Show>
                    <Field
                        id="attribute-description"
                        label=t::description(lang)
                        hint=t::description_hint(lang)
                        optional=text::common::optional(lang)
                        error=faults.at("attribute_description")
                    >
                        <TextInput value=draft.description autocomplete="off" max=300_u32 on_enter=submit/>
                    </Field>
                </div>
            </DialogBody>
            <DialogFooter>
                <Button on_click=move |_| editing.is_open.set(false)>{text::common::cancel(lang)}</Button>
                <Button variant=Variant::Primary loading=save.pending() on_click=move |_| submit()>
                    {text::common::save(lang)}
                </Button>
            </DialogFooter>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::key_of;

    #[test]
    fn a_key_is_made_from_the_name() {
        assert_eq!(key_of("Data de nascimento"), "data_de_nascimento");
        assert_eq!(key_of(" Nº do Cartão! "), "n_do_cartao");
    }
}
