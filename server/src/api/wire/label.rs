//! Labels.

use model::label::Label;
use serde::Serialize;
use utoipa::ToSchema;

/// A label.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Label)]
pub struct LabelWire {
    pub id: i64,
    pub title: String,
    pub description: String,
    /// `#rrggbb`.
    pub color: String,
    pub show_on_sidebar: bool,
}

impl From<Label> for LabelWire {
    fn from(label: Label) -> Self {
        Self {
            id: label.id.0,
            title: label.title,
            description: label.description,
            color: label.color,
            show_on_sidebar: label.show_on_sidebar,
        }
    }
}
