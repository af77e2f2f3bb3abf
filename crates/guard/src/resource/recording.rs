//! Samples in files, to be replayed: one JSON object a line.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::resource::sample::Sample;

/// Where a recording stops, in bytes: about a week of samples.
pub const LARGEST_RECORDING: u64 = 64 * 1024 * 1024;

/// Why a line is no sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// Not a JSON object with the members of a sample and no others.
    #[error("not a sample")]
    NotASample,
    /// A figure that cannot be.
    #[error("{0} is out of range")]
    OutOfRange(&'static str),
}

/// A line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SampleRow {
    at_ms: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpu_pressure: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory_pressure: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    io_pressure: Option<f64>,
    in_flight: u32,
    in_flight_limit: u32,
    queue_delay_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    turned_away: Option<f64>,
}

/// A sample as a line, without the end of the line. Shares are rounded to 0.0001, percentages to 0.01.
pub fn to_line(sample: &Sample) -> String {
    let rounded = |value: Option<f64>, by: f64| value.map(|value| (value * by).round() / by);
    let row = SampleRow {
        at_ms: u64::try_from(sample.at.as_millis()).unwrap_or(u64::MAX),
        cpu: rounded(sample.cpu, 10_000.0),
        memory: rounded(sample.memory, 10_000.0),
        cpu_pressure: rounded(sample.cpu_pressure, 100.0),
        memory_pressure: rounded(sample.memory_pressure, 100.0),
        io_pressure: rounded(sample.io_pressure, 100.0),
        in_flight: sample.in_flight,
        in_flight_limit: sample.in_flight_limit,
        queue_delay_us: u64::try_from(sample.queue_delay.as_micros()).unwrap_or(u64::MAX),
        turned_away: rounded(sample.turned_away, 10_000.0),
    };
    // A row has no member that JSON cannot express; what is not finite is written as null.
    serde_json::to_string(&row).unwrap_or_default()
}

/// Reads a line.
pub fn parse_line(line: &str) -> Result<Sample, RecordingError> {
    let row: SampleRow = serde_json::from_str(line).map_err(|_| RecordingError::NotASample)?;
    for (name, value, most) in [
        ("cpu", row.cpu, 1.0),
        ("memory", row.memory, 1.0),
        ("cpu_pressure", row.cpu_pressure, 100.0),
        ("memory_pressure", row.memory_pressure, 100.0),
        ("io_pressure", row.io_pressure, 100.0),
        ("turned_away", row.turned_away, 1.0),
    ] {
        if value.is_some_and(|value| !(0.0..=most).contains(&value)) {
            return Err(RecordingError::OutOfRange(name));
        }
    }
    Ok(Sample {
        at: Duration::from_millis(row.at_ms),
        cpu: row.cpu,
        memory: row.memory,
        cpu_pressure: row.cpu_pressure,
        memory_pressure: row.memory_pressure,
        io_pressure: row.io_pressure,
        in_flight: row.in_flight,
        in_flight_limit: row.in_flight_limit,
        queue_delay: Duration::from_micros(row.queue_delay_us),
        turned_away: row.turned_away,
    })
}

/// Whether samples are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RecordingState {
    /// Nobody asked for it.
    Off,
    /// Yes.
    On,
    /// Not any more: the file is as large as it may get.
    Full,
    /// Not any more: the file could not be written.
    Failed,
}

/// A file that samples are appended to, up to a size.
#[derive(Debug)]
pub struct RecordingFile {
    file: File,
    room: u64,
    state: RecordingState,
}

impl RecordingFile {
    /// Opens a file, or makes it. What is in it stays, and counts for its size.
    pub fn open(path: &Path, largest: u64) -> io::Result<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path)?;
        let room = largest.saturating_sub(file.metadata()?.len());
        Ok(Self { file, room, state: RecordingState::On })
    }

    /// Writes a line, unless it is over. After the first failure nothing is tried any more: half a line would be
    /// followed by another.
    pub fn append(&mut self, sample: &Sample) -> RecordingState {
        if self.state == RecordingState::On {
            let line = to_line(sample) + "\n";
            let size = u64::try_from(line.len()).unwrap_or(u64::MAX);
            self.state = match self.room.checked_sub(size) {
                None => RecordingState::Full,
                Some(room) => {
                    self.room = room;
                    let written = self.file.write_all(line.as_bytes());
                    written.map_or(RecordingState::Failed, |()| RecordingState::On)
                }
            };
        }
        self.state
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Sample {
        Sample {
            at: Duration::from_millis(1_250),
            cpu: Some(0.5),
            memory: Some(0.12344),
            cpu_pressure: Some(12.345),
            memory_pressure: None,
            io_pressure: Some(0.0),
            in_flight: 3,
            in_flight_limit: 256,
            queue_delay: Duration::from_micros(1_234),
            turned_away: Some(0.25),
        }
    }

    #[test]
    fn a_line_says_what_the_sample_says() {
        let line = to_line(&sample());
        assert_eq!(
            line,
            "{\"at_ms\":1250,\"cpu\":0.5,\"memory\":0.1234,\"cpu_pressure\":12.35,\"io_pressure\":0.0,\
             \"in_flight\":3,\"in_flight_limit\":256,\"queue_delay_us\":1234,\"turned_away\":0.25}"
        );
        let read = parse_line(&line).unwrap();
        assert_eq!(read, Sample { memory: Some(0.1234), cpu_pressure: Some(12.35), ..sample() });
    }

    #[test]
    fn what_is_no_sample_is_refused() {
        let line = to_line(&sample());
        for (line, expected) in [
            (String::new(), RecordingError::NotASample),
            ("{}".to_owned(), RecordingError::NotASample),
            (line.replace("in_flight_limit", "limit"), RecordingError::NotASample),
            (line.replace("1250", "-1"), RecordingError::NotASample),
            (line.replace("0.5", "1.5"), RecordingError::OutOfRange("cpu")),
            (line.replace("12.35", "100.1"), RecordingError::OutOfRange("cpu_pressure")),
            (line.replace("0.1234", "-0.1"), RecordingError::OutOfRange("memory")),
        ] {
            assert_eq!(parse_line(&line), Err(expected), "{line}");
        }
    }

    #[test]
    fn a_recording_stops_before_it_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("recording.jsonl");
        let line = u64::try_from(to_line(&sample()).len()).unwrap() + 1;
        let mut file = RecordingFile::open(&path, line * 2).unwrap();
        assert_eq!(file.append(&sample()), RecordingState::On);
        // What was there before counts, too.
        let mut file = RecordingFile::open(&path, line * 2).unwrap();
        let states = [file.append(&sample()), file.append(&sample()), file.append(&sample())];
        assert_eq!(states, [RecordingState::On, RecordingState::Full, RecordingState::Full]);
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!((text.lines().count(), text.lines().all(|line| parse_line(line).is_ok())), (2, true));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_disk_without_room_ends_the_recording() {
        let mut file = RecordingFile::open(Path::new("/dev/full"), LARGEST_RECORDING).unwrap();
        assert_eq!(file.append(&sample()), RecordingState::Failed);
        assert_eq!(file.append(&sample()), RecordingState::Failed);
    }
}
