//! Queries of resources, scopes and resource servers.

use diesel::dsl::exists;
use diesel::prelude::*;
use diesel::select;
use turnkeep_domain::id::{AppId, InstanceId, ResourceId};
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Deleted, Inserted, Updated};
use turnkeep_storage::resource::{ResourceReads, ResourceWrites};

use crate::per_backend::{deleted, insert_unless_conflict, inserted, updated};
use crate::records::resource::{ResourceRow, ResourceServerRow, ScopeRow};
use crate::schema::{resource_servers, resources, scopes};
use crate::session::Session;

impl ResourceReads for Session<'_> {
    fn find_resource(&mut self, instance_id: InstanceId, id: ResourceId) -> StoreResult<Option<Resource>> {
        let query = resources::table
            .filter(resources::instance_id.eq(instance_id.as_bytes()))
            .filter(resources::id.eq(id.as_bytes()))
            .select(ResourceRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(ResourceRow::into_domain).transpose()
    }

    fn list_resources(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Resource>> {
        let query = resources::table
            .filter(resources::instance_id.eq(instance_id.as_bytes()))
            .order(resources::id)
            .select(ResourceRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ResourceRow::into_domain).collect()
    }

    fn list_scopes(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Scope>> {
        let query = scopes::table
            .filter(scopes::instance_id.eq(instance_id.as_bytes()))
            .order(scopes::name)
            .select(ScopeRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(ScopeRow::into_domain).collect()
    }

    fn list_resource_servers(&mut self, instance_id: InstanceId, id: ResourceId) -> StoreResult<Vec<AppId>> {
        let query = resource_servers::table
            .filter(resource_servers::instance_id.eq(instance_id.as_bytes()))
            .filter(resource_servers::resource_id.eq(id.as_bytes()))
            .order(resource_servers::app_id)
            .select(resource_servers::app_id);
        let app_ids = self.run(|c| query.load::<Vec<u8>>(c))?;
        app_ids.iter().map(|app_id| ResourceServerRow::read_app_id(app_id)).collect()
    }

    fn is_resource_server(
        &mut self,
        instance_id: InstanceId,
        audience: &Audience,
        app_id: AppId,
    ) -> StoreResult<bool> {
        let of_audience = resources::table.on(resources::instance_id
            .eq(resource_servers::instance_id)
            .and(resources::id.eq(resource_servers::resource_id)));
        let servers = resource_servers::table
            .inner_join(of_audience)
            .filter(resource_servers::instance_id.eq(instance_id.as_bytes()))
            .filter(resource_servers::app_id.eq(app_id.as_bytes()))
            .filter(resources::audience.eq(audience.as_str()));
        self.run(|c| select(exists(servers)).get_result(c))
    }
}

impl ResourceWrites for Session<'_> {
    fn insert_resource(&mut self, resource: &Resource) -> StoreResult<Inserted> {
        let row = ResourceRow::from(resource);
        self.run(|c| insert_unless_conflict!(c, resources::table, &row)).map(inserted)
    }

    fn update_resource(&mut self, resource: &Resource, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = resources::table
            .filter(resources::instance_id.eq(resource.instance_id.as_bytes()))
            .filter(resources::id.eq(resource.id.as_bytes()))
            .filter(resources::version.eq(replacing.as_number()));
        let changes = ResourceRow::from(resource).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }

    fn insert_scope(&mut self, instance_id: InstanceId, scope: &Scope) -> StoreResult<Inserted> {
        let row = ScopeRow::new(instance_id, scope);
        self.run(|c| insert_unless_conflict!(c, scopes::table, &row)).map(inserted)
    }

    fn delete_scope(
        &mut self,
        instance_id: InstanceId,
        resource_id: ResourceId,
        name: &ScopeName,
    ) -> StoreResult<Deleted> {
        let stored = scopes::table
            .filter(scopes::instance_id.eq(instance_id.as_bytes()))
            .filter(scopes::resource_id.eq(resource_id.as_bytes()))
            .filter(scopes::name.eq(name.as_str()));
        self.run(|c| diesel::delete(stored).execute(c)).map(deleted)
    }

    fn insert_resource_server(
        &mut self,
        instance_id: InstanceId,
        id: ResourceId,
        app_id: AppId,
    ) -> StoreResult<Inserted> {
        let row = ResourceServerRow::new(instance_id, id, app_id);
        self.run(|c| insert_unless_conflict!(c, resource_servers::table, &row)).map(inserted)
    }

    fn delete_resource_server(
        &mut self,
        instance_id: InstanceId,
        id: ResourceId,
        app_id: AppId,
    ) -> StoreResult<Deleted> {
        let stored = resource_servers::table
            .filter(resource_servers::instance_id.eq(instance_id.as_bytes()))
            .filter(resource_servers::resource_id.eq(id.as_bytes()))
            .filter(resource_servers::app_id.eq(app_id.as_bytes()));
        self.run(|c| diesel::delete(stored).execute(c)).map(deleted)
    }
}
