//! The dashboard: pages on which members of tenants and operators look after what the management API looks after, by the
//! same use cases. A form that has its like in the API is made a request of it, and read by what reads that one
//! (`command_of`, in `management/`).

pub(crate) mod apps;
pub(crate) mod audit;
pub(crate) mod audit_items;
pub(crate) mod dashboard_request;
pub(crate) mod denial;
pub(crate) mod form_errors;
pub(crate) mod form_once;
pub(crate) mod form_version;
mod found_kinds;
pub(crate) mod home;
pub(crate) mod instances;
pub(crate) mod issuer_root;
pub(crate) mod keys;
pub(crate) mod listing;
pub(crate) mod members;
pub(crate) mod node;
pub(crate) mod operators;
pub(crate) mod place;
pub(crate) mod review;
pub(crate) mod script_answer;
pub(crate) mod search;
pub(crate) mod shown;
pub(crate) mod tenant_overview;
pub(crate) mod tenant_standing;
pub(crate) mod tenant_usage;
pub(crate) mod typed_lines;
pub(crate) mod usage;
pub(crate) mod word_of;
