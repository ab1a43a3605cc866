//! Who the conversation is with. What is known about them is changed in place.

use leptos::prelude::*;
use model::Permission;
use model::contact::Contact;
use serde_json::Value;
use text::contact as t;
use ui::{Avatar, AvatarSize, Glyph, Icon, IconSize, InputKind, Presence, RelativeTime, TimeStyle};

use super::field::{ContactField, Fact};
use crate::conversation::calls::ContactChange;
use crate::conversation::desk::{contact_name, use_desk};

/// Where the company's name is kept.
const COMPANY: &str = "company_name";

/// The contact of the open conversation.
#[component]
pub fn ContactCard() -> impl IntoView {
    let desk = use_desk();
    let lang = desk.lang;
    let contact = Memo::new(move |_| desk.with_conversation(|conversation| conversation.contact.clone()));
    let of = move |read: fn(&Contact) -> String| {
        Signal::derive(move || contact.with(|contact| contact.as_ref().map(read)).unwrap_or_default())
    };
    let name = Signal::derive(move || {
        contact
            .with(|contact| contact.as_ref().map(|contact| contact_name(lang, &contact.name, contact.id)))
            .unwrap_or_default()
    });
    let picture =
        Signal::derive(move || contact.with(|contact| contact.as_ref().and_then(|contact| contact.avatar_url.clone())));
    let is_online = Memo::new(move |_| contact.with(|contact| contact.as_ref().is_some_and(|contact| contact.online)));
    let presence = Signal::derive(move || Some(if is_online.get() { Presence::Online } else { Presence::Offline }));
    let seen_at =
        Memo::new(move |_| contact.with(|contact| contact.as_ref().and_then(|contact| contact.last_activity_at)));
    let is_verified = desk.conversation_memo(|conversation| conversation.hmac_verified);
    let line = move || match (is_online.get(), seen_at.get()) {
        (true, _) => view! { <span class="contact-online">{t::online(lang)}</span> }.into_any(),
        (false, Some(at)) => view! {
            <span>
                {t::last_activity(lang)} " " <RelativeTime at lang style=TimeStyle::Ago/>
            </span>
        }
        .into_any(),
        (false, None) => ().into_any(),
    };
    let may_edit = desk.workplace.may(Permission::EditContacts);
    view! {
        <div class="contact-card">
            <div class="contact-head">
                <Avatar name picture size=AvatarSize::Large presence/>
                <div class="contact-names">
                    <h2 class="contact-name">
                        <span>{name}</span>
                        <Show when=move || is_verified.get()>
                            <span class="contact-verified" role="img" aria-label=t::verified(lang) data-hint=t::verified(lang)>
                                <Glyph icon=Icon::Shield size=IconSize::Tiny/>
                            </span>
                        </Show>
                    </h2>
                    <p class="contact-line">{line}</p>
                </div>
            </div>
            <div class="contact-fields">
                <ContactField
                    fact=Fact { id: "contact-name", icon: Icon::User, label: t::name(lang), kind: InputKind::Text }
                    value=of(|contact| contact.name.clone())
                    may_edit
                    change=|text| ContactChange { name: Some(text), ..ContactChange::default() }
                />
                <ContactField
                    fact=Fact { id: "contact-email", icon: Icon::Mail, label: t::email(lang), kind: InputKind::Email }
                    value=of(|contact| contact.email.clone().unwrap_or_default())
                    may_edit
                    copies=true
                    change=|text| ContactChange { email: Some(text), ..ContactChange::default() }
                />
                <ContactField
                    fact=Fact {
                        id: "contact-phone",
                        icon: Icon::Phone,
                        label: t::phone(lang),
                        kind: InputKind::Phone,
                    }
                    value=of(|contact| contact.phone_number.clone().unwrap_or_default())
                    may_edit
                    copies=true
                    change=|text| ContactChange { phone_number: Some(text), ..ContactChange::default() }
                />
                <ContactField
                    fact=Fact {
                        id: "contact-company",
                        icon: Icon::Briefcase,
                        label: t::company(lang),
                        kind: InputKind::Text,
                    }
                    value=of(company)
                    may_edit
                    change=|text| ContactChange { company: Some(text), ..ContactChange::default() }
                />
                <Identifier identifier=of(|contact| contact.identifier.clone().unwrap_or_default())/>
            </div>
        </div>
    }
    .into_any()
}

fn company(contact: &Contact) -> String {
    contact.additional_attributes.get(COMPANY).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The site's own name for them; it comes from there and is not changed here.
#[component]
fn Identifier(identifier: Signal<String>) -> impl IntoView {
    let lang = use_desk().lang;
    view! {
        <Show when=move || !identifier.read().is_empty()>
            <div class="contact-field">
                <Glyph icon=Icon::Hash/>
                <span class="contact-value truncate" data-hint=t::identifier(lang)>
                    <span class="visually-hidden">{t::identifier(lang)} ": "</span>
                    {identifier}
                </span>
            </div>
        </Show>
    }
    .into_any()
}
