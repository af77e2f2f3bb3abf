//! Rows of `tenants`.

use diesel::prelude::*;
use turnkeep_domain::change::ChangeSequence;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::secret_max_age::SecretMaxAge;
use turnkeep_domain::tenant::{AppLimit, Tenant};
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::word::Word;
use crate::schema::tenants;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
pub(crate) struct TenantRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: TenantChanges,
}

/// What may change about a tenant.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = tenants, treat_none_as_null = true)]
pub(crate) struct TenantChanges {
    name: String,
    name_key: String,
    state: String,
    app_limit: i64,
    tokens_dead_below: i64,
    state_since: Option<i64>,
    secret_max_age_days: Option<i64>,
    version: i64,
}

impl From<&Tenant> for TenantRow {
    fn from(tenant: &Tenant) -> Self {
        Self {
            instance_id: tenant.instance_id.as_bytes().to_vec(),
            id: tenant.id.as_bytes().to_vec(),
            created_at: tenant.created_at.as_micros(),
            changes: TenantChanges {
                name: tenant.name.as_str().to_owned(),
                name_key: tenant.name.uniqueness_key(),
                state: tenant.state.word().to_owned(),
                app_limit: i64::from(tenant.app_limit.apps()),
                tokens_dead_below: tenant.tokens_dead_below.as_number(),
                state_since: Some(tenant.state_since.as_micros()),
                secret_max_age_days: tenant.secret_max_age.map(|age| i64::from(age.days())),
                version: tenant.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("tenants", column)
}

impl TenantRow {
    pub(crate) fn into_domain(self) -> StoreResult<Tenant> {
        let app_limit = at("app_limit").number(self.changes.app_limit)?;
        Ok(Tenant {
            id: TenantId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            name: at("name").valid(DisplayName::parse(&self.changes.name))?,
            state: at("state").word(&self.changes.state)?,
            app_limit: at("app_limit").present(AppLimit::new(app_limit))?,
            tokens_dead_below: ChangeSequence::from_number(self.changes.tokens_dead_below),
            state_since: Timestamp::from_micros(self.changes.state_since.unwrap_or(self.created_at)),
            secret_max_age: self.changes.secret_max_age()?,
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}

impl TenantChanges {
    fn secret_max_age(&self) -> StoreResult<Option<SecretMaxAge>> {
        let days = self.secret_max_age_days.map(|days| at("secret_max_age_days").number(days)).transpose()?;
        days.map(|days| at("secret_max_age_days").valid(SecretMaxAge::from_days(days))).transpose()
    }
}
