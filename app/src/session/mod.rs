//! Being signed in.

pub mod calls;

/// The cookie with the language of somebody who has chosen one before signing in.
pub const LANG_COOKIE: &str = "cloudchat_lang";
/// The cookie with the browser's offset from UTC in minutes.
pub const OFFSET_COOKIE: &str = "cloudchat_offset";
/// The cookie with the account that was last worked in.
pub const ACCOUNT_COOKIE: &str = "cloudchat_account";
