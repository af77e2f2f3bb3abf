//! The regions that a new app can choose among, and why the others take none (seed 001: "The backend validates that the
//! region exists, is active, and has an active region database available").

use turnkeep_domain::region::Region;
use turnkeep_policy::choose_region_database::{PlacementDenial, choose_region_database};
use turnkeep_policy::permission::Permission;

use crate::registry::context::{RegistryContext, RegistryResult};

/// A region, and whether a new app would find a place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionOffer {
    /// The region.
    pub region: Region,
    /// Why an app would find no place there; `None` if it would.
    pub denial: Option<PlacementDenial>,
}

/// All regions of the instance, for whoever may make apps. They learn what making one would tell them, and nothing of
/// the databases.
pub fn offer_regions(context: &RegistryContext<'_>) -> RegistryResult<Vec<RegionOffer>> {
    context.require_read("region.read", None, Permission::ManageApps)?;
    let instance_id = context.instance_id;
    Ok(context.authority.store.read(|reads| {
        let mut offers = Vec::new();
        for region in reads.list_regions(instance_id)? {
            let databases = reads.list_region_databases(instance_id, region.id)?;
            let denial = choose_region_database(Some(&region), &databases).err();
            offers.push(RegionOffer { region, denial });
        }
        Ok(offers)
    })?)
}
