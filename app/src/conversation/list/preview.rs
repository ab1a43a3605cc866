//! The one line of a row: who said what last, or what is being written.

use model::conversation::{ConversationRow, Preview};
use model::{FileKind, MessageKind, MessageStatus, UserId};
use text::Lang;
use text::list as t;
use ui::Icon;

use crate::boot::Lists;
use crate::conversation::composer::draft::Draft;

/// The line in its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub icon: Option<Icon>,
    /// Who says it.
    pub who: String,
    pub text: String,
    pub kind: Kind,
}

/// What the line is, for its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Message,
    Note,
    Draft,
    Typing,
    Failed,
}

/// The line of a row. `draft` only while the conversation is not open: there it is seen anyway.
#[must_use]
pub fn line(lang: Lang, row: &ConversationRow, draft: Option<&Draft>, types: bool, me: UserId, lists: &Lists) -> Line {
    if types {
        return Line { text: t::typing(lang).to_owned(), kind: Kind::Typing, ..Line::default() };
    }
    if let Some(text) = draft.and_then(Draft::excerpt) {
        return Line { who: t::draft(lang).to_owned(), text, kind: Kind::Draft, icon: None };
    }
    let Some(preview) = &row.preview else {
        return Line { text: t::no_messages(lang).to_owned(), ..Line::default() };
    };
    let kind = match preview.status {
        _ if preview.private => Kind::Note,
        MessageStatus::Failed => Kind::Failed,
        _ => Kind::Message,
    };
    let file = preview.file.filter(|_| preview.text.is_empty());
    let icon = match (kind, file) {
        (Kind::Note, _) => Some(Icon::Note),
        (Kind::Failed, _) => Some(Icon::CircleAlert),
        (_, Some(file)) => Some(file_icon(file)),
        _ => None,
    };
    let text = match (preview.text.is_empty(), file) {
        (false, _) => preview.text.clone(),
        (true, Some(file)) => file_word(lang, file).to_owned(),
        (true, None) => t::deleted(lang).to_owned(),
    };
    Line { icon, who: who(lang, preview, me, lists), text, kind }
}

fn who(lang: Lang, preview: &Preview, me: UserId, lists: &Lists) -> String {
    match preview.author_id {
        _ if preview.kind == MessageKind::Incoming => String::new(),
        Some(author) if author == me => t::you(lang).to_owned(),
        Some(author) => {
            let name = lists.agents.iter().find(|agent| agent.id == author).map(|agent| agent.name.as_str());
            let first = name.and_then(|name| name.split_whitespace().next());
            first.map(|first| [first, ":"].concat()).unwrap_or_default()
        }
        None => String::new(),
    }
}

/// The sign of a kind of file.
#[must_use]
pub fn file_icon(kind: FileKind) -> Icon {
    match kind {
        FileKind::Image | FileKind::StoryMention | FileKind::IgReel => Icon::Image,
        FileKind::Audio => Icon::Audio,
        FileKind::Video => Icon::Video,
        FileKind::Location => Icon::MapPin,
        FileKind::Contact => Icon::Contact,
        FileKind::File | FileKind::Fallback | FileKind::Share => Icon::File,
    }
}

fn file_word(lang: Lang, kind: FileKind) -> &'static str {
    match kind {
        FileKind::Image => t::file::image(lang),
        FileKind::Audio => t::file::audio(lang),
        FileKind::Video => t::file::video(lang),
        FileKind::File => t::file::file(lang),
        FileKind::Location => t::file::location(lang),
        FileKind::Contact => t::file::contact(lang),
        _ => t::file::other(lang),
    }
}

#[cfg(test)]
mod tests {
    use model::MessageId;

    use super::*;
    use crate::store::samples::{conversation, with};

    const ME: UserId = UserId(1);

    fn row(change: impl FnOnce(&mut Preview)) -> ConversationRow {
        let preview = Preview {
            message_id: MessageId(1),
            kind: MessageKind::Incoming,
            private: false,
            text: "Bom dia".to_owned(),
            file: None,
            status: MessageStatus::Sent,
            author_id: None,
        };
        with(conversation(1), |c| c.row.preview = Some(with(preview, change))).row
    }

    fn words(row: &ConversationRow) -> String {
        let line = line(Lang::En, row, None, false, ME, &Lists::default());
        format!("{} {}", line.who, line.text).trim().to_owned()
    }

    #[test]
    fn the_line_says_who_said_what() {
        assert_eq!(words(&row(|_| {})), "Bom dia");
        assert_eq!(
            words(&row(|p| {
                p.kind = MessageKind::Outgoing;
                p.author_id = Some(ME);
            })),
            "You: Bom dia"
        );
        assert_eq!(
            words(&row(|p| {
                p.text.clear();
                p.file = Some(FileKind::Image);
            })),
            "Picture"
        );
        assert_eq!(words(&row(|p| p.text.clear())), "Message deleted");
        assert_eq!(words(&conversation(1).row), "No messages yet");
    }

    #[test]
    fn what_is_being_written_comes_first() {
        let draft = Draft { reply: "Olá".into(), ..Draft::default() };
        let of = |draft, types| line(Lang::PtBr, &row(|_| {}), draft, types, ME, &Lists::default());
        assert_eq!((of(Some(&draft), false).who.as_str(), of(Some(&draft), false).kind), ("Rascunho:", Kind::Draft));
        assert_eq!(of(Some(&draft), true).kind, Kind::Typing);
        assert_eq!(of(Some(&Draft::default()), false).kind, Kind::Message);
    }
}
