//! A fact of the open conversation's contact, changed where it stands.

use leptos::prelude::*;
use leptos::task::spawn_local;
use text::contact as t;
use ui::{Icon, InputKind};

use super::in_place::{InPlace, Kept};
use super::taken;
use crate::conversation::calls::{self, ContactChange};
use crate::conversation::desk::use_desk;

/// What the fact is.
#[derive(Clone, Copy)]
pub struct Fact {
    /// Id, unique on the page.
    pub id: &'static str,
    pub icon: Icon,
    pub label: &'static str,
    pub kind: InputKind,
}

/// A fact of the open conversation's contact.
#[component]
pub fn ContactField(
    fact: Fact,
    value: Signal<String>,
    may_edit: bool,
    /// It is worth copying.
    #[prop(optional)]
    copies: bool,
    /// What keeping a new text means.
    change: fn(String) -> ContactChange,
) -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let keep = move |kept: Kept| {
        let Some(id) = untrack(|| desk.with_conversation(|conversation| conversation.contact.id)) else { return };
        spawn_local(async move {
            match calls::update_contact(desk.account(), id, change(kept.text().to_owned())).await {
                Ok(contact) => {
                    desk.put_contact(&contact);
                    kept.done(Ok(()));
                }
                Err(failed) => kept.done(Err(taken(lang, &failed))),
            }
        });
    };
    let copy = if fact.kind == InputKind::Phone { t::copy_phone(lang) } else { t::copy_email(lang) };
    view! {
        <InPlace
            id=fact.id
            label=fact.label
            kind=fact.kind
            value
            icon=fact.icon
            may_edit
            copy_label=copies.then_some(copy)
            on_keep=keep
        />
    }
    .into_any()
}
