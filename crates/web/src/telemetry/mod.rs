//! What is counted about requests, in memory that does not grow: every label is one of a fixed set.

pub(crate) mod counters;
pub(crate) mod label;
pub(crate) mod latency;
pub(crate) mod limit_outcome;
pub(crate) mod parked;
pub(crate) mod request_metrics;
pub(crate) mod route_label;
pub(crate) mod shed_reason;
pub(crate) mod status_class;
pub(crate) mod token_refusal;
pub(crate) mod usage_outcome;
