//! Visitors who only wait: what each costs.

use std::time::Duration;

use anyhow::Result;
use futures::StreamExt as _;
use serde_json::json;

use crate::client::{self, Agent, Visitor};
use crate::server::Server;
use crate::{Plan, figure};

pub async fn measure(plan: &Plan) -> Result<()> {
    let mut server = Server::new(&plan.server, None).await?;
    let made = server.admin().await?;
    server.start().await?;
    let agent = Agent::new(&server.url, &made)?;
    let website = agent.website().await?;
    let before = server.memory()?;
    let opened = futures::stream::iter(0..plan.sockets).map(|number| {
        let (url, website) = (server.url.clone(), website.clone());
        async move {
            let visitor = Visitor::enter(&url, &website).await?;
            // One in ten has a conversation, as on a busy day.
            if number % 10 == 0 {
                visitor.say("Oi", &format!("load-socket-{number:08}")).await?;
            }
            client::subscribe(&url, json!({ "channel": "RoomChannel", "pubsub_token": visitor.stream })).await
        }
    });
    let sockets: Vec<_> = opened.buffer_unordered(32).collect().await;
    let failed = sockets.iter().filter(|socket| socket.is_err()).count();
    if let Some(error) = sockets.iter().find_map(|socket| socket.as_ref().err()) {
        eprintln!("{failed} sockets were not opened, the first because: {error:#}");
    }
    let held = sockets.len() - failed;
    tokio::time::sleep(Duration::from_secs(5)).await;
    let each = (server.memory()? - before) / held.max(1) as f64 / 1024.0;
    figure::print("idle sockets held", "SQLite", held as f64, "", Some(("≥", plan.sockets as f64)), None);
    figure::print("memory per idle socket", "SQLite", each, "KB", Some(("≤", 12.0)), None);
    server.stop().await
}
