//! As whom somebody who is signed in looks after things: as an operator, as a member of a tenant, or as nobody.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::membership::Role;
use turnkeep_domain::tenant::{Tenant, TenantState};
use turnkeep_domain::user::User;

use crate::authority::Authority;
use crate::failure::Fault;
use crate::tokens::authenticate_bearer::{Caller, Reach};
use crate::tokens::authenticate_person::reach_of_person;

/// Somebody who is signed in, and what they are at this moment. Looked up at every request, never remembered.
#[derive(Debug, Clone)]
pub struct ActingPerson {
    /// The instance that they are signed in to.
    pub instance: Instance,
    /// As whom they call the use cases of the registry.
    pub caller: Caller,
    /// The tenant that they act in, if they do.
    pub tenant: Option<Tenant>,
}

impl ActingPerson {
    /// Whether they operate the instance.
    pub fn is_operator(&self) -> bool {
        matches!(self.caller.reach, Reach::Platform | Reach::Instance)
    }
}

/// A tenant of somebody, and what they are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnTenant {
    /// The tenant.
    pub tenant: Tenant,
    /// What they are.
    pub role: Role,
}

/// As whom somebody acts in a tenant, or in none. `None` if there is no such tenant for them: another's, a closed one
/// and one that never was cannot be told apart.
pub fn find_acting_person(
    authority: &Authority,
    user: &User,
    tenant_id: Option<TenantId>,
) -> Result<Option<ActingPerson>, Fault> {
    Ok(authority.store.read(|reads| {
        let instance = reads.find_instance(user.instance_id)?;
        let Some(instance) = instance.filter(|instance| instance.state == InstanceState::Active) else {
            return Ok(None);
        };
        let Some((reach, tenant)) = reach_of_person(reads, &instance, user.id, tenant_id)? else {
            return Ok(None);
        };
        let tenant = match (tenant, tenant_id) {
            (None, Some(id)) => match reads.find_tenant(instance.id, id)? {
                Some(tenant) => Some(tenant),
                None => return Ok(None),
            },
            (tenant, _) => tenant,
        };
        let caller = Caller::new(Actor::User(user.id), reach);
        Ok(Some(ActingPerson { instance, caller, tenant }))
    })?)
}

/// The tenants that somebody is a member of, by name; closed ones are gone.
pub fn list_own_tenants(authority: &Authority, user: &User) -> Result<Vec<OwnTenant>, Fault> {
    let mut tenants = authority.store.read(|reads| {
        let mut tenants = Vec::new();
        for membership in reads.list_memberships_of_user(user.instance_id, user.id)? {
            let tenant = reads.find_tenant(user.instance_id, membership.tenant_id)?;
            let open = tenant.filter(|tenant| tenant.state != TenantState::Closed);
            tenants.extend(open.map(|tenant| OwnTenant { tenant, role: membership.role }));
        }
        Ok(tenants)
    })?;
    tenants.sort_by_cached_key(|own| own.tenant.name.uniqueness_key());
    Ok(tenants)
}
