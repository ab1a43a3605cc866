//! What the builder says of conversations and their views, and of contacts and their segments.

use model::filter::Subject;
use text::Lang;
use text::filter as t;
use text::filter::segment as s;

/// The words of one of them.
#[derive(Clone, Copy)]
pub struct Words {
    pub title: &'static str,
    pub edit_title: &'static str,
    pub keep: &'static str,
    pub keep_detail: &'static str,
    pub name: &'static str,
    pub name_example: &'static str,
    pub delete: &'static str,
    pub delete_title: &'static str,
    pub delete_text: &'static str,
    pub delete_label: &'static str,
}

impl Words {
    /// For a subject.
    pub fn of(lang: Lang, subject: Subject) -> Self {
        match subject {
            Subject::Conversation => Self {
                title: t::title(lang),
                edit_title: t::edit_title(lang),
                keep: t::keep(lang),
                keep_detail: t::keep_detail(lang),
                name: t::name(lang),
                name_example: t::name_example(lang),
                delete: t::delete(lang),
                delete_title: t::delete_title(lang),
                delete_text: t::delete_text(lang),
                delete_label: t::delete_label(lang),
            },
            Subject::Contact => Self {
                title: s::title(lang),
                edit_title: s::edit_title(lang),
                keep: s::keep(lang),
                keep_detail: s::keep_detail(lang),
                name: s::name(lang),
                name_example: s::name_example(lang),
                delete: s::delete(lang),
                delete_title: s::delete_title(lang),
                delete_text: s::delete_text(lang),
                delete_label: s::delete_label(lang),
            },
        }
    }
}
