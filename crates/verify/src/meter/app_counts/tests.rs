//! Every window bites, ends when the calendar says, and keeps what belongs to it.

use std::time::Duration;

use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::AppId;
use turnkeep_domain::plan::Features;
use turnkeep_domain::usage::UsageEventId;

use super::*;

fn at(text: &str) -> Timestamp {
    let parsed: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_micros(parsed.as_microsecond())
}

/// Requests per minute, then units per hour, day, week and month.
fn limits(requests: Option<u32>, units: [Option<u64>; 4]) -> PlanLimits {
    let [hour, day, week, month] = units;
    PlanLimits {
        document_units: DocumentUnitLimits::new(hour, day, week, month).unwrap(),
        requests_per_minute: requests,
        features: Features::default(),
    }
}

fn event(occurred_at: Timestamp, units: u64) -> UsageEvent {
    UsageEvent {
        id: UsageEventId::parse("e").unwrap(),
        app_id: AppId::from_bytes([3; 16]),
        units: UsedUnits::new(units).unwrap(),
        occurred_at,
    }
}

/// Takes units at a time; the limit in the way, if there is one.
fn take(counts: &mut AppCounts, limits: &PlanLimits, units: u64, now: Timestamp) -> Option<&'static str> {
    counts.roll(now);
    match counts.judge(Some(limits), units, now) {
        Ok(_) => {
            counts.charge(units);
            None
        }
        Err(refusal) => Some(refusal.standing().unwrap().window.policy()),
    }
}

#[test]
fn every_window_bites_and_ends_with_the_calendar() {
    let [hour, day, week, month] = [
        [Some(10), None, None, None],
        [None, Some(10), None, None],
        [None, None, Some(10), None],
        [None, None, None, Some(10)],
    ]
    .map(|units| limits(None, units));
    let requests = limits(Some(2), [None; 4]);
    for (limits, policy, first, last, next) in [
        (
            &requests,
            "requests-minute",
            "2026-11-21T21:40:00Z",
            "2026-11-21T21:40:59.999999Z",
            "2026-11-21T21:41:00Z",
        ),
        (&hour, "units-hour", "2026-11-21T21:00:00Z", "2026-11-21T21:59:59.999999Z", "2026-11-21T22:00:00Z"),
        (&day, "units-day", "2026-12-31T00:00:00Z", "2026-12-31T23:59:59.999999Z", "2027-01-01T00:00:00Z"),
        // The week goes on over the turn of the year.
        (&week, "units-week", "2026-12-28T00:00:00Z", "2027-01-03T23:59:59.999999Z", "2027-01-04T00:00:00Z"),
        (
            &month,
            "units-month",
            "2028-02-01T00:00:00Z",
            "2028-02-29T23:59:59.999999Z",
            "2028-03-01T00:00:00Z",
        ),
    ] {
        let mut counts = AppCounts::new(at(first));
        assert_eq!(take(&mut counts, limits, 9, at(first)), None, "{policy}");
        assert_eq!(take(&mut counts, limits, 1, at(last)), None, "{policy}");
        assert_eq!(take(&mut counts, limits, 1, at(last)), Some(policy));
        assert_eq!(take(&mut counts, limits, 10, at(next)), None, "{policy}");
    }
}

#[test]
fn a_refused_take_counts_nowhere() {
    let limits = limits(Some(100), [Some(10), Some(100), None, None]);
    let now = at("2026-11-21T21:40:00Z");
    let mut counts = AppCounts::new(now);
    assert_eq!(take(&mut counts, &limits, 8, now), None);
    for _ in 0..200 {
        assert_eq!(take(&mut counts, &limits, 3, now), Some("units-hour"));
    }
    let standings = counts.judge(Some(&limits), 2, now).unwrap();
    let used: Vec<u64> = standings.iter().map(|standing| standing.used).collect();
    assert_eq!(used, [2, 10, 10]);
}

#[test]
fn of_several_limits_the_one_that_lasts_is_named() {
    let limits = limits(Some(0), [Some(10), Some(10), None, Some(10)]);
    let now = at("2026-11-21T21:40:00Z");
    let refusal = AppCounts::new(now).judge(Some(&limits), 11, now).unwrap_err();
    let MeterRefusal::QuotaExceeded { standing, asked } = refusal else { panic!("{refusal:?}") };
    assert_eq!((standing.window.policy(), asked), ("units-month", 11));
    assert_eq!(standing.length, Duration::from_hours(30 * 24));
    assert_eq!(standing.resets_in, at("2026-12-01T00:00:00Z").since(now));
}

#[test]
fn no_requests_a_minute_are_none() {
    let now = at("2026-11-21T21:40:00Z");
    let mut counts = AppCounts::new(now);
    for units in [0, 1] {
        assert_eq!(take(&mut counts, &limits(Some(0), [None; 4]), units, now), Some("requests-minute"));
    }
    assert_eq!(take(&mut counts, &limits(None, [Some(0), None, None, None]), 0, now), None);
    assert_eq!(take(&mut counts, &limits(None, [Some(0), None, None, None]), 1, now), Some("units-hour"));
}

#[test]
fn without_limits_everything_is_allowed_and_counted() {
    let now = at("2026-11-21T21:40:00Z");
    let mut counts = AppCounts::new(now);
    assert_eq!(counts.judge(None, u64::MAX, now), Ok(Vec::new()));
    counts.charge(1_000);
    assert_eq!(take(&mut counts, &limits(None, [Some(1_000), None, None, None]), 1, now), Some("units-hour"));
}

#[test]
fn what_others_used_counts_in_the_window_it_was_used_in() {
    let now = at("2026-11-21T21:40:00Z");
    let limits = limits(None, [Some(10), None, None, None]);
    let known = |starts_at, units| KnownUse { window: UsageWindow::Hour, starts_at: at(starts_at), units };
    for (known, units, expected) in [
        (known("2026-11-21T21:00:00Z", 7), 3, None),
        (known("2026-11-21T21:00:00Z", 7), 4, Some("units-hour")),
        (known("2026-11-21T21:00:00Z", 11), 1, Some("units-hour")),
        (known("2026-11-21T20:00:00Z", 100), 10, None),
        (known("2026-11-21T22:00:00Z", 100), 10, None),
    ] {
        let mut counts = AppCounts::new(now);
        counts.learn(&known);
        assert_eq!(take(&mut counts, &limits, units, now), expected, "{known:?}");
    }
    let mut counts = AppCounts::new(now);
    counts.learn(&known("2026-11-21T21:00:00Z", 9));
    counts.learn(&known("2026-11-21T21:00:00Z", 2));
    assert_eq!(take(&mut counts, &limits, 2, now), Some("units-hour"), "an older answer changes nothing");
}

#[test]
fn what_was_reported_counts_once() {
    let now = at("2026-11-21T21:40:00Z");
    let hour = at("2026-11-21T21:00:00Z");
    let limits = limits(None, [Some(10), None, None, None]);
    let mut counts = AppCounts::new(now);
    counts.charge(4);
    counts.settle(&event(now, 4));
    counts.learn(&KnownUse { window: UsageWindow::Hour, starts_at: hour, units: 4 });
    assert!(!counts.has_pending());
    assert_eq!(counts.judge(Some(&limits), 1, now).unwrap()[0].used, 5);
    // The authority did not say: what it must know.
    counts.charge(3);
    counts.settle(&event(now, 3));
    counts.assume_known(&event(now, 3));
    assert_eq!(counts.judge(Some(&limits), 1, now).unwrap()[0].used, 8);
}

#[test]
fn what_is_reported_late_touches_only_the_windows_that_it_lies_in() {
    let used_at = at("2026-11-21T21:59:00Z");
    let now = at("2026-11-21T22:01:00Z");
    let limits = limits(None, [Some(100), Some(100), Some(100), Some(100)]);
    let mut counts = AppCounts::new(used_at);
    counts.charge(5);
    counts.roll(now);
    counts.charge(1);
    let used = |counts: &AppCounts| {
        let standings = counts.judge(Some(&limits), 0, now).unwrap();
        standings.iter().map(|standing| standing.used).collect::<Vec<_>>()
    };
    assert_eq!(used(&counts), [1, 6, 6, 6]);
    counts.settle(&event(used_at, 5));
    assert_eq!(used(&counts), [1, 1, 1, 1]);
    let mut restarted = AppCounts::new(now);
    restarted.recover(&event(used_at, 5));
    restarted.recover(&event(now, 1));
    assert_eq!(used(&restarted), [1, 6, 6, 6]);
}
