//! How many tokens apps ask for: counted, held to their quota, and reported.

pub(crate) mod app_tokens;
pub mod report_token_requests;
pub(crate) mod take_token;
pub mod token_history;
pub(crate) mod token_ledger;
