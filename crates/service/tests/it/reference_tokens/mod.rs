//! Reference tokens, legacy Basic, and what gateways are told of both.

mod reference_token_verbs;

mod basic;
mod check;
mod forward_auth;
mod introspection;
mod inventory;
mod make;
