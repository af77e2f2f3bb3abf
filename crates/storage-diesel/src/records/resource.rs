//! Rows of `resources` and `scopes`.

use diesel::prelude::*;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{AppId, InstanceId, ResourceId};
use turnkeep_domain::resource::{Audience, Resource, Scope};
use turnkeep_domain::scope::ScopeName;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::{resource_servers, resources, scopes};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = resources)]
pub(crate) struct ResourceRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    audience: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: ResourceChanges,
}

/// What may change about a resource.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = resources)]
pub(crate) struct ResourceChanges {
    name: String,
    limits_claims: String,
    signing_algorithm: String,
    version: i64,
}

impl From<&Resource> for ResourceRow {
    fn from(resource: &Resource) -> Self {
        Self {
            instance_id: resource.instance_id.as_bytes().to_vec(),
            id: resource.id.as_bytes().to_vec(),
            audience: resource.audience.as_str().to_owned(),
            created_at: resource.created_at.as_micros(),
            changes: ResourceChanges {
                name: resource.name.as_str().to_owned(),
                limits_claims: resource.limits_claims.word().to_owned(),
                signing_algorithm: resource.signing_algorithm.as_str().to_owned(),
                version: resource.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("resources", column)
}

impl ResourceRow {
    pub(crate) fn into_domain(self) -> StoreResult<Resource> {
        Ok(Resource {
            id: ResourceId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            audience: at("audience").valid(Audience::parse(&self.audience))?,
            name: at("name").valid(DisplayName::parse(&self.changes.name))?,
            limits_claims: at("limits_claims").word(&self.changes.limits_claims)?,
            signing_algorithm: at("signing_algorithm").valid(self.changes.signing_algorithm.parse())?,
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = scopes)]
pub(crate) struct ScopeRow {
    instance_id: Vec<u8>,
    name: String,
    resource_id: Vec<u8>,
    description: String,
    grantee: String,
}

impl ScopeRow {
    pub(crate) fn new(instance_id: InstanceId, scope: &Scope) -> Self {
        Self {
            instance_id: instance_id.as_bytes().to_vec(),
            name: scope.name.as_str().to_owned(),
            resource_id: scope.resource_id.as_bytes().to_vec(),
            description: scope.description.clone(),
            grantee: scope.grant.word().to_owned(),
        }
    }

    pub(crate) fn into_domain(self) -> StoreResult<Scope> {
        let at = |column| cell("scopes", column);
        Ok(Scope {
            resource_id: ResourceId::from_bytes(at("resource_id").bytes(&self.resource_id)?),
            name: at("name").valid(ScopeName::parse(&self.name))?,
            description: self.description,
            grant: at("grantee").word(&self.grantee)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = resource_servers)]
pub(crate) struct ResourceServerRow {
    instance_id: Vec<u8>,
    resource_id: Vec<u8>,
    app_id: Vec<u8>,
}

impl ResourceServerRow {
    pub(crate) fn new(instance_id: InstanceId, resource_id: ResourceId, app_id: AppId) -> Self {
        Self {
            instance_id: instance_id.as_bytes().to_vec(),
            resource_id: resource_id.as_bytes().to_vec(),
            app_id: app_id.as_bytes().to_vec(),
        }
    }

    pub(crate) fn read_app_id(app_id: &[u8]) -> StoreResult<AppId> {
        Ok(AppId::from_bytes(cell("resource_servers", "app_id").bytes(app_id)?))
    }
}
