//! Tenants: the isolation boundary inside an instance.

use std::fmt;

use crate::change::ChangeSequence;
use crate::display_name::DisplayName;
use crate::id::{InstanceId, TenantId};
use crate::secret_max_age::SecretMaxAge;
use crate::time::Timestamp;
use crate::version::RecordVersion;

/// The life of a tenant: `PendingActivation → Active ⇄ Suspended → Closed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantState {
    /// Registered, not yet allowed to get tokens.
    PendingActivation,
    /// In use.
    Active,
    /// Stopped by an operator; can be activated again.
    Suspended,
    /// Ended for good.
    Closed,
}

/// The change is not possible from the tenant's present state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a tenant that is {from} cannot become {to}")]
pub struct TenantTransitionError {
    /// The present state.
    pub from: TenantState,
    /// The state asked for.
    pub to: TenantState,
}

impl TenantState {
    /// Lets the tenant get tokens (again).
    pub fn activate(self) -> Result<Self, TenantTransitionError> {
        match self {
            Self::PendingActivation | Self::Suspended => Ok(Self::Active),
            Self::Active | Self::Closed => self.refuse(Self::Active),
        }
    }

    /// Stops every app of the tenant at once.
    pub fn suspend(self) -> Result<Self, TenantTransitionError> {
        match self {
            Self::Active => Ok(Self::Suspended),
            Self::PendingActivation | Self::Suspended | Self::Closed => self.refuse(Self::Suspended),
        }
    }

    /// Ends the tenant for good. An active tenant is suspended first, so that closing is never one slip away.
    pub fn close(self) -> Result<Self, TenantTransitionError> {
        match self {
            Self::PendingActivation | Self::Suspended => Ok(Self::Closed),
            Self::Active | Self::Closed => self.refuse(Self::Closed),
        }
    }

    fn refuse(self, to: Self) -> Result<Self, TenantTransitionError> {
        Err(TenantTransitionError { from: self, to })
    }
}

impl fmt::Display for TenantState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PendingActivation => "pending activation",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        })
    }
}

/// How many apps a tenant may have; only an operator raises it (seed 001: "App limits are tenant-scoped").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppLimit(u32);

impl AppLimit {
    /// The limit of a new tenant.
    pub const DEFAULT: Self = Self(3);
    /// The highest limit an operator may set.
    pub const MAX: u32 = 1_000_000;

    /// `None` above [`AppLimit::MAX`].
    pub const fn new(apps: u32) -> Option<Self> {
        if apps <= Self::MAX { Some(Self(apps)) } else { None }
    }

    /// The number of apps.
    pub const fn apps(self) -> u32 {
        self.0
    }
}

/// A tenant of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Identifier.
    pub id: TenantId,
    /// The instance it belongs to.
    pub instance_id: InstanceId,
    /// Name for people; unique in the instance.
    pub name: DisplayName,
    /// Where it is in its life.
    pub state: TenantState,
    /// How many apps it may have.
    pub app_limit: AppLimit,
    /// Its kill mark: tokens of its apps with a lower `seq` are dead.
    pub tokens_dead_below: ChangeSequence,
    /// How old secrets of its apps may get, if that is limited.
    pub secret_max_age: Option<SecretMaxAge>,
    /// Since when it is in its present state.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Optimistic lock.
    pub version: RecordVersion,
}

#[cfg(test)]
mod tests {
    use super::TenantState::{Active, Closed, PendingActivation, Suspended};
    use super::*;

    #[test]
    fn transitions() {
        type Step = fn(TenantState) -> Result<TenantState, TenantTransitionError>;
        type Row = (Step, TenantState, [(TenantState, bool); 4]);
        let table: [Row; 3] = [
            (
                TenantState::activate,
                Active,
                [(PendingActivation, true), (Active, false), (Suspended, true), (Closed, false)],
            ),
            (
                TenantState::suspend,
                Suspended,
                [(PendingActivation, false), (Active, true), (Suspended, false), (Closed, false)],
            ),
            (
                TenantState::close,
                Closed,
                [(PendingActivation, true), (Active, false), (Suspended, true), (Closed, false)],
            ),
        ];
        for (step, to, rows) in table {
            for (from, allowed) in rows {
                let expected = if allowed { Ok(to) } else { Err(TenantTransitionError { from, to }) };
                assert_eq!(step(from), expected, "{from:?} to {to:?}");
            }
        }
    }

    #[test]
    fn app_limit_is_three_until_raised() {
        assert_eq!(AppLimit::DEFAULT.apps(), 3);
        assert_eq!(AppLimit::new(AppLimit::MAX + 1), None);
    }
}
