//! `cloudchat demo`: a company to try things out with.

use std::io::{IsTerminal as _, Write as _};

use anyhow::bail;
use clap::Args;
use domain::demo::{self, Filled, Options};
use serde_json::json;

use super::start;
use crate::config::Config;

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Demo {
    /// Multiplies 300 customers and 2000 conversations.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    scale: u16,
    /// At least this many customers.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(..=1_000_000))]
    contacts: u32,
    /// The same seed makes the same company.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Says what was made as JSON, for programs.
    #[arg(long)]
    json: bool,
}

/// Fills the database and says how to sign in.
pub async fn demo(config: &Config, command: Demo) -> anyhow::Result<()> {
    let app = start::migrated(config).await?;
    let is_terminal = std::io::stderr().is_terminal();
    let progress = |done: usize, total: usize| {
        if is_terminal {
            _ = write!(std::io::stderr(), "\r{done} of {total} conversations");
        }
    };
    let options =
        Options { seed: command.seed, scale: usize::from(command.scale), contacts: command.contacts as usize };
    let filled = match demo::fill(&app, options, progress).await {
        Err(error) if demo::is_occupied(&error) => {
            bail!("the database is in use already; the demo needs a new one (CLOUDCHAT_DATA_DIR or DATABASE_URL)")
        }
        result => result?,
    };
    if is_terminal {
        _ = writeln!(std::io::stderr(), "\r");
    }
    if command.json {
        println!("{}", made(&filled));
    } else {
        show(config, &filled);
    }
    Ok(())
}

/// The keys of `cloudchat admin create`, and how much there is.
fn made(filled: &Filled) -> serde_json::Value {
    json!({
        "account_id": filled.account_id,
        "user_id": filled.user_id,
        "access_token": filled.access_token,
        "website_token": filled.website_token,
        "contacts": filled.contacts,
        "conversations": filled.conversations,
        "messages": filled.messages,
    })
}

fn show(config: &Config, filled: &Filled) {
    let Filled { account_name, contacts, conversations, messages, .. } = filled;
    println!("{account_name}: {contacts} contacts, {conversations} conversations, {messages} messages.\n");
    println!("Sign in at {}/app/login with the password {} as", config.url, filled.password);
    for person in &filled.people {
        println!("  {:<30} {} ({})", person.email, person.name, person.role.as_str());
    }
    println!("\nAPI token of the administrator: {}", filled.access_token);
    println!("Website token of the shop: {}", filled.website_token);
}
