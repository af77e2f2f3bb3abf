//! Replays a recording, for people and for programs.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Duration;

use serde_json::{Map, Value, json};
use turnkeep_guard::resource::guard_state::GuardState;
use turnkeep_guard::resource::recording::parse_line;
use turnkeep_guard::resource::replay::{Replay, ReplayEvent, ReplaySummary};
use turnkeep_guard::resource::sample::Sample;
use turnkeep_guard::resource::thresholds::GuardThresholds;

use crate::remote::flags::OutputFormat;
use crate::remote::outcome::{RemoteError, RemoteResult};
use crate::remote::output::Screen;
use crate::remote::table::Column;
use crate::system::remark;

const COLUMNS: &[Column] = &[("SECONDS", "at"), ("STATE", "state"), ("SIGNAL", "signal"), ("VALUE", "value")];

/// How many bad lines are told one by one.
const TOLD: usize = 20;

/// A line that is no sample, and why.
struct BadLine {
    number: usize,
    reason: String,
}

/// Shows what the guard would have done. Lines that are no samples are left out, named, and make it fail in the end.
pub(super) fn simulate(path: &Path, thresholds: GuardThresholds, screen: Screen) -> RemoteResult {
    let unreadable =
        |error: &std::io::Error| RemoteError::Usage(format!("cannot read {}: {error}", path.display()));
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    let mut replay = Replay::new(thresholds);
    let (mut events, mut bad_lines) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(BufReader::new(file).split(b'\n')) {
        let line = line.map_err(|error| unreadable(&error))?;
        match sample(&line) {
            Ok(sample) => events.extend(replay.observe(&sample)),
            Err(reason) => bad_lines.push(BadLine { number, reason }),
        }
    }
    if replay.summary().samples == 0 && bad_lines.is_empty() {
        return Err(RemoteError::Usage(format!("{} has no samples", path.display())));
    }
    match screen.format {
        OutputFormat::Json => show_document(screen, replay.summary(), &events, &bad_lines),
        OutputFormat::Table => show_text(screen, replay.summary(), &events, &bad_lines),
    }
    match bad_lines.len() {
        0 => Ok(()),
        1 => Err(RemoteError::Unexpected("1 line is no sample".to_owned())),
        count => Err(RemoteError::Unexpected(format!("{count} lines are no samples"))),
    }
}

fn sample(line: &[u8]) -> Result<Sample, String> {
    let text = std::str::from_utf8(line).map_err(|_| "not UTF-8".to_owned())?;
    parse_line(text).map_err(|error| error.to_string())
}

fn show_text(screen: Screen, summary: ReplaySummary, events: &[ReplayEvent], bad_lines: &[BadLine]) {
    let records: Vec<Value> = events.iter().map(record).collect();
    if !records.is_empty() {
        screen.table(COLUMNS, &records);
    }
    let times = GuardState::ALL.into_iter().zip(summary.in_state);
    let times: Vec<String> =
        times.map(|(state, time)| format!("{} {} s", state.as_str(), seconds(time))).collect();
    let restarts = match summary.restarts {
        0 => String::new(),
        count => format!(", {count} restarts"),
    };
    let (samples, changes) = (summary.samples, summary.changes);
    screen.text(&format!("{samples} samples, {changes} changes{restarts}: {}\n", times.join(", ")));
    for line in bad_lines.iter().take(TOLD) {
        remark(&format!("line {}: {}", line.number, line.reason));
    }
}

fn show_document(screen: Screen, summary: ReplaySummary, events: &[ReplayEvent], bad_lines: &[BadLine]) {
    let times = GuardState::ALL.into_iter().zip(summary.in_state);
    let times: Map<String, Value> =
        times.map(|(state, time)| (state.as_str().to_owned(), json!(seconds(time)))).collect();
    let bad = bad_lines.iter().take(TOLD);
    let bad: Vec<Value> = bad.map(|line| json!({ "line": line.number, "reason": line.reason })).collect();
    let document = json!({
        "samples": summary.samples,
        "changes": summary.changes,
        "restarts": summary.restarts,
        "seconds": times,
        "events": events.iter().map(record).collect::<Vec<_>>(),
        "bad_lines": bad_lines.len(),
        "first_bad_lines": bad,
    });
    screen.json(document.to_string().as_bytes());
}

fn record(event: &ReplayEvent) -> Value {
    match event {
        ReplayEvent::Changed { at, state, binding } => {
            let (signal, value) = binding.map(|(signal, value)| (signal.as_str(), value)).unzip();
            json!({ "at": seconds(*at), "state": state.as_str(), "signal": signal, "value": value })
        }
        ReplayEvent::Restarted { at } => {
            json!({ "at": seconds(*at), "state": "restarted", "signal": null, "value": null })
        }
    }
}

/// To the millisecond, as recordings are.
fn seconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1_000.0).round() / 1_000.0
}
