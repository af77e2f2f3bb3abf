//! The vocabulary of Turnkeep: tenants, apps, plans, regions and what they are made of.
//!
//! Every type here is valid by construction. Nothing in this crate performs IO, reads a clock or draws
//! randomness: times and random bytes come in as arguments.
#![forbid(unsafe_code)]

pub mod calendar;
pub mod filter;
pub mod id;
pub mod page;
pub mod slug;
pub mod time;
pub mod version;

pub mod accent;
pub mod instance;
pub mod tenant;

pub mod region;

pub mod document_units;
pub mod plan;
pub mod plan_assignment;
pub mod usage;
pub mod usage_window;

pub mod resource;
pub mod scope;

pub mod allowed_domain;
pub mod app;
pub mod client_id;
pub mod client_secret;
pub mod client_type;
pub mod display_name;
pub mod placement;
pub mod redirect_uri;
pub mod reference_token;
pub mod secret_max_age;
pub mod service_access;
pub mod sign_in;
pub mod storage_bucket;
pub mod storage_config;
pub mod storage_endpoint;
pub mod storage_place;
pub mod storage_provider;
pub mod token_lifetime;
pub mod token_requests;

pub mod account_link;
pub mod authentication;
pub mod authorization_request;
pub mod backchannel_logout_uri;
pub mod consent;
pub mod email_address;
pub mod invitation;
pub mod logout_notice;
pub mod management_token;
pub mod membership;
pub mod person_grant;
pub mod pkce;
pub mod session;
pub mod user;

pub mod signing_key;

pub mod audit;
pub mod change;
