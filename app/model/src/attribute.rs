//! Custom attributes: facts about contacts and conversations that an account defines itself.

use serde::{Deserialize, Serialize};

use crate::{AttributeId, Millis};

crate::text_enum! {
    /// What an attribute is about.
    AttributeModel { Conversation = "conversation_attribute", Contact = "contact_attribute" }
}

crate::text_enum! {
    /// What an attribute's values are.
    AttributeKind {
        Text = "text",
        /// A JSON number.
        Number = "number",
        /// An `http` or `https` address.
        Link = "link",
        /// `YYYY-MM-DD`.
        Date = "date",
        /// One of the definition's values.
        List = "list",
        /// `true` or `false`.
        Checkbox = "checkbox",
    }
}

/// An attribute as the account defined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDefinition {
    pub id: AttributeId,
    pub model: AttributeModel,
    /// Its name in `custom_attributes`; never changes.
    pub key: String,
    /// Its name for people.
    pub name: String,
    pub description: String,
    pub kind: AttributeKind,
    /// What a list's values are chosen from.
    pub values: Vec<String>,
    /// What a text must match.
    pub regex_pattern: Option<String>,
    /// What to tell somebody whose text does not match.
    pub regex_cue: Option<String>,
    pub created_at: Millis,
    pub updated_at: Millis,
}
