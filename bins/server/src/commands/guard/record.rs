//! Writes down what this machine is like for a while.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::Context;
use turnkeep_guard::resource::load::Load;
use turnkeep_guard::resource::machine::Machine;
use turnkeep_guard::resource::recording::to_line;

use crate::new_file::copy_out;

/// As often as a server does.
const INTERVAL: Duration = Duration::from_millis(250);

/// Samples this machine. There is no server, so there is no load of one.
pub(super) fn record(seconds: u32, out: Option<&Path>) -> anyhow::Result<()> {
    let mut machine = Machine::here();
    copy_out(out, |output, _| {
        let start = Instant::now();
        let mut written = 0_u64;
        let samples = u64::from(seconds).saturating_mul(4);
        for number in 0..=samples {
            let due = INTERVAL.saturating_mul(u32::try_from(number).unwrap_or(u32::MAX));
            sleep(due.saturating_sub(start.elapsed()));
            let line = to_line(&machine.sample(start.elapsed(), Load::default())) + "\n";
            output
                .write_all(line.as_bytes())
                .and_then(|()| output.flush())
                .context("cannot write the recording")?;
            written = written.saturating_add(u64::try_from(line.len()).unwrap_or(u64::MAX));
        }
        Ok(written)
    })
}
