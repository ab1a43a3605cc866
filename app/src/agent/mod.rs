//! People who answer.

pub mod calls;
