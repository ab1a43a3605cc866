//! `cargo xtask run`: build, start, say where to look.

use std::fs;
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::{self, Mode};
use crate::command::{self, say};
use crate::interrupt::Interrupt;
use crate::project::Project;

const TICK: Duration = Duration::from_millis(100);

pub struct Options {
    pub mode: Mode,
    pub demo: bool,
    /// Passed on to `cloudchat serve`.
    pub rest: Vec<String>,
}

impl Options {
    pub fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { mode: Mode::Dev, demo: false, rest: Vec::new() };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--demo" => options.demo = true,
                "--release" => options.mode = Mode::Release,
                "--" => options.rest = args.by_ref().cloned().collect(),
                other => bail!("unknown option {other} (arguments for the server follow `--`)"),
            }
        }
        Ok(options)
    }
}

pub fn run(project: &Project, options: &Options) -> Result<()> {
    let interrupt = Interrupt::listen()?;
    let binary = build::build_all(project, options.mode)?;
    let data = data_dir(project, options.demo);
    if options.demo {
        fill_demo(&binary, &data)?;
    }
    let mut server = Server::start(&binary, &data, &options.rest)?;
    let status = server.watch(&interrupt)?;
    if !status.success() {
        bail!("the server ended ({status})");
    }
    Ok(())
}

/// The demo company lives beside the builds, so that it never mixes with anybody's own data.
pub fn data_dir(project: &Project, demo: bool) -> PathBuf {
    if demo {
        return project.target.join("demo-data");
    }
    match std::env::var_os("CLOUDCHAT_DATA_DIR") {
        Some(dir) => PathBuf::from(dir),
        None => project.root.join("data"),
    }
}

/// Begins the demo company anew.
pub fn fill_demo(binary: &Path, data: &Path) -> Result<()> {
    say(format!("Filling {} with the demo company", data.display()));
    if data.exists() {
        fs::remove_dir_all(data).context("cannot remove the last demo's data")?;
    }
    command::run(Command::new(binary).arg("demo").env("CLOUDCHAT_DATA_DIR", data))
}

/// A running `cloudchat serve`.
pub struct Server {
    child: Child,
    announced: bool,
}

impl Server {
    pub fn start(binary: &Path, data: &Path, args: &[String]) -> Result<Self> {
        say(format!("Starting {} serve (data in {})", binary.display(), data.display()));
        let child = Command::new(binary)
            .arg("serve")
            .args(args)
            .env("CLOUDCHAT_DATA_DIR", data)
            .stdin(Stdio::null())
            // Ctrl-C reaches every process of a group; a second signal would cut the good order short.
            .process_group(0)
            .spawn()
            .context("cannot start the server")?;
        Ok(Self { child, announced: false })
    }

    /// Waits for the end; every interrupt of ours is passed on: the first asks for an end in good order.
    fn watch(&mut self, interrupt: &Interrupt) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if interrupt.take() {
                self.ask_to_stop();
            }
            self.announce();
            sleep(TICK);
        }
    }

    /// The exit status, once it has ended by itself.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Asks it to stop and waits until it has.
    pub fn stop(&mut self) -> Result<ExitStatus> {
        self.ask_to_stop();
        Ok(self.child.wait()?)
    }

    /// It may have ended in this moment, then there is nothing to ask and no error.
    fn ask_to_stop(&self) {
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).output();
    }

    /// Says once where to look, as soon as somebody answers there.
    pub fn announce(&mut self) {
        if self.announced {
            return;
        }
        let listen = std::env::var("CLOUDCHAT_LISTEN").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
        if TcpStream::connect(&listen).is_ok() {
            let url = std::env::var("CLOUDCHAT_URL").unwrap_or_else(|_| "http://localhost:3000".to_owned());
            say(format!("Cloud Chat is running. Open {url} (Ctrl-C stops it)"));
            self.announced = true;
        }
    }
}
