//! `/token-requests`: which apps ask for more tokens than they need.

pub(crate) mod operations;

mod report;
