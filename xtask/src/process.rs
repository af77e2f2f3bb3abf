//! Runs other programs from the root of the repository.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

/// How much of a log a failure shows.
const LOG_LINES: usize = 30;

/// Whether cargo may bring `Cargo.lock` up to date or must take it as committed.
#[derive(Clone, Copy)]
pub(crate) enum Lockfile {
    AsCommitted,
    MayChange,
}

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here)
}

/// A command that starts at the root of the repository.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// A command whose process does not outlive us, even if we are killed, where the system can see to that.
pub(crate) fn mortal_command(program: &Path) -> Command {
    if !is_installed("setpriv") {
        return command(&program.to_string_lossy());
    }
    let mut command = command("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(program);
    command
}

/// `cargo SUBCOMMAND`, to which further arguments may be added.
pub(crate) fn cargo(subcommand: &str, lockfile: Lockfile) -> Command {
    let mut command = command("cargo");
    command.arg(subcommand);
    if let Lockfile::AsCommitted = lockfile {
        command.arg("--locked");
    }
    command
}

/// Runs a command whose output goes to the terminal.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().with_context(|| format!("could not run {}", shown(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", shown(command));
    }
    Ok(())
}

/// Runs a command and returns what it prints; its errors go to the terminal.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("could not run {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} failed ({})", shown(command), output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("{} printed no UTF-8", shown(command)))
}

/// Runs a command to see whether it succeeds, and returns what it prints if so.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Sends a process of ours a signal such as `STOP`.
pub(crate) fn signal(process_id: u32, name: &str) -> anyhow::Result<()> {
    let mut shell = command("sh");
    run(shell.args(["-c", "kill -s \"$0\" \"$1\"", name, &process_id.to_string()]))
}

/// Where the shell would find a program. Also for those that no argument makes end with success.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let mut shell = command("sh");
    probe(shell.args(["-c", "command -v \"$0\"", program])).map(PathBuf::from)
}

/// Whether the shell would find a program.
pub(crate) fn is_installed(program: &str) -> bool {
    find(program).is_some()
}

/// How much memory a process occupies at present.
pub(crate) fn resident_bytes(process_id: u32) -> anyhow::Result<u64> {
    let status =
        std::fs::read_to_string(format!("/proc/{process_id}/status")).context("the process is gone")?;
    resident_size(&status).context("the system does not tell how much memory a process has")
}

fn resident_size(status: &str) -> Option<u64> {
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = size.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// The end of a log, long enough to see why something failed.
pub(crate) fn last_lines(file: &Path) -> String {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let skipped = lines.len().saturating_sub(LOG_LINES);
    lines.into_iter().skip(skipped).collect::<Vec<_>>().join("\n")
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status_of_the_process() {
        let status = "Name:\tturnkeep\nVmHWM:\t   20000 kB\nVmRSS:\t   18432 kB\nThreads:\t4\n";
        assert_eq!(resident_size(status), Some(18 * 1024 * 1024));
        assert_eq!(resident_size("Name:\tturnkeep\n"), None);
    }
}
