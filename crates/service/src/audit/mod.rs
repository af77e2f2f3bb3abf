//! The audit trail: appending, reading, verifying, exporting, pruning, accepting; and the periodic review (seed 002).

pub(crate) mod append;
pub(crate) mod attributes;

pub mod glance_at_chain;
pub mod gone_instances;
pub mod list_events;
pub mod show_chain;

pub mod verify_trail;
pub mod walk_trail;

pub mod accept_head;
pub mod export_trail;
pub mod prune_trail;

pub mod review_apps;
