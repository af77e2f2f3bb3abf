//! Finding what records name: tenants, plans, users by their natural keys.

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::TenantFilter;
use turnkeep_domain::id::{InstanceId, TenantId};
use turnkeep_domain::page::{Direction, Order, Page};
use turnkeep_domain::plan::Plan;
use turnkeep_domain::tenant::Tenant;
use turnkeep_domain::user::{User, UserName};
use turnkeep_exchange::document::values::value;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

use crate::exchange::import_report::{RecordResult, refusal};

/// The tenant with this name, as people would take it for the same.
pub(super) fn find_tenant_by_name<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    name: &DisplayName,
) -> StoreResult<Option<Tenant>> {
    let key = name.uniqueness_key();
    // Names are unique, so the first record at or beyond the name is the one or there is none.
    let start = (key.clone(), TenantId::from_bytes([0; 16]));
    let page = Page { order: Order::Name { after: Some(start) }, direction: Direction::Ascending, limit: 1 };
    let found = reads.list_tenants(instance_id, &TenantFilter::default(), &page)?.into_iter().next();
    Ok(found.filter(|tenant| tenant.name.uniqueness_key() == key))
}

/// The plan with this code.
pub(super) fn find_plan_by_code<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    code: &str,
) -> StoreResult<Option<Plan>> {
    Ok(reads.list_plans(instance_id)?.into_iter().find(|plan| plan.code.as_str() == code))
}

/// The user with this name, who has to be there.
pub(super) fn existing_user<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    field: &'static str,
    name: &str,
) -> RecordResult<User> {
    let name = value(field, UserName::parse(name))?;
    let found = reads.find_user_by_name(instance_id, &name)?;
    found.ok_or_else(|| refusal(field, "user_unknown", "the instance has no such user"))
}
