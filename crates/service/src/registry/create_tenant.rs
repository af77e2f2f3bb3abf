//! A new tenant, pending activation.

use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, tenant_attributes};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::recording::{Done, mutate};

/// A new tenant.
#[derive(Debug, Clone)]
pub struct CreateTenantCommand {
    /// Name for people; unique in the instance.
    pub name: DisplayName,
    /// How many apps it may have.
    pub app_limit: AppLimit,
}

/// Creates a tenant. Operators only.
pub fn create_tenant(context: &RegistryContext<'_>, command: &CreateTenantCommand) -> RegistryResult<Tenant> {
    context.audited("tenant.create", None, context.require_operator())?;
    mutate(context, "tenant.create", None, |change| {
        let tenant = Tenant {
            id: TenantId::new(change.now, context.authority.random_bytes()),
            instance_id: context.instance_id,
            name: command.name.clone(),
            state: TenantState::PendingActivation,
            app_limit: command.app_limit,
            tokens_dead_below: ChangeSequence::ZERO,
            secret_max_age: None,
            state_since: change.now,
            created_at: change.now,
            version: RecordVersion::FIRST,
        };
        if change.writes.insert_tenant(&tenant)? == Inserted::Conflict {
            return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
        }
        change.record(ChangeScope::Tenant(context.instance_id, tenant.id), TokensBefore::Live)?;
        let changes = created(tenant_attributes(&tenant));
        Ok(Done::of(tenant.id, tenant.clone()).in_tenant(tenant.id).changes(changes))
    })
}
