//! Rows of `regions`.

use diesel::prelude::*;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{InstanceId, RegionId};
use turnkeep_domain::region::Region;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::regions;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = regions)]
pub(crate) struct RegionRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    slug: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: RegionChanges,
}

/// What may change about a region.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = regions)]
pub(crate) struct RegionChanges {
    name: String,
    availability: String,
    version: i64,
}

impl From<&Region> for RegionRow {
    fn from(region: &Region) -> Self {
        Self {
            instance_id: region.instance_id.as_bytes().to_vec(),
            id: region.id.as_bytes().to_vec(),
            slug: region.code.as_str().to_owned(),
            created_at: region.created_at.as_micros(),
            changes: RegionChanges {
                name: region.name.as_str().to_owned(),
                availability: region.availability.word().to_owned(),
                version: region.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("regions", column)
}

impl RegionRow {
    pub(crate) fn into_domain(self) -> StoreResult<Region> {
        Ok(Region {
            id: RegionId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            code: at("slug").valid(Slug::parse(&self.slug))?,
            name: at("name").valid(DisplayName::parse(&self.changes.name))?,
            availability: at("availability").word(&self.changes.availability)?,
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}
