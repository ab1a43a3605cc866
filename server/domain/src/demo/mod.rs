//! A company to try things out with: a Brazilian online shop with half a year of conversations, the same for the same seed.

mod calendar;
mod company;
mod dice;
mod history;
mod picture;
mod rows;
mod setup;
mod store;
mod talk;

use std::sync::Arc;

use model::{AccountId, Role, UserId};

use crate::{App, Error, Result};

/// How much there is at scale 1.
const CUSTOMERS: usize = 300;
const CONVERSATIONS: usize = 2000;

/// Pictures at any scale: they are for looking at.
const PICTURES: usize = 200;

/// Conversations that are written in one transaction.
const BATCH: usize = 250;

/// What to make up.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The same seed makes the same company.
    pub seed: u64,
    /// Multiplies customers and conversations.
    pub scale: usize,
    /// Customers, when there are to be more than the conversations need.
    pub contacts: usize,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
}

/// What was made.
#[derive(Debug, Clone)]
pub struct Filled {
    pub account_id: AccountId,
    pub account_name: &'static str,
    /// The administrator.
    pub user_id: UserId,
    pub people: Vec<Person>,
    /// Everybody's password.
    pub password: &'static str,
    /// API token of the administrator.
    pub access_token: String,
    /// Token of the first website.
    pub website_token: String,
    pub contacts: usize,
    pub conversations: usize,
    pub messages: usize,
}

/// Fills a fresh database. `progress` hears how many conversations of how many are written.
pub async fn fill(app: &Arc<App>, options: Options, progress: impl Fn(usize, usize)) -> Result<Filled> {
    let scale = options.scale.max(1);
    let dice = dice::Dice::new(options.seed);
    let ground = setup::company(app).await?;
    let now = app.clock.now();
    let total = CONVERSATIONS * scale;
    let contacts = options.contacts.max(CUSTOMERS * scale);
    let moments = calendar::moments(&mut dice.branch(1), now, total);

    let mut writer = rows::Writer::new(&ground, dice.branch(2), now);
    writer.customers(contacts, moments.first().copied().unwrap_or(now)).await?;
    for (number, some) in moments.chunks(BATCH).enumerate() {
        writer.conversations(some).await?;
        progress((number * BATCH + some.len()).min(total), total);
    }
    let messages = writer.finish().await?;

    let people = company::AGENTS.iter().map(|agent| Person { name: agent.name, email: agent.email, role: agent.role });
    Ok(Filled {
        account_id: ground.account_id,
        user_id: ground.administrator,
        account_name: company::NAME,
        people: people.collect(),
        password: company::PASSWORD,
        access_token: ground.access_token,
        website_token: ground.website_token,
        contacts,
        conversations: total,
        messages,
    })
}

/// Whether the error says that the database is not fresh.
pub fn is_occupied(error: &Error) -> bool {
    error.known() == Some(model::ErrorCode::AlreadyInstalled)
}

#[cfg(test)]
mod tests;
