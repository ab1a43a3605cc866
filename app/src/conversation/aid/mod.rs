//! What the composer and the thread open only when it is wanted: lists that typing asks for, and dialogs. A part of its own.

mod dialogs;
mod later;
mod lists;
mod merge;
mod new_message;
mod offer;
mod transcript;

pub(crate) use new_message::Wish;

crate::part::pieces! {
    /// Its views.
    pub enum Aid in aids {
        Lists => lists::Lists(),
        Dialogs => dialogs::Dialogs(),
        Write(wish: Wish) => new_message::alone(wish),
    }
}
