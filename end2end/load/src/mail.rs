//! Mail: how fast a full mailbox becomes conversations and with how much memory, and what mailboxes cost that are only waited at.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use futures::StreamExt as _;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::Agent;
use crate::imap::Imap;
use crate::server::Server;
use crate::{Plan, figure};

const LOOK: Duration = Duration::from_millis(100);
/// Longest time for all of it.
const PATIENCE: Duration = Duration::from_secs(600);

pub async fn measure(plan: &Plan) -> Result<()> {
    read(plan).await?;
    wait(plan).await
}

async fn company(plan: &Plan) -> Result<(Server, Agent)> {
    let mut server = Server::new(&plan.server, None).await?;
    let made = server.admin().await?;
    server.start().await?;
    let agent = Agent::new(&server.url, &made)?;
    Ok((server, agent))
}

/// An inbox that reads a mailbox of the server.
async fn inbox(agent: &Agent, imap: &Imap, number: usize) -> Result<Value> {
    let channel = json!({
        "type": "email", "email": format!("suporte{number}@loja.example"), "imap_enabled": true, "imap_address": "127.0.0.1",
        "imap_port": imap.port, "imap_login": "suporte", "imap_password": "geheim", "imap_encryption": "none",
        "imap_import_days": "all",
    });
    agent.ask(Method::POST, "/inboxes", Some(json!({ "name": format!("Suporte {number}"), "channel": channel }))).await
}

async fn read(plan: &Plan) -> Result<()> {
    let (mut server, agent) = company(plan).await?;
    let imap = Imap::start(plan.mails).await?;
    let began = Instant::now();
    inbox(&agent, &imap, 0).await?;
    // What the first mails cost is what it takes to read at all; what comes on top later is what grows.
    let (mut first, mut most) = (None, 0.0_f64);
    loop {
        let meta = agent.ask(Method::GET, "/conversations/meta?status=all", None).await?;
        let done = meta["meta"]["all_count"].as_u64().unwrap_or_default() as usize;
        if first.is_none() && done * 10 >= plan.mails {
            first = Some(server.memory()?);
        }
        most = most.max(server.memory()?);
        if done >= plan.mails {
            break;
        }
        if began.elapsed() > PATIENCE {
            bail!("only {done} of {} mails were read", plan.mails);
        }
        tokio::time::sleep(LOOK).await;
    }
    let rate = plan.mails as f64 / began.elapsed().as_secs_f64();
    let growth = (most - first.unwrap_or(most)) / 1e6;
    figure::print("mails of 20 KB read", "SQLite", rate, "/s", Some(("≥", 500.0)), None);
    figure::print("memory growth while reading", "SQLite", growth, "MB", Some(("≤", 64.0)), None);
    server.stop().await
}

async fn wait(plan: &Plan) -> Result<()> {
    let (mut server, agent) = company(plan).await?;
    let imap = Imap::start(0).await?;
    let before = server.memory()?;
    let made = futures::stream::iter(0..plan.mailboxes).map(|number| inbox(&agent, &imap, number));
    let made: Vec<Result<Value>> = made.buffer_unordered(8).collect().await;
    if let Some(error) = made.into_iter().find_map(Result::err) {
        return Err(error);
    }
    let began = Instant::now();
    while imap.waiting() < plan.mailboxes && began.elapsed() < PATIENCE {
        tokio::time::sleep(LOOK).await;
    }
    let held = imap.waiting();
    let each = (server.memory()? - before) / held.max(1) as f64 / 1024.0;
    figure::print("mailboxes waited at", "SQLite", held as f64, "", Some(("≥", plan.mailboxes as f64)), None);
    figure::print("memory per mailbox waited at", "SQLite", each, "KB", None, None);
    server.stop().await
}
