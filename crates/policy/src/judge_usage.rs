//! How near is an app to the limits of its plan? (seed 000 §4: limits in Document Units per hour, day, week, month.)
//!
//! This judges and refuses nothing: resource servers stop an app by the limits in its token.

use std::fmt;

use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::usage::UsedByWindow;
use turnkeep_domain::usage_window::UsageWindow;

/// From here on usage deserves a look.
const WARNING_FROM: Percent = Percent { tenths: 750 };

/// From here on an app may be stopped before anybody has looked.
const CRITICAL_FROM: Percent = Percent { tenths: 900 };

/// A share of a limit, in tenths of a percent, rounded down; above 100 if more was used than allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Percent {
    tenths: u64,
}

impl Percent {
    /// All of it.
    pub const HUNDRED: Self = Self { tenths: 1_000 };

    /// What a number is of a limit. Of nothing everything is used already.
    pub fn of(used: u64, limit: u64) -> Self {
        let tenths = (u128::from(used) * 1_000).checked_div(u128::from(limit));
        tenths.map_or(Self::HUNDRED, |tenths| Self { tenths: u64::try_from(tenths).unwrap_or(u64::MAX) })
    }

    /// In tenths of a percent.
    pub const fn tenths(self) -> u64 {
        self.tenths
    }
}

/// `75.0`.
impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.tenths / 10, self.tenths % 10)
    }
}

/// What usage is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UsageStatus {
    /// Less than 75 % of the limit.
    Healthy,
    /// From 75 %.
    Warning,
    /// From 90 %.
    Critical,
}

impl UsageStatus {
    /// Every status, the best first.
    pub const ALL: [Self; 3] = [Self::Healthy, Self::Warning, Self::Critical];

    /// The stable name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    fn of(percent: Percent) -> Self {
        if percent < WARNING_FROM {
            Self::Healthy
        } else if percent < CRITICAL_FROM {
            Self::Warning
        } else {
            Self::Critical
        }
    }
}

/// The usage of one window, with its limit if it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowUsage {
    /// The kind of window.
    pub window: UsageWindow,
    /// Units used in it so far.
    pub used: u64,
    /// What of that means; `None` without a limit.
    pub limited: Option<LimitedUsage>,
}

/// What usage means under a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitedUsage {
    /// Units allowed in the window.
    pub limit: u64,
    /// What is used of it.
    pub percent: Percent,
    /// What that is worth.
    pub status: UsageStatus,
}

/// The usage of an app in its four windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsageJudgement {
    /// Each window, the shortest first.
    pub windows: [WindowUsage; UsageWindow::ALL.len()],
    /// The window that comes to its limit first: that with the highest percentage, of equals the shorter. `None` if
    /// nothing is limited.
    pub binding: Option<UsageWindow>,
    /// The worst status of all windows; `None` if nothing is limited.
    pub status: Option<UsageStatus>,
}

/// Judges what was used in the present windows by the limits of a plan; without a plan there are none.
pub fn judge_usage(used: &UsedByWindow, limits: Option<&DocumentUnitLimits>) -> UsageJudgement {
    let windows = UsageWindow::ALL.map(|window| {
        let used = used.of(window);
        let limited = limits.and_then(|limits| limits.of(window)).map(|limit| {
            let percent = Percent::of(used, limit);
            LimitedUsage { limit, percent, status: UsageStatus::of(percent) }
        });
        WindowUsage { window, used, limited }
    });
    let mut binding: Option<(UsageWindow, LimitedUsage, u64)> = None;
    for one in windows {
        let Some(limited) = one.limited else {
            continue;
        };
        let is_nearer =
            binding.is_none_or(|(_, of, used)| is_more((one.used, limited.limit), (used, of.limit)));
        if is_nearer {
            binding = Some((one.window, limited, one.used));
        }
    }
    UsageJudgement {
        windows,
        binding: binding.map(|(window, _, _)| window),
        status: windows.iter().filter_map(|one| Some(one.limited?.status)).max(),
    }
}

/// What of the limit that it comes to first is used, as [`judge_usage`] has it; `None` if nothing is limited.
pub fn nearest_share(used: &UsedByWindow, limits: &DocumentUnitLimits) -> Option<Percent> {
    let share = |window| limits.of(window).map(|limit| Percent::of(used.of(window), limit));
    UsageWindow::ALL.into_iter().filter_map(share).max()
}

/// Whether one is a greater share of its limit than the other, exactly. All of nothing is 100 %.
fn is_more(one: (u64, u64), other: (u64, u64)) -> bool {
    let share =
        |(used, limit): (u64, u64)| if limit == 0 { (1, 1) } else { (u128::from(used), u128::from(limit)) };
    let ((used, limit), (other_used, other_limit)) = (share(one), share(other));
    other_used * limit < used * other_limit
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn used(units: [u64; 4]) -> UsedByWindow {
        let mut used = UsedByWindow::default();
        for (window, units) in UsageWindow::ALL.into_iter().zip(units) {
            used.add(window, units);
        }
        used
    }

    fn limits(
        hour: Option<u64>,
        day: Option<u64>,
        week: Option<u64>,
        month: Option<u64>,
    ) -> DocumentUnitLimits {
        DocumentUnitLimits::new(hour, day, week, month).unwrap()
    }

    #[test]
    fn a_status_begins_exactly_at_its_share() {
        for (used, limit, tenths, status) in [
            (0, 100, 0, UsageStatus::Healthy),
            (74, 100, 740, UsageStatus::Healthy),
            (7_499, 10_000, 749, UsageStatus::Healthy),
            (75, 100, 750, UsageStatus::Warning),
            (8_999, 10_000, 899, UsageStatus::Warning),
            (9, 10, 900, UsageStatus::Critical),
            (100, 100, 1_000, UsageStatus::Critical),
            (250, 100, 2_500, UsageStatus::Critical),
            // Nothing is allowed, so all of it is used.
            (0, 0, 1_000, UsageStatus::Critical),
            (5, 0, 1_000, UsageStatus::Critical),
            (DocumentUnitLimits::MAX, 1, 9_007_199_254_740_991_000, UsageStatus::Critical),
            (DocumentUnitLimits::MAX - 1, DocumentUnitLimits::MAX, 999, UsageStatus::Critical),
        ] {
            let percent = Percent::of(used, limit);
            assert_eq!((percent.tenths(), UsageStatus::of(percent)), (tenths, status), "{used} of {limit}");
        }
        assert_eq!(Percent::of(3, 8).to_string(), "37.5");
    }

    #[test]
    fn the_window_nearest_to_its_limit_binds() {
        use UsageStatus::{Critical, Healthy, Warning};
        use UsageWindow::{Day, Hour, Month, Week};
        let all = limits(Some(100), Some(250), Some(500), Some(1_000));
        for (units, limits, binding, status) in [
            ([75, 75, 75, 75], all, Some(Hour), Some(Warning)),
            ([10, 100, 150, 500], all, Some(Month), Some(Healthy)),
            ([10, 20, 450, 500], all, Some(Week), Some(Critical)),
            ([10, 240, 455, 500], all, Some(Day), Some(Critical)),
            // Of equals the shorter: it ends first.
            ([50, 125, 250, 500], all, Some(Hour), Some(Healthy)),
            ([0, 0, 0, 0], all, Some(Hour), Some(Healthy)),
            // The same tenth of a percent, but not the same share.
            (
                [0, 0, 3_333, 33_334],
                limits(None, None, Some(10_000), Some(100_000)),
                Some(Month),
                Some(Healthy),
            ),
            ([99, 99, 99, 99], limits(None, None, None, Some(100)), Some(Month), Some(Critical)),
            ([1, 1, 1, 1], limits(None, Some(0), None, Some(100)), Some(Day), Some(Critical)),
            ([1, 1, 1, 1], limits(None, None, None, None), None, None),
        ] {
            let judged = judge_usage(&used(units), Some(&limits));
            assert_eq!((judged.binding, judged.status), (binding, status), "{units:?} {limits:?}");
        }
    }

    #[test]
    fn without_a_plan_usage_is_counted_and_not_judged() {
        let judged = judge_usage(&used([1, 2, 3, 4]), None);
        assert_eq!((judged.binding, judged.status), (None, None));
        assert_eq!(judged.windows.map(|one| (one.used, one.limited)), [1, 2, 3, 4].map(|used| (used, None)));
    }

    proptest! {
        #[test]
        fn the_binding_window_has_the_worst_status(
            units in prop::array::uniform4(0..2_000_u64),
            given in prop::array::uniform4(prop::option::of(0..1_000_u64)),
        ) {
            let mut given = given;
            let mut least = 0;
            for limit in given.iter_mut().flatten() {
                least = least.max(*limit);
                *limit = least;
            }
            let [hour, day, week, month] = given;
            let limits = limits(hour, day, week, month);
            let judged = judge_usage(&used(units), Some(&limits));
            let of_binding = judged.windows.iter().find(|one| Some(one.window) == judged.binding);
            prop_assert_eq!(of_binding.map(|one| one.limited.unwrap().status), judged.status);
            let worst = judged.windows.iter().filter_map(|one| Some(one.limited?.percent)).max();
            prop_assert_eq!(of_binding.map(|one| one.limited.unwrap().percent), worst);
            prop_assert_eq!(nearest_share(&used(units), &limits), worst);
        }
    }
}
