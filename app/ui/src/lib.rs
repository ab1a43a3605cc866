//! The primitives of the interface: how things look and behave, never what they are about.
//!
//! No component here knows a noun of the product or has a text of its own; both come in as props. Their styles are in
//! `style/<primitive>.css`, one file per file here. Texts are `TextProp`: a `&'static str`, a `String` or a closure.

pub mod browser;
mod button;
mod field;
mod icon;
mod input;
mod mark;

pub use button::*;
pub use field::*;
pub use icon::*;
pub use input::*;
pub use mark::*;
