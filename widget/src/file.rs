//! Which files may be sent. The server decides; this only spares the visitor an upload in vain.

use model::content::{MAX_ATTACHMENTS, MAX_FILE_BYTES};
use text::Words;

use crate::words;

/// What the file dialog offers.
pub const ACCEPT: &str =
    "image/*,audio/*,video/*,.csv,.txt,.rtf,.json,.pdf,.xml,.zip,.7z,.rar,.tar,.doc,.docx,.xls,.xlsx,.ppt,.pptx,.odt";

/// Endings for which browsers often know no type, or each a different one.
const ENDINGS: [&str; 17] = [
    "csv", "txt", "rtf", "json", "pdf", "xml", "zip", "7z", "rar", "tar", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
    "odt",
];

/// Why a file can't be attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    TooLarge,
    WrongKind,
    Empty,
    TooMany,
}

/// Checks a file of that name, MIME type and size in bytes, to be added to `attached` others.
pub fn check(name: &str, mime: &str, size: u64, attached: usize) -> Result<(), Refusal> {
    if attached >= MAX_ATTACHMENTS {
        return Err(Refusal::TooMany);
    }
    if size == 0 {
        return Err(Refusal::Empty);
    }
    if size > MAX_FILE_BYTES {
        return Err(Refusal::TooLarge);
    }
    // Pictures that can carry scripts are refused by the server.
    let media = ["image/", "audio/", "video/"].iter().any(|kind| mime.starts_with(kind)) && mime != "image/svg+xml";
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    if media || ENDINGS.contains(&ending.as_str()) { Ok(()) } else { Err(Refusal::WrongKind) }
}

impl Refusal {
    /// The reason in words.
    pub fn say(self, lang: Words, name: &str) -> String {
        match self {
            Self::TooLarge => text::widget::too_large(lang, name, &words::file_size(lang, MAX_FILE_BYTES)),
            Self::WrongKind => text::widget::wrong_kind(lang, name),
            Self::Empty => text::widget::empty_file(lang, name),
            Self::TooMany => text::widget::too_many(lang, MAX_ATTACHMENTS as i64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_judged_by_type_ending_and_size() {
        assert_eq!(check("a.png", "image/png", 1, 0), Ok(()));
        assert_eq!(check("notes.PDF", "", 1, 0), Ok(()));
        assert_eq!(check("a.svg", "image/svg+xml", 1, 0), Err(Refusal::WrongKind));
        assert_eq!(check("run.exe", "application/x-msdownload", 1, 0), Err(Refusal::WrongKind));
        assert_eq!(check("page.html", "text/html", 1, 0), Err(Refusal::WrongKind));
        assert_eq!(check("a.png", "image/png", 0, 0), Err(Refusal::Empty));
        assert_eq!(check("a.png", "image/png", MAX_FILE_BYTES + 1, 0), Err(Refusal::TooLarge));
        assert_eq!(check("a.png", "image/png", 1, MAX_ATTACHMENTS), Err(Refusal::TooMany));
    }
}
