//! The mail servers and the provider that `post` is tried with, for the whole program.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

#[path = "../../post/tests/support/certificate.rs"]
pub mod certificate;
#[path = "../../post/tests/support/dovecot.rs"]
pub mod dovecot;
#[path = "../../post/tests/support/provider.rs"]
pub mod provider;
