//! Invitations into a tenant: for one user name, single use, 72 hours.
//!
//! The handle that is sent to the invited person is kept by storage as a hash; it is no part of the record.

use std::time::Duration;

use crate::audit::Actor;
use crate::id::{InstanceId, InvitationId, TenantId, UserId};
use crate::membership::Role;
use crate::time::Timestamp;
use crate::user::UserName;
use crate::version::RecordVersion;

/// What was done with an invitation, as it is stored. Expiry is a matter of time, not of storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationState {
    /// Neither accepted nor cancelled.
    Pending,
    /// The invited person took it.
    Accepted {
        /// Who that was.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// It was taken back.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// Where an invitation is in its life at a given time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStanding {
    /// It can be accepted.
    Pending,
    /// It was accepted; it cannot be a second time.
    Accepted,
    /// It was taken back.
    Cancelled,
    /// Its time is over; it can be sent again.
    Expired,
}

impl InvitationStanding {
    /// The text form, as on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// An offer of a role in a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Identifier.
    pub id: InvitationId,
    /// The instance of the tenant.
    pub instance_id: InstanceId,
    /// The tenant invited into.
    pub tenant_id: TenantId,
    /// Who is invited; the user need not exist yet.
    pub user_name: UserName,
    /// As what.
    pub role: Role,
    /// Who invited.
    pub invited_by: Actor,
    /// When it was first made.
    pub created_at: Timestamp,
    /// From when on it cannot be accepted.
    pub expires_at: Timestamp,
    /// What was done with it.
    pub state: InvitationState,
    /// Optimistic lock.
    pub version: RecordVersion,
}

impl Invitation {
    /// How long an invitation can be accepted, from its making or its last sending.
    pub const LIFETIME: Duration = Duration::from_secs(72 * 3_600);

    /// When an invitation made or sent again now ends.
    pub fn expiry_from(now: Timestamp) -> Timestamp {
        now.plus(Self::LIFETIME)
    }

    /// Where it is in its life.
    pub fn state_at(&self, now: Timestamp) -> InvitationStanding {
        match self.state {
            InvitationState::Accepted { .. } => InvitationStanding::Accepted,
            InvitationState::Cancelled { .. } => InvitationStanding::Cancelled,
            InvitationState::Pending if self.expires_at <= now => InvitationStanding::Expired,
            InvitationState::Pending => InvitationStanding::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pending_invitation_expires_after_72_hours_and_a_used_one_stays_used() {
        let made = Timestamp::from_secs(1_000);
        let expires_at = Invitation::expiry_from(made);
        assert_eq!(expires_at, Timestamp::from_secs(1_000 + 259_200));
        let just_before = Timestamp::from_micros(expires_at.as_micros() - 1);
        let by = UserId::from_bytes([1; 16]);
        let accepted = InvitationState::Accepted { by, at: made };
        let cancelled = InvitationState::Cancelled { at: made };
        for (state, now, expected) in [
            (InvitationState::Pending, made, InvitationStanding::Pending),
            (InvitationState::Pending, just_before, InvitationStanding::Pending),
            (InvitationState::Pending, expires_at, InvitationStanding::Expired),
            (accepted, made, InvitationStanding::Accepted),
            (accepted, expires_at, InvitationStanding::Accepted),
            (cancelled, made, InvitationStanding::Cancelled),
            (cancelled, expires_at, InvitationStanding::Cancelled),
        ] {
            let invitation = Invitation {
                id: InvitationId::from_bytes([2; 16]),
                instance_id: InstanceId::from_bytes([3; 16]),
                tenant_id: TenantId::from_bytes([4; 16]),
                user_name: UserName::parse("kim@example.com").unwrap(),
                role: Role::Auditor,
                invited_by: Actor::CommandLine,
                created_at: made,
                expires_at,
                state,
                version: RecordVersion::FIRST,
            };
            assert_eq!(invitation.state_at(now), expected, "{state:?} {now:?}");
        }
    }
}
