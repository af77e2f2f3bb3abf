//! Reading, changing, disabling and enabling instances. Platform operators only.

use turnkeep_domain::accent::Accent;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::{DEFAULT_INSTANCE, Instance, InstanceState};
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, instance_attributes};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};

/// What may be changed about an instance; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct InstanceChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// The accent colour of its pages.
    pub accent: Option<Accent>,
}

/// All instances, in the order of creation.
pub fn list_instances(context: &RegistryContext<'_>) -> RegistryResult<Vec<Instance>> {
    context.audited("instance.read", None, context.require_platform())?;
    Ok(context.authority.store.read(|reads| reads.list_instances())?)
}

/// One instance.
pub fn find_instance(context: &RegistryContext<'_>, id: InstanceId) -> RegistryResult<Instance> {
    context.audited("instance.read", Some(id.to_string()), context.require_platform())?;
    context.read(|reads| existing(reads, id))
}

/// Changes an instance.
pub fn update_instance(
    context: &RegistryContext<'_>,
    id: InstanceId,
    changes: &InstanceChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Instance> {
    context.audited("instance.update", Some(id.to_string()), context.require_platform())?;
    mutate(context, "instance.update", Some(id.to_string()), |change| {
        let before = existing(change.writes, id)?;
        check_version(before.version, if_version)?;
        change_instance(change, &before, changes)
    })
}

/// Changes an instance that was read in the same transaction.
pub(crate) fn change_instance(
    change: &mut Change<'_>,
    before: &Instance,
    changes: &InstanceChanges,
) -> RegistryResult<Done<Instance>> {
    let after = Instance {
        name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
        accent: changes.accent.unwrap_or(before.accent),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = Instance { version: before.version.next(), ..after };
    expect_updated(change.writes.update_instance(&after, before.version)?)?;
    change.record(ChangeScope::Instance(before.id), TokensBefore::Live)?;
    let changes = changed(instance_attributes(before), instance_attributes(&after));
    Ok(Done::of(before.id, after).changes(changes))
}

/// Turns an instance off, with every token it issued, or on again. Doing it twice changes nothing.
pub fn switch_instance(
    context: &RegistryContext<'_>,
    id: InstanceId,
    state: InstanceState,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Instance> {
    let action = match state {
        InstanceState::Active => "instance.enable",
        InstanceState::Disabled => "instance.disable",
    };
    context.audited(action, Some(id.to_string()), context.require_platform())?;
    mutate(context, action, Some(id.to_string()), |change| {
        let before = existing(change.writes, id)?;
        check_version(before.version, if_version)?;
        if state == InstanceState::Disabled && before.slug.as_str() == DEFAULT_INSTANCE {
            return Err(RegistryDenial::DefaultInstance.into());
        }
        if before.state == state {
            return Ok(Done::unchanged(before));
        }
        let mut after =
            Instance { state, state_since: change.now, version: before.version.next(), ..before.clone() };
        let tokens_before = match state {
            InstanceState::Active => TokensBefore::Live,
            InstanceState::Disabled => TokensBefore::Dead,
        };
        let sequence = change.record(ChangeScope::Instance(id), tokens_before)?;
        if tokens_before == TokensBefore::Dead {
            after.tokens_dead_below = sequence;
        }
        expect_updated(change.writes.update_instance(&after, before.version)?)?;
        let changes = changed(instance_attributes(&before), instance_attributes(&after));
        Ok(Done::of(id, after).changes(changes))
    })
}

fn existing<R: Reads + ?Sized>(reads: &mut R, id: InstanceId) -> RegistryResult<Instance> {
    Ok(reads.find_instance(id)?.ok_or(RegistryDenial::NotFound)?)
}
