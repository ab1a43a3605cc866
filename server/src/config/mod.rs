//! Every option of the server, in one list.
//!
//! A value comes from the environment, else from `cloudchat.toml`, else from the default written here.
//! The file uses the same names as the fields below; a name it does not know is an error, because a
//! misspelt option that is silently ignored costs an evening.

mod key;
mod source;
mod value;

use std::path::PathBuf;

pub use key::KeyError;
pub use source::{Origin, Problem, Problems, Sources};
pub use value::{BaseUrl, LogFormat, MailUrl, Parse, Seconds, Secret};

use std::net::SocketAddr;

/// How an option is shown by `cloudchat config`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// As it is.
    Plain,
    /// As an address whose password is masked.
    Address,
    /// Never.
    Secret,
}

/// One option: its name in the file, its environment variable and what it means.
#[derive(Debug)]
pub struct Setting {
    /// Name in `cloudchat.toml`.
    pub key: &'static str,
    /// Environment variable.
    pub env: &'static str,
    /// What it means, for people.
    pub help: &'static str,
    /// Text that is parsed when neither the environment nor the file names it.
    pub default: Option<&'static str>,
    /// How it is shown.
    pub show: Show,
}

/// Declares the options once and derives from that the struct, the list and the reader.
macro_rules! settings {
    ($( $(#[doc = $help:literal])+ $key:ident: $ty:ty = $env:literal $(or $default:literal)? $(as $show:ident)?; )+) => {
        /// The options in force.
        #[derive(Debug, Clone)]
        pub struct Config {
            $( $(#[doc = $help])+ pub $key: $ty, )+
            shown: Vec<Shown>,
            strangers: Vec<String>,
        }

        /// All options, in the order in which they are documented and shown.
        pub const SETTINGS: &[Setting] = &[
            $( Setting {
                key: stringify!($key),
                env: $env,
                help: concat!($($help, "\n"),+),
                default: settings!(@default $($default)?),
                show: settings!(@show $($show)?),
            }, )+
        ];

        impl Config {
            /// Reads all options, or reports everything that is wrong with them at once.
            pub fn read(sources: &Sources) -> Result<Self, Problems> {
                let mut reader = source::Reader::new(sources, SETTINGS);
                $( let $key = reader.take::<$ty>(stringify!($key)); )+
                let shown = reader.finish()?;
                // `finish` fails when any value is missing, so nothing below is `None`.
                match ($($key,)+) {
                    ($(Some($key),)+) => Ok(Self { $($key,)+ shown, strangers: sources.strangers(SETTINGS) }),
                    _ => Err(Problems::default()),
                }
            }
        }
    };
    (@default) => { None };
    (@default $default:literal) => { Some($default) };
    (@show) => { Show::Plain };
    (@show $show:ident) => { Show::$show };
}

settings! {
    /// Address and port to listen on.
    listen: SocketAddr = "CLOUDCHAT_LISTEN" or "127.0.0.1:3000";
    /// Address under which browsers reach this server, without a trailing slash.
    /// Links in mail, the script for sites and cookies are made from it.
    url: BaseUrl = "CLOUDCHAT_URL" or "http://localhost:3000";
    /// Folder for the embedded database, attachments and the generated secret key.
    data_dir: PathBuf = "CLOUDCHAT_DATA_DIR" or "./data";
    /// Database: `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME`. Without it, `cloudchat.db` in the data folder.
    database_url: Option<Secret> = "DATABASE_URL" as Address;
    /// Connections kept open to the database for reading.
    database_connections: u32 = "CLOUDCHAT_DATABASE_CONNECTIONS" or "8";
    /// Signs sessions and links and encrypts passwords at rest; at least 32 characters.
    /// Without it, `secret.key` in the data folder, made at the first start.
    secret_key: Option<Secret> = "CLOUDCHAT_SECRET_KEY" as Secret;
    /// Where attachments are kept: `file:///FOLDER` or `s3://BUCKET/PREFIX?region=…&endpoint=…&access_key=…&secret_key=…`.
    /// Without it, `files` in the data folder. Browsers fetch files from S3 by addresses that it signs;
    /// `direct=false`, and an endpoint without TLS, lead files through this server instead.
    storage_url: Option<Secret> = "CLOUDCHAT_STORAGE_URL" as Address;

    /// Mail server for system mail: `smtp://USER:PASSWORD@HOST:587` (STARTTLS) or `smtps://…:465`. One on this machine needs no
    /// encryption; `?tls=none` does without elsewhere, and then sends no password.
    /// Without it, system mail is written to the log and shown to administrators.
    smtp_url: Option<Secret> = "SMTP_URL" as Address;
    /// Sender of system mail, such as `Cloud Chat <chat@example.com>`.
    mail_from: String = "MAIL_FROM" or "Cloud Chat <noreply@localhost>";

    /// Whether inboxes may use mail servers on this machine or in the network behind it: `true` or `false`. Leave it off
    /// where people you do not know administrate accounts: they could reach what only this server can.
    private_mail_servers: bool = "CLOUDCHAT_PRIVATE_MAIL_SERVERS" or "false";
    /// Whether webhooks may be sent to addresses inside of your own network.
    private_webhooks: bool = "CLOUDCHAT_PRIVATE_WEBHOOKS" or "false";

    /// Request header in which the proxy in front of this server names the client's address, such as
    /// `X-Forwarded-For`. Leave it empty when browsers connect directly: anyone can send such a header.
    client_address_header: Option<String> = "CLOUDCHAT_CLIENT_ADDRESS_HEADER";
    /// Multiplies every rate limit; 0 switches them off.
    rate_limits: f64 = "CLOUDCHAT_RATE_LIMITS" or "1";
    /// Token that a Prometheus server sends as `Authorization: Bearer …` to read `/metrics`.
    /// Without it, `/metrics` answers only to this machine.
    metrics_token: Option<Secret> = "CLOUDCHAT_METRICS_TOKEN" as Secret;

    /// Threads that serve requests; 0 means one for each processor core.
    threads: u32 = "CLOUDCHAT_THREADS" or "0";
    /// How long a stopping server waits for requests and jobs to end.
    shutdown_timeout: Seconds = "CLOUDCHAT_SHUTDOWN_TIMEOUT" or "20";
    /// `auto` writes JSON unless standard output is a terminal; `json`, `text`.
    log_format: LogFormat = "CLOUDCHAT_LOG_FORMAT" or "auto";
    /// What is logged, in the form of `RUST_LOG`: `info`, `warn,domain=debug`.
    log: String = "CLOUDCHAT_LOG" or "info";

    /// Meta app for WhatsApp, Messenger and Instagram.
    meta_app_id: Option<String> = "META_APP_ID";
    /// Secret of the Meta app; its webhooks are signed with it.
    meta_app_secret: Option<Secret> = "META_APP_SECRET" as Secret;
    /// Text that Meta sends back when a webhook is registered.
    meta_verify_token: Option<Secret> = "META_VERIFY_TOKEN" as Secret;
    /// Configuration id of WhatsApp's embedded sign-up.
    meta_config_id: Option<String> = "META_CONFIG_ID";
    /// Google OAuth client for mail. Its redirect address is `/google/callback` below `url`.
    google_client_id: Option<String> = "GOOGLE_CLIENT_ID";
    /// Its secret.
    google_client_secret: Option<Secret> = "GOOGLE_CLIENT_SECRET" as Secret;
    /// Microsoft OAuth client for mail. Its redirect address is `/microsoft/callback` below `url`.
    microsoft_client_id: Option<String> = "MICROSOFT_CLIENT_ID";
    /// Its secret.
    microsoft_client_secret: Option<Secret> = "MICROSOFT_CLIENT_SECRET" as Secret;

    /// Meta's Graph API. This and the addresses below are changed only for tests.
    meta_graph_url: BaseUrl = "META_GRAPH_URL" or "https://graph.facebook.com";
    /// Twilio's API.
    twilio_api_url: BaseUrl = "TWILIO_API_URL" or "https://api.twilio.com";
    /// Google's sign-in page.
    google_auth_url: BaseUrl = "GOOGLE_AUTH_URL" or "https://accounts.google.com/o/oauth2/v2/auth";
    /// Google's token endpoint.
    google_token_url: BaseUrl = "GOOGLE_TOKEN_URL" or "https://oauth2.googleapis.com/token";
    /// Microsoft's sign-in page.
    microsoft_auth_url: BaseUrl = "MICROSOFT_AUTH_URL" or "https://login.microsoftonline.com/common/oauth2/v2.0/authorize";
    /// Microsoft's token endpoint.
    microsoft_token_url: BaseUrl = "MICROSOFT_TOKEN_URL" or "https://login.microsoftonline.com/common/oauth2/v2.0/token";
    /// Google's server for reading mail: `imaps://HOST:PORT` (TLS), `imap://HOST:PORT` (STARTTLS).
    google_imap_url: MailUrl = "GOOGLE_IMAP_URL" or "imaps://imap.gmail.com:993";
    /// Google's server for sending mail: `smtps://HOST:PORT` (TLS), `smtp://HOST:PORT` (STARTTLS).
    google_smtp_url: MailUrl = "GOOGLE_SMTP_URL" or "smtp://smtp.gmail.com:587";
    /// Microsoft's server for reading mail.
    microsoft_imap_url: MailUrl = "MICROSOFT_IMAP_URL" or "imaps://outlook.office365.com:993";
    /// Microsoft's server for sending mail.
    microsoft_smtp_url: MailUrl = "MICROSOFT_SMTP_URL" or "smtp://smtp.office365.com:587";
}

/// An option as `cloudchat config` shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The option.
    pub setting: &'static Setting,
    /// Its value with secrets masked; `None` when it is not set.
    pub value: Option<String>,
    /// Where the value came from.
    pub origin: Origin,
}

impl Config {
    /// Reads the environment and, if there is one, the file: the named one, else `CLOUDCHAT_CONFIG`, else `./cloudchat.toml`.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, Problems> {
        Self::read(&Sources::of_process(file)?)
    }

    /// The options with their values and origins, secrets masked.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Variables of the environment that look like options but are none, as sentences for a person.
    pub fn strangers(&self) -> &[String] {
        &self.strangers
    }

    /// Address of the database in force.
    pub fn database_address(&self) -> String {
        match &self.database_url {
            Some(url) => url.expose().to_owned(),
            None => format!("sqlite://{}", self.data_dir.join("cloudchat.db").display()),
        }
    }

    /// Address of the attachment storage in force.
    pub fn storage_address(&self) -> String {
        match &self.storage_url {
            Some(url) => url.expose().to_owned(),
            None => format!("file://{}", self.data_dir.join("files").display()),
        }
    }

    /// Whether browsers reach this server through TLS, which decides about cookies and HSTS.
    pub fn is_secure(&self) -> bool {
        self.url.is_https()
    }
}

#[cfg(test)]
mod tests;
