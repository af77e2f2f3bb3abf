//! One file of the journal: a line for each take, and what its lines come to. What a segment comes to never changes
//! once it is closed, so neither do the ids under which it is reported.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use data_encoding::HEXLOWER;
use turnkeep_domain::id::AppId;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::{UsageEvent, UsageEventId, UsedUnits};
use turnkeep_domain::usage_window::UsageWindow;

const SUFFIX: &str = ".takes";
/// Of a file that is not complete yet.
const UNFINISHED: &str = ".unfinished";

/// The name of a segment. Sorts by when it was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SegmentName {
    begun_micros: u64,
    id: [u8; 16],
}

impl SegmentName {
    /// `None` if the system has no randomness: an id that is not unique would count another's units as known.
    pub(super) fn new(at: Timestamp) -> Option<Self> {
        let mut id = [0; 16];
        aws_lc_rs::rand::fill(&mut id).ok()?;
        Some(Self { begun_micros: u64::try_from(at.as_micros()).unwrap_or(0), id })
    }

    pub(super) fn from_file_name(name: &str) -> Option<Self> {
        let (micros, id) = name.strip_suffix(SUFFIX)?.split_once('-')?;
        let id = HEXLOWER.decode(id.as_bytes()).ok()?.try_into().ok()?;
        (micros.len() == 16)
            .then(|| u64::from_str_radix(micros, 16).ok())?
            .map(|begun_micros| Self { begun_micros, id })
    }

    pub(super) fn begun_at(&self) -> Timestamp {
        Timestamp::from_micros(i64::try_from(self.begun_micros).unwrap_or(i64::MAX))
    }

    /// The same for the same segment, app and hour, however often it is read.
    fn event_id(&self, app_id: AppId, hour: Timestamp) -> Option<UsageEventId> {
        UsageEventId::parse(&format!("{}.{app_id}.{}", HEXLOWER.encode(&self.id), hour.as_secs())).ok()
    }
}

impl fmt::Display for SegmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{}{SUFFIX}", self.begun_micros, HEXLOWER.encode(&self.id))
    }
}

/// A line of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Take {
    pub(super) app_id: AppId,
    pub(super) at: Timestamp,
    pub(super) units: UsedUnits,
}

impl Take {
    fn parse(line: &[u8]) -> Option<Self> {
        let mut words = std::str::from_utf8(line).ok()?.split(' ');
        let take = Self {
            app_id: words.next()?.parse().ok()?,
            at: Timestamp::from_micros(words.next()?.parse().ok()?),
            units: UsedUnits::new(words.next()?.parse().ok()?).ok()?,
        };
        words.next().is_none().then_some(take)
    }
}

impl fmt::Display for Take {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {} {}", self.app_id, self.at.as_micros(), self.units.get())
    }
}

/// What a segment comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Summed {
    /// One for each app and hour.
    pub(super) events: Vec<UsageEvent>,
    /// Lines that are not those of a journal: somebody else has written there, or a disk has lost something.
    pub(super) damaged_lines: u64,
    /// How long the file is now, in bytes.
    pub(super) bytes: u64,
}

/// Sums the lines up. The last one does not count unless it is complete: whoever wrote it was never told that it is
/// there.
fn sum(name: &SegmentName, content: &[u8]) -> Summed {
    let mut sums: BTreeMap<(AppId, Timestamp), (Timestamp, u64)> = BTreeMap::new();
    let mut damaged_lines = 0;
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        let Some(line) = line.strip_suffix(b"\n") else { continue };
        let Some(take) = Take::parse(line) else {
            damaged_lines += 1;
            continue;
        };
        let hour = UsageWindow::Hour.span_at(take.at).starts_at;
        let (last, units) = sums.entry((take.app_id, hour)).or_insert((take.at, 0));
        *last = take.at.max(*last);
        *units = UsedUnits::sum(*units, take.units.get());
    }
    let events = sums.into_iter().filter_map(|((app_id, hour), (occurred_at, units))| {
        Some(UsageEvent {
            id: name.event_id(app_id, hour)?,
            app_id,
            units: UsedUnits::new(units).ok()?,
            occurred_at,
        })
    });
    Summed { events: events.collect(), damaged_lines, bytes: length(content.len()) }
}

/// Makes what a closed segment holds last (nothing else may be reported), sums it up, and leaves one line for each sum
/// in the file, if that makes it shorter.
pub(super) fn close(folder: &Path, name: &SegmentName) -> io::Result<Summed> {
    let path = folder.join(name.to_string());
    File::options().write(true).open(&path)?.sync_all()?;
    let content = std::fs::read(&path)?;
    let mut summed = sum(name, &content);
    let shorter: String = summed.events.iter().map(line_of).map(|take| take.to_string()).collect();
    // With damaged lines it stays as it is, for whoever wants to look into it.
    if shorter.len() < content.len() && summed.damaged_lines == 0 {
        match replace(folder, &path, shorter.as_bytes()) {
            Ok(()) => summed.bytes = length(shorter.len()),
            // It is as good as it was, only longer.
            Err(error) => tracing::debug!(%error, "a segment of the usage journal stays long"),
        }
    }
    sync_folder(folder)?;
    Ok(summed)
}

fn line_of(event: &UsageEvent) -> Take {
    Take { app_id: event.app_id, at: event.occurred_at, units: event.units }
}

/// Puts this content in the place of a file: after a crash it is the one or the other.
pub(super) fn replace(folder: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension(UNFINISHED.trim_start_matches('.'));
    let written = File::create(&unfinished).and_then(|mut file| {
        file.write_all(content)?;
        file.sync_all()
    });
    let replaced = written.and_then(|()| std::fs::rename(&unfinished, path));
    if replaced.is_err() {
        let _ = std::fs::remove_file(&unfinished);
    }
    replaced.and_then(|()| sync_folder(folder))
}

/// Makes names that were given or taken in a folder last.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere folders cannot be opened, and names last by themselves.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Whether a file was left by a [`replace`] that did not come to its end.
pub(super) fn is_unfinished(name: &str) -> bool {
    name.ends_with(UNFINISHED)
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: SegmentName = SegmentName { begun_micros: 0x1234, id: [7; 16] };

    fn app(number: u8) -> AppId {
        AppId::from_bytes([number; 16])
    }

    fn take(number: u8, secs: i64, units: u64) -> Take {
        Take { app_id: app(number), at: Timestamp::from_secs(secs), units: UsedUnits::new(units).unwrap() }
    }

    fn text(takes: &[Take]) -> String {
        takes.iter().map(ToString::to_string).collect()
    }

    fn sums(content: &[u8]) -> Vec<(AppId, i64, u64)> {
        let events = sum(&NAME, content).events;
        events.iter().map(|event| (event.app_id, event.occurred_at.as_secs(), event.units.get())).collect()
    }

    #[test]
    fn names_are_read_as_they_are_written() {
        let name = NAME.to_string();
        assert_eq!(name, "0000000000001234-07070707070707070707070707070707.takes");
        assert_eq!(SegmentName::from_file_name(&name), Some(NAME));
        for other in
            ["lock", "known", "0000000000001234-07.takes", "1234-07070707070707070707070707070707.takes"]
        {
            assert_eq!(SegmentName::from_file_name(other), None, "{other}");
        }
        assert!(
            SegmentName { begun_micros: 0xffff, id: [0; 16] }
                < SegmentName { begun_micros: 0x1_0000, id: [0; 16] }
        );
    }

    #[test]
    fn units_are_summed_by_app_and_hour() {
        let takes = [take(2, 10, 1), take(1, 20, 2), take(2, 3_599, 4), take(2, 3_600, 8), take(2, 5, 16)];
        assert_eq!(sums(text(&takes).as_bytes()), [(app(1), 20, 2), (app(2), 3_599, 21), (app(2), 3_600, 8)]);
        let ids: Vec<String> =
            sum(&NAME, text(&takes).as_bytes()).events.iter().map(|event| event.id.to_string()).collect();
        assert_eq!(ids[0], format!("07070707070707070707070707070707.{}.0", app(1)));
        assert_eq!(ids[2], format!("07070707070707070707070707070707.{}.3600", app(2)));
    }

    #[test]
    fn wherever_a_file_was_cut_off_complete_lines_count() {
        let takes = [take(1, 10, 5), take(1, 20, 50), take(2, 30, 500)];
        let content = text(&takes);
        for length in 0..=content.len() {
            let kept = &content.as_bytes()[..length];
            let complete = kept.iter().filter(|byte| **byte == b'\n').count();
            let expected: u64 = takes[..complete].iter().map(|take| take.units.get()).sum();
            let summed = sum(&NAME, kept);
            assert_eq!(
                summed.events.iter().map(|event| event.units.get()).sum::<u64>(),
                expected,
                "{length}"
            );
            assert_eq!(summed.damaged_lines, 0);
        }
    }

    #[test]
    fn damaged_lines_are_counted_and_passed_over() {
        let good = take(1, 10, 5).to_string();
        for bad in [
            "\0\0\0\0\n",
            "\n",
            "app_0 1 1\n",
            "app_00000000000000000000000003 x 1\n",
            "app_00000000000000000000000003 1 0\n",
            "app_00000000000000000000000003 1 -1\n",
            "app_00000000000000000000000003 1 9007199254740992\n",
            "app_00000000000000000000000003 1 1 1\n",
            "app_00000000000000000000000003  1 1\n",
        ] {
            let summed = sum(&NAME, format!("{good}{bad}{good}").as_bytes());
            assert_eq!((summed.damaged_lines, summed.events[0].units.get()), (1, 10), "{bad:?}");
        }
        assert_eq!(sum(&NAME, b"\xff\n").damaged_lines, 1);
    }

    #[test]
    fn a_closed_segment_is_shorter_and_comes_to_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME.to_string());
        let takes: Vec<Take> = (0..100).map(|number| take(1, number * 100, 3)).collect();
        let mut content = text(&takes).into_bytes();
        content.extend_from_slice(b"app_000000");
        std::fs::write(&path, &content).unwrap();
        let before = sum(&NAME, &content);
        let once = close(folder.path(), &NAME).unwrap();
        let again = close(folder.path(), &NAME).unwrap();
        assert_eq!(once.events, before.events);
        assert_eq!(once, again);
        assert_eq!(once.bytes, std::fs::metadata(&path).unwrap().len());
        assert!(once.bytes * 10 < before.bytes);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
