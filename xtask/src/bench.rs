//! `cargo xtask bench`: measures a release build against the bars of the design and writes `docs/BENCHMARKS.md`.

use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::build::{self, Mode};
use crate::command::{cargo, run, say};
use crate::postgres::{Durability, Postgres};
use crate::project::Project;
use crate::setup;

const HEAD: &str = "\
# Benchmarks

Figures of `cargo xtask bench` on a release build: the command writes everything above the heading \"Remarks\". Load and server share the
machine. \"Raw\" is what the same database does with one row per durable transaction, in the same run. Latency is measured at half of what the same traffic reaches: an agent
and sixteen visitors write to each other, and everybody listens. `--quick` checks that everything runs; its figures mean nothing.

";

/// What is measured in a browser, in the order of the table.
const BROWSERS: [&str; 2] = ["visitor.mjs", "browser.mjs"];

/// What a person wrote about the figures stays when they are measured again.
const REMARKS: &str = "## Remarks";

/// Measures; `args` are handed to the load client (`--only NAME`, `--quick`).
pub fn bench(project: &Project, args: &[String]) -> Result<()> {
    let server = build::build_all(project, Mode::Release)?;
    let mut command = cargo(&project.root);
    command.args(["build", "--release", "--package", "load", "--target-dir"]).arg(&project.target);
    run(&mut command)?;
    setup::npm_packages(project)?;
    setup::chromium()?;
    let postgres = Postgres::start(&setup::postgres()?, Durability::Full)?;
    say("Measuring; leave the machine alone for some minutes");
    let mut lines = Vec::new();
    for script in BROWSERS {
        let node = project.end2end().join("bench").join(script);
        let mut node = with_argument("node", &node);
        lines.extend(figures(node.env("CLOUDCHAT_BIN", &server).env("CARGO_TARGET_DIR", &project.target))?);
    }
    let mut load = with_argument(project.target.join("release/load"), Path::new("--server"));
    lines.extend(figures(load.arg(&server).args(["--postgres", &postgres.url()]).args(args))?);
    if lines.is_empty() {
        bail!("nothing was measured");
    }
    let table = table(&lines);
    println!("{table}");
    let is_whole = args.is_empty();
    if is_whole {
        let path = project.root.join("docs/BENCHMARKS.md");
        let remarks = fs::read_to_string(&path).ok().and_then(|text| Some(text[text.find(REMARKS)?..].to_owned()));
        fs::write(path, format!("{HEAD}{}\n\n{table}\n{}", machine(), remarks.unwrap_or_default()))?;
        say("Wrote docs/BENCHMARKS.md");
    }
    Ok(())
}

fn with_argument(program: impl AsRef<OsStr>, first: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(first);
    command
}

/// What a program measures, one figure a line. Each is told as it comes: a run is long, and something later may fail.
fn figures(command: &mut Command) -> Result<Vec<Value>> {
    let mut running = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start measuring")?;
    let told = running.stdout.take().context("no output")?;
    let mut lines = Vec::new();
    for line in BufReader::new(told).lines() {
        let line = line?;
        let figure: Value = serde_json::from_str(&line).with_context(|| format!("not a figure: {line}"))?;
        eprintln!("  {}", row(&figure));
        lines.push(figure);
    }
    let status = running.wait()?;
    if !status.success() {
        bail!("measuring failed ({status})");
    }
    Ok(lines)
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes: u64 = memory.split_whitespace().nth(1).and_then(|kb| kb.parse().ok()).unwrap_or_default();
    format!("Machine: {cores} cores, {} GB of memory.", kilobytes / 1_000_000)
}

fn table(lines: &[Value]) -> String {
    let mut text =
        "| figure | database | value | bar | | ratio |\n| --- | --- | ---: | ---: | --- | --- |\n".to_owned();
    for line in lines {
        text.push_str(&row(line));
        text.push('\n');
    }
    text
}

fn row(line: &Value) -> String {
    let number = |value: &Value| value.as_f64().unwrap_or_default();
    let value = number(&line["value"]);
    let unit = line["unit"].as_str().unwrap_or_default();
    let (bar, verdict) = match line["bar"].as_object() {
        None => (String::new(), ""),
        Some(bar) => {
            let limit = number(&bar["value"]);
            let at_most = bar["sign"] == "≤";
            let reached = if at_most { value <= limit } else { value >= limit };
            let sign = if at_most { "≤" } else { "≥" };
            (format!("{sign} {} {unit}", shown(limit)), if reached { "reached" } else { "**missed**" })
        }
    };
    let ratio = line["of"].as_object().map_or_else(String::new, |of| {
        format!("{:.2} × {}", number(&of["ratio"]), of["what"].as_str().unwrap_or_default())
    });
    let name = line["name"].as_str().unwrap_or_default();
    let database = line["database"].as_str().unwrap_or_default();
    format!("| {name} | {database} | {} {unit} | {bar} | {verdict} | {ratio} |", shown(value))
}

fn shown(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}
