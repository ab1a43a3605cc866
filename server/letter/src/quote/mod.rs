//! What was written now, and what was only quoted. Where it is not certain, everything counts as written: an agent who unfolds nothing
//! loses nothing, one who never sees an answer does.

mod markup;
mod plain;
mod words;

pub use markup::split_html;
pub use plain::split_text;

/// What of a list of lines is quoted: from, and to the line before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quoted {
    pub from: usize,
    pub to: usize,
}

#[cfg(test)]
mod tests;
