//! The table of figures, a line as soon as it is known.

use std::time::Duration;

use super::lane::{Lane, Subject};
use super::measured::Measured;

/// How a server was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// As fast as it answers, for things that it was asked before.
    Fastest,
    /// As fast as it answers, each thing for the first time since its start.
    First,
    /// So many times a second.
    AtRate(u32),
}

/// One measurement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) subject: Subject,
    pub(super) lane: Lane,
    pub(super) way: Way,
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
        let (p50, p99, p999) = ("p50 ms", "p99 ms", "p99.9");
        println!(
            "\n\
             of prototype: share of its rate\n\
             cost: time for each, beside that with the apps of the first line\n\
             of /empty, of liveness: p99 beside that of the prototype's empty answer and of the server's liveness, at \
             the same rate\n"
        );
        println!(
            "| {:<39} | {:>7} | {:>6} | {p50:>7} | {p99:>7} | {p999:>7} | {:>7} | of prototype | cost | of /empty | of liveness |",
            "", "apps", "per s", "RSS MiB"
        );
        println!(
            "|{:-<41}|{:->9}|{:->8}|{:->9}|{:->9}|{:->9}|{:->9}|{:->14}|{:->6}|{:->11}|{:->13}|",
            "", ":", ":", ":", ":", ":", ":", ":", ":", ":", ":"
        );
        Self { rows: Vec::new() }
    }

    /// Prints a line.
    pub(super) fn add(&mut self, row: Row) {
        let Measured { per_second, p50, p99, p999 } = row.measured;
        let shown = |ratio: Option<f64>| ratio.map_or(String::new(), |ratio| format!("{ratio:.2}"));
        println!(
            "| {:<39} | {:>7} | {per_second:>6.0} | {:>7.3} | {:>7.3} | {:>7.3} | {:>7} | {:>12} | {:>4} | {:>9} | {:>11} |",
            row.name(),
            row.apps,
            millis(p50),
            millis(p99),
            millis(p999),
            row.memory >> 20,
            shown(self.of_prototype(&row)),
            shown(self.cost(&row)),
            shown(self.p99_of_floor(&row, Subject::Prototype)),
            shown(self.p99_of_floor(&row, Subject::Server)),
        );
        self.rows.push(row);
    }

    /// How much of what the prototype did the server does, if the prototype was asked for the same.
    fn of_prototype(&self, row: &Row) -> Option<f64> {
        if row.subject == Subject::Prototype || row.way != Way::Fastest {
            return None;
        }
        let same = |other: &&Row| {
            other.subject == Subject::Prototype
                && other.way == Way::Fastest
                && other.lane == row.lane.yardstick()
                && other.apps == row.apps
        };
        let prototype = self.rows.iter().find(same)?;
        Some(row.measured.per_second / prototype.measured.per_second)
    }

    /// What an answer costs of what it cost with the apps that were measured first.
    fn cost(&self, row: &Row) -> Option<f64> {
        if row.way != Way::Fastest {
            return None;
        }
        let same =
            |other: &&Row| other.subject == row.subject && other.lane == row.lane && other.way == row.way;
        let first = self.rows.iter().find(same)?;
        Some(first.measured.per_second / row.measured.per_second)
    }

    /// How many times as long one in a hundred waits as for the cheapest answer of a server at the same rate.
    fn p99_of_floor(&self, row: &Row, subject: Subject) -> Option<f64> {
        let Way::AtRate(_) = row.way else { return None };
        let same = |other: &&Row| {
            other.subject == subject
                && other.lane == Lane::Floor
                && other.way == row.way
                && other.apps == row.apps
        };
        let floor = self.rows.iter().rfind(same)?;
        Some(row.measured.p99.as_secs_f64() / floor.measured.p99.as_secs_f64())
    }
}

impl Row {
    fn name(&self) -> String {
        let name = self.subject.describe(self.lane);
        match self.way {
            Way::Fastest => name,
            Way::First => format!("{name}, first requests"),
            Way::AtRate(_) => format!("{name}, constant rate"),
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

    fn row(subject: Subject, lane: Lane, way: Way, apps: u32, per_second: f64) -> Row {
        let millis = Duration::from_millis;
        let measured = Measured { per_second, p50: millis(1), p99: millis(1), p999: millis(1) };
        Row { subject, lane, way, apps, measured, memory: 0 }
    }

    fn slow(row: Row, p99_millis: u64) -> Row {
        Row { measured: Measured { p99: Duration::from_millis(p99_millis), ..row.measured }, ..row }
    }

    const ES256: Lane = Lane::Token(Algorithm::Es256);
    const EDDSA: Lane = Lane::Token(Algorithm::EdDsa);

    #[test]
    fn the_server_is_held_against_the_prototype_in_the_same_lane() {
        let mut report = Report { rows: Vec::new() };
        for (lane, apps, per_second) in
            [(ES256, 1, 20_000.0), (ES256, 1_000, 40_000.0), (EDDSA, 1_000, 80_000.0)]
        {
            report.add(row(Subject::Prototype, lane, Way::Fastest, apps, per_second));
        }
        report.add(row(Subject::Prototype, Lane::Unsigned, Way::Fastest, 1, 50_000.0));
        let ratio = |subject, lane, way, apps| report.of_prototype(&row(subject, lane, way, apps, 10_000.0));
        assert_eq!(ratio(Subject::Server, ES256, Way::Fastest, 1), Some(0.5));
        assert_eq!(ratio(Subject::Server, ES256, Way::Fastest, 1_000), Some(0.25));
        assert_eq!(ratio(Subject::Server, EDDSA, Way::Fastest, 1_000), Some(0.125));
        assert_eq!(ratio(Subject::Server, Lane::Introspection, Way::Fastest, 1), Some(0.2));
        assert_eq!(ratio(Subject::Server, EDDSA, Way::Fastest, 1), None);
        assert_eq!(ratio(Subject::Server, ES256, Way::First, 1), None);
        assert_eq!(ratio(Subject::Prototype, ES256, Way::Fastest, 1), None);
    }

    #[test]
    fn a_cost_is_beside_that_with_the_fewest_apps() {
        let mut report = Report { rows: Vec::new() };
        report.add(row(Subject::Server, ES256, Way::First, 1, 1.0));
        report.add(row(Subject::Server, ES256, Way::Fastest, 1, 30_000.0));
        report.add(row(Subject::Server, ES256, Way::Fastest, 1_000, 10_000.0));
        let cost =
            |lane, per_second| report.cost(&row(Subject::Server, lane, Way::Fastest, 1_000_000, per_second));
        assert_eq!(cost(ES256, 15_000.0), Some(2.0));
        assert_eq!(cost(EDDSA, 15_000.0), None);
    }

    #[test]
    fn a_latency_is_beside_that_of_an_empty_answer_at_the_same_rate() {
        let mut report = Report { rows: Vec::new() };
        for (rate, p99) in [(100, 2), (200, 4)] {
            report.add(slow(row(Subject::Prototype, Lane::Floor, Way::AtRate(rate), 1, 1.0), p99));
            report.add(slow(row(Subject::Server, Lane::Floor, Way::AtRate(rate), 1, 1.0), 2 * p99));
        }
        let token = slow(row(Subject::Server, ES256, Way::AtRate(200), 1, 1.0), 12);
        assert_eq!(report.p99_of_floor(&token, Subject::Prototype), Some(3.0));
        assert_eq!(report.p99_of_floor(&token, Subject::Server), Some(1.5));
        let other = slow(row(Subject::Server, ES256, Way::AtRate(300), 1, 1.0), 12);
        assert_eq!(report.p99_of_floor(&other, Subject::Server), None);
    }
}
