//! Users and operators.

pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod operators;
pub(crate) mod person;
pub(crate) mod step;
pub(crate) mod welcome;

use turnkeep_domain::id::UserId;
use turnkeep_domain::user::{UserKind, UserState};

use crate::account::paths::PagePaths;
use crate::dashboard::place::OperatorPlace;

/// The path of a user; `rest` is empty or begins with a slash.
fn person_path(paths: &PagePaths, id: UserId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::People, id, rest)
}

/// The choices of a kind, as forms have them.
const KIND_CHOICES: [(&str, &str); 3] = [
    ("internal", "Internal: works for whoever runs this instance"),
    ("community", "Community: a customer or partner"),
    ("system", "System: what background services act as"),
];

fn kind_in_words(kind: UserKind) -> &'static str {
    match kind {
        UserKind::Internal => "internal",
        UserKind::Community => "community",
        UserKind::System => "system",
    }
}

fn state_in_words(state: UserState) -> &'static str {
    match state {
        UserState::Active => "active",
        UserState::Disabled => "disabled",
    }
}
