//! Messages: how many a second are kept, and how soon the other side sees them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::json;

use tokio::sync::Notify;

use crate::client::{self, Agent, Visitor};
use crate::server::Server;
use crate::{Plan, figure, raw};

/// Visitors who write at once.
const WRITERS: usize = 16;

/// How long messages may be on their way after the last was sent.
const PATIENCE: Duration = Duration::from_secs(120);

/// When each message was sent, by its text.
type Sent = Arc<Mutex<HashMap<String, Instant>>>;

/// How long messages took that were heard of.
#[derive(Clone, Default)]
struct Times(Arc<(Mutex<Vec<Duration>>, Notify)>);

impl Times {
    fn add(&self, time: Duration) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).push(time);
        self.0.1.notify_one();
    }

    fn take(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.0.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until so many were heard of.
    async fn reach(&self, count: usize) -> Result<()> {
        let heard = || self.0.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        let all = async {
            while heard() < count {
                self.0.1.notified().await;
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, all).await;
        in_time.with_context(|| format!("{} of {count} messages came through the sockets", heard()))
    }
}

/// Told apart by this number: a text is written once.
static ROUNDS: AtomicU64 = AtomicU64::new(0);

pub async fn measure(plan: &Plan, postgres: Option<&str>) -> Result<()> {
    let database = if postgres.is_some() { "PostgreSQL" } else { "SQLite" };
    let mut server = Server::new(&plan.server, postgres).await?;
    let made = server.admin().await?;
    let time = Duration::from_secs(plan.seconds);
    let raw = raw::transactions(&server.database_url(), WRITERS, time).await?;
    figure::print("raw single-row transactions", database, raw, "/s", None, None);

    let first = server.start().await?;
    server.stop().await?;
    let again = server.start().await?.min(first);
    figure::print("start to serving", database, again.as_secs_f64() * 1e3, "ms", Some(("≤", 300.0)), None);
    figure::print("idle memory", database, server.memory()? / 1e6, "MB", Some(("≤", 60.0)), None);

    let agent = Agent::new(&server.url, &made)?;
    let website = agent.website().await?;
    let mut visitors = Vec::new();
    for _ in 0..WRITERS {
        visitors.push(Visitor::enter(&server.url, &website).await?);
    }
    let rate = throughput(&visitors, time).await?;
    let bar = Some(("≥", raw * 0.6));
    figure::print("durable messages", database, rate, "/s", bar, Some(("raw transactions", raw)));

    // The maximum of this very traffic: both sides write, and everybody listens.
    let dialogues = Dialogues::begin(&agent, &visitors).await?;
    let written = dialogues.write(None, time).await?;
    let most = written.count as f64 / written.time.as_secs_f64();
    figure::print("messages of both sides, everybody listening", database, most, "/s", None, None);
    let (mut there, mut back) = dialogues.times(most / 2.0, time).await?;
    for (name, times) in [("visitor → agent", &mut there), ("agent → visitor", &mut back)] {
        let half = figure::percentile(times, 0.5);
        let most = figure::percentile(times, 0.99);
        figure::print(&format!("{name}, p50"), database, half, "ms", Some(("≤", 5.0)), None);
        figure::print(&format!("{name}, p99"), database, most, "ms", Some(("≤", 25.0)), None);
    }
    server.stop().await
}

async fn throughput(visitors: &[Visitor], time: Duration) -> Result<f64> {
    let until = Instant::now() + time;
    let began = Instant::now();
    let tasks = visitors.iter().cloned().enumerate().map(|(number, visitor)| {
        tokio::spawn(async move {
            let mut done = 0_u64;
            while Instant::now() < until {
                visitor.say("Olá, tudo bem?", &format!("load-throughput-{number}-{done}")).await?;
                done += 1;
            }
            anyhow::Ok(done)
        })
    });
    let mut total = 0;
    for task in futures::future::join_all(tasks).await {
        total += task??;
    }
    Ok(total as f64 / began.elapsed().as_secs_f64())
}

/// An agent and visitors who write to each other, each listening on a socket.
struct Dialogues<'a> {
    agent: &'a Agent,
    visitors: &'a [Visitor],
    conversations: Vec<i64>,
    sent: Sent,
    there: Times,
    back: Times,
    listeners: Vec<tokio::task::JoinHandle<()>>,
}

impl<'a> Dialogues<'a> {
    async fn begin(agent: &'a Agent, visitors: &'a [Visitor]) -> Result<Self> {
        let mut conversations = Vec::new();
        for (number, visitor) in visitors.iter().enumerate() {
            conversations.push(visitor.say("começo", &format!("load-conversation-{number}")).await?);
        }
        let (sent, there, back) = (Sent::default(), Times::default(), Times::default());
        let agent_stream = json!({
            "channel": "RoomChannel", "pubsub_token": agent.stream().await?, "account_id": agent.account, "user_id": agent.user,
        });
        let mut listeners = vec![listen(&agent.url, agent_stream, "to agent ", sent.clone(), there.clone()).await?];
        for visitor in visitors {
            let stream = json!({ "channel": "RoomChannel", "pubsub_token": visitor.stream });
            listeners.push(listen(&visitor.url, stream, "to visitor ", sent.clone(), back.clone()).await?);
        }
        Ok(Self { agent, visitors, conversations, sent, there, back, listeners })
    }

    /// Writes on both sides, as fast as answers come or at a steady rate (messages a second over both); what there was.
    async fn write(&self, rate: Option<f64>, time: Duration) -> Result<Written> {
        let pause = rate.map(|rate| Duration::from_secs_f64(2.0 * self.visitors.len() as f64 / rate.max(1.0)));
        let round = ROUNDS.fetch_add(1, Ordering::Relaxed);
        let began = Instant::now();
        let writers = self.visitors.len();
        let dialogues = self.visitors.iter().cloned().zip(self.conversations.clone()).enumerate();
        let tasks = dialogues.map(|(number, (visitor, conversation))| {
            let (agent, sent) = (self.agent.clone(), self.sent.clone());
            tokio::spawn(async move {
                // Spread over the pause: a steady rate, not a burst of all writers at the same moment.
                let mut tick = pause.map(|pause| {
                    let first = tokio::time::Instant::now() + pause.mul_f64(number as f64 / writers as f64);
                    tokio::time::interval_at(first, pause)
                });
                let mut done = 0;
                while began.elapsed() < time {
                    if let Some(tick) = &mut tick {
                        tick.tick().await;
                    }
                    let name = format!("{round} {number} {done}");
                    let text = format!("to agent {name}");
                    note(&sent, &text);
                    visitor.say(&text, &format!("load-round-trip-{name}")).await?;
                    let text = format!("to visitor {name}");
                    note(&sent, &text);
                    let path = format!("/conversations/{conversation}/messages");
                    agent.ask(reqwest::Method::POST, &path, Some(json!({ "content": text }))).await?;
                    done += 1;
                }
                anyhow::Ok(2 * done)
            })
        });
        let mut count = 0;
        for task in futures::future::join_all(tasks).await {
            count += task??;
        }
        Ok(Written { count, time: began.elapsed() })
    }

    /// How long messages took to the other side's socket, in both directions, at a steady rate.
    async fn times(self, rate: f64, time: Duration) -> Result<(Vec<Duration>, Vec<Duration>)> {
        self.settle().await?;
        let written = self.write(Some(rate), time).await?;
        for times in [&self.there, &self.back] {
            times.reach(written.count / 2).await?;
        }
        for listener in self.listeners {
            listener.abort();
        }
        Ok((self.there.take(), self.back.take()))
    }

    /// Waits until the agent's socket has told what was written before: the measurement is of half the load, not of what that left behind.
    async fn settle(&self) -> Result<()> {
        // What was written before no longer counts, and the socket tells in order.
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clear();
        for times in [&self.there, &self.back] {
            times.take();
        }
        let text = "to agent (before the rest)";
        let began = Instant::now();
        note(&self.sent, text);
        self.visitors[0].say(text, "load-settle-before-the-rest").await?;
        self.there.reach(1).await?;
        self.there.take();
        eprintln!("the sockets had caught up after {:.1} s", began.elapsed().as_secs_f64());
        Ok(())
    }
}

/// What was written, and how long that took.
struct Written {
    count: usize,
    time: Duration,
}

fn note(sent: &Sent, text: &str) {
    sent.lock().unwrap_or_else(PoisonError::into_inner).insert(text.to_owned(), Instant::now());
}

async fn listen(
    url: &str,
    identifier: serde_json::Value,
    prefix: &'static str,
    sent: Sent,
    times: Times,
) -> Result<tokio::task::JoinHandle<()>> {
    let mut socket = client::subscribe(url, identifier).await.context("socket")?;
    Ok(tokio::spawn(async move {
        while let Ok(Some(frame)) = client::next(&mut socket).await {
            let data = &frame["message"]["data"];
            let is_new = frame["message"]["event"] == "message.created";
            let Some(text) = data["content"].as_str().filter(|text| is_new && text.starts_with(prefix)) else {
                continue;
            };
            let began = sent.lock().unwrap_or_else(PoisonError::into_inner).get(text).copied();
            if let Some(began) = began {
                times.add(began.elapsed());
            }
        }
    }))
}
