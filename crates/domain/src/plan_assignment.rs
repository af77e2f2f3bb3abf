//! An app's plan, and whether it is paid for.

use crate::id::PlanId;
use crate::time::Timestamp;

/// Whether an assignment counts at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentState {
    /// In force.
    Current,
    /// Waiting for a payment: the app gets no token.
    OnHold {
        /// Since when.
        since: Timestamp,
    },
}

/// The plan of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanAssignment {
    /// The plan.
    pub plan_id: PlanId,
    /// Since when the app is on it.
    pub assigned_at: Timestamp,
    /// Whether it counts.
    pub state: AssignmentState,
}
