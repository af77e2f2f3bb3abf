//! Who calls the management API, if it is a person: management tokens, and what their users are at this moment.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::{TenantId, UserId};
use turnkeep_domain::instance::{DEFAULT_INSTANCE, Instance, InstanceState};
use turnkeep_domain::management_token::{ManagementToken, ManagementTokenState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::user::{UserKind, UserState};
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::handles::handle_hash;
use crate::tokens::authenticate_bearer::{BearerDenial, Caller, Reach};

/// Accepts a management token of the addressed instance, or an operator's of the default one. What the person may
/// do is looked up now, so that a role or a user that was taken away no longer counts.
pub(crate) fn authenticate_person(
    authority: &Authority,
    addressed: &Slug,
    token: &str,
) -> Result<Caller, Failure<BearerDenial>> {
    let now = authority.now();
    let hash = handle_hash(token);
    let found = authority.store.read(|reads| {
        let Some(instance) = active_instance(reads, addressed)? else {
            return Ok(None);
        };
        if let Some(token) = reads.find_management_token(instance.id, &hash)? {
            let live = token.state(now) == ManagementTokenState::Live;
            return if live { caller_of(reads, &instance, &token) } else { Ok(None) };
        }
        let Ok(default) = Slug::parse(DEFAULT_INSTANCE) else {
            return Ok(None);
        };
        let Some(home) = active_instance(reads, &default)? else {
            return Ok(None);
        };
        let Some(token) = reads.find_management_token(home.id, &hash)? else {
            return Ok(None);
        };
        let live = token.state(now) == ManagementTokenState::Live;
        let caller = if live { caller_of(reads, &home, &token)? } else { None };
        Ok(caller.filter(|caller| caller.reach == Reach::Platform))
    })?;
    found.ok_or(Failure::Denied(BearerDenial::InvalidToken))
}

fn active_instance(reads: &mut dyn Reads, slug: &Slug) -> StoreResult<Option<Instance>> {
    let instance = reads.find_instance_by_slug(slug)?;
    Ok(instance.filter(|instance| instance.state == InstanceState::Active))
}

fn caller_of(
    reads: &mut dyn Reads,
    instance: &Instance,
    token: &ManagementToken,
) -> StoreResult<Option<Caller>> {
    let user = reads.find_user(instance.id, token.user_id)?;
    let may_act = |kind, state| kind != UserKind::System && state == UserState::Active;
    let Some(user) = user.filter(|user| may_act(user.kind, user.state)) else {
        return Ok(None);
    };
    let reach = reach_of_person(reads, instance, user.id, token.tenant_id)?;
    Ok(reach.map(|(reach, _)| Caller::new(Actor::User(user.id), reach)))
}

/// How far a person reaches who acts in this tenant or in none, and the tenant if it had to be read for that; `None` if
/// they are nothing there. Operators are so in every tenant, and it is not read for them.
pub(crate) fn reach_of_person(
    reads: &mut dyn Reads,
    instance: &Instance,
    user_id: UserId,
    tenant_id: Option<TenantId>,
) -> StoreResult<Option<(Reach, Option<Tenant>)>> {
    if reads.is_operator(instance.id, user_id)? {
        let is_default = instance.slug.as_str() == DEFAULT_INSTANCE;
        return Ok(Some((if is_default { Reach::Platform } else { Reach::Instance }, None)));
    }
    let Some(tenant_id) = tenant_id else {
        return Ok(Some((Reach::Nowhere, None)));
    };
    let member = reads.find_membership(instance.id, tenant_id, user_id)?;
    let tenant = reads.find_tenant(instance.id, tenant_id)?;
    let open = tenant.filter(|tenant| tenant.state != TenantState::Closed);
    Ok(member.zip(open).map(|(member, tenant)| {
        let reach = Reach::Tenant { tenant_id, role: member.role };
        (reach, Some(tenant))
    }))
}
