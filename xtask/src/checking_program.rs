//! Runs a program that checks something: it says `ok CHECK` for each check and `FAILED CHECK: why` for the one that it
//! ends with.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};

/// A child process. Dropping it kills it.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Tells every check of a part of a task, and how long they took. Fails at the first that the program fails at, or when it
/// takes too long.
pub(crate) fn run(task: &str, part: &str, command: &mut Command, timeout: Duration) -> anyhow::Result<()> {
    let begin = Instant::now();
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let mut running = Running(command.spawn().with_context(|| format!("could not start {part}"))?);
    let output = running.0.stdout.take().context("a program has no output")?;
    let (say, said) = channel();
    thread::spawn(move || {
        BufReader::new(output).lines().map_while(Result::ok).for_each(|line| drop(say.send(line)));
    });
    let (mut checks, mut failure) = (0_u32, None::<String>);
    loop {
        match said.recv_timeout(timeout.saturating_sub(begin.elapsed())) {
            Ok(line) => match (line.strip_prefix("ok "), &mut failure) {
                (Some(check), _) => {
                    checks += 1;
                    tell(task, part, check);
                }
                (None, Some(failure)) => failure.push_str(&format!("\n{line}")),
                (None, failure) => *failure = Some(line),
            },
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => bail!("not done after {} s", timeout.as_secs()),
        }
    }
    let status = running.0.wait().context("could not wait for the program")?;
    if let Some(failure) = failure {
        bail!("{failure}");
    }
    ensure!(status.success(), "it ended with {status}");
    ensure!(checks > 0, "it has checked nothing");
    tell(task, part, &format!("{checks} checks, {:.1} s", begin.elapsed().as_secs_f32()));
    Ok(())
}

/// How a part tells what went well.
pub(crate) fn tell(task: &str, part: &str, check: &str) {
    println!("{task} {part}: {check}");
}
