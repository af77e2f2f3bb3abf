//! Reference tokens, legacy Basic, and what gateways are told of both.

mod reference_token_verbs;

mod basic;
mod check;
mod forward_auth;
mod given_back;
mod introspection;
mod inventory;
mod make;
mod token_apps;
