//! How much a node can take at the moment.

use crate::resource::priority::Priority;

/// What becomes of a request because of the state of the node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// It runs.
    Run,
    /// It waits a little, then runs.
    Wait,
    /// It is turned away with a time to come back.
    PutOff,
}

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

    /// What becomes of a request of this importance. Tokens and introspection run in every state as far as they fit:
    /// that is judged where they run.
    pub const fn treatment(self, priority: Priority) -> Treatment {
        match (self, priority) {
            (_, Priority::AlwaysPass | Priority::Token | Priority::Introspection) | (Self::Normal, _) => {
                Treatment::Run
            }
            (Self::Slow, Priority::Management | Priority::Dashboard) => Treatment::Wait,
            (Self::Defer | Self::Reject, Priority::Management | Priority::Dashboard) => Treatment::PutOff,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_important_is_held_back_first_and_no_worse_state_is_kinder() {
        use Treatment::{PutOff, Run, Wait};
        for (priority, expected) in [
            (Priority::AlwaysPass, [Run, Run, Run, Run]),
            (Priority::Token, [Run, Run, Run, Run]),
            (Priority::Introspection, [Run, Run, Run, Run]),
            (Priority::Management, [Run, Wait, PutOff, PutOff]),
            (Priority::Dashboard, [Run, Wait, PutOff, PutOff]),
        ] {
            assert_eq!(GuardState::ALL.map(|state| state.treatment(priority)), expected, "{priority:?}");
        }
    }
}
