//! Contacts: as the inbox shows them beside a conversation, and on pages of their own.

pub mod calls;
mod card;
mod field;
mod in_place;
mod page;
mod query;

use model::ErrorCode;
use text::Lang;

use crate::call::CallError;

pub use card::ContactCard;
pub use in_place::{InPlace, Kept};
pub use page::{LabelRoute, ListRoute, OneRoute, Page, SegmentRoute};
pub use query::ContactQuery;

/// What went wrong with a fact; of one that somebody else has, also who that is.
#[must_use]
pub fn taken(lang: Lang, error: &CallError) -> String {
    match (&error.0.code, &error.0.detail) {
        (ErrorCode::Taken, Some(id)) => text::contact::taken_by(lang, id),
        _ => error.words(lang),
    }
}
