//! What became of a group's requests, in slices of half a second and in all.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::group::Group;

/// What a slice of time is.
const SLICE: Duration = Duration::from_millis(500);

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// An answer; of a success how long it took counts.
    Answered(u16),
    /// The connection broke.
    Broken,
    /// There was none when the run was over.
    Unanswered,
}

/// The requests that were sent in a slice.
#[derive(Debug, Default)]
struct Slice {
    sent: u64,
    statuses: BTreeMap<u16, u64>,
    broken: u64,
    unanswered: u64,
    /// Of the successes, in microseconds.
    latencies: Vec<u32>,
}

/// Of one group.
#[derive(Debug)]
pub(super) struct Tally {
    slices: Vec<Slice>,
    /// Successes that arrived while the group was asking and its requests counted.
    in_time: u64,
    counted: std::ops::Range<Duration>,
    from: Duration,
}

impl Tally {
    pub(super) fn new(group: &Group) -> Self {
        let counted = group.from + group.warm_up..group.end();
        Self { slices: Vec::new(), in_time: 0, counted, from: group.from }
    }

    /// A request that was sent and answered then, counted from the start of the run.
    pub(super) fn note(&mut self, sent: Duration, ended: Duration, outcome: Outcome) {
        if outcome == Outcome::Answered(200) && self.counted.contains(&sent) && ended < self.counted.end {
            self.in_time += 1;
        }
        let slice = self.slice(sent);
        slice.sent += 1;
        match outcome {
            Outcome::Answered(status) => {
                *slice.statuses.entry(status).or_default() += 1;
                if status == 200 {
                    let micros = ended.saturating_sub(sent).as_micros();
                    slice.latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
                }
            }
            Outcome::Broken => slice.broken += 1,
            Outcome::Unanswered => slice.unanswered += 1,
        }
    }

    fn slice(&mut self, sent: Duration) -> &mut Slice {
        let index = sent.saturating_sub(self.from).as_millis() / SLICE.as_millis();
        let index = usize::try_from(index).unwrap_or_default();
        if self.slices.len() <= index {
            self.slices.resize_with(index + 1, Slice::default);
        }
        #[expect(clippy::indexing_slicing, reason = "made long enough right above")]
        &mut self.slices[index]
    }

    /// All there is to tell.
    pub(super) fn figures(mut self, group: &Group) -> GroupFigures {
        let mut all = Slice::default();
        let mut slices = Vec::new();
        let mut from = group.from;
        for slice in &mut self.slices {
            if self.counted.start <= from {
                all.add(slice);
            }
            slices.push(slice.figures(from));
            from += SLICE;
        }
        let count = all.latencies.len();
        let total = all.figures(group.from + group.warm_up);
        GroupFigures {
            name: group.name.clone(),
            seconds: (group.lasts - group.warm_up).as_secs(),
            offered: group.offered().unwrap_or(total.sent),
            in_time: self.in_time,
            accepted: u64::try_from(count).unwrap_or(u64::MAX),
            p50_micros: percentile(&all.latencies, 500),
            p999_micros: percentile(&all.latencies, 999),
            longest_micros: all.latencies.last().copied(),
            total,
            slices,
        }
    }
}

impl Slice {
    fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.broken += other.broken;
        self.unanswered += other.unanswered;
        self.latencies.extend(&other.latencies);
        for (status, count) in &other.statuses {
            *self.statuses.entry(*status).or_default() += count;
        }
    }

    fn figures(&mut self, from: Duration) -> SliceFigures {
        self.latencies.sort_unstable();
        SliceFigures {
            from_millis: u64::try_from(from.as_millis()).unwrap_or(u64::MAX),
            sent: self.sent,
            statuses: self.statuses.clone(),
            broken: self.broken,
            unanswered: self.unanswered,
            p99_micros: percentile(&self.latencies, 990),
        }
    }
}

fn percentile(sorted: &[u32], thousandths: usize) -> Option<u32> {
    sorted.get(sorted.len() * thousandths / 1_000).copied()
}

/// What is printed of a group. Latencies are those of successes, from when a request was written.
#[derive(Debug, Serialize)]
pub(super) struct GroupFigures {
    name: String,
    /// How long its requests counted.
    seconds: u64,
    /// How many were due.
    offered: u64,
    /// Successes while it was asking.
    in_time: u64,
    accepted: u64,
    p50_micros: Option<u32>,
    p999_micros: Option<u32>,
    longest_micros: Option<u32>,
    /// All requests that count.
    total: SliceFigures,
    slices: Vec<SliceFigures>,
}

/// What is printed of a part of the time.
#[derive(Debug, Serialize)]
struct SliceFigures {
    from_millis: u64,
    sent: u64,
    statuses: BTreeMap<u16, u64>,
    broken: u64,
    unanswered: u64,
    p99_micros: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(group: &str, notes: &[(u64, u64, Outcome)]) -> GroupFigures {
        let group = Group::parse(group).unwrap();
        let mut tally = Tally::new(&group);
        for (sent, ended, outcome) in notes {
            tally.note(Duration::from_millis(*sent), Duration::from_millis(*ended), *outcome);
        }
        tally.figures(&group)
    }

    #[test]
    fn what_is_sent_during_the_warm_up_shows_in_its_slice_only() {
        let notes = [
            (1_000, 1_001, Outcome::Answered(200)),
            (2_000, 2_003, Outcome::Answered(200)),
            (2_600, 2_602, Outcome::Answered(503)),
            (2_700, 2_702, Outcome::Broken),
            (2_900, 3_100, Outcome::Answered(200)),
            (2_950, 9_000, Outcome::Unanswered),
        ];
        let figures = figures("name=a,from=1,seconds=2,warm_up=1,rate=5", &notes);
        assert_eq!((figures.offered, figures.accepted, figures.in_time), (5, 2, 1));
        assert_eq!((figures.total.sent, figures.total.broken, figures.total.unanswered), (5, 1, 1));
        assert_eq!(figures.total.statuses, BTreeMap::from([(200, 2), (503, 1)]));
        assert_eq!(figures.longest_micros, Some(200_000));
        let slices: Vec<_> = figures.slices.iter().map(|slice| (slice.from_millis, slice.sent)).collect();
        assert_eq!(slices, [(1_000, 1), (1_500, 0), (2_000, 1), (2_500, 4)]);
    }

    #[test]
    fn one_success_in_a_hundred_takes_longer_than_p99() {
        let notes: Vec<_> = (0..200).map(|n| (0, 199 - n, Outcome::Answered(200))).collect();
        let figures = figures("name=a,seconds=1", &notes);
        assert_eq!(figures.total.p99_micros, Some(198_000));
        assert_eq!(figures.p50_micros, Some(100_000));
    }
}
