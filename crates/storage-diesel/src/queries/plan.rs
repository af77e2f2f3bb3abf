//! Queries of plans.

use diesel::prelude::*;
use turnkeep_domain::id::{InstanceId, PlanId};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::version::RecordVersion;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::outcome::{Inserted, Updated};
use turnkeep_storage::plan::{PlanReads, PlanWrites};

use crate::per_backend::{insert_unless_conflict, inserted, updated};
use crate::records::plan::PlanRow;
use crate::schema::plans;
use crate::session::Session;

impl PlanReads for Session<'_> {
    fn find_plan(&mut self, instance_id: InstanceId, id: PlanId) -> StoreResult<Option<Plan>> {
        let query = plans::table
            .filter(plans::instance_id.eq(instance_id.as_bytes()))
            .filter(plans::id.eq(id.as_bytes()))
            .select(PlanRow::as_select());
        self.run(|c| query.get_result(c).optional())?.map(PlanRow::into_domain).transpose()
    }

    fn list_plans(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Plan>> {
        let query = plans::table
            .filter(plans::instance_id.eq(instance_id.as_bytes()))
            .order(plans::id)
            .select(PlanRow::as_select());
        self.run(|c| query.load(c))?.into_iter().map(PlanRow::into_domain).collect()
    }
}

impl PlanWrites for Session<'_> {
    fn insert_plan(&mut self, plan: &Plan) -> StoreResult<Inserted> {
        let row = PlanRow::from(plan);
        self.run(|c| insert_unless_conflict!(c, plans::table, &row)).map(inserted)
    }

    fn update_plan(&mut self, plan: &Plan, replacing: RecordVersion) -> StoreResult<Updated> {
        let stored = plans::table
            .filter(plans::instance_id.eq(plan.instance_id.as_bytes()))
            .filter(plans::id.eq(plan.id.as_bytes()))
            .filter(plans::version.eq(replacing.as_number()));
        let changes = PlanRow::from(plan).changes;
        self.run(|c| diesel::update(stored).set(&changes).execute(c)).map(updated)
    }
}
