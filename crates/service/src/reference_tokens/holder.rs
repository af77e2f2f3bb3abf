//! What the user behind a reference token may do at this moment.

use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::membership::Role;
use turnkeep_domain::reference_token::{ReferenceToken, ReferenceTokenKind};
use turnkeep_domain::user::User;
use turnkeep_policy::decide_reference_token::ReferenceTokenHolder;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

/// The user that a token acts as, and whether that is an administrator of the app's tenant or of the instance. A
/// service token was made by an administrator, and is the app's from then on.
pub(super) fn holder_of<R: Reads + ?Sized>(
    reads: &mut R,
    token: &ReferenceToken,
) -> StoreResult<(Option<User>, ReferenceTokenHolder)> {
    let ReferenceToken { instance_id, tenant_id, .. } = *token;
    let user = match token.user_id {
        Some(user_id) => reads.find_user(instance_id, user_id)?,
        None => None,
    };
    let holder = match (token.kind, &user) {
        (ReferenceTokenKind::Service, _) => ReferenceTokenHolder::Administrator,
        (ReferenceTokenKind::Personal, Some(user)) => holder_in(reads, instance_id, tenant_id, user)?,
        (ReferenceTokenKind::Personal, None) => ReferenceTokenHolder::User,
    };
    Ok((user, holder))
}

/// Whether who has this role is an administrator of the tenant.
pub(super) fn administers(role: Role) -> bool {
    matches!(role, Role::Owner | Role::Admin)
}

fn holder_in<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    tenant_id: TenantId,
    user: &User,
) -> StoreResult<ReferenceTokenHolder> {
    let membership = reads.find_membership(instance_id, tenant_id, user.id)?;
    Ok(
        if membership.is_some_and(|membership| administers(membership.role))
            || reads.is_operator(instance_id, user.id)?
        {
            ReferenceTokenHolder::Administrator
        } else {
            ReferenceTokenHolder::User
        },
    )
}
