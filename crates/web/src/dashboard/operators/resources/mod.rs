//! Protected resources, their scopes, and the apps that serve them.

pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod new_scope;
pub(crate) mod new_server;
pub(crate) mod parts;
pub(crate) mod resource;

mod fields;

use turnkeep_console::dashboard::chrome::Link;
use turnkeep_domain::id::ResourceId;
use turnkeep_domain::resource::Resource;

use crate::account::paths::PagePaths;
use crate::dashboard::place::{OperatorPlace, crumb, crumb_to_place};

/// The path of a resource; `rest` is empty or begins with a slash.
fn resource_path(paths: &PagePaths, id: ResourceId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::Resources, id, rest)
}

/// The way to what belongs to a resource.
fn crumbs_below(paths: &PagePaths, resource: &Resource) -> Vec<Link> {
    vec![
        crumb_to_place(paths, OperatorPlace::Resources),
        crumb(resource.name.to_string(), resource_path(paths, resource.id, "")),
    ]
}
