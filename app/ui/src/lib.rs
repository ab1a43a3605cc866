//! The primitives of the interface: how things look and behave, never what they are about.
//!
//! No component here knows a noun of the product or has a text of its own; both come in as props. Their styles are in
//! `style/<primitive>.css`, one file per file here. Texts are `TextProp`: a `&'static str`, a `String` or a closure.

mod avatar;
pub mod browser;
mod button;
mod choice;
mod clock;
mod colour;
mod dialog;
mod field;
mod html;
mod icon;
mod input;
mod mark;
mod menu;
mod notice;
mod page;
mod picker;
mod popover;
mod select;
mod tabs;
mod toast;

pub use avatar::*;
pub use button::*;
pub use choice::*;
pub use clock::*;
pub use colour::*;
pub use dialog::*;
pub use field::*;
pub use html::*;
pub use icon::*;
pub use input::*;
pub use mark::*;
pub use menu::*;
pub use notice::*;
pub use page::*;
pub use picker::*;
pub use popover::*;
pub use select::*;
pub use tabs::*;
pub use toast::*;
