//! The decisions of Turnkeep, one file each: facts in, a decision or a denial out.
//!
//! Pure like `domain`: no IO, clock, randomness or framework. Everything a decision depends on is in its
//! arguments.
//!
//! # Examples
//!
//! ```
//! use turnkeep_domain::plan::PlanState;
//! use turnkeep_domain::redirect_uri::RedirectUris;
//! use turnkeep_policy::decide_plan_assignment::{PlanAssignmentDenial, decide_plan_assignment};
//!
//! // A plan that the instance does not have.
//! assert_eq!(decide_plan_assignment(None, 0), Err(PlanAssignmentDenial::PlanUnknown));
//!
//! // The types know what is possible: a draft becomes active, and a retired plan never again.
//! let active = PlanState::Draft.activate()?;
//! assert!(active.is_assignable());
//! assert!(active.retire()?.activate().is_err());
//!
//! // Redirects are compared exactly.
//! let registered = RedirectUris::parse_list(["https://app.example.com/back"])?;
//! assert!(registered.allow("https://app.example.com/back"));
//! assert!(!registered.allow("https://app.example.com/back/"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod decide_token;
pub mod decide_token_quota;
pub mod decide_token_scope;
pub mod explain_person_token;
pub mod explain_token;
pub mod judge_token_requests;
pub mod token_advice;
pub mod token_denial;

pub mod authorization_denial;
pub mod authorization_facts;
pub mod decide_authorization;
pub mod decide_basic_authentication;
pub mod decide_introspection;
pub mod decide_logout;
pub mod decide_person_scope;
pub mod decide_person_token;
pub mod decide_reference_token;
pub mod decide_reference_token_use;
pub mod decide_sign_in;
pub mod judge_grant;
pub mod judge_password;
pub mod judge_secrets;
pub mod judge_token_age;
pub mod judge_token_secret;
pub mod protocol_scopes;

pub mod choose_region_database;
pub mod decide_app_creation;
pub mod decide_app_settings;
pub mod decide_plan_assignment;
pub mod decide_plan_retirement;
pub mod decide_secret_addition;
pub mod decide_secret_expiry;
pub mod decide_storage_change;
pub mod decide_storage_use;
pub mod review_app;

pub mod decide_usage_event;
pub mod judge_usage;

pub mod decide_invitation;
pub mod decide_membership_change;
pub mod decide_operator;
pub mod decide_operator_loss;
pub mod decide_user_identifiers;
pub mod permission;

mod common_passwords;

#[cfg(test)]
mod samples;
