//! The command line. One command a file; each reads the options, does its work and says what it did.

mod admin;
mod backup;
mod bench;
mod config;
mod demo;
mod doctor;
mod migrate;
mod restore;
mod serve;
mod start;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;
use crate::logging::Output;

/// Customer messaging: website chat, e-mail and messengers in one inbox.
#[derive(Debug, Parser)]
#[command(name = "cloudchat", version, disable_help_subcommand = true)]
struct Cli {
    /// File with options; ./cloudchat.toml is read when it exists.
    #[arg(long, global = true, value_name = "FILE", env = "CLOUDCHAT_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (the default).
    Serve,
    /// Bring the database up to date, after a snapshot of it. `serve` does the same by itself.
    Migrate,
    /// Make accounts and administrators, give new passwords.
    #[command(subcommand)]
    Admin(admin::Admin),
    /// Fill a new database with a company to try things out with.
    Demo(demo::Demo),
    /// Write everything, attachments included, into one file. The server may go on working.
    Backup(backup::Backup),
    /// Read a backup, from either kind of database, into this one.
    Restore(restore::Restore),
    /// Check options, database, disk, mail and storage, and say what to do.
    Doctor,
    /// Show all options with their values and where these come from.
    Config,
    /// Measure how fast this machine's database and storage are.
    Bench(bench::Bench),
}

/// Runs the program with the arguments of this process.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match execute(cli) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("cloudchat: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn execute(cli: Cli) -> anyhow::Result<ExitCode> {
    let config = Config::load(cli.config.as_deref())?;
    // One provider for the whole process, or the first TLS connection would panic. Only a second call can fail.
    _ = rustls::crypto::ring::default_provider().install_default();
    let command = cli.command.unwrap_or(Command::Serve);
    if let Command::Config = command {
        config::show(&config, &mut std::io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let output = if let Command::Serve = command { Output::Standard } else { Output::Error };
    crate::logging::start(&config, output)?;
    for stranger in config.strangers() {
        tracing::warn!("{stranger}");
    }
    start::runtime(&config)?.block_on(async {
        match command {
            Command::Serve => serve::serve(config).await,
            Command::Migrate => migrate::migrate(&config).await,
            Command::Admin(command) => admin::admin(&config, command).await,
            Command::Demo(command) => demo::demo(&config, command).await,
            Command::Backup(command) => backup::backup(&config, command).await,
            Command::Restore(command) => restore::restore(&config, command).await,
            Command::Doctor => return doctor::doctor(&config).await,
            Command::Bench(command) => bench::bench(&config, command).await,
            Command::Config => Ok(()),
        }?;
        Ok(ExitCode::SUCCESS)
    })
}
