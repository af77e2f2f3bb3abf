//! Reading and changing resources, their scopes and the apps that serve them. Everybody may read resources and
//! scopes, since apps choose among them.

use turnkeep_domain::change::{ChangeScope, TokensBefore};
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, ResourceId};
use turnkeep_domain::resource::{LimitsClaims, Resource, Scope};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_domain::version::RecordVersion;
use turnkeep_policy::permission::Permission;
use turnkeep_storage::outcome::{Deleted, Inserted};
use turnkeep_storage::store::Reads;

use crate::audit::attributes::{changed, removed, resource_attributes, scope_attributes};
use crate::keys::rotate_keys::{insert_missing_key, make_missing_key};
use crate::registry::context::{RegistryContext, RegistryResult, check_version};
use crate::registry::denial::RegistryDenial;
use crate::registry::recording::{Change, Done, expect_updated, mutate};
use crate::registry::take_scope::take_scope_from_apps;
use crate::tokens::authenticate_bearer::MANAGEMENT_AUDIENCE;

/// What an operator may change about a resource; `None` leaves it as it is.
#[derive(Debug, Clone, Default)]
pub struct ResourceChanges {
    /// The name.
    pub name: Option<DisplayName>,
    /// What its tokens call the plan's limits.
    pub limits_claims: Option<LimitsClaims>,
    /// What its tokens are signed with.
    pub signing_algorithm: Option<SigningAlgorithm>,
}

/// All resources of the instance.
pub fn list_resources(context: &RegistryContext<'_>) -> RegistryResult<Vec<Resource>> {
    context.require_read("resource.read", None, Permission::ReadCatalog)?;
    Ok(context.authority.store.read(|reads| reads.list_resources(context.instance_id))?)
}

/// One resource.
pub fn find_resource(context: &RegistryContext<'_>, id: ResourceId) -> RegistryResult<Resource> {
    context.require_read("resource.read", Some(&id), Permission::ReadCatalog)?;
    context.read(|reads| existing_resource(context, reads, id))
}

/// The scopes of one resource.
pub fn list_scopes(context: &RegistryContext<'_>, id: ResourceId) -> RegistryResult<Vec<Scope>> {
    context.require_read("scope.read", Some(&id), Permission::ReadCatalog)?;
    let resource = find_resource(context, id)?;
    let mut scopes = context.authority.store.read(|reads| reads.list_scopes(context.instance_id))?;
    scopes.retain(|scope| scope.resource_id == resource.id);
    Ok(scopes)
}

/// Changes a resource; a new algorithm gets a key if the instance has none for it.
pub fn update_resource(
    context: &RegistryContext<'_>,
    id: ResourceId,
    changes: &ResourceChanges,
    if_version: Option<RecordVersion>,
) -> RegistryResult<Resource> {
    context.audited("resource.update", Some(id.to_string()), context.require_operator())?;
    let key = match changes.signing_algorithm {
        Some(algorithm) => make_missing_key(context.authority, context.instance_id, algorithm)?,
        None => None,
    };
    mutate(context, "resource.update", Some(id.to_string()), |change| {
        let before = existing_resource(context, change.writes, id)?;
        check_version(before.version, if_version)?;
        insert_missing_key(change.writes, key.as_ref())?;
        change_resource(context, change, &before, changes)
    })
}

/// Changes a resource within a transaction. The caller sees to it that there is a key for a new algorithm.
pub(crate) fn change_resource(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    before: &Resource,
    changes: &ResourceChanges,
) -> RegistryResult<Done<Resource>> {
    let id = before.id;
    let after = Resource {
        name: changes.name.clone().unwrap_or_else(|| before.name.clone()),
        limits_claims: changes.limits_claims.unwrap_or(before.limits_claims),
        signing_algorithm: changes.signing_algorithm.unwrap_or(before.signing_algorithm),
        ..before.clone()
    };
    if after == *before {
        return Ok(Done::unchanged(after));
    }
    let after = Resource { version: before.version.next(), ..after };
    expect_updated(change.writes.update_resource(&after, before.version)?)?;
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    let changes = changed(resource_attributes(before), resource_attributes(&after));
    Ok(Done::of(id, after).changes(changes))
}

/// Removes a scope, also from every app that has it: nobody is granted it any more, and introspection finds tokens
/// with it inactive.
pub fn delete_scope(context: &RegistryContext<'_>, id: ResourceId, name: &ScopeName) -> RegistryResult<()> {
    context.audited("scope.delete", Some(id.to_string()), context.require_operator())?;
    mutate(context, "scope.delete", Some(id.to_string()), |change| {
        if existing_resource(context, change.writes, id)?.audience.as_str() == MANAGEMENT_AUDIENCE {
            return Err(RegistryDenial::PlatformRecord.into());
        }
        let scopes = change.writes.list_scopes(context.instance_id)?;
        let known = scopes.iter().find(|scope| scope.resource_id == id && scope.name == *name);
        let scope = known.ok_or(RegistryDenial::NotFound)?;
        if change.writes.delete_scope(context.instance_id, id, name)? == Deleted::Unknown {
            return Err(RegistryDenial::NotFound.into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        let consequences = take_scope_from_apps(change, context.instance_id, name)?;
        Ok(Done::of(id, ()).changes(removed(scope_attributes(scope))).consequences(consequences))
    })
}

/// The apps that serve a resource. Operators only.
pub fn list_resource_servers(context: &RegistryContext<'_>, id: ResourceId) -> RegistryResult<Vec<AppId>> {
    context.require_read("resource_server.read", Some(&id), Permission::Operate)?;
    let resource = find_resource(context, id)?;
    Ok(context.authority.store.read(|reads| reads.list_resource_servers(context.instance_id, resource.id))?)
}

/// Lets an app introspect every token for a resource. Doing it twice changes nothing.
pub fn add_resource_server(
    context: &RegistryContext<'_>,
    id: ResourceId,
    app_id: AppId,
) -> RegistryResult<()> {
    context.audited("resource_server.add", Some(id.to_string()), context.require_operator())?;
    mutate(context, "resource_server.add", Some(id.to_string()), |change| {
        existing_resource(context, change.writes, id)?;
        context.tenant_of_app(change.writes, app_id)?;
        insert_server(context, change, id, app_id)
    })
}

/// Lets an app serve a resource within a transaction.
pub(crate) fn insert_server(
    context: &RegistryContext<'_>,
    change: &mut Change<'_>,
    id: ResourceId,
    app_id: AppId,
) -> RegistryResult<Done<()>> {
    if change.writes.insert_resource_server(context.instance_id, id, app_id)? == Inserted::Conflict {
        // The app serves the resource already.
        return Ok(Done::unchanged(()));
    }
    change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
    Ok(Done::of(id, ()).set("app_id", app_id))
}

/// Takes that back.
pub fn remove_resource_server(
    context: &RegistryContext<'_>,
    id: ResourceId,
    app_id: AppId,
) -> RegistryResult<()> {
    context.audited("resource_server.remove", Some(id.to_string()), context.require_operator())?;
    mutate(context, "resource_server.remove", Some(id.to_string()), |change| {
        if change.writes.delete_resource_server(context.instance_id, id, app_id)? == Deleted::Unknown {
            return Err(RegistryDenial::NotFound.into());
        }
        change.record(ChangeScope::Instance(context.instance_id), TokensBefore::Live)?;
        Ok(Done::of(id, ()).change("app_id", Some(app_id.to_string()), None))
    })
}

pub(crate) fn existing_resource<R: Reads + ?Sized>(
    context: &RegistryContext<'_>,
    reads: &mut R,
    id: ResourceId,
) -> RegistryResult<Resource> {
    Ok(reads.find_resource(context.instance_id, id)?.ok_or(RegistryDenial::NotFound)?)
}
