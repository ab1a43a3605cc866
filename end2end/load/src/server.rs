//! A server process on data of its own.

use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use tokio::process::{Child, Command};

/// Where a started server keeps its data and listens.
pub struct Server {
    pub url: String,
    pub database: Option<String>,
    pub data: tempfile::TempDir,
    binary: String,
    child: Option<Child>,
}

impl Server {
    /// Prepares a server; with a PostgreSQL address a fresh database is made in it.
    pub async fn new(binary: &str, postgres: Option<&str>) -> Result<Self> {
        let data = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let database = match postgres {
            Some(base) => Some(crate::raw::fresh_postgres(base).await?),
            None => None,
        };
        Ok(Self { url: format!("http://127.0.0.1:{port}"), database, data, binary: binary.to_owned(), child: None })
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(self.data.path())
            .env("CLOUDCHAT_LISTEN", self.url.trim_start_matches("http://"))
            .env("CLOUDCHAT_URL", &self.url)
            .env("CLOUDCHAT_DATA_DIR", self.data.path())
            .env("CLOUDCHAT_RATE_LIMITS", "1000000")
            .env("CLOUDCHAT_LOG", "warn")
            .env("CLOUDCHAT_PRIVATE_MAIL_SERVERS", "true")
            .env_remove("DATABASE_URL")
            .kill_on_drop(true)
            .stdin(Stdio::null());
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database);
        }
        command
    }

    /// The address of its database, as the `db` crate wants it.
    pub fn database_url(&self) -> String {
        let file = self.data.path().join("cloudchat.db");
        self.database.clone().unwrap_or_else(|| format!("sqlite://{}", file.display()))
    }

    /// Runs another command of the binary to its end and returns what it printed.
    pub async fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).stderr(Stdio::piped()).output().await?;
        if !output.status.success() {
            bail!("cloudchat {} failed: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Starts it and waits until it serves; how long that took.
    pub async fn start(&mut self) -> Result<Duration> {
        let began = Instant::now();
        self.child =
            Some(self.command(&["serve"]).stdout(Stdio::null()).spawn().context("the server cannot be started")?);
        let client = reqwest::Client::new();
        let health = format!("{}/health", self.url);
        while began.elapsed() < Duration::from_secs(60) {
            if client.get(&health).send().await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(began.elapsed());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        bail!("the server does not serve")
    }

    /// Ends it.
    pub async fn stop(&mut self) -> Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().await?;
        }
        Ok(())
    }

    /// Memory that it holds, in bytes.
    pub fn memory(&self) -> Result<f64> {
        let pid = self.child.as_ref().and_then(Child::id).context("the server does not run")?;
        let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS in /proc")?;
        let kilobytes: f64 = line.split_whitespace().nth(1).unwrap_or_default().parse()?;
        Ok(kilobytes * 1024.0)
    }

    /// Makes an account with an administrator.
    pub async fn admin(&self) -> Result<Value> {
        let arguments = [
            "admin",
            "create",
            "--account",
            "Loja",
            "--name",
            "Ana",
            "--email",
            "ana@example.com",
            "--password",
            "Correct-horse-9",
        ];
        Ok(serde_json::from_str(&self.run(&arguments).await?)?)
    }
}
