//! What a message is made of.

crate::text_enum! {
    /// Direction and nature of a message. The wire's `message_type` is its number.
    MessageKind {
        Incoming = "incoming",
        Outgoing = "outgoing",
        /// A line about what happened, written by the system.
        Activity = "activity",
        /// An automatic message to the contact.
        Template = "template",
    }
}

impl MessageKind {
    /// The number of this kind in REST and socket payloads.
    pub const fn number(self) -> i64 {
        match self {
            Self::Incoming => 0,
            Self::Outgoing => 1,
            Self::Activity => 2,
            Self::Template => 3,
        }
    }

    /// Whether somebody said it, rather than the system by itself.
    pub const fn is_said(self) -> bool {
        matches!(self, Self::Incoming | Self::Outgoing)
    }
}

crate::text_enum! {
    /// How a message's content is to be shown.
    ContentKind {
        Text = "text",
        InputText = "input_text",
        InputTextarea = "input_textarea",
        InputEmail = "input_email",
        InputSelect = "input_select",
        Cards = "cards",
        Form = "form",
        Article = "article",
        IncomingEmail = "incoming_email",
        InputCsat = "input_csat",
        Integrations = "integrations",
        Sticker = "sticker",
    }
}

crate::text_enum! {
    /// How far a message has come.
    MessageStatus {
        /// On its way to the channel's provider.
        Progress = "progress",
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
        Failed = "failed",
    }
}

impl MessageStatus {
    /// The word for it in REST and socket payloads, whose clients know of no way between written and sent.
    pub const fn wire(self) -> &'static str {
        match self {
            Self::Progress => Self::Sent.as_str(),
            known => known.as_str(),
        }
    }
}

crate::text_enum! {
    /// What a file is, for showing it.
    FileKind {
        Image = "image",
        Audio = "audio",
        Video = "video",
        File = "file",
        Location = "location",
        Fallback = "fallback",
        Share = "share",
        StoryMention = "story_mention",
        Contact = "contact",
        IgReel = "ig_reel",
    }
}

impl FileKind {
    /// The kind of a file with this MIME type. SVG is a plain file: it can carry scripts and is never shown inline.
    pub fn of_mime(mime: &str) -> Self {
        match mime {
            "image/jpeg" | "image/png" | "image/gif" | "image/bmp" | "image/webp" => Self::Image,
            "video/ogg" | "video/mp4" | "video/webm" | "video/quicktime" => Self::Video,
            _ if mime.starts_with("audio/") => Self::Audio,
            _ => Self::File,
        }
    }
}

crate::text_enum! {
    /// Who wrote a message.
    SenderKind { Contact = "contact", User = "user", AgentBot = "agent_bot" }
}

/// What stands for a rating of 1, 2, 3, 4 and 5.
pub const FACES: [&str; 5] = ["😞", "🙁", "😐", "🙂", "😄"];

/// Longest content of a message, in characters.
pub const MAX_CONTENT_CHARS: usize = 150_000;
/// Most files in one message.
pub const MAX_ATTACHMENTS: usize = 15;
/// Largest file, in bytes.
pub const MAX_FILE_BYTES: u64 = 40 * 1024 * 1024;
