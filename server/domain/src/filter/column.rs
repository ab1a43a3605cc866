//! Where what can be filtered by is.

use model::attribute::AttributeModel;
use model::filter::{Kind, Owner, Subject};

use crate::search;
use crate::search::parts::Part;

/// What a condition looks at, in a statement over `conversations c` or `contacts k`.
#[derive(Debug, Clone)]
pub(super) enum Column {
    /// A column, or an expression that is null where there is nothing.
    Plain(&'static str),
    /// A column that is true or false.
    Switch(&'static str),
    /// A text as it was written; neither capitals nor accents count.
    Text(&'static str),
    /// A text that the program keeps in a form of its own, and what brings others into it.
    Kept(&'static str, fn(&str) -> String),
    /// Something of the contact of a conversation, `contacts n`.
    OfContact(Box<Column>),
    /// Something whose parts are in an index, and whose it is.
    Indexed(AttributeModel, Part, Box<Column>),
    /// Labels by id.
    Labels(Labelled),
    /// A custom attribute, in a JSON column.
    Custom { of: AttributeModel, column: &'static str, key: String, kind: Kind },
}

/// Whose labels.
#[derive(Debug, Clone, Copy)]
pub(super) enum Labelled {
    Conversation,
    Contact,
}

impl Labelled {
    pub fn id(self) -> &'static str {
        match self {
            Self::Conversation => "c.id",
            Self::Contact => "k.id",
        }
    }

    /// The same beside each label.
    pub fn of_label(self) -> &'static str {
        match self {
            Self::Conversation => "cl.conversation_id",
            Self::Contact => "cl.contact_id",
        }
    }

    /// The beginning of a select of those that have some.
    pub fn select(self) -> &'static str {
        match self {
            Self::Conversation => "select cl.conversation_id from conversation_labels cl",
            Self::Contact => "select cl.contact_id from contact_labels cl",
        }
    }
}

/// Where a field is.
pub(super) fn column(subject: Subject, key: &str) -> Option<Column> {
    use Column::{Kept, Labels, Plain, Switch, Text};
    Some(match (subject, key) {
        (Subject::Conversation, "status") => Plain("c.status"),
        (Subject::Conversation, "assignee_id") => Plain("c.assignee_id"),
        (Subject::Conversation, "inbox_id") => Plain("c.inbox_id"),
        (Subject::Conversation, "team_id") => Plain("c.team_id"),
        (Subject::Conversation, "priority") => Plain("c.priority"),
        (Subject::Conversation, "unread") => Plain("nullif(c.unread_count, 0)"),
        (Subject::Conversation, "waiting_since") => Plain("c.waiting_since"),
        (Subject::Conversation, "snoozed_until") => Plain("c.snoozed_until"),
        (Subject::Conversation, "created_at") => Plain("c.created_at"),
        (Subject::Conversation, "last_activity_at") => Plain("c.last_activity_at"),
        (Subject::Conversation, "display_id") => Plain("c.display_id"),
        (Subject::Conversation, "labels") => Labels(Labelled::Conversation),
        (Subject::Conversation, "contact_name") => of_contact(indexed(Part::Name, Kept("n.sort_name", search::fold))),
        (Subject::Conversation, "contact_email") => {
            of_contact(indexed(Part::Email, Kept("n.email", str::to_lowercase)))
        }
        (Subject::Conversation, "contact_phone_number") => {
            of_contact(indexed(Part::Phone, Kept("n.phone_number", number)))
        }
        (Subject::Conversation, "country_code") => own(
            Part::Country,
            "coalesce(c.additional_attributes ->> 'country_code',
               (select n.additional_attributes ->> 'country_code' from contacts n where n.id = c.contact_id))",
        ),
        (Subject::Conversation, "browser_language") => {
            own(Part::BrowserLanguage, "c.additional_attributes ->> 'browser_language'")
        }
        (Subject::Conversation, "conversation_language") => {
            own(Part::Language, "c.additional_attributes ->> 'conversation_language'")
        }
        (Subject::Conversation, "referer") => own(Part::Referer, "c.additional_attributes ->> 'referer'"),
        (Subject::Conversation, "mail_subject") => own(Part::Subject, "c.additional_attributes ->> 'mail_subject'"),
        (Subject::Conversation, "campaign_id") => own(Part::Campaign, "c.additional_attributes ->> 'campaign_id'"),
        (Subject::Contact, "name") => indexed(Part::Name, Kept("k.sort_name", search::fold)),
        (Subject::Contact, "email") => indexed(Part::Email, Kept("k.email", str::to_lowercase)),
        (Subject::Contact, "phone_number") => indexed(Part::Phone, Kept("k.phone_number", number)),
        (Subject::Contact, "identifier") => indexed(Part::Identifier, Text("k.identifier")),
        (Subject::Contact, "company") => indexed(Part::Company, Text("k.additional_attributes ->> 'company_name'")),
        (Subject::Contact, "city") => indexed(Part::City, Text("k.additional_attributes ->> 'city'")),
        (Subject::Contact, "country_code") => {
            indexed(Part::Country, Text("k.additional_attributes ->> 'country_code'"))
        }
        (Subject::Contact, "blocked") => Switch("k.blocked"),
        (Subject::Contact, "created_at") => Plain("k.created_at"),
        (Subject::Contact, "last_activity_at") => Plain("k.last_activity_at"),
        (Subject::Contact, "labels") => Labels(Labelled::Contact),
        _ => return None,
    })
}

/// A part of a phone number as it is kept, however it is written.
fn number(text: &str) -> String {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    // Words find nobody, rather than everybody.
    if digits.is_empty() { text.to_owned() } else { digits }
}

/// Of a contact.
fn indexed(part: Part, column: Column) -> Column {
    Column::Indexed(AttributeModel::Contact, part, Box::new(column))
}

/// Of a conversation.
fn own(part: Part, sql: &'static str) -> Column {
    Column::Indexed(AttributeModel::Conversation, part, Box::new(Column::Text(sql)))
}

fn of_contact(column: Column) -> Column {
    Column::OfContact(Box::new(column))
}

/// Where a custom attribute is. Its key becomes part of a path, so it holds nothing that is syntax there.
pub(super) fn custom(subject: Subject, owner: Owner, key: &str, kind: Kind) -> Option<Column> {
    let column = match (subject, owner) {
        (Subject::Conversation, Owner::Conversation) => "c.custom_attributes",
        (Subject::Conversation, Owner::Contact) => "n.custom_attributes",
        (Subject::Contact, Owner::Contact) => "k.custom_attributes",
        (Subject::Contact, Owner::Conversation) => return None,
    };
    let is_plain = !key.starts_with(['$', '[']) && !key.contains(['"', '\\']) && !key.contains(char::is_control);
    let of = match owner {
        Owner::Conversation => AttributeModel::Conversation,
        Owner::Contact => AttributeModel::Contact,
    };
    let custom = (is_plain && !key.is_empty() && key.len() <= 255).then(|| Column::Custom {
        of,
        column,
        key: key.to_owned(),
        kind,
    })?;
    Some(if subject == Subject::Conversation && owner == Owner::Contact { of_contact(custom) } else { custom })
}
