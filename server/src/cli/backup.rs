//! `cloudchat backup FILE`.

use std::path::PathBuf;

use clap::Args;
use domain::transfer::{self, Contents, Files};

use super::start;
use crate::config::Config;

/// Arguments of the command.
#[derive(Debug, Args)]
pub struct Backup {
    /// Where to write; an existing file is replaced once the new one is complete.
    file: PathBuf,
    /// Leave attachments out.
    #[arg(long)]
    without_files: bool,
}

/// Writes the backup and says what is in it.
pub async fn backup(config: &Config, command: Backup) -> anyhow::Result<()> {
    let app = start::app(config).await?;
    anyhow::ensure!(db::version(&app.db).await?.is_some(), "there is nothing to back up: the database is new");
    let files = if command.without_files { Files::LeftOut } else { Files::Included };
    let (contents, size) = transfer::backup(&app, &command.file, files).await?;
    println!("{}: {}, {}.", command.file.display(), summary(&contents), bytes(size));
    if config.secret_key.is_none() {
        println!(
            "It can be restored only beside the same secret key. Keep a copy of {} too.",
            config.key_file().display()
        );
    }
    Ok(())
}

/// What people count in a backup.
pub fn summary(contents: &Contents) -> String {
    let rows = |table: &str| contents.rows.get(table).copied().unwrap_or_default();
    format!(
        "{} accounts, {} contacts, {} conversations, {} messages, {} files",
        rows("accounts"),
        rows("contacts"),
        rows("conversations"),
        rows("messages"),
        contents.files
    )
}

fn bytes(size: u64) -> String {
    const MEGA: u64 = 1 << 20;
    if size < MEGA { format!("{} KB", size.div_ceil(1 << 10)) } else { format!("{} MB", size.div_ceil(MEGA)) }
}
