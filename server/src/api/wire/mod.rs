//! The dialect: what rows look like in REST answers and socket payloads. Names, forms and oddities are those that existing clients
//! know; they end here.

pub mod account;
pub mod attachment;
pub mod audit;
pub mod canned;
pub mod contact;
pub mod conversation;
pub mod csat;
pub mod filter;
pub mod hours;
pub mod inbox;
pub mod label;
pub mod macros;
pub mod message;
pub mod person;
pub mod profile;
pub mod scheduled;
pub mod team;
pub mod told;

use std::sync::Arc;

use domain::realtime::directory::{self, Directory};
use domain::{Ctx, Result};
use model::{AccountId, Millis, UserId};

/// What writing a row of an account needs besides the row.
#[derive(Clone)]
pub struct Dialect {
    base: Arc<str>,
    account: AccountId,
    directory: Arc<Directory>,
    /// The agent who reads; nobody in particular in payloads that many read.
    reader: Option<UserId>,
}

impl Dialect {
    /// For the agent who asks.
    pub async fn of(ctx: &Ctx) -> Result<Self> {
        let agent = ctx.agent()?;
        let dialect = Self::shared(ctx, agent.account_id).await?;
        Ok(Self { reader: Some(agent.user_id), ..dialect })
    }

    /// For payloads of an account that many read.
    pub async fn shared(ctx: &Ctx, account: AccountId) -> Result<Self> {
        let directory = directory::of(ctx, account).await?;
        Ok(Self { base: ctx.app.settings.base_url.as_str().into(), account, directory, reader: None })
    }

    /// The account's lists.
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// An address that works from anywhere.
    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.base) } else { url.to_owned() }
    }

    /// A moment in ISO 8601; none for what never was.
    pub fn moment(&self, at: Millis) -> Option<String> {
        (at > 0).then(|| iso(at))
    }

    /// A picture's address; empty when there is none.
    fn picture(&self, url: Option<&str>) -> String {
        url.map(|url| self.absolute(url)).unwrap_or_default()
    }
}

/// Unix seconds.
pub fn seconds(at: Millis) -> i64 {
    at.div_euclid(1_000)
}

/// Unix seconds with a fraction.
fn fraction(at: Millis) -> f64 {
    // Milliseconds since 1970 are far below 2^53.
    at as f64 / 1e3
}

/// ISO 8601 in UTC with milliseconds.
pub fn iso(at: Millis) -> String {
    let time = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_forms_that_clients_expect() {
        assert_eq!(iso(1_768_489_200_007), "2026-01-15T15:00:00.007Z");
        assert_eq!(seconds(1_768_489_200_999), 1_768_489_200);
        assert!((fraction(1_500) - 1.5).abs() < f64::EPSILON);
    }
}
