//! Does a reported event of usage count? Reporters send events again until they know, and late after an outage; what
//! is too old to be known for one that was counted before does not count again.

use std::time::Duration;

use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::Scope;
use turnkeep_domain::scope::ScopeSet;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::usage::UsageEvent;

/// How late an event may be reported.
pub const REPORTED_WITHIN: Duration = Duration::from_secs(7 * 86_400);

/// How far the clock of a reporter may be ahead.
pub const CLOCK_AHEAD: Duration = Duration::from_secs(5 * 60);

/// How long events are remembered after they arrived: longer than they may be reported again, so that none is
/// counted twice.
pub const REMEMBERED: Duration = Duration::from_secs(8 * 86_400);

/// Why an event does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum UsageEventDenial {
    /// No app of this instance has the id, or none that uses what the reporter serves.
    #[error("no such app uses what the reporter serves")]
    UnknownApp,
    /// It is reported too late.
    #[error("the event is too old")]
    TooOld,
    /// It has not happened yet.
    #[error("the event lies in the future")]
    InTheFuture,
    /// The reporter has called another event the same.
    #[error("another event has this id")]
    IdReused,
}

impl UsageEventDenial {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::UnknownApp, Self::TooOld, Self::InTheFuture, Self::IdReused];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownApp => "unknown_app",
            Self::TooOld => "too_old",
            Self::InTheFuture => "in_the_future",
            Self::IdReused => "id_reused",
        }
    }
}

/// An event that the reporter has reported before, under the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Repetition {
    /// The same event: it counts no more than it did.
    Duplicate,
    /// Another one.
    Reused,
}

/// Whether an event counts now. `is_served` says whether its app is known and uses what the reporter serves
/// ([`uses_served`]).
pub fn decide_usage_event(
    occurred_at: Timestamp,
    is_served: bool,
    now: Timestamp,
) -> Result<(), UsageEventDenial> {
    // The time first: a reporter that waits for an app to appear has to give up some day.
    if occurred_at < now.minus(REPORTED_WITHIN) {
        Err(UsageEventDenial::TooOld)
    } else if now.plus(CLOCK_AHEAD) < occurred_at {
        Err(UsageEventDenial::InTheFuture)
    } else if !is_served {
        Err(UsageEventDenial::UnknownApp)
    } else {
        Ok(())
    }
}

/// Whether an app has a scope of a resource that the reporter serves.
pub fn uses_served(registered: &ScopeSet, known_scopes: &[Scope], served: &[ResourceId]) -> bool {
    known_scopes.iter().any(|scope| served.contains(&scope.resource_id) && registered.contains(&scope.name))
}

/// Whether two events with one id are the same. A report without a time means the time of its arrival, so its time is
/// not compared (`has_time`).
pub fn judge_repetition(first: &UsageEvent, again: &UsageEvent, has_time: bool) -> Repetition {
    let same_time = !has_time || first.occurred_at == again.occurred_at;
    if first.app_id == again.app_id && first.units == again.units && same_time {
        Repetition::Duplicate
    } else {
        Repetition::Reused
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_domain::id::AppId;
    use turnkeep_domain::resource::ScopeGrant;
    use turnkeep_domain::scope::ScopeName;
    use turnkeep_domain::usage::{UsageEventId, UsedUnits};

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

    #[test]
    fn an_event_counts_from_seven_days_late_to_five_minutes_early() {
        let micro = Duration::from_micros(1);
        for (occurred_at, expected) in [
            (NOW, Ok(())),
            (NOW.minus(REPORTED_WITHIN), Ok(())),
            (NOW.minus(REPORTED_WITHIN + micro), Err(UsageEventDenial::TooOld)),
            (NOW.plus(CLOCK_AHEAD), Ok(())),
            (NOW.plus(CLOCK_AHEAD + micro), Err(UsageEventDenial::InTheFuture)),
        ] {
            assert_eq!(decide_usage_event(occurred_at, true, NOW), expected, "{occurred_at:?}");
            // The time says first why an event of no app does not count.
            let unknown = decide_usage_event(occurred_at, false, NOW);
            assert_eq!(unknown, expected.and(Err(UsageEventDenial::UnknownApp)), "{occurred_at:?}");
        }
    }

    #[test]
    fn what_is_forgotten_is_too_old_to_count_again() {
        // The latest event that counts now, sent again right after it was forgotten.
        let occurred_at = NOW.plus(CLOCK_AHEAD);
        let forgotten = NOW.plus(REMEMBERED);
        assert_eq!(decide_usage_event(occurred_at, true, forgotten), Err(UsageEventDenial::TooOld));
    }

    #[test]
    fn only_apps_with_a_scope_of_a_served_resource_are_known() {
        let (mine, other) = (ResourceId::from_bytes([1; 16]), ResourceId::from_bytes([2; 16]));
        let scope = |resource_id, name: &str| Scope {
            resource_id,
            name: ScopeName::parse(name).unwrap(),
            description: String::new(),
            grant: ScopeGrant::AnyApp,
        };
        let known = [scope(mine, "read"), scope(other, "write")];
        for (registered, served, expected) in [
            ("read", vec![mine], true),
            ("read write", vec![mine], true),
            ("read", vec![other, mine], true),
            ("write", vec![mine], false),
            ("gone", vec![mine], false),
            ("", vec![mine], false),
            ("read", vec![], false),
        ] {
            let registered = ScopeSet::parse(registered).unwrap();
            assert_eq!(uses_served(&registered, &known, &served), expected, "{registered} {served:?}");
        }
    }

    #[test]
    fn an_event_is_the_same_if_everything_that_was_said_is() {
        let event = |app: u8, units, at| UsageEvent {
            id: UsageEventId::parse("1").unwrap(),
            app_id: AppId::from_bytes([app; 16]),
            units: UsedUnits::new(units).unwrap(),
            occurred_at: Timestamp::from_secs(at),
        };
        let first = event(1, 5, 100);
        for (again, has_time, expected) in [
            (event(1, 5, 100), true, Repetition::Duplicate),
            (event(1, 5, 101), true, Repetition::Reused),
            (event(1, 5, 101), false, Repetition::Duplicate),
            (event(2, 5, 100), false, Repetition::Reused),
            (event(1, 6, 100), false, Repetition::Reused),
        ] {
            assert_eq!(judge_repetition(&first, &again, has_time), expected, "{again:?} {has_time}");
        }
    }
}
