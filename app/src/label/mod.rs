//! Labels.

pub mod calls;
mod picker;

pub use picker::LabelPicker;
