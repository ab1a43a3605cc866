//! Lists and search in an account with a long history.

use std::time::{Duration, Instant};

use anyhow::Result;
use reqwest::Method;

use crate::client::Agent;
use crate::server::Server;
use crate::{Plan, figure};

/// Requests of each kind.
const TIMES: usize = 60;

/// What is asked for, and the bar for it in milliseconds.
const QUESTIONS: [(&str, &str, f64); 12] = [
    ("list: open, all", "/conversations?status=open&assignee_type=all", 20.0),
    ("list: open, mine", "/conversations?status=open&assignee_type=me", 20.0),
    ("list: open, unassigned", "/conversations?status=open&assignee_type=unassigned", 20.0),
    ("list: resolved, all", "/conversations?status=resolved&assignee_type=all", 20.0),
    ("list: every status", "/conversations?status=all&assignee_type=all", 20.0),
    ("list: one inbox", "/conversations?status=all&inbox_id=1", 20.0),
    ("list: a label", "/conversations?status=all&labels[]=troca", 20.0),
    ("list: by priority", "/conversations?status=all&sort_by=priority_desc", 20.0),
    ("list: longest waiting", "/conversations?status=open&sort_by=waiting_since_asc", 20.0),
    ("counts: open", "/conversations/meta?status=open", 20.0),
    ("search: a rare word", "/conversations?status=all&q=extraviado", 80.0),
    ("search: two common words", "/conversations?status=all&q=pedido%20chegou", 80.0),
];

pub async fn measure(plan: &Plan, postgres: Option<&str>) -> Result<()> {
    let database = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut server = Server::new(&plan.server, postgres).await?;
    let printed = server.run(&["demo", "--scale", &plan.scale.to_string(), "--json"]).await?;
    let made = serde_json::from_str(printed.lines().last().unwrap_or_default())?;
    server.start().await?;
    let agent = Agent::new(&server.url, &made)?;
    for (name, path, bar) in QUESTIONS {
        let mut times: Vec<Duration> = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let began = Instant::now();
            agent.ask(Method::GET, path, None).await?;
            times.push(began.elapsed());
        }
        let most = figure::percentile(&mut times, 0.95);
        figure::print(&format!("{name}, p95"), database, most, "ms", Some(("≤", bar)), None);
    }
    server.stop().await
}
