//! Servers for the tests: a real Dovecot, and small ones that misbehave as they are told.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test uses a part; one that cannot begin must fail"
)]

pub mod certificate;
pub mod dovecot;
pub mod provider;
pub mod script;
pub mod smtp;

use std::time::Duration;

use post::{Dialer, Timeouts};

/// Lets everything through, and believes the tests' own authority.
pub fn dialer() -> Dialer {
    Dialer::new(|_| true).with_roots(&[certificate::authority().root.clone()]).with_timeouts(Timeouts {
        connect: Duration::from_secs(10),
        answer: Duration::from_secs(20),
        transfer: Duration::from_secs(60),
    })
}

/// One that loses patience quickly.
pub fn hasty() -> Dialer {
    dialer().with_timeouts(Timeouts {
        connect: Duration::from_millis(1500),
        answer: Duration::from_millis(1500),
        transfer: Duration::from_millis(4000),
    })
}
