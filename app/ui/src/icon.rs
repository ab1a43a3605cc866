//! The icon set: one variant per symbol of `style/icons.svg`.

use leptos::prelude::*;

/// The sprite with its content's fingerprint, so that a cached old one is never asked for a new symbol.
const SPRITE: &[u8] = include_bytes!("../../../style/icons.svg");
static SPRITE_URL: SpriteUrl = SpriteUrl::new();

struct SpriteUrl([u8; 23]);

impl SpriteUrl {
    /// FNV-1a over the sprite, written as `/icons.svg?v=89abcdef#`.
    const fn new() -> Self {
        let mut hash = 0x811c_9dc5_u32;
        let mut index = 0;
        while index < SPRITE.len() {
            hash = (hash ^ SPRITE[index] as u32).wrapping_mul(0x0100_0193);
            index += 1;
        }
        let mut url = *b"/icons.svg?v=00000000#\0";
        let mut digit = 0;
        while digit < 8 {
            url[13 + digit] = b"0123456789abcdef"[(hash >> (28 - 4 * digit) & 15) as usize];
            digit += 1;
        }
        Self(url)
    }

    fn with(&self, symbol: &str) -> String {
        let url = self.0.split_last().map_or(&self.0[..], |(_, url)| url);
        [std::str::from_utf8(url).unwrap_or("/icons.svg#"), symbol].concat()
    }
}

macro_rules! icons {
    ($($variant:ident => $symbol:literal,)+) => {
        /// A symbol of the sprite.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Icon {
            $($variant,)+
        }

        impl Icon {
            /// Every icon.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The id of the symbol in the sprite.
            #[must_use]
            pub const fn symbol(self) -> &'static str {
                match self {
                    $(Self::$variant => $symbol,)+
                }
            }
        }
    };
}

icons! {
    Account => "account",
    AlarmClock => "alarm-clock",
    ArrowDown => "arrow-down",
    ArrowLeft => "arrow-left",
    ArrowRight => "arrow-right",
    ArrowUp => "arrow-up",
    ArrowUpRight => "arrow-up-right",
    AtSign => "at-sign",
    Attach => "attach",
    Audio => "audio",
    Ban => "ban",
    Bell => "bell",
    BellOff => "bell-off",
    Bold => "bold",
    Book => "book",
    Bot => "bot",
    Braces => "braces",
    Briefcase => "briefcase",
    Calendar => "calendar",
    Campaign => "campaign",
    Chart => "chart",
    Check => "check",
    CheckCheck => "check-check",
    ChevronDown => "chevron-down",
    ChevronLeft => "chevron-left",
    ChevronRight => "chevron-right",
    ChevronUp => "chevron-up",
    ChevronsUpDown => "chevrons-up-down",
    Circle => "circle",
    CircleAlert => "circle-alert",
    CircleCheck => "circle-check",
    CircleDashed => "circle-dashed",
    CircleDot => "circle-dot",
    Clock => "clock",
    Close => "close",
    Code => "code",
    CodeBlock => "code-block",
    Columns => "columns",
    Command => "command",
    Contact => "contact",
    Conversation => "conversation",
    Copy => "copy",
    Download => "download",
    Edit => "edit",
    Ellipsis => "ellipsis",
    EllipsisVertical => "ellipsis-vertical",
    Expand => "expand",
    ExternalLink => "external-link",
    Eye => "eye",
    EyeOff => "eye-off",
    File => "file",
    FileText => "file-text",
    Filter => "filter",
    Flag => "flag",
    Globe => "globe",
    Grip => "grip",
    Hash => "hash",
    Help => "help",
    History => "history",
    Home => "home",
    Image => "image",
    Inbox => "inbox",
    Info => "info",
    Italic => "italic",
    Key => "key",
    Keyboard => "keyboard",
    Languages => "languages",
    Layers => "layers",
    Link => "link",
    List => "list",
    ListChecks => "list-checks",
    ListOrdered => "list-ordered",
    Lock => "lock",
    LogOut => "log-out",
    Mail => "mail",
    MapPin => "map-pin",
    Menu => "menu",
    Merge => "merge",
    Message => "message",
    MessagePlus => "message-plus",
    Mic => "mic",
    Monitor => "monitor",
    Moon => "moon",
    Mute => "mute",
    Note => "note",
    Palette => "palette",
    PanelLeft => "panel-left",
    PanelRight => "panel-right",
    Pause => "pause",
    Phone => "phone",
    Pin => "pin",
    Play => "play",
    Plug => "plug",
    Plus => "plus",
    PriorityHigh => "priority-high",
    PriorityLow => "priority-low",
    PriorityMedium => "priority-medium",
    PriorityNone => "priority-none",
    PriorityUrgent => "priority-urgent",
    Quote => "quote",
    Refresh => "refresh",
    Reopen => "reopen",
    Reply => "reply",
    Search => "search",
    Send => "send",
    Settings => "settings",
    Shield => "shield",
    Sliders => "sliders",
    Smartphone => "smartphone",
    Smile => "smile",
    Sort => "sort",
    Sparkles => "sparkles",
    Star => "star",
    Strike => "strike",
    Sun => "sun",
    Table => "table",
    Tag => "tag",
    Trash => "trash",
    Undo => "undo",
    Upload => "upload",
    User => "user",
    UserPlus => "user-plus",
    Users => "users",
    Video => "video",
    Volume => "volume",
    Warning => "warning",
    Webhook => "webhook",
    Wifi => "wifi",
    WifiOff => "wifi-off",
    Workflow => "workflow",
    Zap => "zap",
}

/// Size of an icon in pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IconSize {
    /// 12, beside small text.
    Tiny,
    /// 16, beside text.
    #[default]
    Normal,
    /// 20, alone in a button or in the rail.
    Large,
    /// 28, in empty states.
    Huge,
}

impl IconSize {
    const fn class(self) -> &'static str {
        match self {
            Self::Tiny => "icon is-tiny",
            Self::Normal => "icon",
            Self::Large => "icon is-large",
            Self::Huge => "icon is-huge",
        }
    }
}

/// Draws an icon in the colour of the text around it; it is decoration, so the words beside it must say the same.
#[component]
pub fn Glyph(
    /// Which symbol.
    icon: Icon,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    view! {
        <svg class=size.class() aria-hidden="true">
            <use href=SPRITE_URL.with(icon.symbol())></use>
        </svg>
    }
    .into_any()
}

/// The sign of a channel, by its key; an unknown key draws nothing.
#[component]
pub fn ChannelGlyph(
    /// The channel's key, e.g. as carried by an inbox.
    #[prop(into)]
    channel: String,
    /// How large.
    #[prop(optional)]
    size: IconSize,
) -> impl IntoView {
    let href = SPRITE_URL.with(&["channel-", &channel].concat());
    view! {
        <svg class=size.class() aria-hidden="true">
            <use href=href></use>
        </svg>
    }
    .into_any()
}

/// The product's own sign.
#[component]
pub fn BrandMark() -> impl IntoView {
    view! {
        <svg class="brand-mark" aria-hidden="true">
            <use href=SPRITE_URL.with("brand")></use>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_in_the_sprite_once() {
        let sprite = std::str::from_utf8(SPRITE).unwrap();
        for icon in Icon::ALL {
            let symbol = format!("<symbol id=\"{}\"", icon.symbol());
            assert_eq!(sprite.matches(&symbol).count(), 1, "{symbol}");
        }
    }

    #[test]
    fn the_sprite_holds_nothing_unused() {
        let sprite = std::str::from_utf8(SPRITE).unwrap();
        for symbol in sprite.split("<symbol id=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let is_used = symbol == "brand"
                || symbol.starts_with("channel-")
                || Icon::ALL.iter().any(|icon| icon.symbol() == symbol);
            assert!(is_used, "{symbol}");
        }
    }

    #[test]
    fn the_sprites_address_carries_a_fingerprint() {
        let url = SPRITE_URL.with("check");
        assert!(url.starts_with("/icons.svg?v=") && url.ends_with("#check") && url.len() == 27, "{url}");
        assert!(!url.contains("00000000"));
    }
}
