//! How much a node can take at the moment.

/// The states of the resource guard, from the best to the worst (seed 000 §4: "requests may be slowed, deferred, or
/// rejected").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum GuardState {
    /// Everything is served.
    #[default]
    Normal,
    /// What is least important waits a little before it runs.
    Slow,
    /// What is least important is put off: 503 with a time to come back.
    Defer,
    /// Only what is most important is served, as much of it as fits; the node is not ready.
    Reject,
}

impl GuardState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Normal, Self::Slow, Self::Defer, Self::Reject];

    /// Its name in metrics, recordings and `/health/node-state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Slow => "slow",
            Self::Defer => "defer",
            Self::Reject => "reject",
        }
    }
}
