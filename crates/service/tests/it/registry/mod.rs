//! The registry's use cases.

mod app_changes;
mod app_form;
mod create_app;
mod explain_app;
mod instances;
mod nothing_changed;
mod operators_only;
mod plans;
mod reach;
mod recover_operator;
mod regions;
mod resources;
mod secrets;
mod tenants;
mod users;
