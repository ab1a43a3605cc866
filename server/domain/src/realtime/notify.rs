//! Nodes on one PostgreSQL database wake each other and pass on what is not recorded. Without it everything still arrives, a little later:
//! each node looks for new events and jobs by itself as well.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use model::AccountId;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::PassingTo;
use crate::{App, secret};

/// For how long wake-ups are gathered into one notice.
const GATHER: Duration = Duration::from_millis(15);
/// Between two tries to reach the database.
const PAUSE: Duration = Duration::from_secs(1);

/// What a node tells the others.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub(crate) enum Notice {
    /// There are new events.
    Events,
    /// There are new jobs.
    Jobs,
    Passing {
        account_id: AccountId,
        passing: PassingTo,
    },
}

#[derive(Serialize, Deserialize)]
struct Letter {
    /// The node that wrote it, which knows already.
    from: String,
    notices: Vec<Notice>,
}

/// Talks with the other nodes until `stop`; returns at once where there cannot be others.
pub async fn follow(app: Arc<App>, stop: CancellationToken) {
    if !app.db.is_postgres() {
        return;
    }
    let name = secret::short_token();
    let (sender, receiver) = mpsc::unbounded_channel();
    app.hub.connect_nodes(sender);
    tokio::join!(write(&app, &name, receiver, &stop), read(&app, &name, &stop));
}

async fn write(app: &App, name: &str, mut notices: mpsc::UnboundedReceiver<Notice>, stop: &CancellationToken) {
    loop {
        let first = tokio::select! {
            () = stop.cancelled() => return,
            notice = notices.recv() => notice,
        };
        let Some(first) = first else { return };
        // Wake-ups come in bursts and say no more together than one; what is passed on must not wait.
        if !matches!(first, Notice::Passing { .. }) {
            tokio::time::sleep(GATHER).await;
        }
        let mut letter = Letter { from: name.to_owned(), notices: Vec::new() };
        let mut said = BTreeSet::new();
        let mut next = Some(first);
        while let Some(notice) = next {
            let is_news = match notice {
                Notice::Events => said.insert("events"),
                Notice::Jobs => said.insert("jobs"),
                Notice::Passing { .. } => true,
            };
            if is_news {
                letter.notices.push(notice);
            }
            next = if letter.notices.len() < 8 { notices.try_recv().ok() } else { None };
        }
        post(app, &letter).await;
    }
}

async fn post(app: &App, letter: &Letter) {
    let Ok(text) = serde_json::to_string(letter) else { return };
    if text.len() > db::MAX_NOTICE {
        return;
    }
    if let Err(error) = app.db.notify(&text).await {
        tracing::debug!(%error, "other nodes were not told");
    }
}

async fn read(app: &App, name: &str, stop: &CancellationToken) {
    while !stop.is_cancelled() {
        let listened = tokio::select! {
            () = stop.cancelled() => return,
            outcome = listen(app, name) => outcome,
        };
        if let Err(error) = listened {
            tracing::warn!(%error, "other nodes are not heard");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

async fn listen(app: &App, name: &str) -> db::Result<()> {
    let Some(mut listener) = app.db.listen().await? else { return Ok(()) };
    loop {
        let text = listener.next().await?;
        let Ok(letter) = serde_json::from_str::<Letter>(&text) else { continue };
        if letter.from == name {
            continue;
        }
        for notice in letter.notices {
            match notice {
                Notice::Events => app.hub.wake_here(),
                Notice::Jobs => app.jobs.wake(),
                Notice::Passing { account_id, passing } => app.hub.pass_here(account_id, passing),
            }
        }
    }
}
