//! `cloudchat doctor`: looks at everything the server stands on and says what to do.

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use bytes::Bytes;
use domain::{App, job, mail};

use super::start;
use crate::assets::Assets;
use crate::config::Config;

/// Free space below which a full disk is near, in bytes.
const LITTLE_SPACE: u64 = 1 << 30;

/// A commit slower than this, in milliseconds, is felt by everybody.
const SLOW_COMMIT: u128 = 50;

/// What was found out about one thing.
enum Finding {
    Good(String),
    /// It works, and will trouble somebody.
    Mind(String),
    /// It does not work.
    Bad(String),
}

use Finding::{Bad, Good, Mind};

/// Checks everything; fails when something does not work.
pub async fn doctor(config: &Config) -> anyhow::Result<ExitCode> {
    let mut findings =
        vec![("Options", options(config)), ("Data folder", data_folder(config)), ("Files of the site", site())];
    match start::app(config).await {
        Ok(app) => {
            findings.push(("Database", database(&app).await));
            if db::pending(&app.db).await.is_ok_and(|(pending, _)| pending == 0) {
                findings.push(("Jobs", jobs(&app).await));
            }
            findings.push(("Attachments", storage(&app).await));
            findings.push(("Mail", mail_server(config, &app).await));
        }
        Err(error) => findings.push(("Database and storage", Bad(format!("{error:#}")))),
    }
    let mut code = ExitCode::SUCCESS;
    for (thing, finding) in findings {
        let (mark, text) = match finding {
            Good(text) => ("ok  ", text),
            Mind(text) => ("mind", text),
            Bad(text) => {
                code = ExitCode::FAILURE;
                ("FIX ", text)
            }
        };
        println!("{mark}  {thing}: {text}");
    }
    Ok(code)
}

fn options(config: &Config) -> Finding {
    if let Err(error) = config.key() {
        return Bad(error.to_string());
    }
    if let Some(stranger) = config.strangers().first() {
        return Mind(stranger.clone());
    }
    let is_local = config.url.host().starts_with("localhost") || config.url.host().starts_with("127.");
    if !config.is_secure() && !is_local {
        return Mind(format!(
            "{} is not encrypted: put a proxy with TLS in front and set CLOUDCHAT_URL to its https address",
            config.url
        ));
    }
    if config.is_secure() && config.client_address_header.is_none() {
        return Mind(
            "behind a proxy all clients seem to have its address and share its rate limits: \
             set CLOUDCHAT_CLIENT_ADDRESS_HEADER, for example to X-Forwarded-For"
                .to_owned(),
        );
    }
    Good(format!("{} on {}", config.url, config.listen))
}

fn data_folder(config: &Config) -> Finding {
    let folder = &config.data_dir;
    if let Err(error) = std::fs::create_dir_all(folder) {
        return Bad(format!("{} cannot be made: {error}; choose another with CLOUDCHAT_DATA_DIR", folder.display()));
    }
    if let Err(error) = tempfile::tempfile_in(folder) {
        return Bad(format!(
            "{} cannot be written: {error}; give it to the user that runs the server",
            folder.display()
        ));
    }
    match free_space(folder) {
        Ok(free) if free < LITTLE_SPACE => Mind(format!(
            "{} has only {} MB left: make room before messages cannot be kept",
            folder.display(),
            free >> 20
        )),
        Ok(free) => Good(format!("{}, {} GB free", folder.display(), free >> 30)),
        Err(error) => Mind(format!("the free space of {} is not known: {error}", folder.display())),
    }
}

#[cfg(unix)]
fn free_space(folder: &Path) -> std::io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail * disk.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_folder: &Path) -> std::io::Result<u64> {
    Err(std::io::ErrorKind::Unsupported.into())
}

fn site() -> Finding {
    if Assets::current().is_built() {
        Good("built in".to_owned())
    } else {
        Bad("dashboard and widget are missing from this program; build it with: cargo xtask build --release".to_owned())
    }
}

async fn database(app: &App) -> Finding {
    let kind = if app.db.is_postgres() { "PostgreSQL" } else { "SQLite" };
    let (pending, is_new) = match db::pending(&app.db).await {
        Ok(found) => found,
        Err(error) => return Bad(format!("{kind} does not answer: {error}")),
    };
    if is_new {
        return Mind(format!("{kind} is empty; it is set up when the server starts, or with: cloudchat migrate"));
    }
    match db::version(&app.db).await {
        Ok(Some(version)) if version > db::latest_version() => {
            return Bad(
                "the database was last used by a newer version of this program; install that version".to_owned()
            );
        }
        Ok(_) if pending > 0 => {
            return Mind(format!("{kind} has {pending} migrations before it; they run at the next start"));
        }
        Ok(_) => {}
        Err(error) => return Bad(error.to_string()),
    }
    if let Err(error) = db::check(&app.db).await {
        return Bad(format!("{kind} is damaged: {error}; stop the server and restore the last backup"));
    }
    let began = Instant::now();
    let changed = db::probe(&app.db).await;
    let taken = began.elapsed();
    match changed.and(db::forget_probe(&app.db).await) {
        Ok(()) if taken.as_millis() > SLOW_COMMIT => {
            Mind(format!("{kind} needs {} ms to make a change durable: a faster disk helps", taken.as_millis()))
        }
        Ok(()) => Good(format!("{kind}, a change is durable in {:.1} ms", taken.as_secs_f64() * 1e3)),
        Err(error) => Bad(format!("{kind} cannot be written: {error}")),
    }
}

async fn jobs(app: &App) -> Finding {
    match job::store::counts(&app.db).await {
        Ok((ready, 0)) => Good(format!("{ready} wait, none was given up")),
        Ok((_, dead)) => {
            let last = job::store::dead(&app.db, None, 1).await.ok().and_then(|jobs| jobs.into_iter().next());
            let why = last.map(|job| format!("; the last: {} ({})", job.kind, job.last_error.unwrap_or_default()));
            Mind(format!("{dead} were given up after many tries{}", why.unwrap_or_default()))
        }
        Err(error) => Mind(error.to_string()),
    }
}

async fn storage(app: &App) -> Finding {
    const KEY: &str = "doctor-probe";
    const TEXT: &[u8] = b"Cloud Chat was here";
    let tried = async {
        app.blobs.put(KEY, Bytes::from_static(TEXT)).await?;
        let read = app.blobs.get(KEY, None).await?;
        app.blobs.delete(KEY).await?;
        domain::Result::Ok(read == TEXT)
    };
    match tried.await {
        Ok(true) => Good("written, read and removed".to_owned()),
        Ok(false) => Bad("what was written was not what was read; check CLOUDCHAT_STORAGE_URL".to_owned()),
        Err(domain::Error::Unavailable(why)) => Bad(format!("{why}; check CLOUDCHAT_STORAGE_URL")),
        Err(error) => Bad(format!("{error}; check CLOUDCHAT_STORAGE_URL")),
    }
}

async fn mail_server(config: &Config, app: &App) -> Finding {
    if config.smtp_url.is_none() {
        return Mind(
            "SMTP_URL is not set: invitations and new passwords are shown to administrators instead of sent".to_owned(),
        );
    }
    match mail::check(&app.settings).await {
        Ok(()) => Good(format!("the server accepts us; mail comes from {}", config.mail_from)),
        Err(error) => Bad(format!("{error}; check SMTP_URL and MAIL_FROM")),
    }
}
