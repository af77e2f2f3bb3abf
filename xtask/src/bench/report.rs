//! The table of figures, a line as soon as it is known.

use std::time::Duration;

use super::lane::{Lane, Subject};
use super::load::Measured;

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) subject: Subject,
    pub(super) lane: Lane,
    pub(super) apps: u32,
    pub(super) measured: Measured,
    /// In bytes.
    pub(super) memory: u64,
}

/// All measurements so far.
pub(super) struct Report {
    rows: Vec<Row>,
}

impl Report {
    /// Prints the head.
    pub(super) fn start() -> Self {
        let (p50, p99) = ("p50 ms", "p99 ms");
        println!(
            "\n| {:<39} | {:>7} | {:>9} | {p50:>7} | {p99:>7} | {:>7} | of prototype |",
            "", "apps", "per s", "RSS MiB"
        );
        println!("|{:-<41}|{:->9}|{:->11}|{:->9}|{:->9}|{:->9}|{:->14}|", "", ":", ":", ":", ":", ":", ":");
        Self { rows: Vec::new() }
    }

    /// Prints a line.
    pub(super) fn add(&mut self, row: Row) {
        let ratio = self.ratio(&row).map_or(String::new(), |ratio| format!("{ratio:.2}"));
        let Measured { per_second, p50, p99 } = row.measured;
        println!(
            "| {:<39} | {:>7} | {per_second:>9.0} | {:>7.2} | {:>7.2} | {:>7} | {ratio:>12} |",
            row.subject.describe(row.lane),
            row.apps,
            millis(p50),
            millis(p99),
            row.memory >> 20,
        );
        self.rows.push(row);
    }

    /// How much of what the prototype did the server does, if the prototype was asked for the same.
    fn ratio(&self, row: &Row) -> Option<f64> {
        let same = |other: &&Row| {
            other.subject == Subject::Prototype && other.lane == row.lane && other.apps == row.apps
        };
        let prototype = self.rows.iter().find(same)?;
        match row.subject {
            Subject::Server => Some(row.measured.per_second / prototype.measured.per_second),
            Subject::Prototype => None,
        }
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use super::super::lane::Algorithm;
    use super::*;

    fn row(subject: Subject, algorithm: Algorithm, apps: u32, per_second: f64) -> Row {
        let measured = Measured { per_second, p50: Duration::ZERO, p99: Duration::ZERO };
        Row { subject, lane: Lane::Token(algorithm), apps, measured, memory: 0 }
    }

    #[test]
    fn the_server_is_held_against_the_prototype_in_the_same_lane() {
        let mut report = Report { rows: Vec::new() };
        report.add(row(Subject::Prototype, Algorithm::Es256, 1, 20_000.0));
        report.add(row(Subject::Prototype, Algorithm::Es256, 1_000, 40_000.0));
        report.add(row(Subject::Prototype, Algorithm::EdDsa, 1_000, 80_000.0));
        let ratio = |subject, algorithm, apps| report.ratio(&row(subject, algorithm, apps, 10_000.0));
        assert_eq!(ratio(Subject::Server, Algorithm::Es256, 1), Some(0.5));
        assert_eq!(ratio(Subject::Server, Algorithm::Es256, 1_000), Some(0.25));
        assert_eq!(ratio(Subject::Server, Algorithm::EdDsa, 1_000), Some(0.125));
        assert_eq!(ratio(Subject::Server, Algorithm::Rs256, 1_000), None);
        assert_eq!(ratio(Subject::Prototype, Algorithm::Es256, 1), None);
    }
}
