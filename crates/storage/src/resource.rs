//! Protected resources, their scopes and the apps that serve them.

use turnkeep_domain::id::{AppId, InstanceId, ResourceId};
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Deleted, Inserted, Updated};

/// Reads of resources.
pub trait ResourceReads {
    /// By instance and id.
    fn find_resource(&mut self, instance_id: InstanceId, id: ResourceId) -> StoreResult<Option<Resource>>;
    /// All of an instance, in the order of creation.
    fn list_resources(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Resource>>;
    /// The scopes of all resources of an instance, by name.
    fn list_scopes(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Scope>>;
    /// The apps that may introspect any token for the resource.
    fn list_resource_servers(&mut self, instance_id: InstanceId, id: ResourceId) -> StoreResult<Vec<AppId>>;
    /// Whether the app may introspect any token for this audience.
    fn is_resource_server(
        &mut self,
        instance_id: InstanceId,
        audience: &Audience,
        app_id: AppId,
    ) -> StoreResult<bool>;
}

/// Changes of resources.
pub trait ResourceWrites {
    /// Conflicts on the audience within the instance.
    fn insert_resource(&mut self, resource: &Resource) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_resource(&mut self, resource: &Resource, replacing: RecordVersion) -> StoreResult<Updated>;
    /// Conflicts on the name within the instance.
    fn insert_scope(&mut self, instance_id: InstanceId, scope: &Scope) -> StoreResult<Inserted>;
    /// Removes a scope. Apps that are registered for it keep its name but are granted it no more.
    fn delete_scope(
        &mut self,
        instance_id: InstanceId,
        resource_id: ResourceId,
        name: &ScopeName,
    ) -> StoreResult<Deleted>;
    /// Lets an app of the instance introspect any token for the resource.
    fn insert_resource_server(
        &mut self,
        instance_id: InstanceId,
        id: ResourceId,
        app_id: AppId,
    ) -> StoreResult<Inserted>;
    /// Takes that back.
    fn delete_resource_server(
        &mut self,
        instance_id: InstanceId,
        id: ResourceId,
        app_id: AppId,
    ) -> StoreResult<Deleted>;
}
