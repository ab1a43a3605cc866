//! Values that are bound to placeholders.

use model::attribute::{AttributeKind, AttributeModel};
use model::*;

/// A bound value. Each variant is typed even when it is null, because PostgreSQL wants to know the type of a null.
#[derive(Debug, Clone)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Bool(Option<bool>),
    Float(Option<f64>),
    Bytes(Option<Vec<u8>>),
    Json(Option<serde_json::Value>),
}

impl Value {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(Some(text)) = self { Some(text) } else { None }
    }
}

macro_rules! from {
    ($($variant:ident: $($ty:ty => $make:expr),+;)+) => {
        $($(
            impl From<$ty> for Value {
                fn from(value: $ty) -> Self {
                    Self::$variant(Some($make(value)))
                }
            }
            impl From<Option<$ty>> for Value {
                fn from(value: Option<$ty>) -> Self {
                    Self::$variant(value.map($make))
                }
            }
        )+)+
    };
}

from! {
    Int: i64 => |v| v, i32 => i64::from, u32 => i64::from;
    Text: &str => str::to_owned, String => |v| v, &String => String::clone;
    Bool: bool => |v| v;
    Float: f64 => |v| v;
    Bytes: Vec<u8> => |v| v, &[u8] => <[u8]>::to_vec;
    Json: serde_json::Value => |v| v, &serde_json::Value => serde_json::Value::clone;
}

macro_rules! from_ids {
    ($($id:ident),*) => { from! { Int: $($id => |v: $id| v.0),+; } };
}
model::for_each_id!(from_ids);

macro_rules! from_words {
    ($($word:ty),*) => { from! { Text: $($word => |v: $word| v.as_str().to_owned()),+; } };
}
from_words!(
    AttributeKind,
    AttributeModel,
    AuditAction,
    AuditSubject,
    Availability,
    ContentKind,
    ConversationStatus,
    FileKind,
    MessageKind,
    MessageStatus,
    Priority,
    Role,
    SenderKind
);
