//! Instances that an earlier version made lack scopes of the management API that came later: they get them at a start.

use turnkeep_domain::audit::Actor;
use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::resource::Scope;
use turnkeep_storage::error::{StoreError, StoreResult};
use turnkeep_storage::outcome::Inserted;
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{created, scope_attributes};
use crate::authority::Authority;
use crate::failure::Fault;
use crate::registry::create_instance::management_scopes;
use crate::registry::recording::{Done, audit_done};
use crate::tokens::authenticate_bearer::MANAGEMENT_AUDIENCE;
use crate::transaction::mutate;

/// Adds what is missing to every instance, and writes nothing where nothing is.
pub(crate) fn complete_instances(authority: &Authority) -> Result<(), Fault> {
    let incomplete = authority.store.read(|reads| {
        let mut incomplete = Vec::new();
        for instance in reads.list_instances()? {
            if !missing_scopes(reads, instance.id)?.is_empty() {
                incomplete.push(instance.id);
            }
        }
        StoreResult::Ok(incomplete)
    })?;
    incomplete.into_iter().try_for_each(|id| complete(authority, id))
}

fn complete(authority: &Authority, instance_id: InstanceId) -> Result<(), Fault> {
    let now = authority.now();
    mutate(&*authority.store, |writes| {
        // Another node may have been faster.
        for scope in missing_scopes(writes, instance_id)? {
            if writes.insert_scope(instance_id, &scope)? == Inserted::Conflict {
                return Err(Fault::Store(StoreError::Corrupt { table: "scopes", column: "name" }));
            }
            writes.record_change(ChangeScope::Instance(instance_id), TokensBefore::Live, now)?;
            let done = Done::of(scope.resource_id, ()).changes(created(scope_attributes(&scope)));
            audit_done(authority, writes, instance_id, Actor::System, None, "scope.create", &done, now)?;
        }
        Ok(())
    })
}

/// Scopes of the management API that nobody has made, for this resource or another one: names are unique.
fn missing_scopes<R: Reads + ?Sized>(reads: &mut R, instance_id: InstanceId) -> StoreResult<Vec<Scope>> {
    let resources = reads.list_resources(instance_id)?;
    let Some(api) = resources.iter().find(|resource| resource.audience.as_str() == MANAGEMENT_AUDIENCE)
    else {
        return Ok(Vec::new());
    };
    let known = reads.list_scopes(instance_id)?;
    let mut scopes = management_scopes(api.id);
    scopes.retain(|scope| known.iter().all(|known| known.name != scope.name));
    Ok(scopes)
}
