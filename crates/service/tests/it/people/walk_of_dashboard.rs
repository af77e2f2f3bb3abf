//! The role walk among what the dashboard shows besides what the management API does.

use turnkeep_domain::id::{AppId, TenantId};
use turnkeep_domain::signing_key::SigningAlgorithm;
use turnkeep_policy::permission::Permission::{ManageApps, Operate, ReadApps, ReadAudit, ReadMembers};
use turnkeep_service::audit::glance_at_chain::glance_at_chain;
use turnkeep_service::cluster::list_nodes::list_nodes;
use turnkeep_service::keys::look_after_keys::{list_instance_keys, rotate_instance_key};
use turnkeep_service::people::actor_names::find_actor_names;
use turnkeep_service::registry::context::RegistryContext;
use turnkeep_service::registry::foresee_closing::foresee_closing;
use turnkeep_service::registry::judge_new_app::judge_new_app;
use turnkeep_service::registry::list_token_targets::list_token_targets;
use turnkeep_service::registry::offer_regions::offer_regions;
use turnkeep_service::registry::search::search;

use super::people_verbs::told;
use super::role_walk::Step;

const ABSENT: AppId = AppId::from_bytes([9; 16]);

pub(super) fn walk_dashboard(context: &RegistryContext<'_>, own: TenantId) -> Vec<Step> {
    vec![
        ("list_token_targets", ReadApps, told(list_token_targets(context, ABSENT))),
        ("judge_new_app", ManageApps, told(judge_new_app(context, own, None))),
        ("offer_regions", ManageApps, told(offer_regions(context))),
        ("search", ReadApps, told(search(context, "walker"))),
        ("find_actor_names", ReadMembers, told(find_actor_names(context, &[]))),
        ("foresee_closing", Operate, told(foresee_closing(context, own))),
        ("glance_at_chain", ReadAudit, told(glance_at_chain(context))),
        ("list_instance_keys", Operate, told(list_instance_keys(context))),
        ("rotate_instance_key", Operate, told(rotate_instance_key(context, SigningAlgorithm::Ps256))),
        ("list_nodes", Operate, told(list_nodes(context))),
    ]
}
