//! Holds records against the domain's types, so that what comes out of an import can be registered as far as its
//! own values are concerned. What needs the registry (does the plan exist?) is the use case's.

pub(crate) mod app;
pub(crate) mod app_secrets;
pub(crate) mod definitions;
pub(crate) mod repeated;
