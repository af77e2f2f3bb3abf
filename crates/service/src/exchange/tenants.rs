//! Tenants and their members.

use turnkeep_domain::change::{ChangeScope, ChangeSequence, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::TenantId;
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::{AppLimit, Tenant, TenantState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_exchange::document::tenant::TenantRecord;
use turnkeep_exchange::document::values::value;
use turnkeep_storage::outcome::Inserted;

use crate::audit::attributes::{created, tenant_attributes};
use crate::exchange::import_report::{RecordResult, refusal};
use crate::exchange::importing::{Found, Importing};
use crate::exchange::people::put_member_of;
use crate::exchange::references::find_tenant_by_name;
use crate::failure::Fault;
use crate::registry::denial::{RegistryDenial, UniqueAttribute};
use crate::registry::manage_tenant::{
    TenantChanges, TenantStep, change_tenant, check_operator_app, step_name, take_step,
};
use crate::registry::recording::Done;

/// Imports a tenant, then its members. Members that the document does not name stay.
pub(super) fn import_tenant(importing: &mut Importing<'_, '_>, record: &TenantRecord) -> Result<(), Fault> {
    let is_there = importing.record("tenant", &record.name, |importing| put_tenant(importing, record))?;
    if is_there {
        for member in &record.members {
            importing.record("member", format!("{} / {}", record.name, member.user), |importing| {
                let tenant = find(importing, record)?.ok_or(RegistryDenial::NotFound)?;
                put_member_of(importing, &tenant, member)
            })?;
        }
    }
    Ok(())
}

fn find(importing: &mut Importing<'_, '_>, record: &TenantRecord) -> RecordResult<Option<Tenant>> {
    let name = value("name", DisplayName::parse(&record.name))?;
    Ok(find_tenant_by_name(importing.change.writes, importing.context.instance_id, &name)?)
}

fn put_tenant(importing: &mut Importing<'_, '_>, record: &TenantRecord) -> RecordResult<Found> {
    let name = value("name", DisplayName::parse(&record.name))?;
    let too_many = || refusal("app_limit", "invalid_fields", &format!("must be at most {}", AppLimit::MAX));
    let app_limit = match record.app_limit {
        Some(apps) => Some(AppLimit::new(apps).ok_or_else(too_many)?),
        None => None,
    };
    let max_age = record.secret_max_age()?;
    let Some(mut tenant) = find(importing, record)? else {
        let state = record.state_value().unwrap_or(TenantState::PendingActivation);
        return create(importing, name, state, app_limit, max_age.flatten());
    };
    let changes = TenantChanges {
        name: (tenant.name != name).then_some(name),
        app_limit: app_limit.filter(|limit| *limit != tenant.app_limit),
        secret_max_age: max_age.filter(|max_age| *max_age != tenant.secret_max_age),
    };
    let is_changed =
        changes.name.is_some() || changes.app_limit.is_some() || changes.secret_max_age.is_some();
    if is_changed {
        let done = change_tenant(importing.context, &mut importing.change, &tenant, &changes)?;
        tenant = importing.done("tenant.update", done);
    }
    if let Some(wanted) = record.state_value() {
        bring_to_state(importing, tenant, wanted)?;
    }
    Ok(Found::Known)
}

fn create(
    importing: &mut Importing<'_, '_>,
    name: DisplayName,
    state: TenantState,
    app_limit: Option<AppLimit>,
    secret_max_age: Option<SecretMaxAge>,
) -> RecordResult<Found> {
    let (instance_id, now) = (importing.context.instance_id, importing.change.now);
    let tenant = Tenant {
        id: TenantId::new(now, importing.context.authority.random_bytes()),
        instance_id,
        name,
        state,
        app_limit: app_limit.unwrap_or(AppLimit::DEFAULT),
        tokens_dead_below: ChangeSequence::ZERO,
        secret_max_age,
        state_since: now,
        created_at: now,
        version: RecordVersion::FIRST,
    };
    if importing.change.writes.insert_tenant(&tenant)? == Inserted::Conflict {
        return Err(RegistryDenial::Taken(UniqueAttribute::Name).into());
    }
    importing.change.record(ChangeScope::Tenant(instance_id, tenant.id), TokensBefore::Live)?;
    let done = Done::of(tenant.id, ()).in_tenant(tenant.id).changes(created(tenant_attributes(&tenant)));
    importing.done("tenant.create", done);
    Ok(Found::New)
}

/// Takes the steps that an operator would take.
fn bring_to_state(
    importing: &mut Importing<'_, '_>,
    tenant: Tenant,
    wanted: TenantState,
) -> RecordResult<()> {
    use TenantState::{Active, Closed, PendingActivation, Suspended};
    let steps: &[TenantStep] = match (tenant.state, wanted) {
        (present, wanted) if present == wanted => &[],
        (present, PendingActivation) => {
            let note =
                format!("tenant «{}» stays {present}: no tenant waits for its activation again", tenant.name);
            importing.notes.push(note);
            &[]
        }
        (PendingActivation, Suspended) => &[TenantStep::Activate, TenantStep::Suspend],
        (Active, Closed) => &[TenantStep::Suspend, TenantStep::Close],
        (_, Active) => &[TenantStep::Activate],
        (_, Suspended) => &[TenantStep::Suspend],
        (_, Closed) => &[TenantStep::Close],
    };
    if let Some(last) = steps.last() {
        // What cannot end where it should does not begin.
        check_operator_app(importing.context, importing.change.writes, tenant.id, *last)?;
    }
    let mut tenant = tenant;
    for step in steps {
        let done = take_step(importing.context, &mut importing.change, &tenant, *step)?;
        tenant = importing.done(step_name(*step), done);
    }
    Ok(())
}
