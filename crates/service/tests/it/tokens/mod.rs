//! Tokens: issue, introspect, revoke, authenticate by them.

pub(crate) mod admission;
mod authenticate_bearer;
mod check_client;
mod introspect_token;
mod issue_token;
mod issue_token_denials;
mod kills;
mod memory_bounds;
mod publish_kill_marks;
mod report_token_requests;
mod revoke_token;
mod token_history;
mod token_quota;
