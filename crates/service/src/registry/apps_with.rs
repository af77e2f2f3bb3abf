//! Apps of an instance that have something in common, whatever tenants they belong to: what a change of that thing does
//! to each of them.

use turnkeep_domain::app::App;
use turnkeep_domain::filter::AppFilter;
use turnkeep_domain::id::{AppId, InstanceId};
use turnkeep_domain::page::Page;
use turnkeep_storage::error::StoreResult;
use turnkeep_storage::store::Reads;

/// The apps that a filter finds, oldest first.
pub(crate) fn apps_with<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    filter: &AppFilter,
) -> StoreResult<Vec<App>> {
    first_apps_with(reads, instance_id, filter, usize::MAX)
}

/// The oldest of them, `most` at most.
pub(crate) fn first_apps_with<R: Reads + ?Sized>(
    reads: &mut R,
    instance_id: InstanceId,
    filter: &AppFilter,
    most: usize,
) -> StoreResult<Vec<App>> {
    let mut apps: Vec<App> = Vec::new();
    while apps.len() < most {
        let wanted = u32::try_from(most.saturating_sub(apps.len())).unwrap_or(u32::MAX);
        let limit = wanted.min(Page::<AppId>::MAX_LIMIT);
        let page = apps.last().map_or_else(|| Page::first(limit), |last| Page::after(last.id, limit));
        let some = reads.list_apps_of_instance(instance_id, filter, &page)?;
        if some.is_empty() {
            break;
        }
        apps.extend(some);
    }
    Ok(apps)
}
