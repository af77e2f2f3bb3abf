//! Whatever ends when: what was taken is counted, and nothing is counted twice.

use serde_json::Value;
use tempfile::TempDir;
use turnkeep_verify::meter::UsageMeter;
use turnkeep_verify::meter::settings::MeterSettings;
use turnkeep_verify::meter::status::ReportError;

use super::metered_app::{
    after_a_crash, app_id, clock, copy_files, limit_in_the_way, on_demand, open, token, units_per_hour,
};
use super::usage_authority::{Mood, UsageAuthority};
use crate::signing::NOW;

/// Ends with everything counted.
async fn all_reported(folder: &TempDir, authority: &UsageAuthority) {
    let meter = open(folder, on_demand(&clock()), authority);
    meter.report_now().await.unwrap();
    assert_eq!(meter.status().unreported_units, 0);
    assert_eq!(segments(folder), 0);
}

fn segments(folder: &TempDir) -> usize {
    let names = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
    names.filter(|name| name.to_str().unwrap().ends_with(".takes")).count()
}

#[tokio::test]
async fn a_process_that_ends_after_any_take_loses_none() {
    let folder = tempfile::tempdir().unwrap();
    let clock = clock();
    let silent = UsageAuthority::start().await;
    silent.set(Mood::Gone);
    let meter = open(&folder, MeterSettings { segment_bytes: 200, ..on_demand(&clock) }, &silent);
    let mut taken = 0;
    for number in 0..40_u16 {
        clock.set(NOW + i64::from(number) * 600);
        let _ = meter.take(&token(number % 3, Value::Null), u64::from(number) + 1).unwrap();
        taken += u64::from(number) + 1;
        let authority = UsageAuthority::start().await;
        all_reported(&after_a_crash(&folder), &authority).await;
        assert_eq!(authority.units(None), taken, "after take {number}");
    }
}

#[tokio::test]
async fn a_line_that_was_not_completed_was_never_allowed() {
    let folder = tempfile::tempdir().unwrap();
    let meter = open(&folder, on_demand(&clock()), &UsageAuthority::start().await);
    for _ in 0..2 {
        let _ = meter.take(&token(1, Value::Null), 10).unwrap();
    }
    let whole = after_a_crash(&folder);
    let segment = std::fs::read_dir(whole.path()).unwrap().map(|entry| entry.unwrap().path());
    let segment = segment.into_iter().find(|path| path.extension().is_some_and(|it| it == "takes")).unwrap();
    let content = std::fs::read(&segment).unwrap();
    for length in content.len() / 2..=content.len() {
        let authority = UsageAuthority::start().await;
        let crashed = tempfile::tempdir().unwrap();
        copy_files(whole.path(), crashed.path());
        std::fs::write(crashed.path().join(segment.file_name().unwrap()), &content[..length]).unwrap();
        all_reported(&crashed, &authority).await;
        assert_eq!(authority.units(None), if length == content.len() { 20 } else { 10 }, "{length}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_has_nothing_counted_twice() {
    for mood in [Mood::Forgetful, Mood::CutOff, Mood::Gone, Mood::Saying("503 Service Unavailable")] {
        let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
        let meter = open(&folder, on_demand(&clock()), &authority);
        let app = units_per_hour(1, 10);
        let _ = meter.take(&app, 4).unwrap();
        authority.set(mood.clone());
        for _ in 0..3 {
            assert!(meter.report_now().await.is_err(), "{mood:?}");
        }
        let _ = meter.take(&app, 2).unwrap();
        let crashed = after_a_crash(&folder);
        assert_eq!((meter.status().unreported_units, meter.status().failures), (6, 3), "{mood:?}");

        authority.set(Mood::Well);
        all_reported(&crashed, &authority).await;
        // And once more by the one that did not crash after all.
        meter.report_now().await.unwrap();
        assert_eq!((authority.units(None), meter.status().reported_units), (6, 6), "{mood:?}");
        assert_eq!(limit_in_the_way(&meter, &app, 5), Some("units-hour"));
        assert_eq!(limit_in_the_way(&meter, &app, 4), None);
        assert!(authority.ledger().reused_ids.is_empty());
    }
}

#[tokio::test]
async fn a_process_that_ends_between_the_answer_and_the_removal_counts_right_again() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    let app = units_per_hour(1, 10);
    let _ = meter.take(&app, 4).unwrap();
    let before = after_a_crash(&folder);
    meter.report_now().await.unwrap();
    // The segment is still there, and what the authority said as well.
    std::fs::copy(folder.path().join("known"), before.path().join("known")).unwrap();
    let restarted = open(&before, on_demand(&clock()), &authority);
    assert_eq!(limit_in_the_way(&restarted, &app, 3), Some("units-hour"), "rather too much than too little");
    restarted.report_now().await.unwrap();
    assert_eq!(limit_in_the_way(&restarted, &app, 6), None);
    assert_eq!(limit_in_the_way(&restarted, &app, 1), Some("units-hour"));
    assert_eq!(authority.units(None), 4);
}

#[tokio::test]
async fn damaged_lines_are_reported_and_the_others_counted() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    {
        let meter = open(&folder, on_demand(&clock()), &authority);
        let _ = meter.take(&token(1, Value::Null), 5).unwrap();
    }
    let crashed = after_a_crash(&folder);
    let segment = std::fs::read_dir(crashed.path()).unwrap().map(|entry| entry.unwrap().path());
    let segment = segment.into_iter().find(|path| path.extension().is_some_and(|it| it == "takes")).unwrap();
    let content = std::fs::read_to_string(&segment).unwrap();
    std::fs::write(&segment, format!("\0\0\0\n{content}app_ 1\n{content}")).unwrap();
    let meter = open(&crashed, on_demand(&clock()), &authority);
    meter.report_now().await.unwrap();
    assert_eq!((meter.status().damaged_lines, authority.units(None)), (2, 10));
    assert!(!meter.status().is_well());
}

/// Takes, reports, answers that arrive or not, ends in between: by chance, but the same chance in every run.
#[tokio::test]
async fn however_it_goes_every_unit_is_counted_once() {
    for seed in 0..4 {
        let mut chance = Chance(seed);
        let authority = UsageAuthority::start().await;
        let clock = clock();
        let settings = || MeterSettings { segment_bytes: 300, ..on_demand(&clock) };
        let mut folder = tempfile::tempdir().unwrap();
        let mut meter = open(&folder, settings(), &authority);
        let mut taken = [0; 3];
        let mut now = NOW;
        for _ in 0..150 {
            match chance.below(10) {
                0..6 => {
                    let (app, units) = (chance.below(3), chance.below(50) + 1);
                    let number = u16::try_from(app).unwrap();
                    let _ = meter.take(&token(number, Value::Null), units).unwrap();
                    taken[usize::from(number)] += units;
                }
                6 => {
                    now += i64::try_from(chance.below(3_000)).unwrap();
                    clock.set(now);
                }
                7 => {
                    let moods = [Mood::Well, Mood::Forgetful, Mood::CutOff, Mood::Gone];
                    authority.set(moods[usize::try_from(chance.below(4)).unwrap()].clone());
                }
                8 => drop(meter.report_now().await),
                _ => {
                    let crashed = after_a_crash(&folder);
                    meter = open(&crashed, settings(), &authority);
                    folder = crashed;
                }
            }
        }
        authority.set(Mood::Well);
        meter.report_now().await.unwrap();
        for (number, units) in (0..).zip(taken) {
            assert_eq!(authority.units(Some(&app_id(number).to_string())), units, "seed {seed}");
        }
        assert!(authority.ledger().reused_ids.is_empty(), "seed {seed}");
    }
}

#[tokio::test]
async fn an_authority_that_restarts_with_what_it_had_is_told_the_rest() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    for round in 1..=20 {
        let _ = meter.take(&token(1, Value::Null), 1).unwrap();
        authority.set(if round % 4 == 0 { Mood::Well } else { Mood::Gone });
        let reported = meter.report_now().await;
        assert_eq!(reported.is_ok(), round % 4 == 0, "{reported:?}");
        assert_eq!(authority.units(None), round / 4 * 4);
    }
    assert_eq!(meter.status().to_string(), "20 units reported, 0 unreported");
}

#[tokio::test]
async fn a_journal_is_one_meters() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let _meter = open(&folder, on_demand(&clock()), &authority);
    let other = UsageMeter::open(folder.path(), on_demand(&clock()), authority.reporter());
    assert_eq!(other.unwrap_err().to_string(), "the usage journal is another meter's");
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_is_named() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, MeterSettings { segment_bytes: 1, ..on_demand(&clock()) }, &authority);
    let _ = meter.take(&token(1, Value::Null), 5).unwrap();
    std::fs::remove_dir_all(folder.path()).unwrap();
    assert_eq!(meter.report_now().await, Err(ReportError::Journal));
    assert_eq!(meter.status().last_error, Some(ReportError::Journal));
}

/// Numbers that look like chance (the generator of Knuth's MMIX).
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
