//! What each level of the resource guard means for who asks, in words (docs/protection.md, "The resource guard").

use turnkeep_console::dashboard::node::LevelItem;
use turnkeep_guard::resource::guard_state::GuardState;

/// All levels, from the best to the worst.
pub(super) fn levels(now: GuardState) -> Vec<LevelItem> {
    let item = |state: GuardState| {
        let (passes, refused) = words(state);
        LevelItem { name: state.as_str(), passes, refused, is_now: state == now }
    };
    GuardState::ALL.map(item).to_vec()
}

/// What passes, and what does not.
const fn words(state: GuardState) -> (&'static str, &'static str) {
    const MOST_IMPORTANT: &str =
        "Tokens and introspection, as far as they fit, and everything that takes access away.";
    match state {
        GuardState::Normal => ("Everything, at once.", "Nothing."),
        GuardState::Slow => {
            ("Everything. The management API, sign-in and pages wait about 0.2 seconds first.", "Nothing.")
        }
        GuardState::Defer => (
            MOST_IMPORTANT,
            "The management API, sign-in and pages: 503, with the seconds after which to come back.",
        ),
        GuardState::Reject => (
            MOST_IMPORTANT,
            "The same. The node also says that it is not ready, so that load balancers send requests to others.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use turnkeep_guard::resource::guard_state::Treatment;
    use turnkeep_guard::resource::priority::Priority;

    use super::*;

    #[test]
    fn the_words_are_what_becomes_of_requests() {
        for state in GuardState::ALL {
            let (passes, refused) = words(state);
            let treatment = state.treatment(Priority::Dashboard);
            assert_eq!(treatment, state.treatment(Priority::Management));
            assert_eq!(passes.contains("wait"), treatment == Treatment::Wait, "{state:?}");
            assert_eq!(refused != "Nothing.", treatment == Treatment::PutOff, "{state:?}");
        }
    }

    #[test]
    fn one_level_is_that_of_now() {
        for state in GuardState::ALL {
            let now: Vec<_> = levels(state).into_iter().filter(|level| level.is_now).collect();
            assert_eq!(now.iter().map(|level| level.name).collect::<Vec<_>>(), [state.as_str()]);
        }
    }
}
