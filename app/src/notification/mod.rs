//! What one is told by mail while one is not looking.

pub mod calls;
