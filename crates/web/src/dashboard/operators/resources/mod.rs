//! Protected resources, their scopes, and the apps that serve them.

pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod new_scope;
pub(crate) mod new_server;
pub(crate) mod parts;
pub(crate) mod resource;

mod fields;

use turnkeep_domain::id::ResourceId;

use crate::account::paths::PagePaths;
use crate::dashboard::place::OperatorPlace;

/// The path of a resource; `rest` is empty or begins with a slash.
fn resource_path(paths: &PagePaths, id: ResourceId, rest: &str) -> String {
    paths.operator_record(OperatorPlace::Resources, id, rest)
}
