//! `cargo xtask …`: everything a developer or a build machine does with this repository.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bench;
mod build;
mod command;
mod dev;
mod interrupt;
mod pictures;
mod postgres;
mod project;
mod run;
mod setup;
mod site;
mod test;

use project::Project;

const HELP: &str = "\
cargo xtask <command>

  run [--demo] [--release] [-- ARGS]   build everything and start Cloud Chat
  dev [--demo]                         the same, rebuilt and restarted on every change
  build [--release]                    build dashboard, widget and the `cloudchat` binary
  site [--release]                     build only what the browser downloads (server/site)
  test [FILTER]                        format, lints, tests on both databases, browser tests
  test --stage NAME [FILTER]           one stage of it (`test --list` names them)
  bench [--quick] [--only NAME]        measure a release build, write docs/BENCHMARKS.md
  pictures                             take the pictures of the README anew
  setup                                install what `run` and `test` need
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result<()> {
    let Some((command, rest)) = args.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let project = Project::find()?;
    match command.as_str() {
        "run" => run::run(&project, &run::Options::parse(rest)?),
        "dev" => dev::dev(&project, &run::Options::parse(rest)?),
        "build" => build::build(&project, build::Mode::parse(rest)?),
        "site" => {
            let mode = build::Mode::parse(rest)?;
            let wasm = build::prepare(&project, mode)?;
            site::build(&project, mode, &wasm).map(drop)
        }
        "bench" => bench::bench(&project, rest),
        "pictures" => pictures::pictures(&project),
        "test" => test::test(&project, &test::Options::parse(rest)?),
        "setup" => setup::everything(&project),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => bail!("no such command: {other}\n\n{HELP}"),
    }
}
