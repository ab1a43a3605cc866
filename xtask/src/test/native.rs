//! Unit and integration tests, told as they run; the few that fail get one repetition.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::say;

/// More failures than this are no chance.
const MOST_REPEATED: usize = 3;

/// Runs a `cargo test`; what failed runs once more, alone. Returns the names of those that passed only then.
///
/// # Errors
///
/// A build that fails, a test that fails twice, or too many that fail at once.
pub fn steadily(command: impl Fn() -> Command) -> Result<Vec<String>> {
    let mut all = command();
    all.arg("--no-fail-fast");
    let (passed, told) = run(&mut all)?;
    if passed {
        return Ok(Vec::new());
    }
    let failed = told.failed;
    if told.unfinished > 0 {
        bail!("{} test programs ended before their tests did", told.unfinished);
    }
    if failed.is_empty() || failed.len() > MOST_REPEATED {
        bail!("`cargo test` failed: {}", failed.join(", "));
    }
    say(format!("{} failed; once more", failed.join(", ")));
    let mut again = command();
    again.args(["--", "--exact"]).args(&failed);
    match run(&mut again)? {
        (true, _) => Ok(failed),
        (false, told) => bail!("failed twice: {}", told.failed.join(", ")),
    }
}

/// What the lines of a run say.
#[derive(Default)]
struct Told {
    failed: Vec<String>,
    /// Test programs that began and have not said how it went: one that crashes takes with it what it had still to run.
    unfinished: usize,
}

impl Told {
    fn hear(&mut self, line: &str) {
        if line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")) {
            self.unfinished += 1;
        } else if line.starts_with("test result: ") {
            self.unfinished = self.unfinished.saturating_sub(1);
        }
        self.failed.extend(failure(line).map(str::to_owned));
    }
}

/// Runs it, with its lines on the screen. Whether everything passed, and what was told.
fn run(command: &mut Command) -> Result<(bool, Told)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start `cargo test`")?;
    let out = child.stdout.take().context("its output was asked for")?;
    let mut told = Told::default();
    for line in BufReader::new(out).lines() {
        let line = line?;
        println!("{line}");
        told.hear(&line);
    }
    Ok((child.wait()?.success(), told))
}

/// The test that a line calls failed.
fn failure(line: &str) -> Option<&str> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
    Some(name.strip_suffix(" - should panic").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::{Told, failure};

    #[test]
    fn a_program_that_crashes_is_noticed() {
        let mut told = Told::default();
        for line in [
            "running 2 tests",
            "test a ... ok",
            "test b ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 0 ignored",
        ] {
            told.hear(line);
        }
        assert_eq!((told.unfinished, told.failed.as_slice()), (0, ["b".to_owned()].as_slice()));
        for line in ["running 1 test", "test c ... "] {
            told.hear(line);
        }
        assert_eq!(told.unfinished, 1);
    }

    #[test]
    fn a_line_names_the_test_that_failed() {
        assert_eq!(failure("test mail::two_are_one::sqlite ... FAILED"), Some("mail::two_are_one::sqlite"));
        assert_eq!(failure("test refuses - should panic ... FAILED"), Some("refuses"));
        assert_eq!(failure("test mail::two_are_one::sqlite ... ok"), None);
        assert_eq!(failure("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
