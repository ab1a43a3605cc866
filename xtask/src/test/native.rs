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
    let (passed, failed) = told(&mut all)?;
    if passed {
        return Ok(Vec::new());
    }
    if failed.is_empty() || failed.len() > MOST_REPEATED {
        bail!("`cargo test` failed: {}", failed.join(", "));
    }
    say(format!("{} failed; once more", failed.join(", ")));
    let mut again = command();
    again.args(["--", "--exact"]).args(&failed);
    match told(&mut again)? {
        (true, _) => Ok(failed),
        (false, failed) => bail!("failed twice: {}", failed.join(", ")),
    }
}

/// Whether everything passed, and what did not.
fn told(command: &mut Command) -> Result<(bool, Vec<String>)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start `cargo test`")?;
    let out = child.stdout.take().context("its output was asked for")?;
    let mut failed = Vec::new();
    for line in BufReader::new(out).lines() {
        let line = line?;
        println!("{line}");
        failed.extend(failure(&line).map(str::to_owned));
    }
    Ok((child.wait()?.success(), failed))
}

/// The test that a line calls failed.
fn failure(line: &str) -> Option<&str> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
    Some(name.strip_suffix(" - should panic").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::failure;

    #[test]
    fn a_line_names_the_test_that_failed() {
        assert_eq!(failure("test mail::two_are_one::sqlite ... FAILED"), Some("mail::two_are_one::sqlite"));
        assert_eq!(failure("test refuses - should panic ... FAILED"), Some("refuses"));
        assert_eq!(failure("test mail::two_are_one::sqlite ... ok"), None);
        assert_eq!(failure("test result: FAILED. 1 passed; 1 failed"), None);
    }
}
