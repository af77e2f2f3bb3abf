//! The journal of a meter: segments in a folder that one meter has for itself. A take is on its way to the disk before
//! anybody is let through; a segment goes when the authority has said that it knows it.

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsageEventId};

use super::segment::{self, SegmentName, Summed, Take};
use super::settings::{Durability, MeterSettings};

const LOCK: &str = "lock";

/// Why a take could not be written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AppendError {
    /// The journal has grown as long as it may.
    Full,
    /// The file system or the system's randomness failed.
    Failed,
}

/// An event that is not settled yet.
#[derive(Debug, Clone)]
pub(super) struct Unsettled {
    pub(super) event: UsageEvent,
    /// The authority refused it for a reason that may pass.
    pub(super) deferred: bool,
}

/// A segment that nothing is written to any more.
#[derive(Debug)]
struct Closed {
    name: SegmentName,
    bytes: u64,
    /// `None` until somebody has summed it up.
    unsettled: Option<Vec<Unsettled>>,
}

struct Active {
    name: SegmentName,
    file: File,
    bytes: u64,
}

/// The segments of a folder. Dropping it leaves everything where it is.
pub(super) struct Journal {
    folder: PathBuf,
    segment_bytes: u64,
    journal_bytes: u64,
    durability: Durability,
    active: Option<Active>,
    closed: VecDeque<Closed>,
    line: String,
    /// Held for as long as this lives; the system releases it, however this process ends.
    _lock: File,
}

impl Journal {
    /// Takes a folder over, with all that an earlier meter has left in it. `None` if another one has it.
    pub(super) fn open(folder: &Path, settings: &MeterSettings) -> io::Result<Option<Self>> {
        std::fs::create_dir_all(folder)?;
        let lock = File::options().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let mut closed = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let file_name = entry.file_name();
            let Some(file_name) = file_name.to_str() else { continue };
            if segment::is_unfinished(file_name) {
                std::fs::remove_file(entry.path())?;
            } else if let Some(name) = SegmentName::from_file_name(file_name) {
                closed.push(Closed { name, bytes: entry.metadata()?.len(), unsettled: None });
            }
        }
        closed.sort_unstable_by_key(|segment| segment.name);
        Ok(Some(Self {
            folder: folder.to_owned(),
            segment_bytes: settings.segment_bytes,
            journal_bytes: settings.journal_bytes,
            durability: settings.durability,
            active: None,
            closed: closed.into(),
            line: String::new(),
            _lock: lock,
        }))
    }

    /// Writes a take down. `Ok` says whether the segment was closed with it, and there is something to report.
    pub(super) fn append(&mut self, take: &Take) -> Result<bool, AppendError> {
        self.line.clear();
        if std::fmt::Write::write_fmt(&mut self.line, format_args!("{take}")).is_err() {
            return Err(AppendError::Failed);
        }
        let length = u64::try_from(self.line.len()).unwrap_or(u64::MAX);
        if self.journal_bytes < self.bytes().saturating_add(length) {
            return Err(AppendError::Full);
        }
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.begin(take.at).ok_or(AppendError::Failed)?,
        };
        if let Err(error) = write(&mut active.file, self.line.as_bytes(), self.durability) {
            tracing::warn!(%error, "the usage journal cannot be written");
            // What may have been written of the line goes; if it does not, it is the last line, and not complete.
            let _ = active.file.set_len(active.bytes);
            self.shut(&active);
            return Err(AppendError::Failed);
        }
        active.bytes = active.bytes.saturating_add(length);
        let is_full = self.segment_bytes <= active.bytes;
        if is_full {
            self.shut(&active);
        } else {
            self.active = Some(active);
        }
        Ok(is_full)
    }

    /// Closes the segment that is being written, if there is one.
    pub(super) fn close_active(&mut self) {
        if let Some(active) = self.active.take() {
            self.shut(&active);
        }
    }

    /// Closed segments that nobody has summed up yet.
    pub(super) fn not_summed(&self) -> Vec<SegmentName> {
        self.closed.iter().filter(|closed| closed.unsettled.is_none()).map(|closed| closed.name).collect()
    }

    /// Says what a closed segment comes to.
    pub(super) fn summed(&mut self, name: SegmentName, summed: &Summed) {
        if let Some(closed) = self.closed.iter_mut().find(|closed| closed.name == name) {
            closed.bytes = summed.bytes;
            let unsettled =
                summed.events.iter().map(|event| Unsettled { event: event.clone(), deferred: false });
            closed.unsettled = Some(unsettled.collect());
        }
    }

    /// Events that are not settled, the oldest segment's first.
    pub(super) fn unsettled(&self) -> impl Iterator<Item = &Unsettled> {
        self.closed.iter().flat_map(|closed| closed.unsettled.iter().flatten())
    }

    /// Takes an event off the list.
    pub(super) fn settle(&mut self, id: &UsageEventId) -> Option<UsageEvent> {
        self.closed.iter_mut().find_map(|closed| {
            let unsettled = closed.unsettled.as_mut()?;
            let index = unsettled.iter().position(|unsettled| unsettled.event.id == *id)?;
            Some(unsettled.swap_remove(index).event)
        })
    }

    /// Leaves an event for later.
    pub(super) fn defer(&mut self, id: &UsageEventId) {
        let mut unsettled = self.closed.iter_mut().flat_map(|closed| closed.unsettled.iter_mut().flatten());
        if let Some(unsettled) = unsettled.find(|unsettled| unsettled.event.id == *id) {
            unsettled.deferred = true;
        }
    }

    /// Segments of which everything is settled.
    pub(super) fn settled(&self) -> Vec<SegmentName> {
        let settled =
            self.closed.iter().filter(|closed| closed.unsettled.as_ref().is_some_and(Vec::is_empty));
        settled.map(|closed| closed.name).collect()
    }

    /// Forgets a segment whose file is gone.
    pub(super) fn forget(&mut self, name: SegmentName) {
        self.closed.retain(|closed| closed.name != name);
    }

    /// How long the files are together.
    pub(super) fn bytes(&self) -> u64 {
        let active = self.active.as_ref().map_or(0, |active| active.bytes);
        self.closed.iter().fold(active, |sum, closed| sum.saturating_add(closed.bytes))
    }

    /// When the oldest segment was begun of which something is not settled.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        let open = |closed: &&Closed| !closed.unsettled.as_ref().is_some_and(Vec::is_empty);
        let active = self.active.as_ref().map(|active| active.name);
        let oldest = self.closed.iter().find(open).map(|closed| closed.name).or(active);
        oldest.map(|name| name.begun_at())
    }

    fn begin(&self, at: Timestamp) -> Option<Active> {
        let name = SegmentName::new(at)?;
        let path = self.folder.join(name.to_string());
        let begun = File::options().append(true).create_new(true).open(path).and_then(|file| {
            match self.durability {
                Durability::Written => {}
                Durability::Synced => segment::sync_folder(&self.folder)?,
            }
            Ok(file)
        });
        match begun {
            Ok(file) => Some(Active { name, file, bytes: 0 }),
            Err(error) => {
                tracing::warn!(%error, "the usage journal cannot be written");
                None
            }
        }
    }

    fn shut(&mut self, active: &Active) {
        self.closed.push_back(Closed { name: active.name, bytes: active.bytes, unsettled: None });
    }
}

fn write(file: &mut File, line: &[u8], durability: Durability) -> io::Result<()> {
    file.write_all(line)?;
    match durability {
        Durability::Written => Ok(()),
        Durability::Synced => file.sync_data(),
    }
}
