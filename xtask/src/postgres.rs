//! A private PostgreSQL cluster for one test run: in a temporary folder, on a free port, without
//! durability, gone afterwards whatever happens.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::command::{output, run, say};
use crate::setup::is_root;

/// Ends the cluster when its standard input ends, that is when we close it or die of anything.
const KEEPER: &str = r#"
trap '' INT TERM HUP
"$1/postgres" -D "$2/data" >"$2/log" 2>&1 &
cluster=$!
cat >/dev/null
kill -INT "$cluster"
wait "$cluster"
rm -rf "$2"
"#;

/// What a cluster of ours does differently: it serves many small databases on this machine only.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
jit = off
max_connections = 300
shared_buffers = 128MB
";

/// For tests: everything may be lost.
const CARELESS: &str = "
fsync = off
synchronous_commit = off
full_page_writes = off
";

/// Whether what was committed survives a power cut.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    None,
    Full,
}

const START_WITHIN: Duration = Duration::from_secs(60);

/// A running cluster; dropping it stops it and removes its files.
pub struct Postgres {
    keeper: Child,
    lifeline: Option<ChildStdin>,
    port: u16,
}

impl Postgres {
    pub fn start(programs: &Path, durability: Durability) -> Result<Self> {
        say("Starting a private PostgreSQL cluster");
        let dir = std::env::temp_dir().join(format!("cloudchat-postgres-{}", std::process::id()));
        let port = free_port()?;
        create(programs, &dir, port, durability)?;
        let mut keeper = as_owner("sh")?
            .args(["-c", KEEPER, "sh"])
            .args([programs, &dir])
            .current_dir("/")
            .stdin(Stdio::piped())
            .spawn()
            .context("cannot start PostgreSQL")?;
        let lifeline = keeper.stdin.take();
        let cluster = Self { keeper, lifeline, port };
        cluster.wait_until_ready(programs, &dir)?;
        Ok(cluster)
    }

    /// For `TEST_POSTGRES_URL`: the tests make databases of their own beside this one.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&self, programs: &Path, dir: &Path) -> Result<()> {
        let begin = Instant::now();
        let port = self.port.to_string();
        while begin.elapsed() < START_WITHIN {
            let ready =
                Command::new(programs.join("pg_isready")).args(["-q", "-h", "127.0.0.1", "-p", &port]).status()?;
            if ready.success() {
                return Ok(());
            }
            sleep(Duration::from_millis(50));
        }
        let log = fs::read_to_string(dir.join("log")).unwrap_or_default();
        bail!("PostgreSQL did not start within {} s:\n{log}", START_WITHIN.as_secs());
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        // Nothing can be done about a failure here, and the next run uses another folder.
        let _ = self.keeper.wait();
    }
}

fn create(programs: &Path, dir: &Path, port: u16, durability: Durability) -> Result<()> {
    output(as_owner("mkdir")?.arg("-m").arg("0700").arg(dir))?;
    let data = dir.join("data");
    output(
        as_owner_path(&programs.join("initdb"))?
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"])
            .arg(&data)
            .current_dir("/"),
    )?;
    let careless = if durability == Durability::None { CARELESS } else { "" };
    let settings = format!("{SETTINGS}{careless}port = {port}\nunix_socket_directories = '{}'\n", dir.display());
    let append = r#"printf '%s' "$1" >>"$2""#;
    run(as_owner("sh")?.args(["-c", append, "sh", &settings]).arg(data.join("postgresql.conf")).current_dir("/"))
}

/// PostgreSQL refuses to run as root: then everything is done as the system user `postgres`.
fn as_owner(program: &str) -> Result<Command> {
    as_owner_path(&PathBuf::from(program))
}

fn as_owner_path(program: &Path) -> Result<Command> {
    if !is_root()? {
        return Ok(Command::new(program));
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    Ok(command)
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
