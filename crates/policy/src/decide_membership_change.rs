//! Who may give and take which role in a tenant?

use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::TenantState;
use turnkeep_domain::user::{User, UserKind, UserState};

use crate::permission::{Permission, PermissionDenial, Principal, decide_permission};

/// What is to happen to a user's place in a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipChange {
    /// The user gets this role, instead of any other.
    Set(Role),
    /// The user is no longer a member.
    Remove,
}

/// What the decision depends on.
#[derive(Debug, Clone, Copy)]
pub struct MembershipFacts<'a> {
    /// Who wants it.
    pub principal: Principal,
    /// Whether the principal is the user in question.
    pub is_own: bool,
    /// Of the tenant.
    pub tenant_state: TenantState,
    /// The user in question, if the instance has it.
    pub user: Option<&'a User>,
    /// The user's present role in the tenant.
    pub present: Option<Role>,
    /// How many *other* members are owners and not disabled.
    pub other_owners: u32,
}

/// Why it does not happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MembershipDenial {
    /// The principal's role does not include it.
    #[error(transparent)]
    Permission(#[from] PermissionDenial),
    /// Not a member of the tenant; for callers other than operators also if there is no such user at all.
    #[error("the user is not a member of the tenant")]
    NotAMember,
    /// The instance has no such user; said to operators only.
    #[error("the instance has no such user")]
    UserUnknown,
    /// System users act for apps.
    #[error("a system user cannot be a member")]
    SystemUser,
    /// A disabled user may be removed, but gets no role.
    #[error("the user is disabled")]
    UserDisabled,
    /// A closed tenant gets no members.
    #[error("the tenant is closed")]
    TenantClosed,
    /// Nobody raises themselves.
    #[error("nobody can raise their own role")]
    OwnRole,
    /// A tenant that is not closed has an owner.
    #[error("the tenant would be left without an owner")]
    LastOwner,
}

/// Members change other members' roles as far as their own permits, and may always leave; new members come by
/// invitation, or are put there by an operator. Nobody takes the last owner away.
pub fn decide_membership_change(
    facts: &MembershipFacts<'_>,
    change: MembershipChange,
) -> Result<(), MembershipDenial> {
    permitted(facts, change)?;
    match change {
        MembershipChange::Set(role) => settable(facts, role)?,
        MembershipChange::Remove if facts.present.is_none() => return Err(MembershipDenial::NotAMember),
        MembershipChange::Remove => {}
    }
    let stays_owner = change == MembershipChange::Set(Role::Owner);
    let leaves_none = facts.present == Some(Role::Owner) && !stays_owner && facts.other_owners == 0;
    if leaves_none && facts.tenant_state != TenantState::Closed {
        return Err(MembershipDenial::LastOwner);
    }
    Ok(())
}

fn permitted(facts: &MembershipFacts<'_>, change: MembershipChange) -> Result<(), MembershipDenial> {
    if facts.is_own && change == MembershipChange::Remove {
        return Ok(());
    }
    decide_permission(facts.principal, Permission::ManageMembers)?;
    let concerns_owner = facts.present == Some(Role::Owner) || change == MembershipChange::Set(Role::Owner);
    if concerns_owner {
        decide_permission(facts.principal, Permission::ManageOwners)?;
    }
    Ok(())
}

fn settable(facts: &MembershipFacts<'_>, role: Role) -> Result<(), MembershipDenial> {
    // Whether an instance has a user is nothing that a tenant may find out.
    if matches!(facts.principal, Principal::Member(_)) && facts.present.is_none() {
        return Err(MembershipDenial::NotAMember);
    }
    let user = facts.user.ok_or(MembershipDenial::UserUnknown)?;
    if facts.tenant_state == TenantState::Closed {
        return Err(MembershipDenial::TenantClosed);
    }
    if user.kind == UserKind::System {
        return Err(MembershipDenial::SystemUser);
    }
    if user.state == UserState::Disabled {
        return Err(MembershipDenial::UserDisabled);
    }
    let raises = facts.present.is_none_or(|present| rank(present) < rank(role));
    match facts.principal {
        Principal::Member(_) if facts.is_own && raises => Err(MembershipDenial::OwnRole),
        Principal::Member(_) | Principal::Operator => Ok(()),
    }
}

const fn rank(role: Role) -> u8 {
    match role {
        Role::Auditor => 0,
        Role::Developer => 1,
        Role::Admin => 2,
        Role::Owner => 3,
    }
}

#[cfg(test)]
mod tests {
    use Role::{Admin, Auditor, Developer, Owner};

    use super::*;
    use crate::samples;

    fn decide(
        principal: Principal,
        present: Option<Role>,
        change: MembershipChange,
        adjust: impl FnOnce(&mut MembershipFacts<'_>),
    ) -> Result<(), MembershipDenial> {
        let user = samples::user(UserKind::Internal);
        let mut facts = MembershipFacts {
            principal,
            is_own: false,
            tenant_state: TenantState::Active,
            user: Some(&user),
            present,
            other_owners: 1,
        };
        adjust(&mut facts);
        decide_membership_change(&facts, change)
    }

    fn denied(permission: Permission) -> Result<(), MembershipDenial> {
        Err(MembershipDenial::Permission(PermissionDenial { permission }))
    }

    #[test]
    fn each_role_changes_other_members_as_far_as_its_own_permits() {
        let no_members = denied(Permission::ManageMembers);
        let no_owners = denied(Permission::ManageOwners);
        for principal in [Owner, Admin, Developer, Auditor] {
            for present in Role::ALL {
                for change in
                    Role::ALL.map(MembershipChange::Set).into_iter().chain([MembershipChange::Remove])
                {
                    let about_owner = present == Owner || change == MembershipChange::Set(Owner);
                    let expected = match principal {
                        Owner => Ok(()),
                        Admin if about_owner => no_owners,
                        Admin => Ok(()),
                        Developer | Auditor => no_members,
                    };
                    let decided = decide(Principal::Member(principal), Some(present), change, |_| {});
                    assert_eq!(decided, expected, "{principal} makes {present} {change:?}");
                    let by_operator = decide(Principal::Operator, Some(present), change, |_| {});
                    assert_eq!(by_operator, Ok(()), "{present} {change:?}");
                }
            }
        }
    }

    #[test]
    fn no_member_raises_itself_and_every_member_may_step_down_as_far_as_it_manages_members_or_leave() {
        for present in Role::ALL {
            let principal = Principal::Member(present);
            let own = |change| decide(principal, Some(present), change, |facts| facts.is_own = true);
            for role in Role::ALL.into_iter().filter(|role| rank(present) < rank(*role)) {
                assert!(own(MembershipChange::Set(role)).is_err(), "{present} to {role}");
            }
            assert_eq!(own(MembershipChange::Remove), Ok(()), "{present}");
        }
        let own = |facts: &mut MembershipFacts<'_>| facts.is_own = true;
        let admin = Principal::Member(Admin);
        assert_eq!(decide(admin, Some(Admin), MembershipChange::Set(Auditor), own), Ok(()));
        // Also if the role that the principal acts with is not the one that is recorded.
        let owner = Principal::Member(Owner);
        let raised = decide(owner, Some(Admin), MembershipChange::Set(Owner), own);
        assert_eq!(raised, Err(MembershipDenial::OwnRole));
    }

    #[test]
    fn the_last_owner_stays_until_the_tenant_is_closed() {
        let last = |facts: &mut MembershipFacts<'_>| facts.other_owners = 0;
        for principal in [Principal::Operator, Principal::Member(Owner)] {
            for change in [MembershipChange::Set(Admin), MembershipChange::Remove] {
                assert_eq!(
                    decide(principal, Some(Owner), change, last),
                    Err(MembershipDenial::LastOwner),
                    "{principal:?} {change:?}"
                );
            }
            assert_eq!(decide(principal, Some(Owner), MembershipChange::Set(Owner), last), Ok(()));
            assert_eq!(decide(principal, Some(Admin), MembershipChange::Remove, last), Ok(()));
            let closed = decide(principal, Some(Owner), MembershipChange::Remove, |facts| {
                facts.other_owners = 0;
                facts.tenant_state = TenantState::Closed;
            });
            assert_eq!(closed, Ok(()));
        }
        let leaves = decide(Principal::Member(Owner), Some(Owner), MembershipChange::Remove, |facts| {
            facts.other_owners = 0;
            facts.is_own = true;
        });
        assert_eq!(leaves, Err(MembershipDenial::LastOwner));
    }

    #[test]
    fn only_operators_put_somebody_new_into_a_tenant() {
        let set = MembershipChange::Set(Auditor);
        assert_eq!(decide(Principal::Operator, None, set, |_| {}), Ok(()));
        let unknown = decide(Principal::Operator, None, set, |facts| facts.user = None);
        assert_eq!(unknown, Err(MembershipDenial::UserUnknown));
        // A tenant cannot tell a user of somebody else from none at all.
        let owner = Principal::Member(Owner);
        assert_eq!(decide(owner, None, set, |_| {}), Err(MembershipDenial::NotAMember));
        assert_eq!(decide(owner, None, set, |facts| facts.user = None), Err(MembershipDenial::NotAMember));
        for principal in [owner, Principal::Operator] {
            let removed = decide(principal, None, MembershipChange::Remove, |_| {});
            assert_eq!(removed, Err(MembershipDenial::NotAMember));
        }
    }

    #[test]
    fn system_users_disabled_users_and_closed_tenants_get_no_membership() {
        let system = samples::user(UserKind::System);
        let disabled = User { state: UserState::Disabled, ..samples::user(UserKind::Community) };
        for (user, tenant_state, expected) in [
            (&system, TenantState::Active, MembershipDenial::SystemUser),
            (&disabled, TenantState::Active, MembershipDenial::UserDisabled),
            (&disabled, TenantState::Closed, MembershipDenial::TenantClosed),
        ] {
            let facts = MembershipFacts {
                principal: Principal::Operator,
                is_own: false,
                tenant_state,
                user: Some(user),
                present: Some(Auditor),
                other_owners: 1,
            };
            let set = MembershipChange::Set(Developer);
            assert_eq!(decide_membership_change(&facts, set), Err(expected));
            assert_eq!(decide_membership_change(&facts, MembershipChange::Remove), Ok(()));
        }
        for tenant_state in [TenantState::PendingActivation, TenantState::Suspended] {
            let decided = decide(Principal::Operator, None, MembershipChange::Set(Owner), |facts| {
                facts.tenant_state = tenant_state;
            });
            assert_eq!(decided, Ok(()), "{tenant_state}");
        }
    }
}
