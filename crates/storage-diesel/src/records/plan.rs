//! Rows of `plans`.

use std::num::NonZeroU32;

use diesel::prelude::*;
use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::document_units::DocumentUnitLimits;
use turnkeep_domain::id::{InstanceId, PlanId};
use turnkeep_domain::plan::{Plan, PlanLimits};
use turnkeep_domain::slug::Slug;
use turnkeep_domain::time::Timestamp;
use turnkeep_domain::token_requests::TokenRequestLimits;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;

use super::cell::{Cell, cell};
use super::json;
use super::word::Word;
use crate::schema::plans;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = plans)]
pub(crate) struct PlanRow {
    instance_id: Vec<u8>,
    id: Vec<u8>,
    slug: String,
    created_at: i64,
    #[diesel(embed)]
    pub(crate) changes: PlanChanges,
}

/// What may change about a plan.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = plans, treat_none_as_null = true)]
pub(crate) struct PlanChanges {
    name: String,
    state: String,
    price: String,
    units_per_hour: Option<i64>,
    units_per_day: Option<i64>,
    units_per_week: Option<i64>,
    units_per_month: Option<i64>,
    requests_per_minute: Option<i64>,
    features: String,
    state_since: Option<i64>,
    token_requests_per_minute: Option<i64>,
    token_requests_per_hour: Option<i64>,
    token_requests_per_day: Option<i64>,
    token_requests_mode: Option<String>,
    version: i64,
}

/// A limit never exceeds 2^53 - 1, so it always fits.
fn stored_limit(units: Option<u64>) -> Option<i64> {
    units.map(|units| i64::try_from(units).unwrap_or(i64::MAX))
}

fn stored_requests(requests: NonZeroU32) -> i64 {
    requests.get().into()
}

impl From<&Plan> for PlanRow {
    fn from(plan: &Plan) -> Self {
        let units = &plan.limits.document_units;
        let requests = &plan.token_requests;
        Self {
            instance_id: plan.instance_id.as_bytes().to_vec(),
            id: plan.id.as_bytes().to_vec(),
            slug: plan.code.as_str().to_owned(),
            created_at: plan.created_at.as_micros(),
            changes: PlanChanges {
                name: plan.name.as_str().to_owned(),
                state: plan.state.word().to_owned(),
                price: plan.price.word().to_owned(),
                units_per_hour: stored_limit(units.hour()),
                units_per_day: stored_limit(units.day()),
                units_per_week: stored_limit(units.week()),
                units_per_month: stored_limit(units.month()),
                requests_per_minute: plan.limits.requests_per_minute.map(i64::from),
                features: json::features(&plan.limits.features),
                state_since: Some(plan.state_since.as_micros()),
                token_requests_per_minute: requests.minute().map(stored_requests),
                token_requests_per_hour: requests.hour().map(stored_requests),
                token_requests_per_day: requests.day().map(stored_requests),
                token_requests_mode: Some(requests.mode().word().to_owned()),
                version: plan.version.as_number(),
            },
        }
    }
}

const fn at(column: &'static str) -> Cell {
    cell("plans", column)
}

fn limit<T: TryFrom<i64>>(column: &'static str, stored: Option<i64>) -> StoreResult<Option<T>> {
    stored.map(|number| at(column).number(number)).transpose()
}

impl PlanRow {
    pub(crate) fn into_domain(self) -> StoreResult<Plan> {
        Ok(Plan {
            id: PlanId::from_bytes(at("id").bytes(&self.id)?),
            instance_id: InstanceId::from_bytes(at("instance_id").bytes(&self.instance_id)?),
            code: at("slug").valid(Slug::parse(&self.slug))?,
            name: at("name").valid(DisplayName::parse(&self.changes.name))?,
            state: at("state").word(&self.changes.state)?,
            price: at("price").word(&self.changes.price)?,
            limits: self.changes.limits()?,
            token_requests: self.changes.token_requests()?,
            state_since: Timestamp::from_micros(self.changes.state_since.unwrap_or(self.created_at)),
            created_at: Timestamp::from_micros(self.created_at),
            version: RecordVersion::from_number(self.changes.version),
        })
    }
}

impl PlanChanges {
    /// A plan from before there were any has none.
    fn token_requests(&self) -> StoreResult<TokenRequestLimits> {
        let mode = self.token_requests_mode.as_deref();
        let limits = TokenRequestLimits::new(
            limit("token_requests_per_minute", self.token_requests_per_minute)?,
            limit("token_requests_per_hour", self.token_requests_per_hour)?,
            limit("token_requests_per_day", self.token_requests_per_day)?,
            mode.map(|mode| at("token_requests_mode").word(mode)).transpose()?.unwrap_or_default(),
        );
        at("token_requests_per_day").valid(limits)
    }

    fn limits(&self) -> StoreResult<PlanLimits> {
        let units = DocumentUnitLimits::new(
            limit("units_per_hour", self.units_per_hour)?,
            limit("units_per_day", self.units_per_day)?,
            limit("units_per_week", self.units_per_week)?,
            limit("units_per_month", self.units_per_month)?,
        );
        Ok(PlanLimits {
            document_units: at("units_per_month").valid(units)?,
            requests_per_minute: limit("requests_per_minute", self.requests_per_minute)?,
            features: json::read_features(at("features"), &self.features)?,
        })
    }
}
