//! Why a request was turned away with 503, or held back, because the node had too much to do.

use crate::telemetry::label::Label;

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ShedReason {
    /// The resource guard defers requests of its priority.
    Deferred,
    /// The resource guard rejects requests of its priority.
    Rejected,
    /// As many use cases run or wait as may.
    Busy,
    /// Its tenant has more than its share under way.
    UnfairShare,
    /// It was not turned away, but waited a little before it ran.
    Slowed,
}

impl Label for ShedReason {
    const NAME: &'static str = "reason";

    fn all() -> impl Iterator<Item = Self> {
        [Self::Deferred, Self::Rejected, Self::Busy, Self::UnfairShare, Self::Slowed].into_iter()
    }

    fn text(self) -> &'static str {
        match self {
            Self::Deferred => "deferred",
            Self::Rejected => "rejected",
            Self::Busy => "busy",
            Self::UnfairShare => "unfair-share",
            Self::Slowed => "slowed",
        }
    }
}
