//! Fields that can be filtered by, and what each allows.

use super::Operator;
use crate::attribute::AttributeKind;

use Operator::{
    Contains, DaysBefore, DoesNotContain, EqualTo, IsGreaterThan, IsLessThan, IsNotPresent, IsPresent, NotEqualTo,
    StartsWith,
};

/// What the values of a field are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A conversation's status, by its word; `all` is every status.
    Status,
    /// A priority, by its word.
    Priority,
    /// An agent's id, or [`super::ME`].
    Agent,
    Inbox,
    Team,
    /// A label's title.
    Label,
    Text,
    Number,
    /// A moment; compared with days (`2026-11-21`) in the account's time zone, or unix seconds.
    Time,
    /// A custom attribute that is a day.
    Date,
    /// A custom attribute that is one of a list.
    List,
    /// `true` or `false`.
    Flag,
    /// Only whether there is something.
    Sign,
}

impl From<AttributeKind> for Kind {
    fn from(kind: AttributeKind) -> Self {
        match kind {
            AttributeKind::Text | AttributeKind::Link => Self::Text,
            AttributeKind::Number => Self::Number,
            AttributeKind::Date => Self::Date,
            AttributeKind::List => Self::List,
            AttributeKind::Checkbox => Self::Flag,
        }
    }
}

/// A field that everybody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    pub key: &'static str,
    pub kind: Kind,
    pub operators: &'static [Operator],
}

const E: &[Operator] = &[EqualTo, NotEqualTo];
const EP: &[Operator] = &[EqualTo, NotEqualTo, IsPresent, IsNotPresent];
const EC: &[Operator] = &[EqualTo, NotEqualTo, Contains, DoesNotContain];
const ECP: &[Operator] = &[EqualTo, NotEqualTo, Contains, DoesNotContain, IsPresent, IsNotPresent];
const ECPS: &[Operator] = &[EqualTo, NotEqualTo, Contains, DoesNotContain, StartsWith, IsPresent, IsNotPresent];
const D: &[Operator] = &[IsGreaterThan, IsLessThan, DaysBefore];
const DP: &[Operator] = &[IsGreaterThan, IsLessThan, DaysBefore, IsPresent, IsNotPresent];
const P: &[Operator] = &[IsPresent, IsNotPresent];
const N: &[Operator] = &[EqualTo, NotEqualTo, IsGreaterThan, IsLessThan, IsPresent, IsNotPresent];

const fn field(key: &'static str, kind: Kind, operators: &'static [Operator]) -> Field {
    Field { key, kind, operators }
}

/// The fields of conversations, in the order in which they are offered.
pub const CONVERSATION: &[Field] = &[
    field("status", Kind::Status, E),
    field("assignee_id", Kind::Agent, EP),
    field("inbox_id", Kind::Inbox, EP),
    field("team_id", Kind::Team, EP),
    field("labels", Kind::Label, EP),
    field("priority", Kind::Priority, EP),
    field("unread", Kind::Sign, P),
    field("waiting_since", Kind::Time, DP),
    field("created_at", Kind::Time, D),
    field("last_activity_at", Kind::Time, D),
    field("snoozed_until", Kind::Time, DP),
    field("display_id", Kind::Number, EC),
    field("contact_name", Kind::Text, ECP),
    field("contact_email", Kind::Text, ECP),
    field("contact_phone_number", Kind::Text, ECPS),
    field("country_code", Kind::Text, EP),
    field("browser_language", Kind::Text, E),
    field("conversation_language", Kind::Text, E),
    field("referer", Kind::Text, EC),
    field("mail_subject", Kind::Text, EC),
    field("campaign_id", Kind::Text, EP),
];

/// The fields of contacts, in the order in which they are offered.
pub const CONTACT: &[Field] = &[
    field("name", Kind::Text, ECP),
    field("email", Kind::Text, ECP),
    field("phone_number", Kind::Text, ECPS),
    field("identifier", Kind::Text, ECP),
    field("company", Kind::Text, ECP),
    field("city", Kind::Text, ECP),
    field("country_code", Kind::Text, EP),
    field("labels", Kind::Label, EP),
    field("blocked", Kind::Flag, E),
    field("created_at", Kind::Time, D),
    field("last_activity_at", Kind::Time, DP),
];

/// What a custom attribute of a kind allows.
#[must_use]
pub const fn operators_of(kind: Kind) -> &'static [Operator] {
    match kind {
        Kind::Number => N,
        Kind::Date | Kind::Time => DP,
        Kind::Flag => E,
        Kind::Text => ECP,
        _ => EP,
    }
}

impl Field {
    /// The field with a key.
    #[must_use]
    pub fn find(fields: &'static [Self], key: &str) -> Option<&'static Self> {
        fields.iter().find(|field| field.key == key)
    }
}
