//! The wall clock of one process, which can be stepped while it runs. The clocks that cannot be set go on as they are.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use crate::setup;

pub(super) struct WallClock {
    library: PathBuf,
    file: PathBuf,
}

impl WallClock {
    /// A clock that is right so far. What it is to show is kept in a file.
    pub(super) fn new(file: PathBuf) -> anyhow::Result<Self> {
        let clock = Self { library: setup::clock_library()?, file };
        clock.step(0)?;
        Ok(clock)
    }

    /// Has the process that a command starts use it.
    pub(super) fn give_to(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", &self.library)
            .env("FAKETIME_TIMESTAMP_FILE", &self.file)
            // The file is read at every look at the clock.
            .env("FAKETIME_NO_CACHE", "1")
            .env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    }

    /// So many seconds ahead of the real one from now on, or behind it.
    pub(super) fn step(&self, seconds: i64) -> anyhow::Result<()> {
        let next = self.file.with_extension("next");
        let replace = || {
            std::fs::write(&next, format!("{seconds:+}\n"))?;
            std::fs::rename(&next, &self.file)
        };
        replace().with_context(|| format!("could not step the clock in {}", self.file.display()))
    }
}
