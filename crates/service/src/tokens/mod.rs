//! Access tokens: issue, introspect, revoke, and authenticate by them.

pub mod admission;
pub mod allowed_origin;
pub mod authenticate_app;
pub mod authenticate_bearer;
pub(crate) mod authenticate_person;
pub mod granted_tokens;
pub mod introspect_token;
pub mod issue_token;
pub mod issue_token_denial;
pub mod presented_client;
pub mod publish_kill_marks;
pub mod revoke_token;

pub(crate) mod authenticate_client;
pub(crate) mod check_client;
pub(crate) mod check_issued_token;
pub(crate) mod client_guesses;
pub(crate) mod note_refusal;
pub(crate) mod prepared_grant;
pub(crate) mod registration;
