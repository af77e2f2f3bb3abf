//! Reading and changing tenants, and their life: activate, suspend, close.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::page::Page;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState, TenantTransitionError};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::store::Reads;

use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What an operator may change about a tenant; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct TenantChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// How many apps it may have.
    pub app_limit: Option<AppLimit>,
}

/// A step in the life of a tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TenantStep {
    /// Lets it get tokens.
    Activate,
    /// Stops all its apps and kills their tokens.
    Suspend,
    /// Ends it.
    Close,
}

/// The tenants that the caller reaches.
pub fn list_tenants(context: &RegistryContext<'_>, page: Page<TenantId>) -> RegistryResult<Vec<Tenant>> {
    let instance_id = context.instance_id;
    let own = context.own_tenant();
    Ok(context.authority.store.read(|reads| match own {
        Some(tenant_id) => Ok(reads.find_tenant(instance_id, tenant_id)?.into_iter().collect()),
        None => reads.list_tenants(instance_id, page),
    })?)
}

/// One tenant.
pub fn find_tenant(context: &RegistryContext<'_>, id: TenantId) -> RegistryResult<Tenant> {
    context.authority.store.read(|reads| Ok(existing(context, reads, id)))?
}

/// Changes a tenant. Operators only ("App limits are tenant-scoped … contact support", seed 001).
pub fn update_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    changes: &TenantChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Tenant> {
    context.audited("tenant.update", Some(id.to_string()), context.require_operator())?;
    mutate(context, "tenant.update", Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        let after = Tenant {
            name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
            app_limit: changes.app_limit.unwrap_or(before.app_limit),
            version: before.version.next(),
            ..before.clone()
        };
        if change.writes.tenant_name_taken(context.instance_id, &after.name.uniqueness_key(), Some(id))? {
            return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
        }
        expect_updated(change.writes.update_tenant(&after, before.version)?)?;
        change.record(ChangeScope::Tenant(context.instance_id, id), TokensBefore::Live)?;
        let limits = (before.app_limit.apps().to_string(), after.app_limit.apps().to_string());
        Ok(Done::of(id, after.clone())
            .in_tenant(id)
            .change("name", Some(before.name.to_string()), Some(after.name.to_string()))
            .change("app_limit", Some(limits.0), Some(limits.1)))
    })
}

/// Moves a tenant on in its life. Operators only.
pub fn step_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    step: TenantStep,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Tenant> {
    let (action, transition, tokens_before): (_, fn(TenantState) -> Result<_, TenantTransitionError>, _) =
        match step {
            TenantStep::Activate => ("tenant.activate", TenantState::activate, TokensBefore::Live),
            TenantStep::Suspend => ("tenant.suspend", TenantState::suspend, TokensBefore::Dead),
            TenantStep::Close => ("tenant.close", TenantState::close, TokensBefore::Dead),
        };
    context.audited(action, Some(id.to_string()), context.require_operator())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        let state = transition(before.state).map_err(RegistryDenial::TenantTransition)?;
        store_state(context, change, &before, state, tokens_before)
    })
}

fn store_state(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Tenant,
    state: TenantState,
    tokens_before: TokensBefore,
) -> RegistryResult<Done<Tenant>> {
    let mut after = Tenant { state, version: before.version.next(), ..before.clone() };
    let sequence = change.record(ChangeScope::Tenant(context.instance_id, before.id), tokens_before)?;
    if tokens_before == TokensBefore::Dead {
        after.tokens_dead_below = sequence;
    }
    expect_updated(change.writes.update_tenant(&after, before.version)?)?;
    let states = (before.state.to_string(), state.to_string());
    Ok(Done::of(before.id, after).in_tenant(before.id).change("state", Some(states.0), Some(states.1)))
}

fn existing<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: TenantId,
) -> RegistryResult<Tenant> {
    let id = context.reachable(id)?;
    Ok(reads.find_tenant(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}
