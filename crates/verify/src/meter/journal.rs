//! The journal of a meter: segments in a folder that one meter has for itself. A take is on its way to the disk before
//! anybody is let through; a segment goes when the authority has said that it knows it.

use std::collections::VecDeque;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsageEventId};

use super::segment::{self, SegmentName, Summed, Take};
use super::settings::{Durability, MeterSettings};

const LOCK: &str = "lock";

/// With so many closed segments the next one is closed later.
const CROWD: usize = 50;

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
    /// The last attempt to write failed, and that was said.
    is_failing: bool,
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
            is_failing: false,
            _lock: lock,
        }))
    }

    /// Writes a take down. `Ok` says whether the segment was closed with it, and there is something to report.
    pub(super) fn append(&mut self, take: &Take) -> Result<bool, AppendError> {
        self.line = take.to_string();
        let length = u64::try_from(self.line.len()).unwrap_or(u64::MAX);
        if self.journal_bytes < self.bytes().saturating_add(length) {
            return Err(AppendError::Full);
        }
        match self.write(take.at) {
            Ok(()) => self.is_failing = false,
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::error!(%error, "the usage journal cannot be written");
                }
                return Err(AppendError::Failed);
            }
        }
        let is_full = self.active.as_ref().is_some_and(|active| self.segment_bytes <= active.bytes);
        if is_full {
            self.close_active();
        }
        Ok(is_full)
    }

    /// Writes the line to the segment that is being written, or to a new one.
    fn write(&mut self, at: Timestamp) -> io::Result<()> {
        let mut active = match self.active.take() {
            Some(active) => active,
            None => self.begin(at)?,
        };
        let written = active.file.write_all(self.line.as_bytes()).and_then(|()| match self.durability {
            Durability::Written => Ok(()),
            Durability::Synced => active.file.sync_data(),
        });
        if written.is_err() {
            // What may have been written of the line goes; if it does not, it is the last line, and not complete.
            let _ = active.file.set_len(active.bytes);
            self.shut(&active);
            return written;
        }
        active.bytes = active.bytes.saturating_add(u64::try_from(self.line.len()).unwrap_or(u64::MAX));
        self.active = Some(active);
        Ok(())
    }

    /// Closes the segment that is being written, if there is one.
    pub(super) fn close_active(&mut self) {
        if let Some(active) = self.active.take() {
            self.shut(&active);
        }
    }

    /// Closes the segment that is being written if it is old enough: the older, the more closed ones are kept already.
    /// So usage that is not accepted for days does not become a file every few seconds.
    pub(super) fn close_active_in_time(&mut self, report_every: Duration, now: Timestamp) {
        let crowd = u32::try_from(self.closed.len() / CROWD).unwrap_or(u32::MAX);
        let old_enough = report_every.saturating_mul(crowd);
        if self.active.as_ref().is_some_and(|active| old_enough <= now.since(active.name.begun_at())) {
            self.close_active();
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

    /// Has everything tried again that was left for later.
    pub(super) fn resume(&mut self) {
        let unsettled = self.closed.iter_mut().flat_map(|closed| closed.unsettled.iter_mut().flatten());
        unsettled.for_each(|unsettled| unsettled.deferred = false);
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

    fn begin(&self, at: Timestamp) -> io::Result<Active> {
        let name = SegmentName::new(at).ok_or_else(|| io::Error::other("there is no randomness"))?;
        let path = self.folder.join(name.to_string());
        let file = File::options().append(true).create_new(true).open(path)?;
        match self.durability {
            Durability::Written => {}
            Durability::Synced => segment::sync_folder(&self.folder)?,
        }
        Ok(Active { name, file, bytes: 0 })
    }

    fn shut(&mut self, active: &Active) {
        self.closed.push_back(Closed { name: active.name, bytes: active.bytes, unsettled: None });
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::AppId;
    use turnkeep_domain::usage::UsedUnits;

    use super::*;

    fn take(secs: i64) -> Take {
        let app_id = AppId::from_bytes([3; 16]);
        Take { app_id, at: Timestamp::from_secs(secs), units: UsedUnits::new(1).unwrap() }
    }

    #[test]
    fn the_more_segments_are_kept_the_later_the_next_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let mut journal = Journal::open(folder.path(), &MeterSettings::default()).unwrap().unwrap();
        let every = Duration::from_secs(5);
        for (kept, age, is_closed) in
            [(0, 0, true), (49, 0, true), (50, 4, false), (50, 5, true), (500, 49, false)]
        {
            while journal.closed.len() < kept {
                journal.append(&take(0)).unwrap();
                journal.close_active();
            }
            journal.closed.truncate(kept);
            journal.append(&take(0)).unwrap();
            journal.close_active_in_time(every, Timestamp::from_secs(age));
            assert_eq!(journal.active.is_none(), is_closed, "{kept} {age}");
            journal.close_active();
        }
    }

    #[test]
    fn a_segment_is_closed_when_it_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let length = u64::try_from(take(0).to_string().len()).unwrap();
        let settings = MeterSettings {
            segment_bytes: 3 * length,
            journal_bytes: 7 * length,
            ..MeterSettings::default()
        };
        let mut journal = Journal::open(folder.path(), &settings).unwrap().unwrap();
        let appended: Vec<_> = (0..8).map(|_| journal.append(&take(0))).collect();
        let expected = [
            Ok(false),
            Ok(false),
            Ok(true),
            Ok(false),
            Ok(false),
            Ok(true),
            Ok(false),
            Err(AppendError::Full),
        ];
        assert_eq!(appended, expected);
        assert_eq!(journal.bytes(), 7 * length);
        assert_eq!(journal.not_summed().len(), 2);
    }
}
