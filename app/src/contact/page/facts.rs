//! What is known of a contact: facts, attributes and labels, each changed where it stands.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::contact::Contact;
use serde_json::Value;
use text::contact as t;
use text::people as p;
use ui::{Icon, InputKind, RelativeTime, TimeStyle, use_toasts};

use super::super::calls::{self, ContactInput};
use super::super::{InPlace, Kept, taken};
use super::show::Person;
use crate::attribute::{AttributeEditor, Changed, Owner};
use crate::label::LabelPicker;

/// One of the facts.
struct Fact {
    id: &'static str,
    icon: Icon,
    label: &'static str,
    kind: InputKind,
    copy_label: Option<&'static str>,
    read: fn(&Contact) -> String,
    write: fn(String) -> ContactInput,
}

/// A text among the additional attributes.
fn more(contact: &Contact, key: &str) -> String {
    contact.additional_attributes.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A text that is not worth copying.
fn plain(
    id: &'static str,
    icon: Icon,
    label: &'static str,
    read: fn(&Contact) -> String,
    write: fn(String) -> ContactInput,
) -> Fact {
    Fact { id, icon, label, kind: InputKind::Text, copy_label: None, read, write }
}

fn facts(lang: text::Lang) -> [Fact; 7] {
    [
        plain(
            "fact-name",
            Icon::User,
            t::name(lang),
            |contact| contact.name.clone(),
            |text| ContactInput { name: Some(text), ..ContactInput::default() },
        ),
        Fact {
            kind: InputKind::Email,
            copy_label: Some(t::copy_email(lang)),
            ..plain(
                "fact-email",
                Icon::Mail,
                t::email(lang),
                |contact| contact.email.clone().unwrap_or_default(),
                |text| ContactInput { email: Some(text), ..ContactInput::default() },
            )
        },
        Fact {
            kind: InputKind::Phone,
            copy_label: Some(t::copy_phone(lang)),
            ..plain(
                "fact-phone",
                Icon::Phone,
                t::phone(lang),
                |contact| contact.phone_number.clone().unwrap_or_default(),
                |text| ContactInput { phone_number: Some(text), ..ContactInput::default() },
            )
        },
        plain(
            "fact-company",
            Icon::Briefcase,
            t::company(lang),
            |contact| more(contact, "company_name"),
            |text| ContactInput { company: Some(text), ..ContactInput::default() },
        ),
        plain(
            "fact-city",
            Icon::MapPin,
            t::city(lang),
            |contact| more(contact, "city"),
            |text| ContactInput { city: Some(text), ..ContactInput::default() },
        ),
        plain(
            "fact-country",
            Icon::Globe,
            t::country(lang),
            |contact| more(contact, "country"),
            |text| ContactInput { country: Some(text), ..ContactInput::default() },
        ),
        plain(
            "fact-identifier",
            Icon::Hash,
            t::identifier(lang),
            |contact| contact.identifier.clone().unwrap_or_default(),
            |text| ContactInput { identifier: Some(text), ..ContactInput::default() },
        ),
    ]
}

/// All of it.
#[component]
pub fn FactList(person: Person) -> impl IntoView {
    let lang = person.lang;
    let row = move |fact: Fact| {
        let value: Signal<String> = person.fact(move |details| (fact.read)(&details.contact)).into();
        let keep = move |kept: Kept| {
            spawn_local(async move {
                let input = (fact.write)(kept.text().to_owned());
                match calls::save(person.workplace.account_id, Some(person.id), input).await {
                    Ok(contact) => {
                        person.put(contact);
                        kept.done(Ok(()));
                    }
                    Err(error) => kept.done(Err(taken(lang, &error))),
                }
            });
        };
        view! {
            <InPlace
                id=fact.id
                label=fact.label
                kind=fact.kind
                value
                icon=fact.icon
                may_edit=person.may_edit()
                copy_label=fact.copy_label
                on_keep=keep
            />
        }
    };
    let values: Signal<Value> = person.fact(|details| details.contact.custom_attributes.clone()).into();
    let changed = move |changed: Changed| {
        if let Changed::Contact(contact) = changed {
            person.put(*contact);
        }
    };
    let since = person.fact(|details| details.contact.created_at);
    view! {
        <div class="contact-fields">{facts(lang).map(row).into_iter().collect_view()}</div>
        <div class="person-section">
            <h2>{t::labels(lang)}</h2>
            <Labels person/>
        </div>
        <div class="person-section">
            <h2>{t::attributes(lang)}</h2>
            <AttributeEditor owner=Owner::Contact(person.id) values may_edit=person.may_edit() on_change=changed/>
        </div>
        <p class="person-since">
            {t::since(lang)} " " <RelativeTime at=since lang style=TimeStyle::Full/>
        </p>
        <p class="visually-hidden">{p::facts(lang)}</p>
    }
}

/// The labels, and the choice of others.
#[component]
fn Labels(person: Person) -> impl IntoView {
    let lang = person.lang;
    let labels = person.fact(|details| details.labels.clone());
    let toasts = use_toasts();
    let change = move |next: Vec<String>| {
        let before = labels.get_untracked();
        person.details.update(|details| details.labels.clone_from(&next));
        spawn_local(async move {
            match calls::set_labels(person.workplace.account_id, person.id, next).await {
                Ok(labels) => person.details.update(|details| details.labels = labels),
                Err(error) => {
                    person.details.update(|details| details.labels = before);
                    toasts.fail(error.words(lang));
                }
            }
        });
    };
    let may_edit = person.may_edit();
    view! { <LabelPicker workplace=person.workplace id="person-labels" picked=labels may_edit on_change=change/> }
}
