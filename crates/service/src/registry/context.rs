//! Who does what to which instance: the first argument of every use case of the registry.

use turnkeep_domain::id::{AppId, InstanceId, RequestId, TenantId};
use turnkeep_domain::instance::{Instance, InstanceState};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::store::Reads;

use crate::authority::Authority;
use crate::failure::Failure;
use crate::keys::publish_key_set::UnknownIssuer;
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::refused;
use crate::tokens::authenticate_bearer::{Caller, Reach, TenantAccess};

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

    /// Only for those who reach every instance.
    pub(crate) fn require_platform(&self) -> RegistryResult<()> {
        match self.caller.reach {
            Reach::Platform => Ok(()),
            Reach::Instance | Reach::Tenant { .. } => Err(RegistryDenial::Forbidden.into()),
        }
    }

    /// Only for operators of the instance.
    pub(crate) fn require_operator(&self) -> RegistryResult<()> {
        match self.caller.reach {
            Reach::Platform | Reach::Instance => Ok(()),
            Reach::Tenant { .. } => Err(RegistryDenial::Forbidden.into()),
        }
    }

    /// Only for those who may change something.
    pub(crate) fn require_write(&self) -> RegistryResult<()> {
        match self.caller.reach {
            Reach::Platform | Reach::Instance | Reach::Tenant { access: TenantAccess::Manage, .. } => Ok(()),
            Reach::Tenant { access: TenantAccess::Read, .. } => Err(RegistryDenial::Forbidden.into()),
        }
    }

    /// The one tenant that the caller reaches; `None` for operators, who reach all.
    pub(crate) fn own_tenant(&self) -> Option<TenantId> {
        match self.caller.reach {
            Reach::Platform | Reach::Instance => None,
            Reach::Tenant { tenant_id, .. } => Some(tenant_id),
        }
    }

    /// The tenant's id if the caller reaches it; else it is as good as absent.
    pub(crate) fn reachable(&self, tenant_id: TenantId) -> RegistryResult<TenantId> {
        match self.own_tenant() {
            Some(own) if own != tenant_id => Err(RegistryDenial::NotFound.into()),
            Some(_) | None => Ok(tenant_id),
        }
    }

    /// The tenant under which to look for an app: the caller's own, or for an operator the app's.
    pub(crate) fn tenant_of_app<R: Reads + ?Sized>(
        &self,
        reads: &mut R,
        app_id: AppId,
    ) -> RegistryResult<TenantId> {
        match self.own_tenant() {
            Some(own) => Ok(own),
            None => {
                Ok(reads.find_tenant_of_app(self.instance_id, app_id)?.ok_or(RegistryDenial::NotFound)?)
            }
        }
    }
}

/// Refuses a change to a version other than the one the caller read.
pub(crate) fn check_version(current: RecordVersion, expected: Option<RecordVersion>) -> RegistryResult<()> {
    match expected {
        Some(expected) if expected != current => Err(RegistryDenial::StaleVersion.into()),
        Some(_) | None => Ok(()),
    }
}
