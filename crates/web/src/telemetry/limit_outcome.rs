//! What became of a request that was over a limit.

use crate::telemetry::label::Label;

/// Refused, or only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitOutcome {
    /// It was answered 429.
    Refused,
    /// It would have been, but limits are on trial.
    DryRun,
}

impl Label for LimitOutcome {
    const NAME: &'static str = "outcome";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Refused, Self::DryRun].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::DryRun => "dry-run",
        }
    }
}
