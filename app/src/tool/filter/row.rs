//! One condition of a filter: the field, how it is compared, and with what.

use leptos::prelude::*;
use model::attribute::{AttributeDefinition, AttributeModel};
use model::filter::{Kind, ME, Operator, Subject};
use model::{ConversationStatus, Priority};
use text::Lang;
use text::filter as t;
use ui::{Choice, Combobox, Icon, IconButton, InputKind, Mark, Select, Side, TextInput};

use super::state::Row;
use crate::boot::use_lang;
use crate::conversation::desk::priority_name;
use crate::tool::Tools;

/// A condition.
#[component]
pub fn RowView(tools: Tools, row: Row, #[prop(into)] on_remove: Callback<()>) -> impl IntoView {
    let lang = use_lang();
    let mut fields: Vec<Choice> =
        row.fields.iter().map(|field| Choice::new(field.key, field_name(lang, row.subject, field.key))).collect();
    let customs = tools.workplace.lists.with_untracked(|lists| {
        let custom = |one: &AttributeDefinition| {
            let label = match one.model {
                AttributeModel::Contact if row.subject == Subject::Conversation => t::of_contact(lang, &one.name),
                _ => one.name.clone(),
            };
            Choice::new(custom_name(one), label)
        };
        lists.attributes.iter().filter(|one| is_of(row.subject, one)).map(custom).collect::<Vec<_>>()
    });
    fields.extend(customs);
    let operators = Signal::derive(move || {
        let kind = row.kind();
        row.operators().iter().map(|one| Choice::new(one.as_str(), operator_name(lang, kind, *one))).collect::<Vec<_>>()
    });
    let change_field = move |_: String| {
        row.values.set(Vec::new());
        row.text.set(String::new());
        let first = untrack(|| row.operators()[0]);
        row.operator.set(first.to_string());
    };
    let control = Memo::new(move |_| (row.kind(), row.operator()));
    view! {
        <div class="filter-row">
            <Select value=row.field options=Signal::stored(fields) label=t::field_label(lang) on_change=change_field/>
            <Select value=row.operator options=operators label=t::operator_label(lang)/>
            <div class="filter-value">
                {move || {
                    let (kind, operator) = control.get();
                    value_control(tools, row, kind, operator)
                }}
            </div>
            <IconButton
                icon=Icon::Close
                label=t::remove(lang)
                side=Side::Bottom
                on_click=move |_| on_remove.run(())
            />
        </div>
    }
    .into_any()
}

fn value_control(tools: Tools, row: Row, kind: Kind, operator: Operator) -> AnyView {
    let lang = use_lang();
    if !operator.takes_values() {
        return ().into_any();
    }
    if operator == Operator::DaysBefore {
        return view! { <TextInput value=row.text kind=InputKind::Number label=t::days(lang)/> }.into_any();
    }
    if Row::is_typed(kind) {
        let input = match kind {
            Kind::Number => InputKind::Number,
            Kind::Time | Kind::Date => InputKind::Date,
            _ => InputKind::Text,
        };
        return view! { <TextInput value=row.text kind=input label=t::value_label(lang) max=200u32/> }.into_any();
    }
    let options = Signal::derive(move || match kind {
        Kind::List => listed(tools, row),
        kind => choices(tools, lang, kind),
    });
    view! {
        <Combobox
            id=["filter-value-", &row.id.to_string()].concat()
            value=row.values
            options
            placeholder=t::choose(lang)
            label=t::value_label(lang)
            search_label=t::search(lang)
            empty=t::nothing(lang)
            many=true
        />
    }
    .into_any()
}

/// The values of a custom attribute that is one of a list.
fn listed(tools: Tools, row: Row) -> Vec<Choice> {
    let name = row.field.get();
    tools.workplace.lists.with(|lists| {
        let definition = lists.attributes.iter().find(|one| custom_name(one) == name);
        let values = definition.map(|definition| definition.values.clone()).unwrap_or_default();
        values.into_iter().map(|value| Choice::new(value.clone(), value)).collect()
    })
}

fn choices(tools: Tools, lang: Lang, kind: Kind) -> Vec<Choice> {
    tools.workplace.lists.with(|lists| match kind {
        Kind::Status => ConversationStatus::ALL
            .iter()
            .map(|status| {
                let name = text::list::by_key(lang, &["status.", status.as_str()].concat()).unwrap_or_default();
                Choice::new(status.as_str(), name)
            })
            .collect(),
        Kind::Priority => [Priority::Urgent, Priority::High, Priority::Medium, Priority::Low]
            .map(|priority| Choice::new(priority.as_str(), priority_name(lang, priority)))
            .to_vec(),
        Kind::Agent => {
            let agents = lists.agents.iter().map(|agent| {
                let face = Mark::Face { picture: agent.avatar_url.clone(), presence: None };
                Choice::new(agent.id.to_string(), agent.name.clone()).mark(face)
            });
            std::iter::once(Choice::new(ME, t::me(lang)).mark(Mark::Icon(Icon::User))).chain(agents).collect()
        }
        Kind::Inbox => lists
            .inboxes
            .iter()
            .map(|inbox| {
                Choice::new(inbox.id.to_string(), inbox.name.clone()).mark(Mark::Channel(inbox.channel.clone()))
            })
            .collect(),
        Kind::Team => lists
            .teams
            .iter()
            .map(|team| Choice::new(team.id.to_string(), team.name.clone()).mark(Mark::Icon(Icon::Users)))
            .collect(),
        Kind::Label => lists
            .labels
            .iter()
            .map(|label| Choice::new(label.title.clone(), label.title.clone()).mark(Mark::Dot(label.color.clone())))
            .collect(),
        Kind::Flag => vec![Choice::new("true", t::yes(lang)), Choice::new("false", t::no(lang))],
        _ => Vec::new(),
    })
}

/// What a custom attribute is called among the fields.
pub fn custom_name(definition: &AttributeDefinition) -> String {
    [definition.model.as_str(), ".", &definition.key].concat()
}

/// Whether a subject can be filtered by a custom attribute.
pub fn is_of(subject: Subject, definition: &AttributeDefinition) -> bool {
    subject == Subject::Conversation || definition.model == AttributeModel::Contact
}

/// What a field is called.
pub fn field_name(lang: Lang, subject: Subject, key: &str) -> String {
    let group = match subject {
        Subject::Conversation => "field.",
        Subject::Contact => "of_person.",
    };
    t::by_key(lang, &[group, key].concat()).map_or_else(|| key.to_owned(), str::to_owned)
}

/// What a comparison is called; of moments differently than of numbers.
fn operator_name(lang: Lang, kind: Kind, operator: Operator) -> &'static str {
    let is_time = matches!(kind, Kind::Time | Kind::Date);
    let key = match operator {
        Operator::IsGreaterThan if is_time => "since",
        Operator::IsLessThan if is_time => "before",
        other => other.as_str(),
    };
    t::by_key(lang, &["operator.", key].concat()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use model::filter::{CONTACT, CONVERSATION, Field};

    use super::*;

    #[test]
    fn every_field_and_comparison_has_a_name() {
        for lang in Lang::ALL {
            let of = |subject, fields: &'static [Field]| fields.iter().map(move |field| (subject, field));
            for (subject, field) in of(Subject::Conversation, CONVERSATION).chain(of(Subject::Contact, CONTACT)) {
                assert_ne!(field_name(lang, subject, field.key), field.key, "{} in {}", field.key, lang.code());
                for operator in field.operators {
                    assert!(!operator_name(lang, field.kind, *operator).is_empty(), "{operator}");
                }
            }
        }
    }
}
