//! What visitors are asked before they write.

use serde::{Deserialize, Serialize};

crate::text_enum! {
    /// What a field is about.
    FieldOf {
        /// The contact's own e-mail, name or phone.
        Standard = "standard",
        Contact = "contact_attribute",
        Conversation = "conversation_attribute",
    }
}

/// The contact's own facts that can be asked for, by the names that fields have for existing clients, with the kind of input.
pub const STANDARD: [(&str, &str); 3] = [(EMAIL, "email"), (NAME, "text"), (PHONE, "text")];
pub const EMAIL: &str = "emailAddress";
pub const NAME: &str = "fullName";
pub const PHONE: &str = "phoneNumber";

/// The form of an inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreChat {
    /// Said above the fields.
    #[serde(rename = "pre_chat_message")]
    pub message: String,
    #[serde(rename = "pre_chat_fields")]
    pub fields: Vec<PreChatField>,
}

/// One field of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreChatField {
    pub field_type: FieldOf,
    /// One of the standard names, or the key of an attribute.
    pub name: String,
    /// Empty for the usual words.
    #[serde(default)]
    pub label: String,
    #[serde(default)]
    pub placeholder: String,
    /// Kind of input.
    #[serde(default, rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub enabled: bool,
    /// What is chosen from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
}

impl PreChat {
    /// With the standard fields that it does not have, switched off.
    #[must_use]
    pub fn completed(mut self) -> Self {
        for (name, kind) in STANDARD {
            let is_there = |field: &PreChatField| field.field_type == FieldOf::Standard && field.name == name;
            if !self.fields.iter().any(is_there) {
                self.fields.push(PreChatField {
                    field_type: FieldOf::Standard,
                    name: name.to_owned(),
                    label: String::new(),
                    placeholder: String::new(),
                    kind: kind.to_owned(),
                    required: name == EMAIL,
                    enabled: false,
                    values: Vec::new(),
                });
            }
        }
        self
    }
}
