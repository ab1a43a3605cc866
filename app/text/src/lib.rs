//! Every text a person reads, in every language, checked when the product is built.
//!
//! `locales/<lang>/<noun>.json` becomes the module `<noun>` with one function per key:
//!
//! ```json
//! { "resolve": "Resolve", "assigned_to": "Assigned to {{name}}",
//!   "conversations_one": "{{n}} conversation", "conversations_other": "{{n}} conversations",
//!   "status": { "open": "Open" } }
//! ```
//!
//! gives `resolve(lang)`, `assigned_to(lang, name)`, `conversations(lang, n)` and `status::open(lang)`; a plural may also have a
//! `_zero` form. What visitors read (`launcher.json`, `survey.json`, `visitor_mail.json`, `widget.json`) exists in every
//! [`VisitorLang`]; the functions of `widget` take whoever can say the text, a [`Speaker`]. `by_key(lang, "status.open")` finds a
//! text whose key is only known at run time. Nothing here reads a clock: times arrive as unix milliseconds with the
//! reader's offset from UTC in minutes.

mod lang;
pub mod number;
mod speech;
pub mod time;

pub use lang::{Form, Lang, UnknownLang};
pub use speech::{Speaker, VisitorLang, Words};

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
