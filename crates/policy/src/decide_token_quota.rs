//! Has the app had all the tokens it may have in this hour and on this day? (seed 000 §4)

use std::num::NonZeroU32;
use std::time::Duration;

use turnkeep_domain::app::{App, AppOrigin};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::{QuotaMode, QuotaWindow, TokenRequestLimits};

/// A quota that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the app has had all the tokens that it may have in this {}", window.as_str())]
pub struct TokenQuotaExceeded {
    /// Which window.
    pub window: QuotaWindow,
    /// How many tokens it allows.
    pub limit: NonZeroU32,
    /// How long it is until the window ends; never zero.
    pub resets_in: Duration,
}

impl TokenQuotaExceeded {
    /// The stable code.
    pub const CODE: &'static str = "token_quota_exceeded";
}

/// What an app may have, and what it has had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenQuotaFacts {
    /// What it may have.
    pub limits: TokenRequestLimits,
    /// Tokens that were issued to it in this hour.
    pub issued_in_hour: u64,
    /// Tokens that were issued to it on this day.
    pub issued_on_day: u64,
    /// Now.
    pub now: Timestamp,
}

/// Whether the app may have one more token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenQuotaDecision {
    /// It may.
    Within,
    /// It may, since the quota is only tried out.
    WouldExceed(TokenQuotaExceeded),
    /// It may not.
    Exceeded(TokenQuotaExceeded),
}

/// What an app may have: what its plan says, and if that says nothing about hours and days, what the server does. The
/// server's word does not bind the platform's own apps, lest operators lock themselves out.
pub fn token_quota(app: &App, plan: Option<&Plan>, default: &TokenRequestLimits) -> TokenRequestLimits {
    let of_plan = plan.map(|plan| plan.token_requests).filter(TokenRequestLimits::has_quota);
    match (of_plan, app.origin) {
        (Some(limits), _) => limits,
        (None, AppOrigin::External) => *default,
        (None, AppOrigin::Platform) => TokenRequestLimits::default(),
    }
}

/// Decides about one more token. If several windows are used up, the one that lasts longest is named: nothing changes
/// before it ends.
pub fn decide_token_quota(facts: &TokenQuotaFacts) -> TokenQuotaDecision {
    let exceeded = |window: QuotaWindow| {
        let issued = match window {
            QuotaWindow::Hour => facts.issued_in_hour,
            QuotaWindow::Day => facts.issued_on_day,
        };
        let limit = facts.limits.quota(window).filter(|limit| u64::from(limit.get()) <= issued)?;
        Some(TokenQuotaExceeded { window, limit, resets_in: window.left(facts.now) })
    };
    let binding = QuotaWindow::ALL.into_iter().filter_map(exceeded).max_by_key(|exceeded| exceeded.resets_in);
    match (binding, facts.limits.mode()) {
        (None, _) => TokenQuotaDecision::Within,
        (Some(exceeded), QuotaMode::Enforced) => TokenQuotaDecision::Exceeded(exceeded),
        (Some(exceeded), QuotaMode::DryRun) => TokenQuotaDecision::WouldExceed(exceeded),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::plan::{PlanPrice, PlanState};

    use super::*;
    use crate::samples;

    fn limits(hour: Option<u32>, day: Option<u32>, mode: QuotaMode) -> TokenRequestLimits {
        TokenRequestLimits::new(None, hour, day, mode).unwrap()
    }

    /// At 1970-01-02T22:59:00Z.
    fn decide(hour: Option<u32>, day: Option<u32>, issued: (u64, u64)) -> TokenQuotaDecision {
        decide_token_quota(&TokenQuotaFacts {
            limits: limits(hour, day, QuotaMode::Enforced),
            issued_in_hour: issued.0,
            issued_on_day: issued.1,
            now: Timestamp::from_secs(86_400 + 23 * 3_600 - 60),
        })
    }

    fn exceeded(window: QuotaWindow, limit: u32, secs: u64) -> TokenQuotaDecision {
        let limit = NonZeroU32::new(limit).unwrap();
        let resets_in = Duration::from_secs(secs);
        TokenQuotaDecision::Exceeded(TokenQuotaExceeded { window, limit, resets_in })
    }

    #[test]
    fn a_quota_bites_when_it_is_used_up_and_names_the_window_that_binds() {
        use QuotaWindow::{Day, Hour};
        for (hour, day, issued, expected) in [
            (None, None, (u64::MAX, u64::MAX), TokenQuotaDecision::Within),
            (Some(10), None, (9, 500), TokenQuotaDecision::Within),
            (Some(10), None, (10, 10), exceeded(Hour, 10, 60)),
            (Some(10), None, (11, 11), exceeded(Hour, 10, 60)),
            (None, Some(20), (19, 19), TokenQuotaDecision::Within),
            (None, Some(20), (0, 20), exceeded(Day, 20, 3_660)),
            (Some(10), Some(20), (10, 19), exceeded(Hour, 10, 60)),
            (Some(10), Some(20), (10, 20), exceeded(Day, 20, 3_660)),
            (Some(10), Some(20), (3, 20), exceeded(Day, 20, 3_660)),
        ] {
            assert_eq!(decide(hour, day, issued), expected, "{hour:?} {day:?} {issued:?}");
        }
    }

    #[test]
    fn a_quota_that_is_tried_out_refuses_nothing() {
        let facts = TokenQuotaFacts {
            limits: limits(Some(1), None, QuotaMode::DryRun),
            issued_in_hour: 1,
            issued_on_day: 1,
            now: Timestamp::from_secs(0),
        };
        let decided = decide_token_quota(&facts);
        assert!(matches!(decided, TokenQuotaDecision::WouldExceed(_)), "{decided:?}");
    }

    #[test]
    fn the_servers_quota_is_for_apps_whose_plan_says_nothing() {
        let default = limits(Some(2_000), Some(20_000), QuotaMode::DryRun);
        let plan = |minute, hour, day| {
            let token_requests = TokenRequestLimits::new(minute, hour, day, QuotaMode::Enforced).unwrap();
            Plan { token_requests, ..samples::plan(PlanState::Active, PlanPrice::Paid) }
        };
        let (silent, minute, hourly) =
            (plan(None, None, None), plan(Some(5), None, None), plan(None, Some(7), None));
        let platform = App { origin: AppOrigin::Platform, ..samples::app() };
        for (app, plan, expected) in [
            (samples::app(), None, default),
            (samples::app(), Some(&silent), default),
            (samples::app(), Some(&minute), default),
            (samples::app(), Some(&hourly), hourly.token_requests),
            (platform.clone(), None, TokenRequestLimits::default()),
            (platform, Some(&hourly), hourly.token_requests),
        ] {
            assert_eq!(token_quota(&app, plan, &default), expected, "{plan:?}");
        }
    }
}
