//! Who does what to which instance: the first argument of every use case of the registry.

use std::fmt::Display;

use turnkeep_domain::id::{AppId, InstanceId, RequestId, TenantId};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::{Permission, Principal, decide_permission};
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::registry::denial::RegistryDenial;
use crate::registry::idempotency::IdempotencyClaim;
use crate::registry::recording::refused;
use crate::tokens::authenticate_bearer::{Caller, Reach};
use crate::transaction;

/// A caller, the instance it addresses, and the request it is about.
#[derive(Clone, Copy)]
pub struct RegistryContext<'a> {
    /// The authority.
    pub authority: &'a Authority,
    /// The addressed instance.
    pub instance_id: InstanceId,
    /// Who calls.
    pub caller: Caller,
    /// The request, for the audit trail.
    pub request_id: Option<RequestId>,
    /// What makes the request one that is not done twice.
    pub idempotency: Option<&'a IdempotencyClaim>,
}

/// What the registry's use cases answer.
pub type RegistryResult<T> = Result<T, Failure<RegistryDenial>>;

/// Finds the instance that a management request addresses. A disabled one is as good as unknown.
pub fn find_addressed_instance(
    authority: &Authority,
    slug: &Slug,
) -> Result<Instance, Failure<UnknownIssuer>> {
    let instance = authority.store.read(|reads| reads.find_instance_by_slug(slug))?;
    instance.filter(|instance| instance.state == InstanceState::Active).ok_or(Failure::Denied(UnknownIssuer))
}

impl RegistryContext<'_> {
    /// Notes the refusal of an action that did not get as far as a transaction.
    pub(crate) fn audited<T>(
        &self,
        action: &'static str,
        object: Option<String>,
        judged: RegistryResult<T>,
    ) -> RegistryResult<T> {
        if let Err(Failure::Denied(denial)) = &judged {
            let now = self.authority.now();
            let event = refused(self, action, object, denial, now);
            self.authority.books.note_refusal(event);
        }
        judged
    }

    /// Reads something as of one moment, or finds that it is denied.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(&mut dyn Reads) -> RegistryResult<T>,
    ) -> RegistryResult<T> {
        transaction::read(&*self.authority.store, work)
    }

    /// As whom the caller is judged; `None` if it is nobody anywhere.
    pub fn principal(&self) -> Option<Principal> {
        match self.caller.reach {
            Reach::Platform | Reach::Instance => Some(Principal::Operator),
            Reach::Tenant { role, .. } => Some(Principal::Member(role)),
            Reach::Nowhere => None,
        }
    }

    /// Only for those who have the permission, in their tenant or as operators.
    pub(crate) fn require(&self, permission: Permission) -> RegistryResult<()> {
        if let Some(claim) = self.idempotency {
            claim.need(permission);
        }
        match self.principal().map(|principal| decide_permission(principal, permission)) {
            Some(Ok(())) => Ok(()),
            Some(Err(_)) | None => Err(RegistryDenial::Forbidden(permission).into()),
        }
    }

    /// Only for those who have the permission; who has not leaves an event, as who tries to change something does.
    /// What is not there leaves none: whoever guesses an id learns and leaves nothing.
    pub(crate) fn require_read(
        &self,
        action: &'static str,
        object: Option<&dyn Display>,
        permission: Permission,
    ) -> RegistryResult<()> {
        let required = self.require(permission);
        let object = object.filter(|_| required.is_err()).map(ToString::to_string);
        self.audited(action, object, required)
    }

    /// Only for those who reach every instance.
    pub(crate) fn require_platform(&self) -> RegistryResult<()> {
        if let Some(claim) = self.idempotency {
            claim.need(Permission::Operate);
        }
        match self.caller.reach {
            Reach::Platform => Ok(()),
            Reach::Instance | Reach::Tenant { .. } | Reach::Nowhere => {
                Err(RegistryDenial::Forbidden(Permission::Operate).into())
            }
        }
    }

    /// Only for operators of the instance.
    pub(crate) fn require_operator(&self) -> RegistryResult<()> {
        self.require(Permission::Operate)
    }

    /// The part of the instance's records that the caller reaches.
    pub(crate) fn extent(&self) -> RegistryResult<Extent> {
        match self.caller.reach {
            Reach::Platform | Reach::Instance => Ok(Extent::Instance),
            Reach::Tenant { tenant_id, .. } => Ok(Extent::Tenant(tenant_id)),
            Reach::Nowhere => Err(RegistryDenial::NotFound.into()),
        }
    }

    /// The tenant that the caller acts for, if it is one, for the audit trail.
    pub(crate) fn own_tenant(&self) -> Option<TenantId> {
        match self.caller.reach {
            Reach::Tenant { tenant_id, .. } => Some(tenant_id),
            Reach::Platform | Reach::Instance | Reach::Nowhere => None,
        }
    }

    /// The tenant's id if the caller reaches it; else it is as good as absent.
    pub(crate) fn reachable(&self, tenant_id: TenantId) -> RegistryResult<TenantId> {
        match self.extent()? {
            Extent::Tenant(own) if own != tenant_id => Err(RegistryDenial::NotFound.into()),
            Extent::Tenant(_) | Extent::Instance => Ok(tenant_id),
        }
    }

    /// The tenant that a list keeps to: the one asked for, or the caller's own; `None` is the whole instance.
    pub(crate) fn tenant_to_list(&self, wanted: Option<TenantId>) -> RegistryResult<Option<TenantId>> {
        match (wanted, self.extent()?) {
            (Some(wanted), _) => self.reachable(wanted).map(Some),
            (None, Extent::Tenant(own)) => Ok(Some(own)),
            (None, Extent::Instance) => Ok(None),
        }
    }

    /// The tenant under which to look for an app: the caller's own, or for an operator the app's.
    pub(crate) fn tenant_of_app<R: Reads + ?Sized>(
        &self,
        reads: &mut R,
        app_id: AppId,
    ) -> RegistryResult<TenantId> {
        match self.extent()? {
            Extent::Tenant(own) => Ok(own),
            Extent::Instance => {
                Ok(reads.find_tenant_of_app(self.instance_id, app_id)?.ok_or(RegistryDenial::NotFound)?)
            }
        }
    }
}

/// Which records of an instance a caller reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extent {
    /// All.
    Instance,
    /// Those of one tenant.
    Tenant(TenantId),
}

/// Refuses a change to a version other than the one the caller read.
pub(crate) fn check_version(current: RecordVersion, expected: Option<RecordVersion>) -> RegistryResult<()> {
    match expected {
        Some(expected) if expected != current => Err(RegistryDenial::StaleVersion.into()),
        Some(_) | None => Ok(()),
    }
}
