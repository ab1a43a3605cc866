//! The emoji one can pick here; the keyboard of the device knows all the others.

/// In the order shown, eight in a row.
pub const EMOJI: [&str; 64] = [
    "😀", "😄", "😁", "😂", "🙂", "😉", "😊", "😍", "😘", "😋", "😎", "🤩", "🤔", "🤨", "😐", "🙄", "😅", "😇", "🥰",
    "🤗", "😴", "😕", "😟", "🙁", "😢", "😭", "😤", "😠", "😱", "😳", "🥺", "🤯", "👍", "👎", "👌", "✌️", "🤞", "👋",
    "🙌", "👏", "🙏", "💪", "🤝", "👀", "❤️", "💙", "💚", "💔", "🎉", "🎂", "🎁", "✨", "🔥", "⭐", "✅", "❌", "❓",
    "❗", "💡", "📎", "📦", "🚚", "💳", "⏰",
];

/// Emoji in a row, for moving with the arrow keys.
pub const ROW: u32 = 8;
