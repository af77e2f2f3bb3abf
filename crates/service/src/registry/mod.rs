//! The registry: instances, tenants, regions, plans, resources, users, apps and their secrets.

pub mod context;
pub mod denial;
pub mod idempotency;

pub mod create_instance;
pub mod manage_instance;

pub mod create_tenant;
pub mod foresee_closing;
pub mod manage_tenant;

pub mod create_region;
pub mod manage_region;

pub mod create_plan;
pub mod manage_plan;
pub mod retire_plan;

pub mod create_resource;
pub mod manage_resource;

pub mod manage_user;

pub mod assign_plan;
pub mod create_app;
pub mod delete_app;
pub mod explain_app;
pub mod find_app;
pub mod judge_new_app;
pub mod list_token_targets;
pub mod offer_regions;
pub mod switch_app;
pub mod update_app;

pub mod add_secret;
pub mod list_secrets;
pub mod look_after_secrets;
pub mod revoke_secret;

pub mod recover_operator;
pub mod search;

pub(crate) mod apps_with;
pub(crate) mod complete_instances;
pub(crate) mod judge_settings;
pub(crate) mod new_secret;
pub(crate) mod page_of;
pub(crate) mod recording;
pub(crate) mod take_scope;

mod request_fingerprint;
