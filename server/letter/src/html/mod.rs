//! HTML of strangers: made harmless, cut and read as text.

mod bound;
mod clean;
mod lines;
mod scan;

pub use lines::{Line, lines, text};
pub use scan::{Open, Tag, attribute, cut_out, open_at, split, tags};

/// HTML that only this module makes: no scripts, no forms, nothing that loads from elsewhere by itself.
///
/// Pictures are not shown yet. Those of the mail itself stand as `<img data-cid="…">`, those of the web as
/// `<img data-remote-src="…">`; [`SafeHtml::with_inline`] and [`SafeHtml::with_remote`] give them addresses.
/// It belongs into a sandboxed frame nevertheless.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// More than this of a mail's HTML is not looked at, in bytes.
    pub const LONGEST: usize = 2 << 20;

    /// Also for what was stored: cleaning twice changes nothing.
    pub fn clean(html: &str) -> Self {
        Self(clean::clean(html))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is anything to see.
    pub fn is_blank(&self) -> bool {
        !self.0.contains("<img") && lines(&self.0).iter().all(|line| line.text.trim().is_empty())
    }

    /// Read as plain text.
    pub fn text(&self) -> String {
        text(&self.0)
    }

    /// The Content-IDs of pictures it shows.
    pub fn content_ids(&self) -> Vec<String> {
        clean::placeholders(&self.0, clean::INLINE)
    }

    /// Whether pictures of the web wait to be asked for.
    pub fn has_remote(&self) -> bool {
        !clean::placeholders(&self.0, clean::REMOTE).is_empty()
    }

    /// With addresses for the mail's own pictures; those without one stay placeholders.
    pub fn with_inline(&self, address: impl Fn(&str) -> Option<String>) -> Self {
        Self(clean::fill(&self.0, clean::INLINE, address))
    }

    /// With addresses for the web's pictures, for instance those of a proxy.
    pub fn with_remote(&self, address: impl Fn(&str) -> Option<String>) -> Self {
        Self(clean::fill(&self.0, clean::REMOTE, address))
    }

    /// A part of clean HTML, cut where tags are balanced.
    pub(crate) fn part(html: String) -> Self {
        Self(html)
    }
}

#[cfg(test)]
mod tests;
