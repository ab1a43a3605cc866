//! Measures a Cloud Chat server from outside: starts the binary on fresh data, talks to it as visitors and agents do, and prints
//! one JSON line per figure. `cargo xtask bench` builds it, runs it and writes `docs/BENCHMARKS.md`.
//!
//! `load --server PATH [--postgres URL] [--only NAME] [--quick]`

mod client;
mod figure;
mod imap;
mod lists;
mod mail;
mod messages;
mod raw;
mod server;
mod sockets;

use anyhow::{Context as _, Result, bail};

/// What is to be measured.
pub struct Plan {
    pub server: String,
    /// A server in which databases may be made.
    pub postgres: Option<String>,
    pub only: Option<String>,
    /// Seconds of each timed run.
    pub seconds: u64,
    /// Times 2 000 conversations.
    pub scale: u32,
    pub sockets: usize,
    /// Mails that one mailbox holds.
    pub mails: usize,
    /// Mailboxes at which is waited.
    pub mailboxes: usize,
}

fn main() -> Result<()> {
    // Only a second call can fail.
    _ = rustls::crypto::ring::default_provider().install_default();
    let plan = plan()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(measure(&plan))
}

fn plan() -> Result<Plan> {
    let mut plan = Plan {
        server: String::new(),
        postgres: None,
        only: None,
        seconds: 8,
        scale: 50,
        sockets: 10_000,
        mails: 10_000,
        mailboxes: 1_000,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().with_context(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--server" => plan.server = value()?,
            "--postgres" => plan.postgres = Some(value()?),
            "--only" => plan.only = Some(value()?),
            "--quick" => {
                (plan.seconds, plan.scale, plan.sockets) = (2, 2, 500);
                (plan.mails, plan.mailboxes) = (500, 50);
            }
            other => bail!("no such option: {other}"),
        }
    }
    if plan.server.is_empty() {
        bail!("--server PATH names the binary to be measured");
    }
    Ok(plan)
}

async fn measure(plan: &Plan) -> Result<()> {
    let wanted = |name: &str| plan.only.as_deref().is_none_or(|only| only == name);
    let databases = std::iter::once(None).chain(plan.postgres.as_deref().map(Some));
    for postgres in databases {
        if wanted("messages") {
            messages::measure(plan, postgres).await.context("messages")?;
        }
        if wanted("lists") {
            lists::measure(plan, postgres).await.context("lists")?;
        }
    }
    if wanted("sockets") {
        sockets::measure(plan).await.context("sockets")?;
    }
    if wanted("mail") {
        mail::measure(plan).await.context("mail")?;
    }
    Ok(())
}
