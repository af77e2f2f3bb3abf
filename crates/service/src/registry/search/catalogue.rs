//! What apps are made of, and the instances of the server, as operators look after them. There are few of each, so whole
//! lists are read, each with one query but for the databases, of which every region has its own.

use std::fmt::Display;

use turnkeep_domain::display_name::DisplayName;
use turnkeep_domain::filter::Search;
use turnkeep_domain::instance::Instance;
use turnkeep_domain::region::Region;
use turnkeep_domain::resource::Resource;
use turnkeep_policy::permission::Permission;

use super::{Found, FoundDatabase, FoundScope, cut};
use crate::registry::context::{RegistryContext, RegistryResult};
use crate::registry::manage_instance::list_instances;
use crate::registry::manage_plan::list_plans;
use crate::registry::manage_region::{list_region_databases, list_regions};
use crate::registry::manage_resource::list_resources;
use crate::tokens::authenticate_bearer::Reach;

/// For operators only.
pub(super) fn found_in_catalogue(
    context: &RegistryContext<'_>,
    search: &Search,
    text: &str,
) -> RegistryResult<Found> {
    context.require(Permission::Operate)?;
    let meant = Meant { search, text };
    let (mut plans, regions) = (list_plans(context)?, list_regions(context)?);
    let mut resources = list_resources(context)?;
    plans.retain(|plan| meant.is(&plan.id, plan.code.as_str(), &plan.name));
    let databases = databases_of(context, &regions, &meant)?;
    let scopes = scopes_of(context, &resources, &meant)?;
    resources.retain(|resource| meant.is(&resource.id, resource.audience.as_str(), &resource.name));
    Ok(Found {
        plans: cut(plans),
        regions: cut(regions.into_iter().filter(|region| meant.is_region(region)).collect()),
        databases: cut(databases),
        resources: cut(resources),
        scopes: cut(scopes),
        instances: cut(instances_of(context, &meant)?),
        ..Found::default()
    })
}

/// What a text may mean.
struct Meant<'a> {
    search: &'a Search,
    text: &'a str,
}

impl Meant<'_> {
    fn is(&self, id: &dyn Display, code: &str, name: &DisplayName) -> bool {
        self.is_id(id) || self.search.is_in_code(code) || self.search.is_in_name(name)
    }

    fn is_region(&self, region: &Region) -> bool {
        self.is(&region.id, region.code.as_str(), &region.name)
    }

    fn is_id(&self, id: &dyn Display) -> bool {
        id.to_string() == self.text
    }
}

fn databases_of(
    context: &RegistryContext<'_>,
    regions: &[Region],
    meant: &Meant<'_>,
) -> RegistryResult<Vec<FoundDatabase>> {
    let mut found = Vec::new();
    for region in regions {
        for database in list_region_databases(context, region.id)? {
            let is_database = meant.is_id(&database.id) || meant.search.is_in_code(database.db_code.as_str());
            if is_database || meant.is_region(region) {
                found.push(FoundDatabase { database, region_name: region.name.clone() });
            }
        }
    }
    Ok(found)
}

fn scopes_of(
    context: &RegistryContext<'_>,
    resources: &[Resource],
    meant: &Meant<'_>,
) -> RegistryResult<Vec<FoundScope>> {
    context.require_read("scope.read", None, Permission::ReadCatalog)?;
    let scopes = context.authority.store.read(|reads| reads.list_scopes(context.instance_id))?;
    let named = scopes.into_iter().filter(|scope| meant.search.is_in_code(scope.name.as_str()));
    let with_resource = named.filter_map(|scope| {
        let resource = resources.iter().find(|resource| resource.id == scope.resource_id)?;
        Some(FoundScope { scope, resource_name: resource.name.clone() })
    });
    Ok(with_resource.collect())
}

/// Nobody else learns that there are others.
fn instances_of(context: &RegistryContext<'_>, meant: &Meant<'_>) -> RegistryResult<Vec<Instance>> {
    if context.caller.reach != Reach::Platform {
        return Ok(Vec::new());
    }
    let mut instances = list_instances(context)?;
    instances.retain(|instance| meant.is(&instance.id, instance.slug.as_str(), &instance.name));
    Ok(instances)
}
