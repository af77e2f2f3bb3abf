//! What is wrong with calls that change something: how long they took, and what they say that they waited for.

use std::time::Instant;

use super::super::journal::{Journal, Leeway, TimedCall};
use super::super::timing::{LEASE, LONGEST_CALL, NOISE, Timings};

/// Of the three.
const OTHER_NODES: u64 = 2;

pub(super) fn violations(journal: &Journal) -> impl Iterator<Item = String> {
    let too_long = too_long(journal).chain(mostly_too_long(journal));
    too_long.chain(implausible(journal)).chain(out_of_order(journal))
}

/// Whether it was made by way of a node that could not help it.
fn may_be_slow(call: &TimedCall, journal: &Journal) -> bool {
    journal.disturbances.iter().any(|disturbance| {
        disturbance.seat == call.seat
            && disturbance.leeway != Leeway::Unavailable
            && disturbance.span.overlaps(call.span)
    })
}

/// A slow machine makes some calls longer; a wait that is too long makes all of them so.
fn mostly_too_long(journal: &Journal) -> Option<String> {
    let mut timings = Timings::default();
    let judged = journal.calls.iter().filter(|call| !may_be_slow(call, journal));
    judged.for_each(|call| timings.add(call.span.took()));
    let median = timings.percentile(50).filter(|median| LONGEST_CALL < *median)?;
    Some(format!("half of the calls took {} ms or longer", median.as_millis()))
}

/// A call may only take longer by way of a node that cannot help it.
fn too_long(journal: &Journal) -> impl Iterator<Item = String> {
    let is_too_long =
        move |call: &&TimedCall| LONGEST_CALL + NOISE < call.span.took() && !may_be_slow(call, journal);
    let too_long = journal.calls.iter().filter(is_too_long);
    too_long.map(|TimedCall { name, seat, span, applied }| {
        let waited = applied.map(|applied| format!(", waited {} ms", applied.waited.as_millis()));
        let (name, took) = (format!("{name} by way of {}", seat.name()), span.took().as_millis());
        format!("{name} took {took} ms{}", waited.unwrap_or_default())
    })
}

/// What a call says that it waited for has to agree with itself and with the time that it took.
fn implausible(journal: &Journal) -> impl Iterator<Item = String> {
    journal.calls.iter().filter_map(|call| {
        let applied = call.applied?;
        let is_plausible = applied.fenced <= applied.nodes
            && applied.nodes <= OTHER_NODES
            && (applied.fenced == 0 || LEASE <= applied.waited)
            && applied.waited <= call.span.took();
        (!is_plausible).then(|| {
            let took = call.span.took().as_millis();
            format!("{} by way of {} took {took} ms and says {applied:?}", call.name, call.seat.name())
        })
    })
}

/// Of two calls of which one was answered before the other was made, the other has a later sequence.
fn out_of_order(journal: &Journal) -> impl Iterator<Item = String> {
    let mut answered: Vec<_> = sequences(journal, |call| call.span.ended);
    let mut made: Vec<_> = sequences(journal, |call| call.span.started);
    answered.sort_unstable();
    made.sort_unstable();
    let (mut answered, mut latest) = (answered.into_iter().peekable(), 0);
    made.into_iter().filter_map(move |(at, sequence)| {
        while let Some((_, before)) = answered.next_if(|(ended, _)| *ended < at) {
            latest = latest.max(before);
        }
        let after = latest;
        (sequence <= after)
            .then(|| format!("change {sequence} was asked for after change {after} was confirmed"))
    })
}

fn sequences(journal: &Journal, at: fn(&TimedCall) -> Instant) -> Vec<(Instant, u64)> {
    let applied = |call: &TimedCall| call.applied.map(|applied| (at(call), applied.sequence));
    journal.calls.iter().filter_map(applied).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::cluster_test::applied::Applied;
    use crate::cluster_test::journal::{Disturbance, Span};
    use crate::cluster_test::seat::Seat;

    struct Times(Instant);

    impl Times {
        fn span(&self, from: u64, to: u64) -> Span {
            let at = |ms| self.0 + Duration::from_millis(ms);
            Span { started: at(from), ended: at(to) }
        }
    }

    fn is_found(journal: &Journal) -> bool {
        violations(journal).next().is_some()
    }

    #[test]
    fn a_call_that_takes_too_long_is_found_unless_its_node_cannot_answer() {
        let times = Times(Instant::now());
        let found = |to: u64, leeway: Leeway, disturbed: Seat| {
            let span = times.span(0, to);
            let call = TimedCall { name: "disable", seat: Seat::First, span, applied: None };
            let quick = TimedCall { span: times.span(0, 5), ..call };
            let disturbance = Disturbance { seat: disturbed, span: times.span(500, 600), leeway };
            let disturbances = vec![disturbance];
            is_found(&Journal { calls: vec![call, quick, quick], disturbances, ..Journal::default() })
        };
        assert!(!found(8_000, Leeway::Unavailable, Seat::First));
        assert!(found(8_001, Leeway::Unavailable, Seat::First));
        assert!(found(8_001, Leeway::Silent, Seat::Second));
        assert!(!found(8_001, Leeway::Silent, Seat::First));
        assert!(!found(8_001, Leeway::Slow, Seat::First));
    }

    #[test]
    fn calls_that_mostly_take_too_long_are_found() {
        let times = Times(Instant::now());
        for (took, found) in [([2_900, 3_000, 7_000], false), ([2_900, 3_001, 3_001], true)] {
            let call =
                |to| TimedCall { name: "disable", seat: Seat::First, span: times.span(0, to), applied: None };
            let calls = took.map(call).to_vec();
            assert_eq!(is_found(&Journal { calls, ..Journal::default() }), found, "{took:?}");
        }
    }

    fn call(span: Span, applied: Applied) -> TimedCall {
        TimedCall { name: "disable", seat: Seat::First, span, applied: Some(applied) }
    }

    #[test]
    fn what_a_call_says_that_it_waited_for_has_to_be_possible() {
        let times = Times(Instant::now());
        for (nodes, fenced, waited, found) in [
            (2, 0, 0, false),
            (2, 1, 2_000, false),
            (2, 2, 2_500, false),
            (2, 1, 1_999, true),
            (1, 2, 2_100, true),
            (3, 0, 5, true),
            (2, 0, 2_501, true),
        ] {
            let applied = Applied { sequence: 1, nodes, fenced, waited: Duration::from_millis(waited) };
            let calls = vec![call(times.span(0, 2_500), applied)];
            assert_eq!(is_found(&Journal { calls, ..Journal::default() }), found, "{applied:?}");
        }
    }

    #[test]
    fn a_sequence_that_goes_back_is_found() {
        let times = Times(Instant::now());
        let at = |from, to, sequence| call(times.span(from, to), Applied { sequence, ..Applied::default() });
        for (calls, found) in [
            (vec![at(0, 10, 1), at(11, 20, 2), at(11, 15, 3)], false),
            // At the same time.
            (vec![at(0, 10, 2), at(5, 20, 1)], false),
            (vec![at(0, 10, 2), at(11, 20, 1)], true),
            (vec![at(0, 10, 2), at(11, 20, 2)], true),
            (vec![at(0, 10, 3), at(1, 12, 4), at(11, 20, 2)], true),
        ] {
            let journal = Journal { calls, ..Journal::default() };
            assert_eq!(is_found(&journal), found, "{:?}", journal.calls);
        }
    }
}
