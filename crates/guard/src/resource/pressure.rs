//! Pressure-stall information of Linux: how much of the time work stood still (Documentation/accounting/psi.rst).

use std::collections::VecDeque;
use std::time::Duration;

/// Over what time the share is taken. The kernel's own shortest average takes ten seconds to come back down, which is
/// long for a server that could serve again.
const WINDOW: Duration = Duration::from_secs(2);

/// Whose standing still counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stalled {
    /// That of at least one task.
    Some,
    /// That of all tasks that had something to do.
    Full,
}

/// What one of the files said lately.
#[derive(Debug)]
pub(crate) struct Pressure {
    stalled: Stalled,
    /// When, and for how long work had stood still by then, in microseconds; the oldest first.
    seen: VecDeque<(Duration, u64)>,
}

impl Pressure {
    pub(crate) fn new(stalled: Stalled) -> Self {
        Self { stalled, seen: VecDeque::new() }
    }

    /// Percent of the last two seconds in which work stood still, from what the file says now. As long as there is
    /// nothing to compare with, the kernel's average over ten seconds.
    pub(crate) fn percent(&mut self, at: Duration, text: &str) -> Option<f64> {
        let (average, total) = parse(text, self.stalled)?;
        while self.seen.get(1).is_some_and(|(second, _)| at.saturating_sub(*second) >= WINDOW) {
            self.seen.pop_front();
        }
        let before = self.seen.front().copied();
        self.seen.push_back((at, total));
        let Some((then, stalled_then)) = before.filter(|(then, _)| *then < at) else { return Some(average) };
        let stalled = Duration::from_micros(total.saturating_sub(stalled_then));
        Some((stalled.as_secs_f64() / (at - then).as_secs_f64() * 100.0).min(100.0))
    }
}

/// The average over ten seconds, and the sum in microseconds.
fn parse(text: &str, stalled: Stalled) -> Option<(f64, u64)> {
    let wanted = match stalled {
        Stalled::Some => "some",
        Stalled::Full => "full",
    };
    let rest = text.lines().find_map(|line| line.strip_prefix(wanted))?;
    let field =
        |name: &str| rest.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
    let average: f64 = field("avg10")?.parse().ok()?;
    Some((average.clamp(0.0, 100.0), field("total")?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(some: u64, full: u64) -> String {
        format!(
            "some avg10=1.73 avg60=1.30 avg300=1.11 total={some}\nfull avg10=0.50 avg60=0.00 avg300=0.00 total={full}\n"
        )
    }

    #[test]
    fn the_share_of_the_last_two_seconds_is_told() {
        let mut some = Pressure::new(Stalled::Some);
        let mut at = |ms, total| some.percent(Duration::from_millis(ms), &file(total, 0)).unwrap();
        assert_eq!(at(0, 1_000_000), 1.73, "the kernel's own average, at first");
        assert_eq!(at(1_000, 1_500_000), 50.0);
        assert_eq!(at(2_000, 2_000_000), 50.0);
        assert_eq!(at(3_000, 2_000_000), 25.0);
        assert_eq!(at(4_000, 2_000_000), 0.0, "two seconds later it is forgotten");
        assert_eq!(at(4_500, 3_000_000), 40.0);
        assert_eq!(at(4_600, 9_000_000), 100.0, "never more than all of the time");
    }

    #[test]
    fn all_and_some_are_told_apart() {
        let mut full = Pressure::new(Stalled::Full);
        assert_eq!(full.percent(Duration::ZERO, &file(9, 0)), Some(0.5));
        assert_eq!(full.percent(Duration::from_secs(1), &file(9, 100_000)), Some(10.0));
    }

    #[test]
    fn a_file_that_says_nothing_is_no_pressure() {
        for text in ["", "some", "some avg10=1.0", "some avg10=x total=1", "full avg10=1.0 total=2"] {
            assert_eq!(Pressure::new(Stalled::Some).percent(Duration::ZERO, text), None, "{text}");
        }
    }

    #[test]
    fn the_same_moment_twice_divides_by_nothing() {
        let mut some = Pressure::new(Stalled::Some);
        assert_eq!(some.percent(Duration::ZERO, &file(1, 1)), Some(1.73));
        assert_eq!(some.percent(Duration::ZERO, &file(2, 1)), Some(1.73));
    }
}
