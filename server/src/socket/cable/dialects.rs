//! The accounts' lists that payloads refer to, kept for a moment: a burst of events reads them once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::{App, Result};
use model::{AccountId, Availability};
use serde_json::{Map, Value, json};

use crate::api::wire::Dialect;
use crate::api::wire::person::Reader;

/// How long lists are used.
const FRESH: Duration = Duration::from_secs(2);

/// Accounts that are remembered.
const MOST: usize = 1_000;

/// The lists of accounts that were needed lately.
#[derive(Default)]
pub struct Dialects(Mutex<HashMap<AccountId, (Instant, Dialect)>>);

impl Dialects {
    /// The lists of an account.
    pub async fn get(&self, app: &Arc<App>, account: AccountId) -> Result<Dialect> {
        let known = self.lock().get(&account).filter(|(at, _)| at.elapsed() < FRESH).map(|(_, known)| known.clone());
        if let Some(known) = known {
            return Ok(known);
        }
        let dialect = Dialect::shared(&app.system(), account).await?;
        let mut all = self.lock();
        if all.len() >= MOST {
            all.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        all.insert(account, (Instant::now(), dialect.clone()));
        Ok(dialect)
    }

    /// The lists changed.
    pub fn forget(&self, account: AccountId) {
        self.lock().remove(&account);
    }

    /// Who is here, as `presence.update` tells it.
    pub async fn presence(&self, app: &Arc<App>, account: AccountId, reader: Reader) -> Result<Value> {
        let dialect = self.get(app, account).await?;
        let agents = dialect.directory().agents.values();
        // Visitors look for somebody to talk to; who is away is of no use to them.
        let shown = agents.filter(|agent| reader == Reader::Agent || agent.availability != Availability::Offline);
        let users: Map<String, Value> =
            shown.map(|agent| (agent.id.to_string(), agent.availability.as_str().into())).collect();
        if reader == Reader::Visitor {
            return Ok(json!({ "account_id": account, "users": users }));
        }
        let here = app.hub.presence.contacts(account, app.clock.now());
        let contacts: Map<String, Value> = here.into_iter().map(|id| (id.to_string(), "online".into())).collect();
        Ok(json!({ "account_id": account, "users": users, "contacts": contacts }))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<AccountId, (Instant, Dialect)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
