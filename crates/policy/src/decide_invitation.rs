//! May this invitation be made, accepted, sent again, cancelled?
//!
//! Making one says nothing about whether the instance has a user of that name: a tenant could ask for every name.

use turnkeep_domain::invitation::{Invitation, InvitationStanding};
use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::user::{User, UserKind, UserState};

use crate::permission::{Permission, PermissionDenial, Principal, decide_permission};

/// How many invitations of a tenant may be pending at a time.
pub const MAX_PENDING_INVITATIONS: u32 = 50;

/// Around the tenant that somebody is invited into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvitingFacts {
    /// Who invites.
    pub principal: Principal,
    /// Of the tenant.
    pub tenant_state: TenantState,
    /// Whether a user of that name is a member already.
    pub is_member: bool,
    /// Whether another invitation for that name is pending.
    pub is_invited: bool,
    /// How many other invitations of the tenant are pending.
    pub pending: u32,
}

/// Why nobody is invited, or not again, or why that is not undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitingDenial {
    /// The principal's role does not include it.
    #[error(transparent)]
    Permission(#[from] PermissionDenial),
    /// Nobody enters a closed tenant.
    #[error("the tenant is closed")]
    TenantClosed,
    /// There is nothing to invite to.
    #[error("a user of this name is a member already")]
    AlreadyMember,
    /// The pending one can be sent again.
    #[error("an invitation for this name is pending")]
    AlreadyInvited,
    /// Somebody invites at random.
    #[error("the tenant has {} pending invitations already", MAX_PENDING_INVITATIONS)]
    TooManyPending,
    /// It was accepted: the membership is what can be changed now.
    #[error("the invitation was accepted")]
    Accepted,
    /// It was cancelled.
    #[error("the invitation was cancelled")]
    Cancelled,
}

/// Why an invitation is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AcceptanceDenial {
    /// It is for another user. To the caller this is the same as an invitation that does not exist.
    #[error("the invitation is for another user")]
    OtherUser,
    /// System users act for apps.
    #[error("a system user cannot be a member")]
    SystemUser,
    /// The user is disabled.
    #[error("the user is disabled")]
    UserDisabled,
    /// It was accepted before.
    #[error("the invitation was accepted before")]
    Used,
    /// It was taken back.
    #[error("the invitation was cancelled")]
    Cancelled,
    /// Its 72 hours are over.
    #[error("the invitation has expired")]
    Expired,
    /// The tenant was ended in the meantime.
    #[error("the tenant is closed")]
    TenantClosed,
    /// The user came into the tenant by another way.
    #[error("the user is a member already")]
    AlreadyMember,
}

/// What it takes to invite somebody as this.
pub const fn permission_to_invite(role: Role) -> Permission {
    match role {
        Role::Owner => Permission::ManageOwners,
        Role::Admin | Role::Developer | Role::Auditor => Permission::ManageMembers,
    }
}

/// Whether somebody may be invited as this.
pub fn decide_invitation_creation(facts: &InvitingFacts, role: Role) -> Result<(), InvitingDenial> {
    may_invite(facts.principal, role)?;
    room_for_one(facts)
}

/// Whether an invitation may be sent again, pending or expired: it gets a new handle and its whole time again.
pub fn decide_invitation_resend(
    facts: &InvitingFacts,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<(), InvitingDenial> {
    may_invite(facts.principal, invitation.role)?;
    open(invitation, now)?;
    room_for_one(facts)
}

/// Whether an invitation may be taken back, pending or expired.
pub fn decide_invitation_cancellation(
    principal: Principal,
    invitation: &Invitation,
    now: Timestamp,
) -> Result<(), InvitingDenial> {
    may_invite(principal, invitation.role)?;
    open(invitation, now)
}

/// Whether this user, who has the invitation's handle, becomes a member by it.
pub fn decide_invitation_acceptance(
    invitation: &Invitation,
    user: &User,
    tenant_state: TenantState,
    is_member: bool,
    now: Timestamp,
) -> Result<(), AcceptanceDenial> {
    if user.instance_id != invitation.instance_id || user.name != invitation.user_name {
        return Err(AcceptanceDenial::OtherUser);
    }
    if user.kind == UserKind::System {
        return Err(AcceptanceDenial::SystemUser);
    }
    if user.state == UserState::Disabled {
        return Err(AcceptanceDenial::UserDisabled);
    }
    match invitation.state_at(now) {
        InvitationStanding::Pending => {}
        InvitationStanding::Accepted => return Err(AcceptanceDenial::Used),
        InvitationStanding::Cancelled => return Err(AcceptanceDenial::Cancelled),
        InvitationStanding::Expired => return Err(AcceptanceDenial::Expired),
    }
    if tenant_state == TenantState::Closed {
        return Err(AcceptanceDenial::TenantClosed);
    }
    if is_member { Err(AcceptanceDenial::AlreadyMember) } else { Ok(()) }
}

fn may_invite(principal: Principal, role: Role) -> Result<(), PermissionDenial> {
    decide_permission(principal, Permission::ManageMembers)?;
    decide_permission(principal, permission_to_invite(role))
}

fn room_for_one(facts: &InvitingFacts) -> Result<(), InvitingDenial> {
    if facts.tenant_state == TenantState::Closed {
        return Err(InvitingDenial::TenantClosed);
    }
    if facts.is_member {
        return Err(InvitingDenial::AlreadyMember);
    }
    if facts.is_invited {
        return Err(InvitingDenial::AlreadyInvited);
    }
    if MAX_PENDING_INVITATIONS <= facts.pending {
        return Err(InvitingDenial::TooManyPending);
    }
    Ok(())
}

fn open(invitation: &Invitation, now: Timestamp) -> Result<(), InvitingDenial> {
    match invitation.state_at(now) {
        InvitationStanding::Pending | InvitationStanding::Expired => Ok(()),
        InvitationStanding::Accepted => Err(InvitingDenial::Accepted),
        InvitationStanding::Cancelled => Err(InvitingDenial::Cancelled),
    }
}

#[cfg(test)]
mod tests {
    use Role::{Admin, Auditor, Developer, Owner};
    use turnkeep_domain::id::InstanceId;
    use turnkeep_domain::invitation::InvitationState;
    use turnkeep_domain::user::UserName;

    use super::*;
    use crate::samples;

    const NOW: Timestamp = Timestamp::from_secs(1_000);
    const LATER: Timestamp = Timestamp::from_secs(1_000 + 72 * 3_600);

    fn facts(principal: Principal) -> InvitingFacts {
        InvitingFacts {
            principal,
            tenant_state: TenantState::Active,
            is_member: false,
            is_invited: false,
            pending: MAX_PENDING_INVITATIONS - 1,
        }
    }

    fn used() -> InvitationState {
        InvitationState::Accepted { by: samples::user(UserKind::Internal).id, at: NOW }
    }

    #[test]
    fn each_role_invites_and_cancels_as_far_as_its_own_permits() {
        let members =
            Err(InvitingDenial::Permission(PermissionDenial { permission: Permission::ManageMembers }));
        let owners =
            Err(InvitingDenial::Permission(PermissionDenial { permission: Permission::ManageOwners }));
        for (principal, as_owner, as_other) in [
            (Principal::Operator, Ok(()), Ok(())),
            (Principal::Member(Owner), Ok(()), Ok(())),
            (Principal::Member(Admin), owners, Ok(())),
            (Principal::Member(Developer), members, members),
            (Principal::Member(Auditor), members, members),
        ] {
            for role in Role::ALL {
                let expected = if role == Owner { as_owner } else { as_other };
                let facts = facts(principal);
                let invitation = Invitation { role, ..samples::invitation(NOW) };
                assert_eq!(decide_invitation_creation(&facts, role), expected, "{principal:?} {role}");
                assert_eq!(decide_invitation_resend(&facts, &invitation, NOW), expected);
                assert_eq!(decide_invitation_cancellation(principal, &invitation, NOW), expected);
            }
        }
    }

    #[test]
    fn an_invitation_needs_an_open_tenant_room_and_somebody_who_is_not_there_yet() {
        let usual = facts(Principal::Operator);
        for (facts, expected) in [
            (InvitingFacts { tenant_state: TenantState::PendingActivation, ..usual }, Ok(())),
            (InvitingFacts { tenant_state: TenantState::Suspended, ..usual }, Ok(())),
            (InvitingFacts { tenant_state: TenantState::Closed, ..usual }, Err(InvitingDenial::TenantClosed)),
            (InvitingFacts { is_member: true, ..usual }, Err(InvitingDenial::AlreadyMember)),
            (InvitingFacts { is_invited: true, ..usual }, Err(InvitingDenial::AlreadyInvited)),
            (
                InvitingFacts { pending: MAX_PENDING_INVITATIONS, ..usual },
                Err(InvitingDenial::TooManyPending),
            ),
        ] {
            assert_eq!(decide_invitation_creation(&facts, Auditor), expected, "{facts:?}");
            assert_eq!(
                decide_invitation_resend(&facts, &samples::invitation(NOW), NOW),
                expected,
                "{facts:?}"
            );
        }
    }

    #[test]
    fn what_is_over_is_neither_sent_again_nor_cancelled_but_what_expired_is() {
        let cancelled = InvitationState::Cancelled { at: NOW };
        for (state, now, expected) in [
            (InvitationState::Pending, NOW, Ok(())),
            (InvitationState::Pending, LATER, Ok(())),
            (used(), NOW, Err(InvitingDenial::Accepted)),
            (cancelled, NOW, Err(InvitingDenial::Cancelled)),
        ] {
            let invitation = Invitation { state, ..samples::invitation(NOW) };
            let facts = facts(Principal::Operator);
            assert_eq!(decide_invitation_resend(&facts, &invitation, now), expected, "{state:?}");
            let cancellation = decide_invitation_cancellation(Principal::Operator, &invitation, now);
            assert_eq!(cancellation, expected, "{state:?}");
        }
    }

    fn accept(
        now: Timestamp,
        tenant_state: TenantState,
        is_member: bool,
        change: impl FnOnce(&mut Invitation, &mut User),
    ) -> Result<(), AcceptanceDenial> {
        let (mut invitation, mut user) = (samples::invitation(NOW), samples::user(UserKind::Community));
        user.name = invitation.user_name.clone();
        change(&mut invitation, &mut user);
        decide_invitation_acceptance(&invitation, &user, tenant_state, is_member, now)
    }

    #[test]
    fn only_the_invited_person_accepts_once_and_in_time() {
        let active = TenantState::Active;
        assert_eq!(accept(NOW, active, false, |_, _| {}), Ok(()));
        assert_eq!(accept(NOW, TenantState::PendingActivation, false, |_, _| {}), Ok(()));
        assert_eq!(accept(NOW, TenantState::Closed, false, |_, _| {}), Err(AcceptanceDenial::TenantClosed));
        assert_eq!(accept(NOW, active, true, |_, _| {}), Err(AcceptanceDenial::AlreadyMember));
        assert_eq!(accept(LATER, active, false, |_, _| {}), Err(AcceptanceDenial::Expired));
        assert_eq!(accept(NOW, active, false, |i, _| i.state = used()), Err(AcceptanceDenial::Used));
        let cancelled = InvitationState::Cancelled { at: NOW };
        let taken_back = accept(NOW, active, false, |i, _| i.state = cancelled);
        assert_eq!(taken_back, Err(AcceptanceDenial::Cancelled));
    }

    #[test]
    fn another_user_learns_nothing_and_some_users_are_never_members() {
        let active = TenantState::Active;
        let other = UserName::parse("mallory").unwrap();
        let stranger = accept(LATER, TenantState::Closed, true, |_, user| user.name = other.clone());
        assert_eq!(stranger, Err(AcceptanceDenial::OtherUser));
        let elsewhere = InstanceId::from_bytes([9; 16]);
        let namesake = accept(NOW, active, false, |_, user| user.instance_id = elsewhere);
        assert_eq!(namesake, Err(AcceptanceDenial::OtherUser));
        let system = accept(NOW, active, false, |_, user| user.kind = UserKind::System);
        assert_eq!(system, Err(AcceptanceDenial::SystemUser));
        let disabled = accept(NOW, active, false, |_, user| user.state = UserState::Disabled);
        assert_eq!(disabled, Err(AcceptanceDenial::UserDisabled));
    }
}
