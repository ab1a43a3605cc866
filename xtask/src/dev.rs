//! `cargo xtask dev`: rebuilds and restarts whenever a source file changes.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::build::{self, Mode};
use crate::command::say;
use crate::interrupt::Interrupt;
use crate::project::Project;
use crate::run::{Options, Server, data_dir, fill_demo};

const TICK: Duration = Duration::from_millis(400);

/// What a change in means a new build.
const SOURCES: [&str; 8] = ["app", "frontend", "widget", "server", "migrations", "style", "Cargo.toml", "Cargo.lock"];

pub fn dev(project: &Project, options: &Options) -> Result<()> {
    let interrupt = Interrupt::listen()?;
    let data = data_dir(project, options.demo);
    let mut wants_demo = options.demo;
    let mut server: Option<Server> = None;
    while !interrupt.happened() {
        let state = Sources::look(project);
        match build::build_all(project, Mode::Dev) {
            Ok(binary) => {
                if let Some(old) = &mut server {
                    old.stop()?;
                }
                if std::mem::take(&mut wants_demo) {
                    fill_demo(&binary, &data)?;
                }
                server = Some(Server::start(&binary, &data, &options.rest)?);
            }
            // The last good server goes on while the mistake is mended.
            Err(error) => say(format!("Not built: {error:#}")),
        }
        while !interrupt.happened() && Sources::look(project) == state {
            if let Some(running) = &mut server {
                running.announce();
            }
            sleep(TICK);
        }
    }
    if let Some(running) = &mut server {
        running.stop()?;
    }
    Ok(())
}

/// Enough about the sources to notice any change: a file added, removed or written.
#[derive(PartialEq, Eq, Default)]
struct Sources {
    files: usize,
    newest: Option<SystemTime>,
}

impl Sources {
    fn look(project: &Project) -> Self {
        let mut sources = Self::default();
        for source in SOURCES {
            sources.add(&project.root.join(source), &project.site());
        }
        sources
    }

    /// A file that vanishes between listing and looking is a change that the next look sees.
    fn add(&mut self, path: &Path, site: &Path) {
        if path == site || path == site.with_extension("new") {
            return;
        }
        if let Ok(entries) = fs::read_dir(path) {
            for entry in entries.flatten() {
                self.add(&entry.path(), site);
            }
            return;
        }
        if let Ok(changed) = fs::metadata(path).and_then(|about| about.modified()) {
            self.files += 1;
            self.newest = self.newest.max(Some(changed));
        }
    }
}
