//! Plans.

use turnkeep_domain::id::{InstanceId, PlanId};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of plans.
pub trait PlanReads {
    /// By instance and id.
    fn find_plan(&mut self, instance_id: InstanceId, id: PlanId) -> StoreResult<Option<Plan>>;
    /// All of an instance, in the order of creation.
    fn list_plans(&mut self, instance_id: InstanceId) -> StoreResult<Vec<Plan>>;
}

/// Changes of plans.
pub trait PlanWrites {
    /// Conflicts on the code within the instance.
    fn insert_plan(&mut self, plan: &Plan) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_plan(&mut self, plan: &Plan, replacing: RecordVersion) -> StoreResult<Updated>;
}
