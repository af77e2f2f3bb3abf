//! Why a request is turned away, although nothing is wrong with it.

use turnkeep_guard::rate_limits::standing::Standing;

/// The reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// 429: a limit is used up.
    Limited(Standing),
    /// 503: there is more to do than this node can.
    Overloaded,
}

/// Marks an answer that may wait a little: whoever is turned away again and again is turned away slowly, so that it costs
/// nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Paced {
    /// It was over a limit, or guessed too often.
    OverLimit,
    /// There was no room for it.
    WithoutRoom,
}

impl From<Refusal> for Paced {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Limited(_) => Self::OverLimit,
            Refusal::Overloaded => Self::WithoutRoom,
        }
    }
}
