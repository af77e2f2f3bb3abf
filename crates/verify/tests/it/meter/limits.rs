//! Limits bite: of one meter, of several, without the authority, and after a restart.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use turnkeep_verify::meter::MAX_UNITS_PER_TAKE;
use turnkeep_verify::meter::refusal::MeterRefusal;
use turnkeep_verify::meter::settings::{Durability, MeterSettings, WhenUnrecorded, WithoutPlan};

use super::metered_app::{after_a_crash, clock, limit_in_the_way, on_demand, open, token, units_per_hour};
use super::usage_authority::{Mood, UsageAuthority};
use crate::signing::NOW;

const HOUR: i64 = 3_600;

#[tokio::test]
async fn the_binding_limit_is_said_with_every_answer() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    let limits =
        json!({"plan": "pro", "document_units": {"hour": 10, "month": 100}, "requests_per_minute": 60});
    let app = token(1, limits);
    let charge = meter.take(&app, 4).unwrap();
    assert!(charge.recorded);
    // NOW is 53:20 past the hour.
    let expected = [
        ("RateLimit-Policy", r#""units-hour";q=10;w=3600;qu="document-units""#.to_owned()),
        ("RateLimit", r#""units-hour";r=6;t=3200"#.to_owned()),
    ];
    assert_eq!(NOW % HOUR, 400);
    assert_eq!(charge.headers(), expected);
    let refusal = meter.take(&app, 7).unwrap_err();
    assert_eq!((refusal.status(), refusal.retry_after_seconds()), (429, Some(3_200)));
    assert_eq!(meter.take(&app, 6).unwrap().binding().unwrap().remaining(), 0);
    assert_eq!(meter.take(&token(2, Value::Null), 6).unwrap().headers(), []);
}

#[tokio::test]
async fn requests_are_limited_by_the_minute() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let clock = clock();
    let meter = open(&folder, on_demand(&clock), &authority);
    let app = token(1, json!({"plan": "pro", "requests_per_minute": 2}));
    for units in [0, 5] {
        assert_eq!(limit_in_the_way(&meter, &app, units), None);
    }
    assert_eq!(limit_in_the_way(&meter, &app, 0), Some("requests-minute"));
    clock.set(NOW + 60);
    assert_eq!(limit_in_the_way(&meter, &app, 0), None);
    assert_eq!(meter.status().unreported_units, 5);
}

#[tokio::test]
async fn what_another_meter_has_reported_is_known() {
    let authority = UsageAuthority::start().await;
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, other] = [0, 1].map(|index: usize| open(&folders[index], on_demand(&clock()), &authority));
    let app = units_per_hour(1, 10);
    for (meter, units) in [(&one, 6), (&other, 1)] {
        let _ = meter.take(&app, units).unwrap();
        meter.report_now().await.unwrap();
    }
    assert_eq!(limit_in_the_way(&other, &app, 4), Some("units-hour"));
    assert_eq!(limit_in_the_way(&other, &app, 3), None);
    other.report_now().await.unwrap();
    assert_eq!(limit_in_the_way(&one, &app, 4), None, "it has not heard of the other yet");
    one.report_now().await.unwrap();
    assert_eq!(limit_in_the_way(&one, &app, 1), Some("units-hour"));
}

#[tokio::test]
async fn while_the_authority_is_down_and_after_a_restart_limits_bite() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let clock = clock();
    let meter = open(&folder, on_demand(&clock), &authority);
    let app = units_per_hour(1, 10);
    let _ = meter.take(&app, 3).unwrap();
    meter.report_now().await.unwrap();
    authority.set(Mood::Gone);
    let _ = meter.take(&app, 3).unwrap();
    assert!(meter.report_now().await.is_err());
    let _ = meter.take(&app, 3).unwrap();

    let crashed = after_a_crash(&folder);
    let restarted = open(&crashed, on_demand(&clock), &authority);
    for meter in [&meter, &restarted] {
        assert_eq!(limit_in_the_way(meter, &app, 2), Some("units-hour"));
        assert_eq!(limit_in_the_way(meter, &app, 1), None);
    }
    clock.set(NOW + HOUR);
    assert_eq!(limit_in_the_way(&restarted, &app, 10), None);
}

#[tokio::test]
async fn an_authority_that_says_nothing_about_apps_is_no_way_around() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    authority.change(|ledger| ledger.is_taciturn = true);
    let meter = open(&folder, on_demand(&clock()), &authority);
    let app = units_per_hour(1, 10);
    for _ in 0..2 {
        let _ = meter.take(&app, 5).unwrap();
        meter.report_now().await.unwrap();
    }
    let crashed = after_a_crash(&folder);
    for meter in [&meter, &open(&crashed, on_demand(&clock()), &authority)] {
        assert_eq!(limit_in_the_way(meter, &app, 1), Some("units-hour"));
    }
}

#[tokio::test]
async fn many_at_once_get_no_more_than_the_limit() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let settings = MeterSettings { segment_bytes: 2_000, ..on_demand(&clock()) };
    let meter = open(&folder, settings, &authority);
    let app = Arc::new(units_per_hour(1, 1_000));
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let (meter, app) = (meter.clone(), Arc::clone(&app));
            thread::spawn(move || (0..400).filter(|_| meter.take(&app, 1).is_ok()).count())
        })
        .collect();
    while !threads.iter().all(thread::JoinHandle::is_finished) {
        meter.report_now().await.unwrap();
    }
    let allowed: usize = threads.into_iter().map(|thread| thread.join().unwrap()).sum();
    meter.report_now().await.unwrap();
    assert_eq!((allowed, authority.units(None)), (1_000, 1_000));
}

#[tokio::test]
async fn a_full_journal_refuses_or_goes_on_as_it_is_told() {
    for (when_unrecorded, expected) in [
        (WhenUnrecorded::Refuse, (Err(MeterRefusal::JournalFull), 0)),
        (WhenUnrecorded::GoOn, (Ok(false), 10)),
    ] {
        let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
        authority.set(Mood::Gone);
        let settings = MeterSettings { journal_bytes: 500, when_unrecorded, ..on_demand(&clock()) };
        let meter = open(&folder, settings, &authority);
        let app = units_per_hour(1, 1_000);
        let mut recorded = 0;
        let last = loop {
            let taken = meter.take(&app, 10).map(|charge| charge.recorded);
            assert!(meter.status().journal_bytes <= 500);
            if taken != Ok(true) {
                break taken;
            }
            recorded += 10;
        };
        assert_eq!((last, meter.status().uncounted_units), expected);
        assert!((50..200).contains(&recorded));
        let left = 1_000 - recorded - expected.1;
        if when_unrecorded == WhenUnrecorded::GoOn {
            assert_eq!(
                limit_in_the_way(&meter, &app, left + 1),
                Some("units-hour"),
                "uncounted units count here"
            );
        }
        // As soon as the authority has counted it, there is room again.
        authority.set(Mood::Well);
        meter.report_now().await.unwrap();
        assert!(meter.take(&app, 10).unwrap().recorded);
        assert_eq!(authority.units(None), recorded);
    }
}

#[tokio::test]
async fn a_disk_that_fails_refuses_or_goes_on_as_it_is_told() {
    for (when_unrecorded, expected) in
        [(WhenUnrecorded::Refuse, Err(MeterRefusal::JournalFailed)), (WhenUnrecorded::GoOn, Ok(false))]
    {
        let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
        let meter = open(&folder, MeterSettings { when_unrecorded, ..on_demand(&clock()) }, &authority);
        std::fs::remove_dir_all(folder.path()).unwrap();
        let taken = meter.take(&token(1, Value::Null), 5);
        assert_eq!(taken.map(|charge| charge.recorded), expected);
        assert_eq!(meter.status().unreported_units, 0);
    }
}

#[tokio::test]
async fn apps_beyond_those_that_are_remembered_wait_for_a_report() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, MeterSettings { remembered_apps: 2, ..on_demand(&clock()) }, &authority);
    for number in 0..2 {
        let _ = meter.take(&token(number, Value::Null), 1).unwrap();
    }
    assert_eq!(meter.take(&token(2, Value::Null), 1), Err(MeterRefusal::TooManyApps));
    meter.report_now().await.unwrap();
    let _ = meter.take(&token(2, Value::Null), 1).unwrap();
    meter.report_now().await.unwrap();
    assert_eq!(authority.units(None), 3);
}

#[tokio::test]
async fn what_cannot_be_metered_is_refused() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let settings = MeterSettings {
        without_plan: WithoutPlan::Refuse,
        durability: Durability::Synced,
        report_every: Duration::from_hours(1),
        ..on_demand(&clock())
    };
    let meter = open(&folder, settings, &authority);
    let unlimited = json!({"plan": "pro"});
    for (limits, units, refusal) in [
        (Value::Null, 1, MeterRefusal::NoPlan),
        (json!({"plan": 5}), 1, MeterRefusal::UnreadableLimits),
        (unlimited.clone(), MAX_UNITS_PER_TAKE + 1, MeterRefusal::TooManyUnits),
        (unlimited.clone(), u64::MAX, MeterRefusal::TooManyUnits),
    ] {
        assert_eq!(meter.take(&token(1, limits), units), Err(refusal));
    }
    assert!(meter.take(&token(1, unlimited), MAX_UNITS_PER_TAKE).unwrap().recorded);
    assert_eq!(meter.status().unreported_units, MAX_UNITS_PER_TAKE);
}
