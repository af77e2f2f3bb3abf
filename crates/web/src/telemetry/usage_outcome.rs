//! What became of reported usage.

use crate::telemetry::label::Label;

/// How an event ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UsageOutcome {
    /// It was new.
    Counted,
    /// It had been counted before.
    Duplicate,
    /// It could not be counted.
    Refused,
}

impl Label for UsageOutcome {
    const NAME: &'static str = "outcome";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Counted, Self::Duplicate, Self::Refused].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Counted => "counted",
            Self::Duplicate => "duplicate",
            Self::Refused => "refused",
        }
    }
}
