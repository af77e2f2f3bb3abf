//! One file for each noun of the command line, with its verbs.

pub(crate) mod app;
pub(crate) mod audit;
pub(crate) mod duration;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod instance;
pub(crate) mod invitation;
pub(crate) mod member;
pub(crate) mod operator;
pub(crate) mod plan;
pub(crate) mod reference_token;
pub(crate) mod region;
pub(crate) mod resource;
pub(crate) mod review;
pub(crate) mod secret;
pub(crate) mod storage;
pub(crate) mod tenant;
pub(crate) mod token_requests;
pub(crate) mod usage;
pub(crate) mod user;
pub(crate) mod whoami;
