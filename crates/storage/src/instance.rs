//! Instances.

use turnkeep_domain::id::InstanceId;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::slug::Slug;
use turnkeep_domain::version::RecordVersion;

use crate::error::StoreResult;
use crate::outcome::{Inserted, Updated};

/// Reads of instances.
pub trait InstanceReads {
    /// By id.
    fn find_instance(&mut self, id: InstanceId) -> StoreResult<Option<Instance>>;
    /// By its place in the issuer's path.
    fn find_instance_by_slug(&mut self, slug: &Slug) -> StoreResult<Option<Instance>>;
    /// All of them, in the order of creation; a server has few.
    fn list_instances(&mut self) -> StoreResult<Vec<Instance>>;
}

/// Changes of instances.
pub trait InstanceWrites {
    /// Conflicts on the slug.
    fn insert_instance(&mut self, instance: &Instance) -> StoreResult<Inserted>;
    /// Writes everything that may change, if the stored version is `replacing`.
    fn update_instance(&mut self, instance: &Instance, replacing: RecordVersion) -> StoreResult<Updated>;
}
