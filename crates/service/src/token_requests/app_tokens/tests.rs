//! Counting: hours, days, what is written and what comes back.

use turnkeep_domain::id::{AppId, InstanceId, TenantId};
use turnkeep_domain::token_requests::QuotaMode;

use super::*;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

fn tokens() -> AppTokens {
    AppTokens::new(CountedApp {
        instance_id: InstanceId::from_bytes([1; 16]),
        tenant_id: TenantId::from_bytes([2; 16]),
        app_id: AppId::from_bytes([3; 16]),
    })
}

/// Nothing is stored yet.
fn fresh(limits: &TokenRequestLimits) -> AppTokens {
    let tokens = tokens();
    assert_eq!(tokens.take(limits, at(0)).err(), Some(TotalsUnknown));
    tokens.settle(at(0), TokenTotals::default());
    tokens
}

fn at(secs: i64) -> Timestamp {
    Timestamp::from_secs(100 * DAY + secs)
}

fn limits(hour: Option<u32>, day: Option<u32>, mode: QuotaMode) -> TokenRequestLimits {
    TokenRequestLimits::new(None, hour, day, mode).unwrap()
}

fn hourly(hour: u32) -> TokenRequestLimits {
    limits(Some(hour), None, QuotaMode::Enforced)
}

/// How many of so many attempts are served.
fn served(tokens: &AppTokens, limits: &TokenRequestLimits, now: Timestamp, attempts: u32) -> usize {
    let is_served = |taken: Taken| !matches!(taken.decision, TokenQuotaDecision::Exceeded(_));
    (0..attempts).filter(|_| is_served(tokens.take(limits, now).unwrap())).count()
}

fn numbers(counts: &[TokenCount]) -> Vec<(Timestamp, u64, u64, u64)> {
    counts.iter().map(|it| (it.hour_start, it.issued, it.refused, it.would_refuse)).collect()
}

#[test]
fn a_quota_is_exact_under_many_threads() {
    let quota = hourly(1_000);
    let tokens = fresh(&quota);
    let served: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| served(&tokens, &quota, at(1), 200))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(served, 1_000);
    assert_eq!(numbers(&tokens.drain()), [(at(0), 1_000, 600, 0)]);
}

#[test]
fn an_hour_and_a_day_begin_anew_and_what_is_left_of_an_hour_is_written_for_that_hour() {
    let quota = limits(Some(3), Some(5), QuotaMode::Enforced);
    let tokens = fresh(&quota);
    for (now, expected) in [(1, 3), (HOUR - 1, 0), (HOUR, 2), (2 * HOUR, 0), (DAY, 3), (DAY + HOUR, 2)] {
        assert_eq!(served(&tokens, &quota, at(now), 4), expected, "{now}");
    }
    assert_eq!(
        numbers(&tokens.drain()),
        [
            (at(0), 3, 5, 0),
            (at(HOUR), 2, 2, 0),
            (at(2 * HOUR), 0, 4, 0),
            (at(DAY), 3, 1, 0),
            (at(DAY + HOUR), 2, 2, 0),
        ]
    );
}

#[test]
fn a_clock_that_is_set_back_a_little_begins_no_hour_anew() {
    let quota = hourly(3);
    let tokens = fresh(&quota);
    assert_eq!(served(&tokens, &quota, at(HOUR), 4), 3);
    assert_eq!(served(&tokens, &quota, at(HOUR - 1), 4), 0);
    assert_eq!(served(&tokens, &quota, at(-HOUR), 4), 3);
}

#[test]
fn what_other_nodes_have_issued_counts_once_it_is_known() {
    let quota = hourly(10);
    let tokens = fresh(&quota);
    assert_eq!(served(&tokens, &quota, at(1), 4), 4);
    let drained = tokens.drain();
    assert_eq!(numbers(&drained), [(at(0), 4, 0, 0)]);
    // Two more while the four are written; another node has written three.
    assert_eq!(served(&tokens, &quota, at(1), 2), 2);
    tokens.settle(at(0), TokenTotals { in_hour: 7, in_day: 7 });
    assert_eq!(served(&tokens, &quota, at(1), 4), 1);
    // What is known of an hour that is over changes nothing.
    assert_eq!(served(&tokens, &quota, at(HOUR), 4), 4);
    tokens.settle(at(0), TokenTotals { in_hour: 9, in_day: 9 });
    assert_eq!(served(&tokens, &quota, at(HOUR), 10), 6);
}

#[test]
fn what_could_not_be_written_is_kept_and_bounded() {
    let quota = hourly(10);
    let tokens = fresh(&quota);
    assert_eq!(served(&tokens, &quota, at(1), 4), 4);
    let drained = tokens.drain();
    assert!(!tokens.is_dirty());
    assert_eq!(served(&tokens, &quota, at(1), 2), 2);
    tokens.restore(drained);
    assert!(tokens.is_urgent());
    assert_eq!(served(&tokens, &quota, at(HOUR), 1), 1);
    let drained = tokens.drain();
    assert_eq!(numbers(&drained), [(at(0), 6, 0, 0), (at(HOUR), 1, 0, 0)]);
    tokens.restore(drained);
    for hour in 2..60 {
        assert_eq!(served(&tokens, &quota, at(hour * HOUR), 1), 1);
    }
    let drained = tokens.drain();
    assert_eq!(drained.len(), HOURS_WAITING);
    assert_eq!(drained.last().map(|count| count.hour_start), Some(at(59 * HOUR)));
}

#[test]
fn a_token_that_is_not_issued_after_all_does_not_count() {
    let quota = hourly(1);
    let tokens = fresh(&quota);
    let taken = tokens.take(&quota, at(1)).unwrap();
    tokens.give_back(&taken);
    assert_eq!(served(&tokens, &quota, at(1), 2), 1);
    assert_eq!(numbers(&tokens.drain()), [(at(0), 1, 1, 0)]);
    // A refusal gives nothing back.
    let refused = tokens.take(&quota, at(1)).unwrap();
    tokens.give_back(&refused);
    assert_eq!(served(&tokens, &quota, at(1), 1), 0);
}

#[test]
fn a_dry_run_serves_and_counts_what_it_would_refuse() {
    let quota = limits(Some(2), None, QuotaMode::DryRun);
    let tokens = fresh(&quota);
    let news: Vec<bool> = (0..5).map(|_| tokens.take(&quota, at(1)).unwrap().is_news).collect();
    assert_eq!(news, [false, false, true, false, false]);
    assert!(tokens.take(&hourly(2), at(2)).unwrap().is_news, "a refusal is something else");
    assert_eq!(served(&tokens, &quota, at(HOUR), 2), 2);
    assert!(tokens.take(&quota, at(HOUR)).unwrap().is_news);
    assert_eq!(numbers(&tokens.drain()), [(at(0), 5, 1, 3), (at(HOUR), 3, 0, 1)]);
}

#[test]
fn an_app_without_a_quota_is_counted_without_hurry() {
    let tokens = tokens();
    let none = TokenRequestLimits::default();
    assert_eq!(served(&tokens, &none, at(1), 5), 5);
    tokens.note_not_admitted(at(2));
    assert!(tokens.is_dirty() && !tokens.is_urgent());
    assert_eq!(served(&tokens, &none, at(HOUR), 1), 1);
    assert!(tokens.is_urgent(), "an hour is over");
    assert_eq!(numbers(&tokens.drain()), [(at(0), 5, 1, 0), (at(HOUR), 1, 0, 0)]);
    assert_eq!(tokens.drain_refusals().len(), 1);
    assert!(!tokens.is_dirty());
}

#[test]
fn refusals_are_counted_by_hour_and_reason_and_what_could_not_be_written_is_kept_and_bounded() {
    fn numbers(counts: &[RefusalCount]) -> Vec<(Timestamp, &'static str, u64)> {
        counts.iter().map(|it| (it.hour_start, it.code, it.refused)).collect()
    }
    let quota = hourly(1);
    let tokens = fresh(&quota);
    assert_eq!(served(&tokens, &quota, at(1), 3), 1);
    tokens.note_refused(at(2), "app_disabled");
    tokens.note_not_admitted(at(3));
    let drained = tokens.drain_refusals();
    assert_eq!(
        numbers(&drained),
        [(at(0), "app_disabled", 1), (at(0), TokenQuotaExceeded::CODE, 2), (at(0), NotAdmitted::CODE, 1)]
    );
    let _written = tokens.drain();
    assert!(!tokens.is_dirty());
    tokens.note_refused(at(4), "app_disabled");
    assert!(tokens.is_dirty() && tokens.drain().is_empty(), "a refusal is no request that was counted");
    tokens.restore_refusals(drained);
    assert_eq!(numbers(&tokens.drain_refusals()).first(), Some(&(at(0), "app_disabled", 2)));

    for hour in 0..300 {
        tokens.note_refused(at(hour * HOUR), "app_disabled");
    }
    let waiting = tokens.drain_refusals();
    assert_eq!(waiting.len(), REFUSALS_WAITING);
    assert_eq!(waiting.last().map(|count| count.hour_start), Some(at(299 * HOUR)));
}
