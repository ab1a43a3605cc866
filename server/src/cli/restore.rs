//! `cloudchat restore FILE`.

use std::path::PathBuf;

use clap::Args;
use domain::transfer::{self, Existing, Key};

use super::{backup, start};
use crate::config::Config;

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup.
    file: PathBuf,
    /// Delete what is in the database.
    #[arg(long)]
    replace: bool,
    /// Go on although the backup was made with another secret key.
    #[arg(long)]
    other_key: bool,
}

/// Restores the backup and says what was in it. Servers that run on this database begin anew by themselves.
pub async fn restore(config: &Config, command: Restore) -> anyhow::Result<()> {
    let app = start::app(config).await?;
    let existing = if command.replace { Existing::Replace } else { Existing::Keep };
    let key = if command.other_key { Key::Any } else { Key::Same };
    let contents = transfer::restore(&app, &command.file, existing, key).await?;
    println!("Restored {}.", backup::summary(&contents));
    Ok(())
}
