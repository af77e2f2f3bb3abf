//! How and when usage is reported, and what the authority may answer.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;
use turnkeep_verify::gate::status::AuthorityError;
use turnkeep_verify::meter::UsageMeter;
use turnkeep_verify::meter::settings::MeterSettings;
use turnkeep_verify::meter::status::ReportError;
use turnkeep_verify::meter::token_source::{TokenFuture, TokenSource};

use super::metered_app::{
    after_a_crash, app_id, clock, limit_in_the_way, on_demand, open, token, units_per_hour,
};
use super::usage_authority::{Mood, Tokens, UsageAuthority};
use crate::signing::NOW;

#[tokio::test]
async fn usage_is_reported_by_itself() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let settings = MeterSettings { report_every: Duration::from_millis(10), ..on_demand(&clock()) };
    let meter = open(&folder, settings, &authority);
    for taken in 1..=3 {
        let _ = meter.take(&token(1, Value::Null), 1).unwrap();
        authority.until(|ledger| ledger.units(None) == taken).await;
    }
    authority.set(Mood::Gone);
    let _ = meter.take(&token(1, Value::Null), 1).unwrap();
    authority.until(|ledger| 5 <= ledger.bearers.len()).await;
    authority.set(Mood::Well);
    authority.until(|ledger| ledger.units(None) == 4).await;
}

#[tokio::test]
async fn a_file_that_is_full_is_reported_at_once() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let settings = MeterSettings { segment_bytes: 500, ..on_demand(&clock()) };
    let meter = open(&folder, settings, &authority);
    for _ in 0..11 {
        let _ = meter.take(&token(1, Value::Null), 1).unwrap();
    }
    authority.until(|ledger| 9 <= ledger.units(None)).await;
}

#[tokio::test]
async fn takes_of_an_app_and_hour_are_one_event_and_reports_are_bounded() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    let tokens: Vec<_> = (0..1_500).map(|number| token(number, Value::Null)).collect();
    for token in tokens.iter().chain(&tokens) {
        let _ = meter.take(token, 2).unwrap();
    }
    meter.report_now().await.unwrap();
    assert_eq!((authority.ledger().reports, authority.ledger().largest_report), (2, 1_000));
    assert_eq!(authority.units(None), 6_000);
    meter.report_now().await.unwrap();
    assert_eq!(authority.ledger().reports, 2, "there is nothing to say");
}

#[tokio::test]
async fn usage_that_is_not_accepted_for_now_is_kept() {
    for code in ["unknown_app", "in_the_future"] {
        let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
        let meter = open(&folder, on_demand(&clock()), &authority);
        let app = units_per_hour(1, 10);
        authority.refuse(app_id(1), code);
        let _ = meter.take(&app, 5).unwrap();
        let _ = meter.take(&token(2, Value::Null), 7).unwrap();
        meter.report_now().await.unwrap();
        let status = meter.status();
        assert_eq!(
            (status.deferred_units, status.unreported_units, authority.units(None)),
            (5, 5, 7),
            "{code}"
        );
        assert_eq!(limit_in_the_way(&meter, &app, 6), Some("units-hour"), "it counts all the same");

        authority.change(|ledger| ledger.refused_apps.clear());
        let crashed = after_a_crash(&folder);
        let restarted = open(&crashed, on_demand(&clock()), &authority);
        for meter in [restarted, meter] {
            meter.report_now().await.unwrap();
            assert_eq!((meter.status().deferred_units, authority.units(None)), (0, 12), "{code}");
        }
    }
}

#[tokio::test]
async fn usage_that_is_refused_for_good_is_said_to_be_lost() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let meter = open(&folder, on_demand(&clock()), &authority);
    authority.refuse(app_id(1), "too_old");
    let app = units_per_hour(1, 10);
    let _ = meter.take(&app, 5).unwrap();
    meter.report_now().await.unwrap();
    let status = meter.status();
    assert_eq!((status.refused_units, status.unreported_units, status.journal_bytes), (5, 0, 0));
    assert_eq!(limit_in_the_way(&meter, &app, 10), None);
}

#[tokio::test]
async fn whatever_goes_wrong_is_named_and_nothing_is_lost() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let clock = clock();
    let meter = open(&folder, on_demand(&clock), &authority);
    let _ = meter.take(&token(1, Value::Null), 5).unwrap();
    clock.set(NOW + 7);
    for (mood, error) in [
        (Mood::Gone, AuthorityError::Connection),
        (Mood::Saying("429 Too Many Requests\r\nRetry-After: 1"), AuthorityError::Status(429)),
        (Mood::Saying("403 Forbidden"), AuthorityError::Status(403)),
        (Mood::Saying("404 Not Found"), AuthorityError::Status(404)),
        (Mood::Saying("204 No Content"), AuthorityError::Status(204)),
        (Mood::Saying("307 Temporary Redirect\r\nLocation: /elsewhere"), AuthorityError::Redirect),
    ] {
        authority.set(mood.clone());
        assert_eq!(meter.report_now().await, Err(error.into()), "{mood:?}");
        assert_eq!(meter.status().last_error, Some(error.into()), "{mood:?}");
    }
    authority.set(Mood::Saying("200 OK"));
    assert_eq!(meter.report_now().await, Err(ReportError::BadAnswer));
    assert_eq!(
        meter.status().to_string(),
        "0 units reported, 5 unreported, the oldest for 7 s, 7 failed attempts: the authority's answer makes no sense"
    );
    authority.set(Mood::Well);
    meter.report_now().await.unwrap();
    assert!(meter.status().is_well());
    assert_eq!(authority.units(None), 5);
}

#[tokio::test]
async fn a_token_that_is_refused_is_replaced() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let reporter = authority.reporter_with(Tokens(watch::Sender::new(1)));
    let meter = UsageMeter::open(folder.path(), on_demand(&clock()), reporter).unwrap();
    let _ = meter.take(&token(1, Value::Null), 5).unwrap();
    authority.set(Mood::Saying("401 Unauthorized"));
    assert_eq!(meter.report_now().await, Err(AuthorityError::Status(401).into()));
    authority.set(Mood::Well);
    meter.report_now().await.unwrap();
    assert_eq!(authority.ledger().bearers, ["bearer token-1", "bearer token-2"]);
}

struct NoTokens;

impl TokenSource for NoTokens {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Err("the secret has expired".into()) })
    }

    fn refused(&self) {}
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let (folder, authority) = (tempfile::tempdir().unwrap(), UsageAuthority::start().await);
    let reporter = authority.reporter_with(NoTokens);
    let meter = UsageMeter::open(folder.path(), on_demand(&clock()), reporter).unwrap();
    let _ = meter.take(&token(1, Value::Null), 5).unwrap();
    assert_eq!(meter.report_now().await, Err(ReportError::NoToken));
    assert!(authority.ledger().bearers.is_empty());
}
