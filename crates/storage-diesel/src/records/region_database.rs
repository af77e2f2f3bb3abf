//! Rows of `region_databases`.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, RegionDatabaseId, RegionId};
use turnkeep_domain::region::{DbCode, RegionDatabase};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::region_databases;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = region_databases)]
pub(crate) struct RegionDatabaseRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    region_id: Vec<u8>,
    db_code: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: RegionDatabaseChanges,
}

/// What may change about a database of a region.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = region_databases)]
pub(crate) struct RegionDatabaseChanges {
    availability: String,
    capacity: i64,
    app_count: i64,
    version: i64,
}

const fn at(column: &'static str) -> Cell {
    cell("region_databases", column)
}

impl RegionDatabaseRow {
    pub(crate) fn new(instance_id: InstanceId, database: &RegionDatabase) -> Self {
        Self {
            instance_id: instance_id.as_bytes().to_vec(),
            id: database.id.as_bytes().to_vec(),
            region_id: database.region_id.as_bytes().to_vec(),
            db_code: database.db_code.as_str().to_owned(),
            created_at: database.created_at.as_micros(),
            changes: RegionDatabaseChanges {
                availability: database.availability.word().to_owned(),
                capacity: i64::from(database.capacity),
                app_count: i64::from(database.app_count),
                version: database.version.as_number(),
            },
        }
    }

    pub(crate) fn into_domain(self) -> StoreResult<RegionDatabase> {
        Ok(RegionDatabase {
            id: RegionDatabaseId::from_bytes(at("id").bytes(&self.id)?),
            region_id: RegionId::from_bytes(at("region_id").bytes(&self.region_id)?),
            db_code: at("db_code").valid(DbCode::parse(&self.db_code))?,
            availability: at("availability").word(&self.changes.availability)?,
            capacity: at("capacity").number(self.changes.capacity)?,
            app_count: at("app_count").number(self.changes.app_count)?,
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}
