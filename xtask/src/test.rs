//! `cargo xtask test`: all checks in a fixed order, stopping at the first that fails.

mod native;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build::{self, Mode};
use crate::command::{cargo, run, say};
use crate::interrupt::Interrupt;
use crate::postgres::{Durability, Postgres};
use crate::project::Project;
use crate::setup;
use crate::site;

/// The crates of the server's half; `widget` and `frontend` are for the browser only, and one
/// build must not mix the features of both halves.
const NATIVE: [&str; 9] = ["model", "text", "ui", "db", "letter", "post", "domain", "app", "server"];
// Without the defaults every crate is built as the server uses it, and so only once.
const NATIVE_FEATURES: &str = "app/ssr,ui/ssr";

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Setup,
    Format,
    Tidy,
    Lint,
    LintBrowser,
    Native,
    Site,
    Server,
    Browser,
}

impl Stage {
    const ALL: [Self; 9] = [
        Self::Setup,
        Self::Format,
        Self::Tidy,
        Self::Lint,
        Self::LintBrowser,
        Self::Native,
        Self::Site,
        Self::Server,
        Self::Browser,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Setup => "setup",
            Self::Format => "format",
            Self::Tidy => "tidy",
            Self::Lint => "lint",
            Self::LintBrowser => "lint-browser",
            Self::Native => "native",
            Self::Site => "site",
            Self::Server => "server",
            Self::Browser => "browser",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Setup => "install what is missing",
            Self::Format => "cargo fmt --check",
            Self::Tidy => "house rules",
            Self::Lint => "clippy, server's half",
            Self::LintBrowser => "clippy, browser's half",
            Self::Native => "unit and integration tests, both databases",
            Self::Site => "WASM and site build; what visitors download",
            Self::Server => "server build",
            Self::Browser => "browser tests",
        }
    }

    /// Whether a filter on test names makes sense here; the other stages are skipped with one.
    fn has_tests(self) -> bool {
        matches!(self, Self::Setup | Self::Native | Self::Site | Self::Server | Self::Browser)
    }
}

pub struct Options {
    filter: Option<String>,
    only: Option<Stage>,
    list: bool,
}

impl Options {
    pub fn parse(args: &[String]) -> Result<Self> {
        let mut options = Self { filter: None, only: None, list: false };
        let mut args = args.iter();
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--list" => options.list = true,
                "--stage" => {
                    let name = args.next().context("--stage needs a name")?;
                    let stage = Stage::ALL.into_iter().find(|stage| stage.name() == name);
                    options.only = Some(stage.with_context(|| format!("no stage {name}, see --list"))?);
                }
                other if other.starts_with('-') => bail!("unknown option {other}"),
                filter => options.filter = Some(filter.to_owned()),
            }
        }
        Ok(options)
    }

    fn wants(&self, stage: Stage) -> bool {
        match self.only {
            Some(only) => stage == only,
            None => self.filter.is_none() || stage.has_tests(),
        }
    }
}

pub fn test(project: &Project, options: &Options) -> Result<()> {
    if options.list {
        for stage in Stage::ALL {
            println!("{:<13} {}", stage.name(), stage.what());
        }
        return Ok(());
    }
    // Noticed rather than obeyed at once: the cluster is stopped on the way out.
    let interrupt = Interrupt::listen()?;
    let filter = options.filter.as_deref();
    let mut tests = Tests { project, filter, interrupt: &interrupt, postgres: None, unsteady: Vec::new() };
    let mut times = Vec::new();
    for stage in Stage::ALL.into_iter().filter(|stage| options.wants(*stage)) {
        say(format!("── {}: {}", stage.name(), stage.what()));
        let begin = Instant::now();
        let outcome = tests.stage(stage);
        times.push((stage, begin.elapsed(), outcome.is_ok()));
        if let Err(error) = outcome {
            summary(&times);
            if interrupt.happened() {
                bail!("interrupted in stage {}", stage.name());
            }
            return Err(error.context(format!("stage {} failed ({})", stage.name(), stage.what())));
        }
    }
    summary(&times);
    for name in &tests.unsteady {
        eprintln!("UNSTEADY {name}: it failed once and passed when it was repeated; mend it");
    }
    Ok(())
}

fn summary(times: &[(Stage, Duration, bool)]) {
    eprintln!();
    for (stage, time, passed) in times {
        let mark = if *passed { "ok    " } else { "FAILED" };
        eprintln!("{mark} {:>7.1} s  {:<13} {}", time.as_secs_f32(), stage.name(), stage.what());
    }
    let total: Duration = times.iter().map(|(_, time, _)| *time).sum();
    eprintln!("       {:>7.1} s  in all", total.as_secs_f32());
}

struct Tests<'a> {
    project: &'a Project,
    filter: Option<&'a str>,
    interrupt: &'a Interrupt,
    postgres: Option<Postgres>,
    /// The tests that passed only when they were repeated.
    unsteady: Vec<String>,
}

/// One file at a time, each test by its name.
fn node_flags() -> Result<Vec<&'static str>> {
    let mut flags = vec!["--test", "--test-reporter=spec"];
    // Older ones have no such option; they leave one core free.
    if setup::node_major()? >= 20 {
        flags.push("--test-concurrency=1");
    }
    Ok(flags)
}

impl Tests<'_> {
    fn stage(&mut self, stage: Stage) -> Result<()> {
        let root = &self.project.root;
        match stage {
            Stage::Setup => setup::everything(self.project),
            Stage::Format => {
                setup::rust_components()?;
                run(cargo(root).args(["fmt", "--all", "--check"]))
            }
            Stage::Tidy => run(cargo(root).args(["test", "--quiet", "--package", "xtask"])),
            Stage::Lint => {
                setup::rust_components()?;
                run(cargo(root).args(["clippy", "--all-targets", "--package", "xtask", "--", "-D", "warnings"]))?;
                let mut clippy = cargo(root);
                clippy.args([
                    "clippy",
                    "--keep-going",
                    "--all-targets",
                    "--no-default-features",
                    "--features",
                    NATIVE_FEATURES,
                ]);
                for package in NATIVE {
                    clippy.args(["--package", package]);
                }
                run(clippy.args(["--", "-D", "warnings"]))
            }
            Stage::LintBrowser => self.lint_browser(),
            Stage::Native => self.native(),
            Stage::Site => {
                let wasm = setup::wasm(self.project)?;
                site::build(self.project, Mode::Dev, &wasm)?;
                setup::npm_packages(self.project)?;
                site::budget::hold(self.project, &wasm)
            }
            Stage::Server => build::server(self.project, Mode::Dev).map(drop),
            Stage::Browser => self.browser(),
        }
    }

    fn lint_browser(&self) -> Result<()> {
        let wasm = setup::wasm(self.project)?;
        if !wasm.has_clippy() {
            say("Skipped: the compiler in use for the browser's half has no clippy");
            return Ok(());
        }
        setup::rust_components()?;
        for package in ["frontend", "widget"] {
            let mut clippy = wasm.cargo(self.project, "clippy");
            clippy.args(["--package", package, "--profile", "wasm-dev"]);
            run(clippy.args(["--", "-D", "warnings"]))?;
        }
        Ok(())
    }

    fn native(&mut self) -> Result<()> {
        let url = self.postgres_url()?;
        let unsteady = native::steadily(|| {
            let mut tests = cargo(&self.project.root);
            tests.args(["test", "--no-default-features", "--features", NATIVE_FEATURES]).env("TEST_POSTGRES_URL", &url);
            for package in NATIVE {
                tests.args(["--package", package]);
            }
            tests.args(self.filter);
            tests
        })?;
        self.unsteady.extend(unsteady);
        // By itself: what it asks of shared crates is less than what the server's half asks.
        run(cargo(&self.project.root).args(["test", "--package", "widget"]).args(self.filter))
    }

    fn browser(&mut self) -> Result<()> {
        let files = self.browser_tests()?;
        if files.is_empty() {
            say("No browser test matches");
            return Ok(());
        }
        setup::npm_packages(self.project)?;
        let chromium = setup::chromium()?;
        // The tests make their databases with psql, which lies beside the server's programs.
        let psql = setup::postgres()?;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::env::split_paths(&path).chain([psql]))?;
        let url = self.postgres_url()?;
        let flags = node_flags()?;
        let once = |file: &Path| {
            run(Command::new("node")
                .args(&flags)
                .arg(file)
                .current_dir(self.project.end2end())
                .env("CLOUDCHAT_BIN", build::binary(self.project, Mode::Dev))
                .env("CHROMIUM", &chromium)
                .env("PATH", &path)
                .env("TEST_POSTGRES_URL", &url))
        };
        let mut failed = Vec::new();
        for file in &files {
            if once(file).is_ok() {
                continue;
            }
            if self.interrupt.happened() {
                bail!("interrupted");
            }
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            // Two browsers, a server and a database share a loaded machine: chance gets one repetition, and is named.
            say(format!("{name} failed; once more"));
            match once(file) {
                Ok(()) => self.unsteady.push(name.into_owned()),
                Err(_) => failed.push(name.into_owned()),
            }
        }
        if !failed.is_empty() {
            bail!("failed twice: {}", failed.join(", "));
        }
        Ok(())
    }

    /// The test files, or those whose name contains the filter.
    fn browser_tests(&self) -> Result<Vec<PathBuf>> {
        let dir = self.project.end2end().join("tests");
        if !dir.is_dir() {
            return Ok(Vec::new());
        }
        let mut files = Vec::new();
        for entry in fs::read_dir(dir)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.ends_with(".test.mjs") && self.filter.is_none_or(|filter| name.contains(filter)) {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// One cluster serves all stages; `TEST_POSTGRES_URL` names a server that runs already.
    fn postgres_url(&mut self) -> Result<String> {
        if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
            return Ok(url);
        }
        if self.postgres.is_none() {
            self.postgres = Some(Postgres::start(&setup::postgres()?, Durability::None)?);
        }
        let cluster = self.postgres.as_ref().context("the cluster has just been started")?;
        Ok(cluster.url())
    }
}
