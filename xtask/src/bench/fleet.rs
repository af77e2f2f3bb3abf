//! The apps of a filled database, and those of them that ask.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use anyhow::Context;

use super::lane::Lane;

/// A folder that was filled, with a request body for each app.
#[derive(Debug)]
pub(super) struct Fleet {
    pub(super) data: PathBuf,
    /// How many are registered.
    pub(super) apps: u32,
    /// How many of them ask, from the first body on.
    pub(super) live: u32,
}

/// What is posted: the first lines of a file, each with the same end.
#[derive(Debug)]
pub(super) struct Forms {
    pub(super) file: PathBuf,
    pub(super) suffix: String,
    pub(super) most: u32,
}

impl Fleet {
    /// What a lane posts; `None` if it has nothing to post.
    pub(super) fn forms(&self, lane: Lane) -> Option<Forms> {
        let (file, suffix) = match lane {
            Lane::Floor => return None,
            Lane::Unsigned | Lane::Token(_) => ("bodies.txt", lane.suffix()),
            Lane::Introspection => (Self::INTROSPECTIONS, lane.suffix()),
        };
        Some(Forms { file: self.data.join(file), suffix, most: self.live })
    }

    /// The file with the questions about tokens, which exists once somebody made it.
    pub(super) const INTROSPECTIONS: &str = "introspections.txt";
}

impl Forms {
    /// All of them.
    pub(super) fn read(&self) -> anyhow::Result<Vec<String>> {
        let file = File::open(&self.file).context("could not read the request bodies")?;
        let lines = BufReader::new(file).lines().take(usize::try_from(self.most)?);
        lines.map(|line| Ok(format!("{}{}", line?, self.suffix))).collect()
    }
}
