//! Log lines: JSON for machines, one line for people. Panics are logged like any other error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};

use crate::config::{Config, LogFormat};

/// Libraries whose chatter helps nobody at the usual level.
const QUIET: &str = "sqlx=warn,hyper=warn,hyper_util=warn,reqwest=warn,rustls=warn,h2=warn,html5ever=error";

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The option `log` is not a filter.
    #[error("CLOUDCHAT_LOG: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    /// Logging is set up already.
    #[error(transparent)]
    Twice(#[from] TryInitError),
}

/// Where log lines go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Output {
    /// Standard output: the server.
    Standard,
    /// Standard error: commands whose own output others read.
    Error,
}

/// Sets up logging for the whole process. `RUST_LOG` wins over the option, because it is what people try first.
pub fn start(config: &Config, output: Output) -> Result<(), LogError> {
    let wanted = std::env::var("RUST_LOG").ok().filter(|text| !text.is_empty());
    let filter = EnvFilter::try_new(format!("{QUIET},{}", wanted.as_deref().unwrap_or(&config.log)))?;
    let is_terminal = match output {
        Output::Standard => std::io::stdout().is_terminal(),
        Output::Error => std::io::stderr().is_terminal(),
    };
    let is_json = match config.log_format {
        LogFormat::Json => true,
        LogFormat::Text => false,
        LogFormat::Auto => !is_terminal,
    };
    let writer = match output {
        Output::Standard => BoxMakeWriter::new(std::io::stdout),
        Output::Error => BoxMakeWriter::new(std::io::stderr),
    };
    let lines = tracing_subscriber::fmt::layer().with_ansi(is_terminal).with_writer(writer);
    let registry = tracing_subscriber::registry().with(filter);
    if is_json {
        registry.with(lines.json().flatten_event(true).with_span_list(false)).try_init()?;
    } else {
        registry.with(lines.with_target(false)).try_init()?;
    }
    log_panics();
    Ok(())
}

/// The message of a panic can hold anything, so only its place is logged in release builds.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let payload = panic.payload();
        let text =
            payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        let message = if cfg!(debug_assertions) { text.unwrap_or_default() } else { "" };
        tracing::error!(place, message, "the program met a situation it was not written for");
    }));
}
