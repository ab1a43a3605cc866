//! Custom attributes of the contact and of the conversation.

use leptos::prelude::*;
use model::Permission;
use serde_json::Value;
use text::attribute as t;

use crate::attribute::{AttributeEditor, Changed, Owner};
use crate::conversation::desk::use_desk;

/// The attributes, those of the conversation first.
#[component]
pub fn Attributes() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let owners = Memo::new(move |_| {
        desk.with_conversation(|conversation| (conversation.row.display_id, conversation.contact.id))
    });
    let of_conversation = desk.conversation_memo(|conversation| conversation.custom_attributes.clone());
    let of_contact = desk.conversation_memo(|conversation| conversation.contact.custom_attributes.clone());
    let changed = move |changed: Changed| match changed {
        Changed::Contact(contact) => desk.put_contact(&contact),
        Changed::Conversation(conversation) => desk.put_conversation(&conversation),
    };
    let (may_work, may_edit) =
        (desk.workplace.may(Permission::WorkConversations), desk.workplace.may(Permission::EditContacts));
    let content = move || {
        owners.get().map(|(conversation, contact)| {
            view! {
                <h4 class="attributes-heading">{t::of_this_conversation(lang)}</h4>
                <AttributeEditor
                    owner=Owner::Conversation(conversation)
                    values=values(of_conversation)
                    may_edit=may_work
                    on_change=changed
                />
                <h4 class="attributes-heading">{t::of_this_contact(lang)}</h4>
                <AttributeEditor
                    owner=Owner::Contact(contact)
                    values=values(of_contact)
                    may_edit=may_edit
                    on_change=changed
                />
            }
        })
    };
    view! { {content} }.into_any()
}

fn values(memo: Memo<Value>) -> Signal<Value> {
    memo.into()
}
