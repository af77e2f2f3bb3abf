//! Instances. Their URLs are those of the default instance's API.

pub(crate) mod create;
pub(crate) mod operations;
pub(crate) mod read;
pub(crate) mod switch;
pub(crate) mod update;

use turnkeep_domain::instance::Instance;
use turnkeep_protocol::management::instance::InstanceResponse;

use crate::management::call::ManagementCall;

fn show(call: &ManagementCall, instance: &Instance) -> InstanceResponse {
    InstanceResponse::new(instance, call.authority().base_url().issuer_of(&instance.slug))
}
