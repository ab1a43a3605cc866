//! The house rules that a compiler does not know. Each test lists every place that breaks its rule.

#![allow(clippy::unwrap_used, reason = "a panic is a failed test")]

mod channel;
mod database;
mod layout;
mod source;
mod style;
mod view;
