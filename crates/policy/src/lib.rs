//! The decisions of Turnkeep, one file each: facts in, a decision or a denial out.
//!
//! Pure like `domain`: no IO, clock, randomness or framework. Everything a decision depends on is in its
//! arguments.
#![forbid(unsafe_code)]

pub mod decide_token;
pub mod decide_token_scope;
pub mod token_denial;

pub mod decide_introspection;
pub mod decide_reference_token;
pub mod decide_sign_in;
pub mod judge_token_age;

pub mod choose_region_database;
pub mod decide_app_creation;
pub mod decide_app_settings;
pub mod decide_plan_assignment;
pub mod decide_secret_addition;

#[cfg(test)]
mod samples;
