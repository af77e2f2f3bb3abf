//! Rows of `instances`.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::instances;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = instances)]
pub(crate) struct InstanceRow {
    id: Vec<u8>,
    slug: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: InstanceChanges,
}

/// What may change about an instance.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = instances)]
pub(crate) struct InstanceChanges {
    name: String,
    accent: Option<String>,
    state: String,
    tokens_dead_below: i64,
    state_since: Option<i64>,
    version: i64,
}

impl From<&Instance> for InstanceRow {
    fn from(instance: &Instance) -> Self {
        Self {
            id: instance.id.as_bytes().to_vec(),
            slug: instance.slug.as_str().to_owned(),
            created_at: instance.created_at.as_micros(),
            changes: InstanceChanges {
                name: instance.name.as_str().to_owned(),
                accent: Some(instance.accent.word().to_owned()),
                state: instance.state.word().to_owned(),
                tokens_dead_below: instance.tokens_dead_below.as_number(),
                state_since: Some(instance.state_since.as_micros()),
                version: instance.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("instances", column)
}

impl InstanceRow {
    pub(crate) fn into_domain(self) -> StoreResult<Instance> {
        let accent = self.changes.accent.as_deref();
        Ok(Instance {
            id: InstanceId::from_bytes(at("id").bytes(&self.id)?),
            slug: at("slug").valid(Slug::parse(&self.slug))?,
            name: at("name").valid(DisplayName::parse(&self.changes.name))?,
            accent: accent.map(|accent| at("accent").word(accent)).transpose()?.unwrap_or_default(),
            state: at("state").word(&self.changes.state)?,
            tokens_dead_below: ChangeSequence::from_number(self.changes.tokens_dead_below),
            state_since: Timestamp::from_micros(self.changes.state_since.unwrap_or(self.created_at)),
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}
