//! The pages of operators: tenants, plans, regions, people and resources. For everybody else they do not exist.

pub(crate) mod people;
pub(crate) mod plans;
pub(crate) mod regions;
pub(crate) mod resources;
pub(crate) mod tenants;

mod filled_form;
mod new_record;
mod refusal;
