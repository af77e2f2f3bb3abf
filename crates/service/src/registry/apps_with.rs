//! All apps of an instance that have something in common, whatever tenants they belong to: what a change of that
//! thing does to each of them.

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
    let mut apps: Vec<App> = Vec::new();
    let mut page = Page::first(Page::<AppId>::MAX_LIMIT);
    loop {
        let some = reads.list_apps_of_instance(instance_id, filter, &page)?;
        let Some(last) = some.last() else {
            return Ok(apps);
        };
        page = Page::after(last.id, Page::<AppId>::MAX_LIMIT);
        apps.extend(some);
    }
}
