//! A sign-in between its two factors. It goes through the browser, sealed by the caller.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::id::UserId;
use turnkeep_domain::time::Timestamp;

/// How long the second factor may take.
pub const PENDING_LIFETIME: Duration = Duration::from_secs(600);

/// Somebody who has given the right password, or used a link, and has to prove a second factor. To be sealed with
/// [`PENDING_LIFETIME`]: whoever could write it could be anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PendingSignIn {
    user: String,
    /// What the node had applied before it looked at the first factor: a change of it since ends this.
    sequence: i64,
    /// When the first factor was proven, in microseconds since the epoch.
    at: i64,
}

impl PendingSignIn {
    pub(crate) fn new(user_id: UserId, sequence: ChangeSequence, at: Timestamp) -> Self {
        Self { user: user_id.to_string(), sequence: sequence.as_number(), at: at.as_micros() }
    }

    pub(crate) fn user_id(&self) -> Option<UserId> {
        self.user.parse().ok()
    }

    pub(crate) const fn sequence(&self) -> ChangeSequence {
        ChangeSequence::from_number(self.sequence)
    }

    pub(crate) const fn at(&self) -> Timestamp {
        Timestamp::from_micros(self.at)
    }
}
