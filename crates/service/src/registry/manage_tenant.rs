//! Reading and changing tenants, and their life: activate, suspend, close.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::{AppFilter, TenantFilter};
use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::page::Page;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState, TenantTransitionError};
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::decide_secret_expiry::decide_limited_secret_expiry;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, tenant_attributes};
use crate::registry::context::{Extent, RegistryContext, RegistryResult, check_version};
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::page_of::page_of;
use crate::registry::recording::{Change, Done, expect_updated, mutate};
use crate::registry::recover_operator::{operates, operator_app_of};

/// What may be changed about a tenant; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct TenantChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// How many apps it may have; for operators to say.
    pub app_limit: Option<AppLimit>,
    /// How old secrets may get; `Some(None)` ends the limit.
    pub secret_max_age: Option<Option<SecretMaxAge>>,
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

/// The tenants that the caller reaches; their sort name is the uniqueness key of their name.
pub fn list_tenants(
    context: &RegistryContext<'_>,
    filter: &TenantFilter,
    page: &Page<TenantId>,
) -> RegistryResult<Vec<Tenant>> {
    context.require_read("tenant.read", None, Permission::ReadTenant)?;
    let instance_id = context.instance_id;
    let extent = context.extent()?;
    Ok(context.authority.store.read(|reads| match extent {
        Extent::Tenant(tenant_id) => {
            let own: Vec<Tenant> = reads.find_tenant(instance_id, tenant_id)?.into_iter().collect();
            Ok(page_of(
                own,
                page,
                |tenant| tenant.id,
                |tenant| tenant.name.uniqueness_key(),
                |tenant| {
                    filter.state.is_none_or(|state| tenant.state == state)
                        && filter
                            .search
                            .as_ref()
                            .is_none_or(|search| search.is_in(&tenant.name.uniqueness_key()))
                },
            ))
        }
        Extent::Instance => reads.list_tenants(instance_id, filter, page),
    })?)
}

/// One tenant.
pub fn find_tenant(context: &RegistryContext<'_>, id: TenantId) -> RegistryResult<Tenant> {
    context.require_read("tenant.read", Some(&id), Permission::ReadTenant)?;
    context.read(|reads| existing_tenant(context, reads, id))
}

/// Changes a tenant. Only operators change how many apps it may have ("App limits are tenant-scoped … contact
/// support", seed 001). A new maximum age ends no secret within 30 days.
pub fn update_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    changes: &TenantChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Tenant> {
    let permission = if changes.app_limit.is_some() { Permission::Operate } else { Permission::UpdateTenant };
    context.audited("tenant.update", Some(id.to_string()), context.require(permission))?;
    mutate(context, "tenant.update", Some(id.to_string()), |change| {
        let before = existing_tenant(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        change_tenant(context, change, &before, changes)
    })
}

/// Changes a tenant within a transaction.
pub(crate) fn change_tenant(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Tenant,
    changes: &TenantChanges,
) -> RegistryResult<Done<Tenant>> {
    let id = before.id;
    let after = Tenant {
        name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
        app_limit: changes.app_limit.unwrap_or(before.app_limit),
        secret_max_age: changes.secret_max_age.unwrap_or(before.secret_max_age),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = Tenant { version: before.version.next(), ..after };
    if change.writes.tenant_name_taken(context.instance_id, &after.name.uniqueness_key(), Some(id))? {
        return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
    }
    expect_updated(change.writes.update_tenant(&after, before.version)?)?;
    change.record(ChangeScope::Tenant(context.instance_id, id), TokensBefore::Live)?;
    let limited = match after.secret_max_age {
        Some(max_age) if after.secret_max_age != before.secret_max_age => {
            limit_secret_ages(change, &after, max_age)?
        }
        Some(_) | None => 0,
    };
    let changes = changed(tenant_attributes(before), tenant_attributes(&after));
    let limited = (0 < limited).then(|| limited.to_string());
    Ok(Done::of(id, after).in_tenant(id).changes(changes).change("secrets_limited", None, limited))
}

/// Lets the live secrets of every app of a tenant end by the maximum age; returns how many end sooner than before.
fn limit_secret_ages(change: &mut Change<'_>, tenant: &Tenant, max_age: SecretMaxAge) -> RegistryResult<u32> {
    let mut limited = 0;
    let mut page = Page::first(Page::<AppId>::MAX_LIMIT);
    loop {
        let apps = change.writes.list_apps(tenant.instance_id, tenant.id, &AppFilter::default(), &page)?;
        for app in &apps {
            for stored in change.writes.list_secrets(tenant.id, app.id)? {
                if let Some(end) = decide_limited_secret_expiry(&stored.secret, max_age, change.now) {
                    limited +=
                        change.writes.limit_secret_lifetime(tenant.id, app.id, stored.secret.id, end)?;
                }
            }
        }
        match apps.last() {
            Some(last) => page = Page::after(last.id, Page::<AppId>::MAX_LIMIT),
            None => return Ok(limited),
        }
    }
}

/// Moves a tenant on in its life. Operators only. The platform's own tenant cannot be closed, which cannot be undone;
/// nor suspended while the operator's app works, whose tokens would die without a word: that app has its own switch.
pub fn step_tenant(
    context: &RegistryContext<'_>,
    id: TenantId,
    step: TenantStep,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Tenant> {
    let action = step_name(step);
    context.audited(action, Some(id.to_string()), context.require_operator())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing_tenant(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        take_step(context, change, &before, step)
    })
}

/// What a step is called in the audit trail.
pub(crate) fn step_name(step: TenantStep) -> &'static str {
    match step {
        TenantStep::Activate => "tenant.activate",
        TenantStep::Suspend => "tenant.suspend",
        TenantStep::Close => "tenant.close",
    }
}

/// Moves a tenant on within a transaction.
pub(crate) fn take_step(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Tenant,
    step: TenantStep,
) -> RegistryResult<Done<Tenant>> {
    let (state, tokens_before) = judge_step(context, change.writes, before, step)?;
    store_state(context, change, before, state, tokens_before)
}

/// What a tenant would be after a step, and what would become of its tokens.
pub(crate) fn judge_step<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    before: &Tenant,
    step: TenantStep,
) -> RegistryResult<(TenantState, TokensBefore)> {
    check_operator_app(context, reads, before.id, step)?;
    let (transition, tokens_before): (fn(TenantState) -> Result<_, TenantTransitionError>, _) = match step {
        TenantStep::Activate => (TenantState::activate, TokensBefore::Live),
        TenantStep::Suspend => (TenantState::suspend, TokensBefore::Dead),
        TenantStep::Close => (TenantState::close, TokensBefore::Dead),
    };
    let state = transition(before.state).map_err(RegistryDenial::TenantTransition)?;
    Ok((state, tokens_before))
}

/// Refuses what would lock out whoever operates by the operator's app, if the tenant has it.
pub(crate) fn check_operator_app<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: TenantId,
    step: TenantStep,
) -> RegistryResult<()> {
    let app = match step {
        TenantStep::Activate => None,
        TenantStep::Suspend | TenantStep::Close => operator_app_of(reads, context.instance_id, id)?,
    };
    match app {
        Some(_) if step == TenantStep::Close => Err(RegistryDenial::PlatformRecord.into()),
        Some(app) if operates(&app) => Err(RegistryDenial::OperatorAppEnabled.into()),
        Some(_) | None => Ok(()),
    }
}

fn store_state(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Tenant,
    state: TenantState,
    tokens_before: TokensBefore,
) -> RegistryResult<Done<Tenant>> {
    let mut after =
        Tenant { state, state_since: change.now, version: before.version.next(), ..before.clone() };
    let sequence = change.record(ChangeScope::Tenant(context.instance_id, before.id), tokens_before)?;
    if tokens_before == TokensBefore::Dead {
        after.tokens_dead_below = sequence;
    }
    expect_updated(change.writes.update_tenant(&after, before.version)?)?;
    let changes = changed(tenant_attributes(before), tenant_attributes(&after));
    Ok(Done::of(before.id, after).in_tenant(before.id).changes(changes))
}

/// A tenant that the caller reaches; any other is as good as absent.
pub(crate) fn existing_tenant<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: TenantId,
) -> RegistryResult<Tenant> {
    let id = context.reachable(id)?;
    Ok(reads.find_tenant(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}
