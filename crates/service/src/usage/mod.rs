//! Usage in Document Units (seed 000 §4): reports of resource servers, and what apps and people get to see of them.

pub mod report_usage;
pub mod show_usage;
pub mod tenant_usage;

pub(crate) mod purge_usage;
