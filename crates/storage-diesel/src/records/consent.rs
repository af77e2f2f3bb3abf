//! Rows of `consents`.

use diesel::prelude::*;
use turnkeep_domain::consent::Consent;
use turnkeep_domain::id::{AppId, InstanceId, TenantId, UserId};
use turnkeep_domain::time::Timestamp;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::granted::{read_scopes, scopes_column};
use crate::schema::consents;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = consents)]
pub(crate) struct ConsentRow {
    instance_id: Vec<u8>,
    user_id: Vec<u8>,
    tenant_id: Vec<u8>,
    app_id: Vec<u8>,
    #[diesel(embed)]
    pub(crate) changes: ConsentChanges,
}

/// What a later consent has in the place of an earlier one.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = consents)]
pub(crate) struct ConsentChanges {
    scopes: String,
    given_at: i64,
}

impl From<&Consent> for ConsentRow {
    fn from(consent: &Consent) -> Self {
        Self {
            instance_id: consent.instance_id.as_bytes().to_vec(),
            user_id: consent.user_id.as_bytes().to_vec(),
            tenant_id: consent.tenant_id.as_bytes().to_vec(),
            app_id: consent.app_id.as_bytes().to_vec(),
            changes: ConsentChanges::from(consent),
        }
    }
}

impl From<&Consent> for ConsentChanges {
    fn from(consent: &Consent) -> Self {
        Self { scopes: scopes_column(&consent.scopes), given_at: consent.given_at.as_micros() }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("consents", column)
}

impl ConsentRow {
    pub(crate) fn into_domain(self) -> StoreResult<Consent> {
        Ok(Consent {
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            user_id: UserId::from_bytes(at("user_id").bytes(&self.user_id)?),
            tenant_id: TenantId::from_bytes(at("tenant_id").bytes(&self.tenant_id)?),
            app_id: AppId::from_bytes(at("app_id").bytes(&self.app_id)?),
            scopes: read_scopes(at("scopes"), &self.changes.scopes)?,
            given_at: Timestamp::from_micros(self.changes.given_at),
        })
    }
}
